#!/usr/bin/env python3
"""What stands still or runs out: a host that is stopped longer than its session, a broker that is away, a full disk, no descriptors."""
import os
import resource
import signal
import subprocess
import time

import world
from feed import Feed, good, without_id
from harness import Simulator, eventually
from world import HEARTBEAT_MS, SESSION_MS, Case, ChaosTest, counts, main

setUpModule, tearDownModule = world.run_module(ChaosTest)


class Stall(ChaosTest):
    def start_case(self, partitions=4, latency_ms=20):
        self.simulator = Simulator(self.directory, self.token, options=("--latency-ms", str(latency_ms)))
        self.case = Case(self.kafka, Feed(self.kafka, self.topic, partitions), "connect-sink")
        self.case.simulator = self.simulator

    def produce(self, name, count=200):
        self.case.feed.write([good(f"{name}-{n}") if n % 3 else without_id(f"{name}-{n}") for n in range(count)])

    def arrived(self, count, seconds=60):
        eventually(lambda: self.simulator.status()["unique"] >= count, f"{count} events at Snapchat", seconds)

    def all_resolved(self, since):
        """The end of a scenario; the seconds that the last event came after `since`, in time.time()."""
        self.case.all_resolved()
        return max(0.0, max(each["time"] / 1000 for each in self.simulator.ledger().values()) - since)


class StoppedHost(Stall):
    def test_a_host_that_is_stopped_longer_than_its_session(self):
        self.start_case()
        config = self.config(batch__max__events="20", tasks__max="2")
        stopped, other = self.new_host("stopped"), self.new_host("other")
        stopped.create("sink", config)
        self.produce("before", 100)
        self.arrived(100)
        other.create("sink", config)
        self.produce("during", 400)
        self.arrived(101)  # requests are under way
        stopped.tell(signal.SIGSTOP)
        began = time.time()
        self.produce("later", 200)
        self.arrived(700)  # the other one has taken over: also what the stopped one holds and never acknowledged
        took = time.time() - began
        self.assertGreater(took, (SESSION_MS - HEARTBEAT_MS) / 1000, "it did not stand still for as long as its session")
        self.case.nothing_overtaken()
        committed = self.case.committed()
        stopped.tell(signal.SIGCONT)  # it wakes with old assignments and old answers
        woken = time.time()
        self.produce("woken", 200)
        recovered = self.all_resolved(woken)
        for partition, offset in self.case.committed().items():
            self.assertGreaterEqual(offset, committed[partition], "what was committed did not go back")
        for each in (stopped, other):
            self.case.remember_peak(each.process.pid)
            self.assertEqual(each.stop(), 0, each.log()[-2000:])
        self.case.report("SIGSTOP longer than the session", recovered=recovered, stopped=f"{took:.1f} s")


class BrokerAway(Stall):
    def away(self, name, leave, come_back):
        """Longer than the session: what the host holds is not its own any more, and comes again with the same ids."""
        seconds = counts(8, 60)
        self.start_case(latency_ms=100)
        host = self.new_host("host")
        host.create("sink", self.config(batch__max__events="20", max__in__flight__requests="1"))
        self.produce("before")
        self.arrived(40)  # some are delivered, some under way, not all committed
        leave()
        time.sleep(seconds)  # the fault's own length
        self.assertEqual(host.task("sink")["state"], "RUNNING")
        come_back()
        came = time.time()
        eventually(self.broker_answers, "the broker knows its groups again", 30)
        self.case.nothing_overtaken()
        self.produce("after")
        recovered = self.all_resolved(came)
        self.case.remember_peak(host.process.pid)
        self.assertEqual(host.stop(), 0)
        self.assertLess(recovered, 2 * seconds)
        self.case.report(f"broker {name} for {seconds} s", recovered=recovered)

    def broker_answers(self):
        try:
            return self.case.committed()
        except AssertionError:  # "not coordinator" while it reads its own topics
            return None

    def test_a_broker_that_stands_still(self):
        process = self.broker.process
        self.addCleanup(process.tell, signal.SIGCONT)
        self.away("stands still", lambda: process.tell(signal.SIGSTOP), lambda: process.tell(signal.SIGCONT))

    def test_a_broker_that_ends_and_comes_back(self):
        self.away("ends and is away", self.broker.stop, self.broker.start)


class Exhausted(Stall):
    def test_a_full_disk_under_the_state_directory(self):
        self.assertEqual(os.geteuid(), 0, "this scenario mounts a small file system: run it as root")
        small = os.path.join(self.directory, "host")
        os.mkdir(small, 0o700)
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k,mode=700", "tmpfs", small], check=True)
        self.addCleanup(subprocess.run, ["umount", "-l", small], check=True)
        self.start_case()
        host = self.new_host("host")
        host.create("sink", self.config())
        self.produce("before")
        self.arrived(200)
        with open(os.path.join(small, "filler"), "wb", buffering=0) as filler:
            filled = 0
            while filled < 65536:
                try:
                    filled += filler.write(b"x" * 512)
                except OSError:
                    break
        for status, body in (host.rest("POST", "/connectors", {"name": "more", "config": self.config()}),
                             host.rest("PUT", "/connectors/sink/config", self.config(batch__max__events="7"))):
            self.assertEqual(status, 500, body)
            self.assertRegex(body["message"], "(?i)no space left", "the cause is named")
        self.assertEqual(host.rest("GET", "/connectors")[1], ["sink"])
        self.assertNotIn("batch.max.events", host.rest("GET", "/connectors/sink/config")[1])
        self.produce("full")
        self.arrived(400)  # delivery needs no disk
        os.unlink(os.path.join(small, "filler"))
        self.assertEqual(host.rest("PUT", "/connectors/sink/config", self.config(batch__max__events="7"))[0], 200)
        host.kill()
        host = self.new_host("host")
        self.assertEqual(host.rest("GET", "/connectors/sink/config")[1]["batch.max.events"], "7", "nothing was damaged")
        self.produce("after")
        self.case.all_resolved()
        self.case.remember_peak(host.process.pid)
        self.assertEqual(host.stop(), 0)
        self.case.report("disk full under --state-dir")

    def test_no_descriptors_left(self):
        self.start_case()
        host = self.new_host("host")
        pid = host.process.pid
        host.create("sink", self.config())
        self.produce("before")
        self.arrived(200)
        self.simulator.script({"fault": "reset_before_read", "count": 6})  # its sessions break: it needs new descriptors, and has none
        open_now = len(os.listdir(f"/proc/{pid}/fd"))
        before = resource.prlimit(pid, resource.RLIMIT_NOFILE, (3, resource.prlimit(pid, resource.RLIMIT_NOFILE)[1]))
        began = time.time()
        self.produce("without")
        time.sleep(3)  # the fault's own length
        self.assertTrue(host.alive(), host.log()[-1000:])
        self.assertEqual(self.simulator.status()["unique"], 200, "there was no way to Snapchat")
        self.case.nothing_overtaken()
        resource.prlimit(pid, resource.RLIMIT_NOFILE, before)
        raised = time.time()
        recovered = self.all_resolved(raised)
        self.assertLess(recovered, 2 * (raised - began))
        self.assertEqual(host.task("sink")["state"], "RUNNING")
        self.case.remember_peak(pid)
        self.assertEqual(host.stop(), 0)
        self.case.report("no descriptors left for 3 s", recovered=recovered, descriptors=open_now)


if __name__ == "__main__":
    main()
