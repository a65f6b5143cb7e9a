#!/usr/bin/env python3
"""The host ends, politely and not: what was taken is delivered or read again, ids stay the same, connectors come back."""
import random
import time

from harness import E2ETest, event, eventually, record, run_tests


class Restart(E2ETest):
    def test_sigterm_drains_commits_and_exits_zero_within_ten_seconds(self):
        self.start(partitions=2, simulator_options=("--latency-ms", "200"))
        self.kafka.produce([record(event(f"e-{n}"), partition=n % 2) for n in range(2000)])
        self.host.create("sink", self.config(batch__max__events="100"))
        eventually(lambda: self.simulator.status()["accepted"] > 0, "the first events")
        began = time.monotonic()
        self.assertEqual(self.host.stop(), 0)
        self.assertLess(time.monotonic() - began, 10.0)
        committed = sum(max(each, 0) for each, _ in self.kafka.offsets("connect-sink").values())
        status = self.simulator.status()
        self.assertEqual(committed, status["unique"], "what was delivered is committed, and nothing else")
        self.start_host()
        self.delivered(2000)
        self.committed()
        self.assertEqual(self.simulator.status()["duplicates"], 0, "a polite end repeats nothing")

    def test_sigkill_at_random_moments_loses_nothing_and_keeps_ids(self):
        seed = random.randrange(1_000_000)
        print(f"seed {seed}", flush=True)
        chance = random.Random(seed)
        self.start(partitions=4, simulator_options=("--latency-ms", "20"))
        without_id = {"messageId": None}  # ids are derived from the position
        records = [event(f"e-{n}") if n % 2 else {key: value for key, value in event(f"e-{n}").items() if key not in without_id}
                   for n in range(3000)]
        self.host.create("sink", self.config(batch__max__events="50", tasks__max="2"))
        for lap in range(6):
            self.kafka.produce([record(each, partition=n % 4) for n, each in enumerate(records[lap * 500:(lap + 1) * 500])])
            before = self.simulator.status()["unique"]
            eventually(lambda floor=before: self.simulator.status()["unique"] > floor, "the flow starts again", 60)
            time.sleep(chance.uniform(0, 0.4))  # the random moment, not a synchronisation
            self.host.kill()
            self.start_host()
        self.delivered(3000, 90)
        self.committed()
        self.delivered(3000)  # still: no copy since then had another content

    def test_connectors_and_their_states_survive(self):
        self.start(partitions=1)
        self.host.create("sink", self.config())
        self.host.create("idle", self.config())
        self.host.rest("PUT", "/connectors/idle/pause")
        self.host.wait_state("idle", "PAUSED")
        self.assertEqual(self.host.stop(), 0)
        self.start_host()
        self.host.wait_state("sink", "RUNNING")
        self.host.wait_state("idle", "PAUSED")
        self.assertEqual(sorted(self.host.rest("GET", "/connectors")[1]), ["idle", "sink"])


if __name__ == "__main__":
    run_tests()
