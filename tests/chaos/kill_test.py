#!/usr/bin/env python3
"""SIGKILL at random moments, of two hosts that share a connector's partitions, while events of every kind flow in."""
import threading
import time

import world
from world import Case, ChaosTest, counts, main
from feed import SKIPPED, Fate, Feed, good, nonsense, refused, without_id
from harness import Simulator, event, eventually

PARTITIONS = 6
setUpModule, tearDownModule = world.run_module(ChaosTest)

# Each kind of record, how often, and what must become of it.
KINDS = (
    (60, lambda n: good(f"own-{n}")),
    (12, lambda n: without_id(f"derived-{n}")),
    (8, lambda n: (event(f"twice-{n}", "Chaos Twice"), Fate((f"twice-{n}", f"twice-{n}#2")))),
    (7, nonsense),
    (7, lambda n: refused(f"poison-{n}")),
    (3, lambda n: (event(f"unknown-{n}", "Nobody Knows"), Fate(code="event.name.unknown"))),
    (3, lambda n: (None, SKIPPED)),
)
# Snapchat is not at its best either: failures, a connection cut after the events were taken, an answer cut in two.
TROUBLE = ({"fault": "refuse_event", "ids": "poison-*"}, {"fault": "status", "status": 503, "count": -1, "every": 23},
           {"fault": "reset_after_read", "accept": True, "count": -1, "every": 31}, {"fault": "half_answer", "count": -1, "every": 37})


class Producer(threading.Thread):
    """Writes to a feed until told to stop, a batch at a time."""

    def __init__(self, feed, chance, batch, most):
        super().__init__(daemon=True)
        self.feed, self.chance, self.batch, self.most = feed, chance, batch, most
        self.enough, self.failure = threading.Event(), None

    def run(self):
        weights, makers = zip(*KINDS)
        try:
            for start in range(0, self.most, self.batch):
                if self.enough.wait(0.3):  # the pace of the producers, not a synchronisation
                    return
                self.feed.write([self.chance.choices(makers, weights)[0](n) for n in range(start, start + self.batch)])
        except AssertionError as failure:
            self.failure = failure

    def finish(self):
        self.enough.set()
        self.join(60)
        if self.failure or self.is_alive():
            raise AssertionError(f"the producer: {self.failure or 'did not end'}")


class Killed(ChaosTest):
    def test_two_hosts_killed_at_random_moments(self):
        kills = counts(12, 100)
        # Far away, so that at any moment something is under way; otherwise a commit that comes too early would rarely be caught.
        self.simulator = Simulator(self.directory, self.token, options=("--latency-ms", "150"))
        self.simulator.script(*TROUBLE)
        feed = Feed(self.kafka, self.topic, PARTITIONS)
        case = Case(self.kafka, feed, "connect-sink")
        case.simulator = self.simulator
        config = self.config(tasks__max="2", batch__max__events="40", mapping__event__names="Chaos Twice:SIGN_UP,Chaos Twice:LOGIN")
        hosts = {name: self.new_host(name) for name in ("one", "two")}
        for host in hosts.values():
            host.create("sink", config)
        producer = Producer(feed, self.chance, batch=16, most=kills * 2000)
        producer.start()
        self.addCleanup(producer.enough.set)
        slowest = 0.0
        for number in range(kills):
            victims = self.chance.choices((["one"], ["two"], ["one", "two"]), (40, 40, 20))[0]
            if self.chance.random() < 0.75:  # else right after the last restart, in the middle of joining
                slowest = max(slowest, self.flow(producer, self.chance.randrange(1, 40)))
            time.sleep(self.chance.uniform(0, 0.4))  # the random moment
            for name in victims:
                case.remember_peak(hosts[name].process.pid)
                hosts[name].kill()
            if len(victims) == 2 or number % counts(3, 10) == 0:  # with both gone nothing can hide a commit that came too early
                case.nothing_overtaken()
            for name in victims:
                hosts[name] = self.new_host(name)
        producer.finish()
        began = time.monotonic()
        letters = case.all_resolved(seconds=120)
        for host in hosts.values():
            self.assertEqual(host.stop(), 0)
        case.report(f"SIGKILL of two hosts, {kills} times", letters, time.monotonic() - began, **{"longest pause": f"{slowest:.1f} s"})

    def flow(self, producer, events):
        """Waits until so many more events have come, copies included; returns the seconds it took."""
        began, goal = time.monotonic(), self.simulator.status()["accepted"] + events
        eventually(lambda: self.simulator.status()["accepted"] >= goal or producer.failure, "the flow goes on", 60)
        return time.monotonic() - began


if __name__ == "__main__":
    main()
