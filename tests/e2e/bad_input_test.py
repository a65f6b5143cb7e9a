#!/usr/bin/env python3
"""Every kind of bad record in one batch: each its code, the rest delivered, the process alive."""
import json
import time

from harness import DEAD_LETTERS, E2ETest, EMAIL, Record, code_of, event, purchase, record, run_tests

NOW = int(time.time())


def with_time(event_id, literal):
    """The event's text with this literal, unquoted, as its timestamp."""
    return json.dumps(event(event_id, timestamp="@")).replace('"@"', literal)


def oversized(event_id, **properties):
    return json.dumps(event(event_id, "Products Searched", properties={"email": EMAIL, **properties}))


LONG = "x" * 5_000_000
DEEP = "[" * 10_000 + "]" * 10_000
REFUSED = {
    "not JSON": ("nonsense {", "record.not.json"),
    "cut off": ('{"type":"track","event":"Prod', "record.not.json"),
    "not an object": ("[]", "record.not.object"),
    "a string": ('"text"', "record.not.object"),
    "10 000 deep": (json.dumps(event("deep", context="@")).replace('"@"', DEEP), "record.not.json"),
    "invalid UTF-8": (json.dumps(event("utf8", name="@")).encode().replace(b"@", b"\xff\xfe"), "record.not.json"),
    "lone surrogate": (json.dumps(event("surrogate", name="@")).replace("@", "\\ud800"), "record.not.json"),
    "amount out of range": (json.dumps(purchase("range", revenue="@")).replace('"@"', "1e999"), None),
    "amount as words": (json.dumps(purchase("words", revenue="a lot")), "value.invalid"),
    "no such currency": (json.dumps(purchase("money", currency="GOLD")), "currency.invalid"),
    "time without zone": (with_time("zone", '"2026-01-15T12:00:00"'), "event.time.invalid"),
    "time beyond microseconds": (with_time("nano", str(NOW * 10**9)), "event.time.invalid"),
    "no time": (json.dumps({key: value for key, value in event("timeless").items() if key != "timestamp"}), "event.time.missing"),
    "in the future": (with_time("future", str(NOW + 3600)), "event.in.future"),
}
GOOD = {
    "seconds": with_time("seconds", str(NOW)),
    "milliseconds": with_time("milliseconds", str(NOW * 1000)),
    "microseconds": with_time("microseconds", str(NOW * 10**6)),
    "ISO": with_time("ISO", time.strftime('"%Y-%m-%dT%H:%M:%S.123+00:00"', time.gmtime(NOW))),
    "repeated name": json.dumps(event("first")).replace('"messageId": "first"', '"messageId": "first", "messageId": "repeated name"'),
    "byte order mark": "\ufeff" + json.dumps(event("byte order mark")),
    "plain": json.dumps(event("plain")),
}


class BadInput(E2ETest):
    def test_each_bad_record_has_its_code_and_the_rest_is_delivered(self):
        self.start(partitions=3)
        records = [record(text, partition=0, key=f"bad/{name}") for name, (text, _) in REFUSED.items()]
        records += [record(text, partition=0, key=f"good/{name}") for name, text in GOOD.items()]
        records.insert(3, Record(None, "tombstone", 0, None))
        self.kafka.produce(records)
        # Alone in their partitions: the mock broker keeps 5 MB of each. Size counts for what is sent, not for what the mapping drops.
        self.kafka.produce([record(oversized("large input", note=LONG), partition=1), record(oversized("huge", query=LONG), 2, "bad/5 MB")])
        self.host.create("sink", self.config())
        self.delivered(len(GOOD) + 1)
        self.committed()
        self.assertEqual(set(self.simulator.ledger()), {*GOOD, "large input"})
        self.assertEqual(self.simulator.status()["refused"], {})
        times = {each["event_id"]: each["event_time"] for body in self.simulator.bodies() for each in json.loads(body["body"])["data"]}
        for name in ("seconds", "milliseconds", "microseconds", "ISO"):
            self.assertEqual(times[name], NOW, name)

        dead = {each.key.decode(): code_of(each) for each in self.kafka.read(DEAD_LETTERS)}
        expected = {f"bad/{name}": code for name, (_, code) in REFUSED.items()}
        expected["bad/5 MB"] = "record.too.large"
        self.assertIn(dead.get("bad/amount out of range"), ("record.not.json", "value.invalid"))
        expected["bad/amount out of range"] = dead.get("bad/amount out of range")
        self.assertEqual(dead, expected)
        self.assertEqual(self.host.task("sink")["state"], "RUNNING")
        self.assertEqual(self.host.sum_metric("snapchat_sink_records_total", outcome="skipped", code="record.tombstone"), 1)

    def test_without_tolerance_the_task_fails_and_commits_nothing_past_the_record(self):
        self.start(partitions=1)
        self.kafka.produce([record(event("a")), record("nonsense"), record(event("b"))])
        self.host.create("sink", self.config(errors__tolerance="none", errors__deadletterqueue__topic__name=None))
        task = self.host.wait_state("sink", "FAILED")
        self.assertIn("record.not.json", task["trace"])
        self.assertLessEqual(self.kafka.offsets("connect-sink")[0][0], 1)
        self.host.rest("PUT", "/connectors/sink/config", self.config())
        self.delivered(2)
        self.committed()
        self.assertEqual(self.kafka.dead_codes(), {"record.not.json": 1})


if __name__ == "__main__":
    run_tests()
