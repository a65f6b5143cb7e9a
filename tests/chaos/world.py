"""What the chaos runs share: a real broker, a seed, the checks that hold whatever happened, and one line of figures for each scenario.

Environment: SINK_CHAOS_FULL=1 for full counts, SINK_CHAOS_SEED replays a run, SINK_CHAOS_REPORT names a file that gets the lines too.
"""
import os
import pathlib
import random
import re
import sys
import tempfile
import time
import unittest

sys.path[1:1] = [str(pathlib.Path(__file__).resolve().parents[1] / "e2e"), str(pathlib.Path(__file__).resolve().parents[1] / "e2e" / "kafka_connect")]
import kafka  # noqa: E402  (the folders above hold the shared harness)
from harness import BUILD, E2ETest, Kafka, SinkHost, code_of, eventually  # noqa: E402

FULL = os.environ.get("SINK_CHAOS_FULL") == "1"
SEED = int(os.environ.get("SINK_CHAOS_SEED") or random.randrange(1_000_000))
JARS = pathlib.Path(os.environ.get("SINK_KAFKA_JARS", BUILD / "kafka-jars"))
KAFKA = kafka.LINES[os.environ.get("SINK_CHAOS_KAFKA", "4.x")]
SESSION_MS = 1500  # a killed member of a group is missed this long
HEARTBEAT_MS = 300


def counts(reduced, full):
    return full if FULL else reduced


class RealBroker(kafka.Broker):
    """A broker in a directory of its own, with harness.Kafka as the way to it."""

    def __init__(self):
        self.directory = tempfile.TemporaryDirectory(prefix="chaos-broker-")
        super().__init__(kafka.fetch(KAFKA, JARS), pathlib.Path(self.directory.name) / "broker")
        self.client = Kafka(self.address)

    def end(self):
        super().end()
        self.directory.cleanup()


def origin_of(dead):
    """(partition, offset) of the record that became this dead letter."""
    return int(dead.headers["__connect.errors.partition"]), int(dead.headers["__connect.errors.offset"])


def memory(pid, field):
    """VmRSS or VmHWM (the peak) of a process in MiB; 0 when it is gone."""
    try:
        text = pathlib.Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:
        return 0.0
    found = re.search(rf"{field}:\s+(\d+)", text)
    return int(found.group(1)) / 1024 if found else 0.0


def same(seen, wanted, what):
    if seen != wanted:
        raise AssertionError(f"{what}: {seen!r}, and not {wanted!r}")


class Case:
    """One connector: its records, its dead letters and its Snapchat, and what must hold whatever happened to it."""

    def __init__(self, client, feed, group):
        self.client, self.feed, self.group = client, feed, group
        self.dead_client = client
        self.dead_topic = feed.topic + "-dead"
        self.simulator = None
        self.peak = 0.0
        self.began = time.monotonic()

    def dead_letters(self):
        return self.dead_client.read(self.dead_topic) if self.feed.dead() else []

    def committed(self):
        return {partition: committed for partition, (committed, _) in self.client.offsets(self.group, self.feed.topic).items()}

    def nothing_overtaken(self):
        """No commit past an unresolved record. Offsets are read first: what was committed then must be resolved by now."""
        committed = self.committed()
        delivered = self.simulator.ledger()
        dead = {origin_of(each) for each in self.dead_letters()}
        same(self.feed.overtaken(committed, delivered, dead), [], "committed, but neither delivered nor a dead letter")

    def all_resolved(self, seconds=60):
        """Every event at Snapchat under its ids and no others, every dead letter written with its code, every offset committed."""
        wanted = self.feed.ids()
        eventually(lambda: self.simulator.status()["unique"] >= len(wanted), f"{len(wanted)} events at Snapchat", seconds)
        eventually(lambda: self.client.caught_up(self.group, self.feed.topic), "committed offsets equal the ends", seconds)
        ledger, status = self.simulator.ledger(), self.simulator.status()
        same(set(ledger) ^ wanted, set(), "ids that are missing or that nobody sent")
        same((status["conflicts"], status["without_id"]), (0, 0), "ids with two contents, events without id")
        letters = self.dead_letters()
        same({origin_of(each): code_of(each) for each in letters}, self.feed.dead(), "dead letters")
        same(sum(end for _, end in self.client.offsets(self.group, self.feed.topic).values()), len(self.feed.items()), "records in the topic")
        return letters

    def remember_peak(self, pid):
        self.peak = max(self.peak, memory(pid, "VmHWM"))

    def report(self, name, letters=(), recovered=None, **more):
        status, dead = self.simulator.status(), len(self.feed.dead())
        figures = {"events": len(self.feed.ids()), "requests": status["requests"], "copies": status["duplicates"],
                   "DLQ": f"{dead}+{len(letters) - dead}" if len(letters) > dead else dead, "RSS max": f"{self.peak:.0f} MiB",
                   "recovered after": "-" if recovered is None else f"{recovered:.1f} s", **more, "took": f"{time.monotonic() - self.began:.0f} s"}
        report_line(name, figures)


def report_line(name, figures):
    line = f"chaos: {name:<46} " + "  ".join(f"{key} {value}" for key, value in figures.items()) + f"  seed {SEED}"
    print(line, flush=True)
    if path := os.environ.get("SINK_CHAOS_REPORT"):
        with open(path, "a", encoding="utf-8") as lines:
            lines.write(line + "\n")


class ChaosTest(E2ETest):
    """One scenario. The broker is the module's; topics are named after the test."""
    broker = None

    def setUp(self):
        super().setUp()
        self.chance = random.Random(f"{SEED} {self.id()}")
        self.kafka = self.broker.client
        self.topic = re.sub("[^a-z0-9]+", "-", self.id().rsplit(".", 1)[-1].removeprefix("test_").lower())[:48]

    def run(self, result=None):
        before = len(result.failures) + len(result.errors) if result else 0
        super().run(result)
        if result and len(result.failures) + len(result.errors) > before:
            print(f"replay: SINK_CHAOS_SEED={SEED} SINK_CHAOS_FULL={int(FULL)} python3 {sys.argv[0]} {self.id().removeprefix('__main__.')}", flush=True)
        return result

    def new_host(self, name, bootstrap=None, options=(), env=None):
        """A host with a state directory of its own; killed at the end at the latest."""
        host = SinkHost(self.directory, os.path.join(self.directory, name), bootstrap or self.kafka.bootstrap, options, env)
        self.addCleanup(lambda: host.kill() if host.alive() else None)
        return host

    def config(self, **changes):
        return super().config(**{"topics": self.topic, "errors.deadletterqueue.topic.name": self.topic + "-dead",
                                 "consumer.override.session.timeout.ms": str(SESSION_MS),
                                 "consumer.override.heartbeat.interval.ms": str(HEARTBEAT_MS),
                                 "consumer.override.topic.metadata.refresh.interval.ms": "5000", **changes})


def run_module(case):
    """For a file whose scenarios share a broker: setUpModule and tearDownModule."""
    def begin():
        case.broker = RealBroker()

    def end():
        case.broker.end()
    return begin, end


def main():
    print(f"seed {SEED}, {'full' if FULL else 'reduced'} counts, Kafka {KAFKA}", flush=True)
    unittest.main(verbosity=2)
