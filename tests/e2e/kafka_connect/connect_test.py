#!/usr/bin/env python3
"""The connector in real distributed Kafka Connect workers, with a real broker, against the simulator; configured only over REST.

usage: connect_test.py 3.9|4.x [unittest arguments]      SINK_BUILD_DIR names the build (default build/dev)
"""
import contextlib
import json
import os
import pathlib
import re
import secrets
import shutil
import signal
import sys
import tempfile
import time
import unittest

import kafka
from harness import BUILD, PIXEL, Simulator, event, eventually, purchase

KAFKA = kafka.LINES[sys.argv.pop(1)] if len(sys.argv) > 1 and sys.argv[1] in kafka.LINES else sys.exit(__doc__)
JARS = pathlib.Path(os.environ.get("SINK_KAFKA_JARS", BUILD / "kafka-jars"))
CLASS = "io.sinkconnector.snapchat.SnapchatSinkConnector"
PARTITIONS = 4
NEWEST_JAVA = sorted(pathlib.Path("/usr/lib/jvm").glob("*2[0-9]*/bin/java"))  # beyond the distribution's 17, where there is one


def setUpModule():
    global work, lib, broker, worker, java, native_access
    work = pathlib.Path(tempfile.mkdtemp(prefix="connect-"))
    lib = kafka.fetch(KAFKA, JARS)
    java = str(NEWEST_JAVA[-1]) if NEWEST_JAVA and KAFKA.startswith("4") else "java"
    native_access = ["--enable-native-access=ALL-UNNAMED"] if java != "java" else []
    print(f"Kafka {KAFKA}, workers on {java}", flush=True)
    broker = kafka.Broker(lib, work / "broker")
    # The one worker most tests share is started the strict way: it exits when a class has no manifest.
    worker = kafka.Worker(lib, work / "worker", broker, BUILD / "kafka-connect", java=java, discovery="hybrid_fail",
                          options=["-Xcheck:jni", *native_access]).ready()


def tearDownModule():
    worker.end()
    broker.end()
    jni = [line for line in worker.process.log().splitlines() if re.search(r"WARNING in native|FATAL ERROR in native|JNI.*warning", line)]
    if os.environ.get("E2E_KEEP"):
        print(f"kept: {work}")
    else:
        shutil.rmtree(work, ignore_errors=True)
    if jni:
        raise AssertionError("-Xcheck:jni complained:\n" + "\n".join(jni[:10]))


class ConnectTest(unittest.TestCase):
    def setUp(self):
        self.name = re.sub("[^a-z0-9]", "-", self.id().rsplit(".", 1)[-1].lower())[:60]
        self.topic, self.dead = self.name + "-in", self.name + "-dead"
        self.directory = work / self.name
        self.directory.mkdir()
        self.token = "connect-token-" + secrets.token_hex(8)
        self.simulator = Simulator(self.directory, self.token)
        broker.create_topic(self.topic, PARTITIONS)

    def tearDown(self):
        worker.request("DELETE", f"/connectors/{self.name}")
        if self.simulator.alive():
            self.simulator.stop()

    def config(self, **changes):
        base = {"connector.class": CLASS, "topics": self.topic, "tasks.max": "2", "mapping.preset": "segment", "snapchat.pixel.id": PIXEL,
                "snapchat.access.token": self.token, "snapchat.endpoint": self.simulator.url, "ssl.ca.file": str(self.simulator.trust),
                "batch.linger.ms": "50", "retry.backoff.ms": "50", "retry.backoff.max.ms": "500", "errors.tolerance": "all",
                "errors.deadletterqueue.topic.name": self.dead, "errors.deadletterqueue.topic.replication.factor": "1",
                "errors.deadletterqueue.context.headers.enable": "true"}
        base.update({k.replace("__", "."): v for k, v in changes.items()})
        return {k: v for k, v in base.items() if v is not None}

    def produce(self, values):
        lines = [v if isinstance(v, bytes) else json.dumps(v).encode() for v in values]
        broker.produce(self.topic, lines, [b"k%d" % i for i in range(len(lines))])

    def delivered(self, count, seconds=60):
        eventually(lambda: self.simulator.status()["unique"] >= count, f"{count} events at Snapchat", seconds)
        status = self.simulator.status()
        self.assertEqual((status["unique"], status["conflicts"]), (count, 0))
        return status

    def committed(self, name=None, topic=None, of=None, seconds=30):
        ends = {p: n for p, n in broker.ends(topic or self.topic, PARTITIONS).items() if n > 0}
        eventually(lambda: kafka.answers(lambda: {p: n for p, n in (of or worker).offsets(name or self.name).items() if n > 0}) == ends,
                   "committed offsets equal the ends", seconds)

    def dead_letters(self):
        out = []
        for each in broker.consume(self.dead):
            pairs = each.get("headers", [])
            out.append((each["payload"], dict(zip(pairs[::2], pairs[1::2]))))
        return out

    def states(self, state, count=None, of=None):
        def probe():
            states = (of or worker).task_states(self.name)
            return states and all(s == state for s in states) and (count is None or len(states) == count)
        eventually(lambda: kafka.answers(probe), f"tasks of {self.name} are {state}", 40)


class Configuration(ConnectTest):
    def test_the_plugin_is_listed_with_its_version(self):
        found = {p["class"]: p for p in worker.get("/connector-plugins")}
        self.assertEqual(found[CLASS]["type"], "sink")
        self.assertRegex(found[CLASS]["version"], r"^\d+\.\d+\.\d+")

    def validate(self, config):
        status, body = worker.request("PUT", f"/connector-plugins/{CLASS}/config/validate", {"name": "x", **config})
        self.assertEqual(status, 200, body)
        return body["error_count"], {c["value"]["name"]: c["value"]["errors"] for c in body["configs"] if c["value"] and c["value"]["errors"]}

    def test_a_good_configuration_validates(self):
        self.assertEqual(self.validate(self.config()), (0, {}))

    def test_a_bad_key_and_a_bad_rule_across_keys_are_both_reported(self):
        count, errors = self.validate(self.config(batch__max__event="12", snapchat__access__token=None, batch__max__events="many"))
        self.assertIn("batch.max.events", errors)
        self.assertIn("batch.max.event", errors)
        self.assertTrue(any("snapchat.access.token" in key for key in errors), errors)
        self.assertGreaterEqual(count, 3)

    def test_every_key_has_type_group_and_documentation(self):
        _, body = worker.request("PUT", f"/connector-plugins/{CLASS}/config/validate", {"name": "x", **self.config()})
        keys = {c["definition"]["name"]: c["definition"] for c in body["configs"]}
        self.assertEqual(keys["snapchat.access.token"]["type"], "PASSWORD")
        self.assertEqual(keys["batch.max.events"]["default_value"], "2000")
        for name, d in keys.items():
            self.assertTrue(d["documentation"] or not name.startswith(("snapchat.", "batch.")), name)

    def test_a_library_that_cannot_be_used_is_named_with_the_reason(self):
        not_elf = self.directory / "libtext.so"
        not_elf.write_text("not a library")
        other = str(next((BUILD / "kafka-connect").glob("*/libsca_jni.so")))  # a library, but without the symbol
        for path, why in ((str(self.directory / "libnone.so"), "does not exist"), (str(not_elf), "libtext.so"), (other, "sink_connector_plugin_v1")):
            _, errors = self.validate(self.config(native__library__path=path))
            self.assertIn(why, str(errors.get("native.library.path")), path)


class Delivery(ConnectTest):
    def test_20000_records_arrive_once_and_the_refused_ones_are_dead_letters(self):
        good = [purchase(f"p{i}") if i % 2 else event(f"e{i}") for i in range(19_900)]
        bad = [b"not json %d" % i for i in range(50)] + [event(f"u{i}", "Nobody Knows This") for i in range(50)]
        self.produce(good + bad)
        worker.create(self.name, self.config())
        self.delivered(len(good), 120)
        self.committed()
        dead = self.dead_letters()
        self.assertEqual(len(dead), len(bad))
        codes = sorted({h["__connect.errors.exception.message"].split(":")[0] for _, h in dead})
        self.assertEqual(codes, ["event.name.unknown", "record.not.json"])
        payload, headers = dead[0]
        self.assertTrue(payload)
        self.assertEqual(headers["__connect.errors.topic"], self.topic)
        self.assertEqual(headers["__connect.errors.connector.name"], self.name)

    def delivers_with(self, values, **converter):
        self.produce(values)
        worker.create(self.name, self.config(**converter))
        self.delivered(len(values))
        self.committed()

    def test_values_as_text(self):
        self.delivers_with([event(f"s{i}") for i in range(20)], value__converter="org.apache.kafka.connect.storage.StringConverter")

    def test_values_as_maps_of_the_json_converter(self):
        self.delivers_with([purchase(f"m{i}") for i in range(20)], value__converter="org.apache.kafka.connect.json.JsonConverter",
                           value__converter__schemas__enable="false")
        sent = json.loads(self.simulator.bodies()[-1]["body"])["data"][0]
        self.assertEqual(sent["custom_data"]["value"], 25.1)

    def test_values_as_structs_of_a_converter_with_schemas(self):
        text = {"type": "string", "optional": True}
        fields = lambda names: [{"field": n, **text} for n in names]
        schema = {"type": "struct", "fields": [*fields(["type", "event", "messageId", "anonymousId", "timestamp"]),
                                               {"field": "context", "type": "struct", "fields": fields(["ip", "userAgent"])},
                                               {"field": "properties", "type": "struct", "fields": [*fields(["email", "order_id", "currency"]), {"field": "revenue", "type": "double"}]}]}
        def wrapped(i):
            e = purchase(f"st{i}")
            p = e["properties"]
            return {"schema": schema, "payload": {**{k: e[k] for k in ("type", "event", "messageId", "anonymousId", "timestamp")},
                    "context": {"ip": "203.0.113.9", "userAgent": "ua"}, "properties": {k: p[k] for k in ("email", "order_id", "currency")} | {"revenue": 25.1}}}
        self.delivers_with([wrapped(i) for i in range(20)], value__converter="org.apache.kafka.connect.json.JsonConverter", value__converter__schemas__enable="true")

    def test_a_transformation_that_renames_the_topic_does_not_disturb_offsets(self):
        self.delivers_with([event(f"r{i}") for i in range(200)], transforms="route", transforms__route__type="org.apache.kafka.connect.transforms.RegexRouter",
                           transforms__route__regex=".*", transforms__route__replacement="elsewhere")

    def test_tombstones_follow_their_key(self):
        broker.kcat("-P", "-t", self.topic, "-K", "\t", "-Z", stdin=b"a\t\nb\t\n")
        self.produce([event("t1")])
        worker.create(self.name, self.config(tombstone="reject"))
        self.delivered(1)
        self.committed()
        self.assertEqual([h["__connect.errors.exception.message"].split(":")[0] for _, h in self.dead_letters()], ["record.tombstone"] * 2)


class Control(ConnectTest):
    def test_pause_resume_and_stop(self):
        worker.create(self.name, self.config())
        self.produce([event(f"a{i}") for i in range(10)])
        self.delivered(10)
        worker.change("PUT", f"/connectors/{self.name}/pause")
        self.states("PAUSED")
        self.produce([event(f"b{i}") for i in range(10)])
        worker.change("PUT", f"/connectors/{self.name}/resume")
        self.delivered(20)
        worker.change("PUT", f"/connectors/{self.name}/stop")
        eventually(lambda: worker.get(f"/connectors/{self.name}/status")["connector"]["state"] == "STOPPED", "the connector is stopped")
        self.committed()

    def test_a_configuration_change_in_flight_loses_nothing(self):
        self.simulator.script({"fault": "slow", "delay_ms": 300, "count": 1000})
        worker.create(self.name, self.config(batch__max__events="50"))
        self.produce([event(f"c{i}") for i in range(2_000)])
        eventually(lambda: self.simulator.status()["unique"] > 100, "some have arrived")
        status, _ = worker.change("PUT", f"/connectors/{self.name}/config", self.config(batch__max__events="500"))
        self.assertEqual(status, 200)
        self.delivered(2_000)
        self.committed()

    def test_a_credential_failure_stops_the_task_and_a_restart_goes_on_where_it_stopped(self):
        worker.create(self.name, self.config())
        self.produce([event(f"d{i}") for i in range(10)])
        self.delivered(10)
        self.committed()
        self.simulator.admin("POST", "/tokens", ["another-token"])
        self.produce([event(f"f{i}") for i in range(10)])
        eventually(lambda: "FAILED" in worker.task_states(self.name), "a task failed", 40)
        trace = next(t["trace"] for t in worker.get(f"/connectors/{self.name}/status")["tasks"] if t["state"] == "FAILED")
        self.assertIn("401", trace)
        self.assertNotIn(self.token, trace)
        self.simulator.admin("POST", "/tokens", [self.token])
        def restarted():  # the partition of a failed task moves on to the other, which fails too: restart until all run
            worker.request("POST", f"/connectors/{self.name}/restart?includeTasks=true&onlyFailed=true")
            return self.simulator.status()["unique"] >= 20
        eventually(restarted, "the rest arrives", 40)
        self.delivered(20)
        self.committed()

    def test_with_errors_not_tolerated_the_task_fails_and_nothing_past_the_record_is_committed(self):
        self.produce([b"not json"])
        worker.create(self.name, self.config(errors__tolerance="none", errors__deadletterqueue__topic__name=None, tasks__max="1"))
        self.states("FAILED", 1)
        self.assertIn("record.not.json", worker.get(f"/connectors/{self.name}/status")["tasks"][0]["trace"])
        self.assertEqual(sum(worker.offsets(self.name).values()), 0)

    def test_twenty_lives_leave_no_thread_descriptor_or_direct_memory_behind(self):
        pid = worker.process.process.pid
        def life(i):
            worker.create(self.name, self.config())
            self.produce([event(f"l{i}-{n}") for n in range(5)])
            eventually(lambda: self.simulator.status()["unique"] >= 5 * (i + 1), "five more", 40)
            worker.change("DELETE", f"/connectors/{self.name}")
            eventually(lambda: self.name not in worker.get("/connectors"), "the connector is gone")
        def native_threads():
            names = []
            for thread in os.listdir(f"/proc/{pid}/task"):
                with contextlib.suppress(OSError):  # it may end between the two looks
                    names.append(pathlib.Path(f"/proc/{pid}/task/{thread}/comm").read_text().strip())
            return sum(n.startswith("snapchat-sink") for n in names)
        def used():
            return len(os.listdir(f"/proc/{pid}/task")), len(os.listdir(f"/proc/{pid}/fd"))
        for i in range(5):
            life(i)
        threads, descriptors = used()
        for i in range(5, 20):
            life(i)
        eventually(lambda: native_threads() == 0, "the sinks' threads have ended", 10)
        now = used()
        self.assertLessEqual(now[0], threads + 6, "threads of the JVM itself vary a little")
        self.assertLessEqual(now[1], descriptors + 12, "and so do its connections")


class Faults(ConnectTest):
    def test_a_silent_snapchat_leaves_the_worker_healthy_and_the_rest_arrives_afterwards(self):
        seconds = int(os.environ.get("SINK_SILENCE_SECONDS", "60"))
        self.simulator.script({"fault": "no_answer", "delay_ms": seconds * 1000, "count": 100_000})
        worker.create(self.name, self.config(request__timeout__ms="5000", buffer__max__records="500", batch__max__events="100"))
        self.produce([event(f"q{i}") for i in range(5_000)])
        pid = worker.process.process.pid
        resident = lambda: int(re.search(r"VmRSS:\s+(\d+)", pathlib.Path(f"/proc/{pid}/status").read_text()).group(1)) // 1024
        end = time.monotonic() + seconds
        seen = []
        while time.monotonic() < end:
            self.assertEqual(set(worker.task_states(self.name)) - {"RUNNING"}, set())
            seen.append(resident())
            time.sleep(2)
        self.simulator.admin("DELETE", "/faults")
        self.delivered(5_000, 90)
        self.committed()
        self.assertLess(max(seen) - seen[min(5, len(seen) - 1)], 128, f"MiB of the worker over the silence: {seen}")


class TwoWorkers(ConnectTest):
    def test_a_killed_worker_loses_nothing_and_no_id_gets_two_contents(self):
        group = "connect-pair"
        start = lambda n: kafka.Worker(lib, work / f"{group}-{n}", broker, BUILD / "kafka-connect", group=group, java=java, options=native_access)
        first, second = start(1), start(2)
        try:
            first.ready()
            second.ready()
            second.create(self.name, self.config())
            self.states("RUNNING", 2, of=second)
            self.produce([event(f"w{i}") for i in range(5_000)])
            eventually(lambda: self.simulator.status()["unique"] > 500, "some have arrived", 60)
            first.process.kill()
            self.produce([event(f"x{i}") for i in range(5_000)])
            self.delivered(10_000, 120)
            self.committed(of=second, seconds=60)
            second.change("DELETE", f"/connectors/{self.name}")
        finally:
            for each in (first, second):
                if each.process.alive():
                    each.process.kill()


if __name__ == "__main__":
    unittest.main(verbosity=2)
