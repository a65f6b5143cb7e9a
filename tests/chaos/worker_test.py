#!/usr/bin/env python3
"""The fault matrix and SIGKILL at random moments against Kafka Connect workers."""
import os
import pathlib
import time

import world
from faults import ALL
from feed import Feed, good, nonsense, refused, without_id
from harness import Simulator, eventually
from kafka import answers
from matrix import run_rows
from worker_stand import WorkerStand, start_worker
from world import FULL, Case, ChaosTest, counts, main, memory, report_line

GROWTH_MIB = 256  # of the whole JVM over all rows; its heap is bounded by 512 MiB anyway
setUpModule, tearDownModule = world.run_module(ChaosTest)


class Matrix(ChaosTest):
    def test_a_worker_survives_every_fault(self):
        wanted = os.environ.get("SINK_CHAOS_FAULT")  # part of a name: only those
        faults = [each for each in ALL if (wanted in each.name if wanted else FULL or each.worker == "always")]
        worker = start_worker(self.broker, pathlib.Path(self.directory) / "worker", "chaos-matrix").ready()
        self.addCleanup(worker.end)
        pid = worker.process.process.pid
        before = memory(pid, "VmRSS")
        for fault, figures, failure in run_rows(faults, WorkerStand(worker), self.kafka, self.directory, self.token):
            with self.subTest(fault.name):
                self.assertIsNone(failure)
                report_line(f"worker: {fault.name}", figures)
        grown = memory(pid, "VmHWM") - before
        self.assertLess(grown, GROWTH_MIB, "MiB that the worker grew by, at its peak")
        report_line("worker: all faults", {"faults": len(faults), "RSS before": f"{before:.0f} MiB", "RSS max": f"{before + grown:.0f} MiB"})


class Killed(ChaosTest):
    def test_a_worker_killed_at_random_moments(self):
        kills, lap = counts(2, 10), 300
        self.simulator = Simulator(self.directory, self.token, options=("--latency-ms", "20"))
        self.simulator.script({"fault": "refuse_event", "ids": "poison-*"},
                              {"fault": "reset_after_read", "accept": True, "count": -1, "every": 13})
        case = Case(self.kafka, Feed(self.kafka, self.topic, 4), "connect-sink")
        case.simulator = self.simulator
        folders = (pathlib.Path(self.directory) / f"worker-{n}" for n in range(kills + 1))
        config = self.config(batch__max__events="20", tasks__max="2", snapchat__access__token=self.token)
        config["connector.class"] = "io.sinkconnector.snapchat.SnapchatSinkConnector"
        worker = start_worker(self.broker, next(folders), "chaos-killed").ready()
        self.addCleanup(lambda: worker.end())
        worker.create("sink", config)
        slowest = 0.0
        for number in range(kills):
            makers = self.chance.choices((good, without_id, refused, nonsense), (75, 15, 5, 5), k=lap)
            goal = self.simulator.status()["accepted"] + self.chance.randrange(1, lap // 2)
            case.feed.write([make(f"{'poison' if make is refused else 'e'}-{number}-{n}") for n, make in enumerate(makers)])
            began = time.monotonic()
            eventually(lambda: self.simulator.status()["accepted"] >= goal, f"the flow goes on before kill {number}", 90)
            slowest = max(slowest, time.monotonic() - began)
            case.remember_peak(worker.process.process.pid)
            worker.process.kill()
            case.nothing_overtaken()
            worker = start_worker(self.broker, next(folders), "chaos-killed").ready()
        began = time.monotonic()
        letters = case.all_resolved(seconds=120)
        recovered = time.monotonic() - began
        eventually(lambda: answers(lambda: set(worker.task_states("sink")) == {"RUNNING"}), "the tasks run", 30)
        case.report(f"SIGKILL of a worker, {kills} times", letters, recovered, **{"longest pause": f"{slowest:.1f} s"})


if __name__ == "__main__":
    main()
