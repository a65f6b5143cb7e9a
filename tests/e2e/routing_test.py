#!/usr/bin/env python3
"""Several advertisers in one connector: each event goes to its own asset with its own token, and no request mixes them."""
import json
import secrets

from harness import PIXEL, SNAP_APP, E2ETest, event, record, run_tests

SECOND_PIXEL = "22222222-2222-4333-8444-555555555555"
SECOND_APP = "88888888-2222-4333-8444-555555555555"


def app_event(event_id, **changes):
    return event(event_id, "Application Opened", channel="mobile",
                 context={"ip": "203.0.113.9", "userAgent": "e2e/1.0", "device": {"type": "ios"}, "os": {"version": "18.1"}}, **changes)


class Routing(E2ETest):
    def begin(self, **changes):
        """Two advertisers; at Snapchat each token is good for its own assets only, so one in the wrong request would be a 403."""
        self.second_token = "second-token-" + secrets.token_hex(12)
        self.start(partitions=2, simulator_options=("--asset", f"{SECOND_PIXEL}:pixel", "--asset", f"{SECOND_APP}:app"))
        self.simulator.admin("POST", "/tokens", [f"{self.token}@{PIXEL},{SNAP_APP}", f"{self.second_token}@{SECOND_PIXEL},{SECOND_APP}"])
        self.second_file = self.write("second.properties", f"token={self.second_token}\n")
        return self.config(**{"asset__route": "$.advertiser", "asset__eu__pixel__id": SECOND_PIXEL, "asset__eu__snap__app__id": SECOND_APP,
                              "asset__eu__app__id": "eu.example", "asset__eu__access__token": f"${{file:{self.second_file}:token}}", **changes})

    def assets(self):
        return {event_id: each["asset"] for event_id, each in self.simulator.ledger().items()}

    def test_each_advertiser_gets_its_own_events_with_its_own_token(self):
        config = self.begin(batch__max__events="20")
        expected, records = {}, []
        for n in range(60):  # interleaved: batches that could mix would
            for alias, pixel, app in ((None, PIXEL, SNAP_APP), ("eu", SECOND_PIXEL, SECOND_APP)):
                more = {} if alias is None else {"advertiser": alias}
                for kind, make, asset in (("web", event, pixel), ("app", app_event, app)):
                    event_id = f"{alias}-{kind}-{n}"
                    expected[event_id] = asset
                    records.append(record(make(event_id, **more)))
        self.kafka.produce(records)
        self.host.create("sink", config)
        status = self.delivered(len(expected))
        self.committed()
        self.assertEqual(self.assets(), expected)
        self.assertEqual(set(status["by_status"]), {"200"}, "no request had a token of another advertiser")
        for body in self.simulator.bodies():
            sent = [each["event_id"] for each in json.loads(body["body"])["data"]]
            self.assertEqual(len({expected[event_id] for event_id in sent}), 1, "one request, one asset")
        self.assertEqual(self.kafka.dead_codes(), {})
        self.assertNotIn(self.second_token, self.host.log())

    def test_an_alias_that_nobody_configured_is_a_dead_letter_and_the_rest_goes_on(self):
        config = self.begin()
        self.kafka.produce([record(event("default")), record(event("eu", advertiser="eu")), record(event("nobody", advertiser="nobody")),
                            record(event("list", advertiser=["eu"])), record(event("after", advertiser=" eu "))])
        self.host.create("sink", config)
        self.delivered(3)
        self.committed()
        self.assertEqual(self.assets(), {"default": PIXEL, "eu": SECOND_PIXEL, "after": SECOND_PIXEL})
        self.assertEqual(self.kafka.dead_codes(), {"asset.unknown": 2})

    def test_one_advertisers_revoked_token_is_named_by_its_alias(self):
        config = self.begin()
        self.simulator.admin("POST", "/tokens", [f"{self.token}@{PIXEL},{SNAP_APP}", f"{self.second_token}@{PIXEL}"])
        self.kafka.produce([record(event("eu", advertiser="eu"))])
        self.host.create("sink", config)
        task = self.host.wait_state("sink", "FAILED", 15)
        self.assertRegex(task["trace"], "403")
        self.assertRegex(task["trace"], "alias eu")
        self.assertEqual(self.kafka.dead_codes(), {})


if __name__ == "__main__":
    run_tests()
