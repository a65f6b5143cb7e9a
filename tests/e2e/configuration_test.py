#!/usr/bin/env python3
"""Wrong configurations: HTTP 400 with every issue; secrets never come back; a changed configuration takes effect."""
from harness import E2ETest, event, eventually, record, run_tests


class Configuration(E2ETest):
    def test_every_issue_is_reported_at_once(self):
        self.start(partitions=1)
        status, body = self.host.rest("POST", "/connectors", {"name": "sink", "config": self.config(
            snapchat__pixel__id="not-a-uuid", batch__max__events="5000", mapping__preset="segmnt", snapchat__acces__token="x",
            snapchat__endpoint="http://tr.snapchat.com", mapping__phone__country="Germany")})
        self.assertEqual(status, 400, body)
        for key in ("snapchat.pixel.id", "batch.max.events", "mapping.preset", "snapchat.acces.token", "snapchat.endpoint",
                    "mapping.phone.country"):
            self.assertIn(key, body["message"])
        self.assertIn("snapchat.access.token", body["message"], "the nearest name is suggested")
        self.assertEqual(self.host.rest("GET", "/connectors")[1], [])

    def test_secrets_are_masked_and_the_mask_keeps_the_old_one(self):
        self.start(partitions=1)
        self.kafka.produce([record(event("a"))])
        self.host.create("sink", self.config(snapchat__access__token=self.token))
        self.delivered(1)
        shown = self.host.rest("GET", "/connectors/sink")[1]["config"]
        self.assertNotIn(self.token, str(shown))
        shown["batch.linger.ms"] = "20"
        self.assertEqual(self.host.rest("PUT", "/connectors/sink/config", shown)[0], 200)
        self.kafka.produce([record(event("b"))])
        self.delivered(2)

    def test_validation_answers_config_infos(self):
        self.start(partitions=1)
        status, body = self.host.rest("PUT", "/connector-plugins/SnapchatSink/config/validate",
                                      self.config(name="sink", snapchat__pixel__id="nonsense"))
        self.assertEqual(status, 200)
        self.assertEqual(body["error_count"], 1)
        wrong = [each["value"]["name"] for each in body["configs"] if each["value"]["errors"]]
        self.assertEqual(wrong, ["snapchat.pixel.id"])

    def test_pause_resume_and_delete(self):
        self.start(partitions=1)
        self.host.create("sink", self.config())
        self.host.wait_state("sink", "RUNNING")
        self.assertEqual(self.host.rest("PUT", "/connectors/sink/pause")[0], 202)
        self.host.wait_state("sink", "PAUSED")
        self.kafka.produce([record(event("a"))])
        self.assertEqual(self.simulator.status()["requests"], 0)
        self.host.rest("PUT", "/connectors/sink/resume")
        self.delivered(1)
        self.committed()
        self.assertEqual(self.host.rest("DELETE", "/connectors/sink")[0], 204)
        eventually(lambda: self.host.rest("GET", "/connectors/sink/status")[0] == 404, "the connector is gone")


if __name__ == "__main__":
    run_tests()
