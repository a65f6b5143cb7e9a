#!/usr/bin/env python3
"""An hour's outage, compressed: Snapchat answers 503 while producers go on. Memory stays flat, and afterwards all drains at full speed.

Compressed by the cap of the backoff: an hour at the default cap of 60 s has as many probes as a minute at 1 s.
"""
import threading
import time

import world
from feed import Feed, good
from harness import Simulator, eventually
from world import Case, ChaosTest, counts, main, memory

BUFFER_MIB = 4  # buffer.max.bytes: small, so that it is full for most of the outage
SLACK_MIB = 32
BATCH = 200
setUpModule, tearDownModule = world.run_module(ChaosTest)


class Watch(threading.Thread):
    """Looks at a process's memory all the time; (seconds, MiB)."""

    def __init__(self, pid):
        super().__init__(daemon=True)
        self.pid, self.seen, self.enough = pid, [], threading.Event()
        self.start()

    def run(self):
        began = time.monotonic()
        while not self.enough.wait(0.1):
            self.seen.append((time.monotonic() - began, memory(self.pid, "VmRSS")))

    def finish(self):
        self.enough.set()
        self.join()
        return self.seen


def over_time(seen, points=12):
    """The highest value of each twelfth of the time."""
    step = max(1, -(-len(seen) // points))
    return " ".join(f"{max(mib for _, mib in seen[at:at + step]):.0f}" for at in range(0, len(seen), step))


class Outage(ChaosTest):
    def test_an_hour_of_503(self):
        seconds, load = counts(15, 60), counts(9_000, 30_000)
        self.simulator = Simulator(self.directory, self.token, options=("--latency-ms", "20"))
        feed = Feed(self.kafka, self.topic, 4)
        case = Case(self.kafka, feed, "connect-sink")
        case.simulator = self.simulator
        host = self.new_host("host")
        feed.write([good(f"before-{n}") for n in range(load // 3)])
        host.create("sink", self.config(batch__max__events=str(BATCH), buffer__max__bytes=str(BUFFER_MIB << 20), retry__backoff__max__ms="1000"))
        eventually(lambda: self.simulator.status()["unique"] >= load // 3, "the events before the outage", 60)
        watch = Watch(host.process.pid)
        at_rest = memory(host.process.pid, "VmRSS")

        self.simulator.script({"fault": "status", "status": 503, "count": -1})
        began = time.monotonic()
        for start in range(0, load, 1000):
            feed.write([good(f"during-{n}") for n in range(start, start + 1000)])
        time.sleep(max(0.0, seconds - (time.monotonic() - began)))  # the rest of the outage's own length
        committed = case.committed()
        self.assertLessEqual(sum(max(each, 0) for each in committed.values()), load // 3, "nothing of the outage is committed")
        self.assertGreater(host.sum_metric("snapchat_sink_buffered_bytes"), 0.4 * (BUFFER_MIB << 20), "the buffer filled up")
        probes = self.simulator.status()["faults"]["status"]
        self.assertGreater(host.sum_metric("snapchat_sink_circuit_state"), 0, "the circuit is open, or a probe is under way")
        during = watch.finish()
        highest = max(mib for _, mib in during)
        self.assertLess(highest, at_rest + BUFFER_MIB + SLACK_MIB)
        flat = [mib for at, mib in during if at > during[-1][0] / 2]
        self.assertLess(max(flat) - min(flat), 4, f"MiB over the second half of the outage; all of it: {over_time(during)}")

        self.simulator.admin("DELETE", "/faults")
        ended = time.time()
        eventually(lambda: self.simulator.status()["unique"] > load // 3, "the first event after the outage", 30)
        case.all_resolved(seconds=120)
        times = self.times()[load // 3:]
        recovered, drained = times[0] - ended, self.rate(times)
        self.assertLess(recovered, 2.0, "twice the cap of the backoff")
        undisturbed = self.backlog(host, feed, load)
        case.all_resolved(seconds=120)
        self.assertGreater(drained, undisturbed / 3, "events a second: it drains as a backlog without any fault does, give or take the machine")
        case.remember_peak(host.process.pid)
        self.assertEqual(host.stop(), 0)
        case.report(f"503 for {seconds} s, an hour in small", recovered=recovered, probes=probes, drained=f"{drained:.0f}/s",
                    undisturbed=f"{undisturbed:.0f}/s",
                    **{"RSS over time": f"[{over_time(during)}] MiB"})

    def backlog(self, host, feed, count):
        """Events a second of one that gathered while the connector was paused."""
        known = self.simulator.status()["unique"]
        self.assertEqual(host.rest("PUT", "/connectors/sink/pause")[0], 202)
        eventually(lambda: host.task("sink")["state"] == "PAUSED", "the connector is paused", 30)
        feed.write([good(f"after-{n}") for n in range(count)])
        self.assertEqual(host.rest("PUT", "/connectors/sink/resume")[0], 202)
        eventually(lambda: self.simulator.status()["unique"] >= known + count, "the backlog at Snapchat", 120)
        return self.rate(self.times()[known:])

    def times(self):
        """When each event came, in order."""
        return sorted(each["time"] / 1000 for each in self.simulator.ledger().values())

    @staticmethod
    def rate(times):
        """Events a second, once it flows: without the first fifth, in which the circuit closes or the consumer fetches again."""
        times = times[len(times) // 5:]
        return len(times) / max(times[-1] - times[0], 0.001)


if __name__ == "__main__":
    main()
