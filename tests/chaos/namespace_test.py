#!/usr/bin/env python3
"""A network that parts: Snapchat lives in a network namespace, and the cable to it is pulled. Needs root, and iproute2.

netem is used for a bad link where the kernel has it; otherwise the run says so, and the matrix's relay stands for it.
"""
import os
import subprocess
import time

import world
from feed import Feed, good
from harness import Simulator, eventually
from world import Case, ChaosTest, main, report_line

NETWORK = f"10.213.{os.getpid() % 250}"
setUpModule, tearDownModule = world.run_module(ChaosTest)


def ip(*words, check=True):
    return subprocess.run(words, check=check, capture_output=True, text=True).returncode == 0


class Namespace:
    """A namespace and a cable to it. Everything in it goes with it."""

    def __init__(self):
        self.name, self.near, self.far = f"chaos{os.getpid()}", f"ch{os.getpid()}n", f"ch{os.getpid()}f"
        self.address = f"{NETWORK}.2"
        self.within = ("ip", "netns", "exec", self.name)
        ip("ip", "netns", "add", self.name)
        ip("ip", "link", "add", self.near, "type", "veth", "peer", "name", self.far, "netns", self.name)
        ip("ip", "address", "add", f"{NETWORK}.1/30", "dev", self.near)
        ip(*self.within, "ip", "address", "add", f"{self.address}/30", "dev", self.far)
        ip(*self.within, "ip", "link", "set", "lo", "up")
        ip(*self.within, "ip", "link", "set", self.far, "up")
        ip("ip", "link", "set", self.near, "up")

    def pull(self):
        """The far end goes down: packets vanish, nobody is told."""
        ip(*self.within, "ip", "link", "set", self.far, "down")

    def plug(self):
        ip(*self.within, "ip", "link", "set", self.far, "up")

    def spoil(self, *how):
        """False when the kernel has no netem."""
        return ip("tc", "qdisc", "add", "dev", self.near, "root", "netem", *how, check=False)

    def remove(self):
        ip("ip", "link", "delete", self.near, check=False)
        ip("ip", "netns", "delete", self.name)


class Parted(ChaosTest):
    def setUp(self):
        super().setUp()
        self.assertEqual(os.geteuid(), 0, "this scenario makes a network namespace: run it as root")
        self.space = Namespace()
        self.addCleanup(self.space.remove)
        self.simulator = Simulator(self.directory, self.token, options=("--cert-address", self.space.address), host=self.space.address,
                                   within=self.space.within)
        self.case = Case(self.kafka, Feed(self.kafka, self.topic, 2), "connect-sink")
        self.case.simulator = self.simulator
        self.host_under_test = self.new_host("host")

    def begin(self, **changes):
        self.host_under_test.create("sink", self.config(batch__max__events="20", request__timeout__ms="1000", connect__timeout__ms="1000", **changes))
        self.feed("before")
        eventually(lambda: self.simulator.status()["unique"] >= 100, "the events before", 60)

    def feed(self, name, count=100):
        self.case.feed.write([good(f"{name}-{n}") for n in range(count)])

    def finish(self, name, since, bound):
        self.case.all_resolved()
        recovered = max(0.0, max(each["time"] / 1000 for each in self.simulator.ledger().values()) - since)
        self.case.remember_peak(self.host_under_test.process.pid)
        self.assertLess(recovered, bound)
        self.assertEqual(self.host_under_test.stop(), 0)
        self.case.report(name, recovered=recovered)

    def test_the_cable_is_pulled(self):
        self.begin()
        self.space.pull()
        pulled = time.time()
        self.feed("parted")
        eventually(lambda: self.host_under_test.sum_metric("snapchat_sink_retries_total") >= 3, "three time-outs", 30)
        self.assertEqual(self.host_under_test.task("sink")["state"], "RUNNING")
        self.assertEqual(sum(self.case.committed().values()), 100, "nothing is committed past what was delivered")
        self.space.plug()
        plugged = time.time()
        self.finish("network partition between namespaces", plugged, 2 * (plugged - pulled))

    def test_a_link_spoiled_by_netem(self):
        if not self.space.spoil("delay", "75ms", "25ms", "loss", "1%", "rate", "1mbit"):
            report_line("150 ms, jitter, 1 % loss by netem", {"not run": "this kernel has no netem; the matrix's relay stands for it"})
            return
        self.begin()
        self.feed("spoiled", 500)
        self.finish("150 ms, jitter, 1 % loss by netem", time.time(), 30)


if __name__ == "__main__":
    main()
