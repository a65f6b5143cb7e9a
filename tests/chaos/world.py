"""What the chaos runs share: a real broker, a seed, records with a known fate, memory, and one line of figures for each scenario.

Environment: SINK_CHAOS_FULL=1 for full counts, SINK_CHAOS_SEED replays a run, SINK_CHAOS_REPORT names a file that gets the lines too.
"""
import json
import os
import pathlib
import random
import re
import sys
import tempfile
import threading
import time
import unittest
from collections import Counter, defaultdict, namedtuple

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))
sys.path.insert(1, str(pathlib.Path(__file__).resolve().parents[1] / "e2e" / "kafka_connect"))
import kafka  # noqa: E402  (the folders above hold the shared harness)
from harness import BUILD, E2ETest, Kafka, Record, SinkHost, code_of, event, eventually  # noqa: E402

FULL = os.environ.get("SINK_CHAOS_FULL") == "1"
SEED = int(os.environ.get("SINK_CHAOS_SEED") or random.randrange(1_000_000))
JARS = pathlib.Path(os.environ.get("SINK_KAFKA_JARS", BUILD / "kafka-jars"))
KAFKA = kafka.LINES[os.environ.get("SINK_CHAOS_KAFKA", "4.x")]
SESSION_MS = 1500  # a killed member of a group is missed this long


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


# What must become of a record: the ids it is delivered with, or the code of its dead letter; neither: left out.
Fate = namedtuple("Fate", "ids code", defaults=((), None))
SKIPPED = Fate()


class Feed:
    """Writes a topic and knows, position by position, what must become of it. One writer; any thread may ask."""

    def __init__(self, client, topic, partitions):
        self.client, self.topic, self.partitions = client, topic, partitions
        self.fates = defaultdict(list)  # partition -> fates by offset
        self.lock = threading.Lock()
        client.create(topic, partitions)

    def write(self, pairs):
        """Pairs of a value and its fate; a fate may be a function of the position (topic, partition, offset)."""
        records = []
        with self.lock:  # what is expected is known before it can be read
            for at, (value, fate) in enumerate(pairs):
                partition = (sum(map(len, self.fates.values())) if at == 0 else partition + 1) % self.partitions
                known = self.fates[partition]
                known.append(fate(self.topic, partition, len(known)) if callable(fate) else fate)
                records.append(Record(json.dumps(value) if isinstance(value, dict) else value, None, partition))
        self.client.produce(records, self.topic)

    def items(self):
        with self.lock:
            return {(partition, offset): fate for partition, fates in self.fates.items() for offset, fate in enumerate(fates)}

    def ids(self):
        return {each for fate in self.items().values() for each in fate.ids}

    def dead(self):
        return {position: fate.code for position, fate in self.items().items() if fate.code}

    def overtaken(self, committed, delivered, dead):
        """Positions below a committed offset that are neither delivered nor dead letters."""
        return [position for position, fate in self.items().items() if position[1] < committed.get(position[0], -1)
                and not (all(each in delivered for each in fate.ids) and (fate.code is None or position in dead))]


def good(event_id, **changes):
    return event(event_id, **changes), Fate((event_id,))


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


class ChaosTest(E2ETest):
    """One scenario. `self.broker` is the module's; topics are named after the test."""
    broker = None

    def setUp(self):
        super().setUp()
        self.chance = random.Random(f"{SEED} {self.id()}")
        self.kafka = self.broker.client
        self.topic = re.sub("[^a-z0-9]+", "-", self.id().rsplit(".", 1)[-1].removeprefix("test_").lower())[:48]
        self.dead_topic = self.topic + "-dead"
        self.peak = 0.0
        self.began = time.monotonic()

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
        return super().config(**{"topics": self.topic, "errors.deadletterqueue.topic.name": self.dead_topic,
                                 "consumer.override.session.timeout.ms": str(SESSION_MS), "consumer.override.heartbeat.interval.ms": "300",
                                 "consumer.override.topic.metadata.refresh.interval.ms": "5000", **changes})

    def remember_peak(self, pid):
        self.peak = max(self.peak, memory(pid, "VmHWM"))

    def dead_letters(self):
        return self.kafka.read(self.dead_topic)

    def committed_offsets(self, group="connect-sink"):
        return {partition: committed for partition, (committed, _) in self.kafka.offsets(group, self.topic).items()}

    def nothing_overtaken(self, feed, group="connect-sink"):
        """No commit past an unresolved record. Offsets are read first: what was committed then must be resolved by now."""
        committed = self.committed_offsets(group)
        delivered = self.simulator.ledger()
        dead = {origin_of(each) for each in self.dead_letters()} if feed.dead() else set()
        self.assertEqual(feed.overtaken(committed, delivered, dead), [], "committed, but neither delivered nor a dead letter")

    def all_resolved(self, feed, group="connect-sink", seconds=60):
        """Every event at Snapchat under its ids and no others, every dead letter written with its code, every offset committed."""
        wanted = feed.ids()
        eventually(lambda: self.simulator.status()["unique"] >= len(wanted), f"{len(wanted)} events at Snapchat", seconds)
        eventually(lambda: self.kafka.caught_up(group, feed.topic), "committed offsets equal the ends", seconds)
        ledger, status = self.simulator.ledger(), self.simulator.status()
        self.assertEqual(set(ledger) ^ wanted, set(), "ids that are missing or that nobody sent")
        self.assertEqual((status["conflicts"], status["without_id"]), (0, 0))
        letters = self.dead_letters() if feed.dead() else []
        self.assertEqual({origin_of(each): code_of(each) for each in letters}, feed.dead(), "dead letters")
        self.assertEqual(sum(end for _, end in self.kafka.offsets(group, feed.topic).values()), len(feed.items()), "the feed wrote once")
        return letters

    def summary(self, name, feed, letters=(), recovered=None, **more):
        status = self.simulator.status()
        figures = {"events": len(feed.ids()), "requests": status["requests"], "copies": status["duplicates"],
                   "DLQ": f"{len(feed.dead())}+{len(letters) - len(feed.dead())}" if feed.dead() else 0, "RSS max": f"{self.peak:.0f} MiB",
                   "recovered after": "-" if recovered is None else f"{recovered:.1f} s", **more, "took": f"{time.monotonic() - self.began:.0f} s"}
        report(name, figures)


def report(name, figures):
    line = f"chaos: {name:<44} " + "  ".join(f"{key} {value}" for key, value in figures.items()) + f"  seed {SEED}"
    print(line, flush=True)
    if path := os.environ.get("SINK_CHAOS_REPORT"):
        with open(path, "a", encoding="utf-8") as lines:
            lines.write(line + "\n")


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
