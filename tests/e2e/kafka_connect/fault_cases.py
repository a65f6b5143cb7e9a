"""Snapchat falls silent, workers die or freeze: nothing is lost, no id gets two contents."""
import contextlib
import os
import re
import signal
import time

from cluster import ConnectTest
from harness import event, eventually

TASK_LOGGER = "io.sinkconnector.NativeSinkTask"


class Faults(ConnectTest):
    def test_a_silent_snapchat_leaves_the_worker_healthy_and_the_rest_arrives_afterwards(self):
        seconds = int(os.environ.get("SINK_SILENCE_SECONDS", "60"))
        self.worker.log_at(TASK_LOGGER, "DEBUG")
        self.addCleanup(self.worker.log_at, TASK_LOGGER, "INFO")
        self.simulator.script({"fault": "no_answer", "delay_ms": seconds * 1000, "count": -1})
        self.create(request__timeout__ms="5000", buffer__max__records="500", batch__max__events="100")
        self.produce([event(f"q{i}") for i in range(5_000)])
        paused = lambda: len(re.findall(rf"\[{self.name}\|task-\d+\] paused \d+ partitions", self.worker.process.log()))
        eventually(lambda: paused() >= 2, "both tasks have paused their partitions", 30)
        heap = [self.worker.heap_after_collection()]
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.assertEqual(set(self.worker.task_states(self.name)), {"RUNNING"})
            self.assertEqual(self.worker.request("GET", "/connectors")[0], 200)
            heap.append(self.worker.heap_after_collection())
            time.sleep(5)
        self.assertLess(max(heap) - heap[0], 16 << 20, f"bytes of the heap over the silence: {heap}")
        self.simulator.admin("DELETE", "/faults")
        self.delivered(5_000, 90)
        self.committed()


class TwoWorkers(ConnectTest):
    """A cluster of two workers of its own: one of them does not survive."""

    def setUp(self):
        super().setUp()
        self.pair = [self.cluster.start_worker(f"{self.name}-{n}", group=self.name) for n in (1, 2)]
        for each in self.pair:
            each.ready()

    def tearDown(self):
        for each in self.pair:
            with contextlib.suppress(ProcessLookupError):
                each.process.tell(signal.SIGCONT)
            if each.process.alive():
                each.process.kill()
        super().tearDown()

    def disturbed(self, disturb, afterwards=lambda: None):
        """10 000 events, and half-way through, something happens to the first worker."""
        first, second = self.pair
        second.create(self.name, self.config(batch__max__events="100"))
        self.states("RUNNING", 2, of=second)
        self.simulator.script({"fault": "slow", "delay_ms": 50, "count": -1})  # so that it happens mid-flow
        self.produce([event(f"w{i}") for i in range(5_000)])
        eventually(lambda: self.simulator.status()["unique"] > 500, "some have arrived", 60)
        disturb(first)
        self.produce([event(f"x{i}") for i in range(5_000)])
        self.delivered(10_000, 120)
        afterwards()
        self.committed(of=second, seconds=60)

    def test_a_killed_worker_loses_nothing_and_no_id_gets_two_contents(self):
        self.disturbed(lambda first: first.process.kill())

    def test_a_worker_that_freezes_longer_than_its_session_loses_its_partitions_and_nothing_else(self):
        self.disturbed(lambda first: first.process.tell(signal.SIGSTOP),
                       lambda: self.pair[0].process.tell(signal.SIGCONT))
        eventually(lambda: self.pair[0].request("GET", "/connectors")[0] == 200, "the thawed worker answers", 60)
        self.produce([event(f"y{i}") for i in range(100)])
        self.delivered(10_100, 60)
        self.committed(of=self.pair[1], seconds=60)
