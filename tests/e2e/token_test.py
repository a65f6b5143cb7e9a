#!/usr/bin/env python3
"""Access: a refused token or asset stops the task with a clear text, commits nothing past it, and a repaired one goes on."""
import pathlib

from harness import E2ETest, event, eventually, record, run_tests


class Token(E2ETest):
    def begin(self, **changes):
        self.start(partitions=1)
        self.kafka.produce([record(event(f"a-{n}")) for n in range(10)])
        self.host.create("sink", self.config(**changes))

    def test_a_refused_token_stops_the_task_and_a_new_one_goes_on(self):
        self.begin()
        self.delivered(10)
        self.committed()
        self.simulator.admin("POST", "/tokens", ["another-token"])
        self.kafka.produce([record(event(f"b-{n}")) for n in range(10)])
        task = self.host.wait_state("sink", "FAILED", 15)
        self.assertRegex(task["trace"], "401")
        self.assertRegex(task["trace"], "snapchat.access.token")
        self.assertEqual(self.kafka.offsets("connect-sink")[0][0], 10, "nothing committed past the refusal")
        self.assertEqual(self.kafka.dead_codes(), {}, "a refused token is nobody's dead letter")
        self.assertLess(self.simulator.status()["by_status"]["401"], 20)

        self.assertEqual(self.host.rest("PUT", "/connectors/sink/config", self.config(snapchat__access__token="another-token"))[0], 200)
        self.delivered(20)
        self.committed()

    def test_a_token_file_that_was_rotated_is_read_again(self):
        path = self.write("plain.token", "first-token\n")
        self.begin(snapchat__access__token=None, snapchat__access__token__file=path)
        self.host.wait_state("sink", "FAILED", 15)  # the simulator knows another one
        self.simulator.admin("POST", "/tokens", ["first-token"])
        self.host.rest("POST", "/connectors/sink/restart?includeTasks=true&onlyFailed=true")
        self.delivered(10)
        pathlib.Path(path).write_text("second-token\n", encoding="utf-8")
        self.simulator.admin("POST", "/tokens", ["second-token"])
        self.kafka.produce([record(event(f"b-{n}")) for n in range(10)])
        self.delivered(20)
        self.assertEqual(self.host.task("sink")["state"], "RUNNING")

    def test_an_asset_of_somebody_else_stops_the_task(self):
        self.begin(snapchat__pixel__id="aaaaaaaa-2222-4333-8444-555555555555")
        task = self.host.wait_state("sink", "FAILED", 15)
        self.assertRegex(task["trace"], "403")
        self.assertLessEqual(self.kafka.offsets("connect-sink")[0][0], 0)
        self.host.rest("PUT", "/connectors/sink/config", self.config())
        self.delivered(10)
        eventually(lambda: self.host.task("sink")["state"] == "RUNNING", "the task runs")


if __name__ == "__main__":
    run_tests()
