#!/usr/bin/env python3
"""A network that parts, and one that is bad: Snapchat lives in a network namespace behind a cable. Needs root, and iproute2."""
import os
import subprocess
import time

import world
from bad_link import BadLink
from feed import Feed, good
from harness import Simulator, eventually
from kafka import answers
from relay import Quality
from world import SEED, Case, ChaosTest, main

NETWORK = f"10.213.{os.getpid() % 250}"
BAD = Quality(latency=0.075, jitter=0.025, loss=0.01, bytes_per_second=125_000)  # each way
setUpModule, tearDownModule = world.run_module(ChaosTest)


def ip(*words):
    subprocess.run(("ip", *words), check=True, capture_output=True, text=True)


class Namespace:
    """A namespace and a cable to it, whose ends the caller has laid as `near` and `far`. Everything in it goes with it."""

    def __init__(self):
        self.name, self.near, self.far = f"chaos{os.getpid()}", f"ch{os.getpid()}n", f"ch{os.getpid()}f"
        self.address = f"{NETWORK}.2"
        self.within = ("ip", "netns", "exec", self.name)
        ip("netns", "add", self.name)

    def connect(self):
        ip("link", "set", self.far, "netns", self.name)
        ip("address", "add", f"{NETWORK}.1", "peer", self.address, "dev", self.near)
        ip("-n", self.name, "address", "add", self.address, "peer", f"{NETWORK}.1", "dev", self.far)
        ip("-n", self.name, "link", "set", "lo", "up")
        ip("link", "set", self.near, "up")
        self.plug()

    def pull(self):
        """The far end goes down: packets vanish, nobody is told."""
        ip("-n", self.name, "link", "set", self.far, "down")

    def plug(self):
        ip("-n", self.name, "link", "set", self.far, "up")
        ip("-n", self.name, "route", "replace", f"{NETWORK}.1", "dev", self.far)

    def remove(self):
        ip("netns", "delete", self.name)


class Parted(ChaosTest):
    def setUp(self):
        super().setUp()
        self.assertEqual(os.geteuid(), 0, "this scenario makes a network namespace: run it as root")
        self.space = Namespace()
        self.addCleanup(self.space.remove)

    def connect(self):
        self.space.connect()
        self.simulator = Simulator(self.directory, self.token, options=("--cert-address", self.space.address), host=self.space.address,
                                   within=self.space.within)
        self.case = Case(self.kafka, Feed(self.kafka, self.topic, 2), "connect-sink")
        self.case.simulator = self.simulator
        self.host_under_test = self.new_host("host")

    def begin(self, request_timeout_ms):
        self.host_under_test.create("sink", self.config(batch__max__events="20", request__timeout__ms=str(request_timeout_ms),
                                                        connect__timeout__ms="1000"))
        self.feed("before")
        eventually(lambda: self.simulator.status()["unique"] >= 100, "the events before", 60)

    def feed(self, name, count=100):
        self.case.feed.write([good(f"{name}-{n}") for n in range(count)])

    def finish(self, since):
        """Seconds from then to the last event."""
        self.case.all_resolved()
        self.case.remember_peak(self.host_under_test.process.pid)
        self.assertEqual(self.host_under_test.stop(), 0)
        return max(0.0, max(each["time"] / 1000 for each in self.simulator.ledger().values()) - since)

    def test_the_cable_is_pulled(self):
        ip("link", "add", self.space.near, "type", "veth", "peer", "name", self.space.far)
        self.connect()
        self.begin(request_timeout_ms=1000)
        self.space.pull()
        pulled = time.time()
        self.feed("parted")
        eventually(lambda: self.host_under_test.sum_metric("snapchat_sink_retries_total") >= 3, "three time-outs", 30)
        self.assertEqual(self.host_under_test.task("sink")["state"], "RUNNING")
        self.assertEqual(sum(self.case.committed().values()), 100, "nothing is committed past what was delivered")
        self.space.plug()
        plugged = time.time()
        eventually(lambda: answers(self.simulator.status), "the cable carries again", 10)  # the kernel may call it unreachable a moment longer
        recovered = self.finish(plugged)
        self.case.report("network partition between namespaces", recovered=recovered)
        self.assertLess(recovered, 2 * (plugged - pulled))

    def test_a_bad_link(self):
        link = BadLink(self.space.near, self.space.far, BAD, SEED)
        self.addCleanup(link.close)
        self.connect()
        self.begin(request_timeout_ms=20000)
        begun, needed = time.time(), link.seconds_needed()
        self.feed("far", 1000)
        took = self.finish(begun)
        needed = link.seconds_needed() - needed
        self.case.report("150 ms, jitter, 1 % of packets lost, 1 Mbit/s", lost=f"{link.lost} of {link.lost + link.carried} packets",
                         sent=f"in {took:.1f} s, {needed:.1f} at the link's pace")
        self.assertGreater(link.lost, 0)
        self.assertEqual(self.simulator.status()["duplicates"], 0)
        self.assertLess(took, 2 * needed)


if __name__ == "__main__":
    main()
