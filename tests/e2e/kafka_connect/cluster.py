"""What the cases share: one broker and one strict worker of the chosen Kafka line, and the base of every case.

The line is chosen by connect_test.py before the cases run; each case has a topic, a dead letter queue, a token and a simulator of its own.
"""
import json
import os
import pathlib
import re
import secrets
import shutil
import sys
import tempfile
import unittest

import kafka
from harness import BUILD, PIXEL, Simulator, eventually

JARS = pathlib.Path(os.environ.get("SINK_KAFKA_JARS", BUILD / "kafka-jars"))
CLASS = "io.sinkconnector.snapchat.SnapchatSinkConnector"
PLUGINS = BUILD / "kafka-connect"
PARTITIONS = 4
NEWEST_JAVA = sorted(pathlib.Path("/usr/lib/jvm").glob("*2[0-9]*/bin/java"))  # beyond the distribution's 17, where there is one


class Cluster:
    """The newest line runs on the newest JDK of the machine, the other on the one that is on the PATH."""

    def __init__(self, line):
        self.version = kafka.LINES[line]
        self.java = str(NEWEST_JAVA[-1]) if NEWEST_JAVA and self.version.startswith("4") else "java"
        self.options = ["--enable-native-access=ALL-UNNAMED"] if self.java != "java" else []
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="connect-"))
        print(f"Kafka {self.version}, workers on {self.java}", flush=True)
        self.lib = kafka.fetch(self.version, JARS)
        self.broker = kafka.Broker(self.lib, self.directory / "broker")
        # The worker most cases share is started the strict ways: it exits when a class has no manifest, and the JVM judges every JNI call.
        self.worker = self.start_worker("worker", discovery="hybrid_fail", options=["-Xcheck:jni", "-XX:NativeMemoryTracking=summary"]).ready()

    def start_worker(self, name, plugins=PLUGINS, options=(), **more):
        return kafka.Worker(self.lib, self.directory / name, self.broker, plugins, java=self.java, options=[*self.options, *options], **more)

    def end(self):
        """Ends both; what -Xcheck:jni complained of is returned."""
        self.worker.end()
        self.broker.end()
        complaints = [line for line in self.worker.process.log().splitlines() if re.search(r"WARNING in native|FATAL ERROR in native|JNI.*warning", line)]
        if os.environ.get("E2E_KEEP"):
            print(f"kept: {self.directory}")
        else:
            shutil.rmtree(self.directory, ignore_errors=True)
        return complaints


class ConnectTest(unittest.TestCase):
    cluster = None  # set by connect_test.py

    def setUp(self):
        self.broker, self.worker = self.cluster.broker, self.cluster.worker
        self.name = re.sub("[^a-z0-9]", "-", self.id().rsplit(".", 1)[-1].lower())[:60]
        self.topic, self.dead = self.name + "-in", self.name + "-dead"
        self.directory = self.cluster.directory / self.name
        self.directory.mkdir()
        self.token = "connect-token-" + secrets.token_hex(8)
        self.simulator = Simulator(self.directory, self.token)
        self.broker.create_topic(self.topic, PARTITIONS)

    def tearDown(self):
        self.worker.request("DELETE", f"/connectors/{self.name}")
        if self.simulator.alive():
            self.simulator.stop()

    def config(self, **changes):
        """A working configuration; a change to None takes the key out. Dots are written as two underscores."""
        base = {"connector.class": CLASS, "topics": self.topic, "tasks.max": "2", "mapping.preset": "segment", "snapchat.pixel.id": PIXEL,
                "snapchat.access.token": self.token, "snapchat.endpoint": self.simulator.url, "ssl.ca.file": str(self.simulator.trust),
                "batch.linger.ms": "50", "retry.backoff.ms": "50", "retry.backoff.max.ms": "500", "errors.tolerance": "all",
                "errors.deadletterqueue.topic.name": self.dead, "errors.deadletterqueue.topic.replication.factor": "1",
                "errors.deadletterqueue.context.headers.enable": "true"}
        base.update({k.replace("__", "."): v for k, v in changes.items()})
        return {k: v for k, v in base.items() if v is not None}

    def create(self, **changes):
        self.worker.create(self.name, self.config(**changes))

    def produce(self, values, topic=None):
        lines = [v if isinstance(v, bytes) else json.dumps(v).encode() for v in values]
        self.broker.produce(topic or self.topic, lines, [b"k%d" % i for i in range(len(lines))])

    def delivered(self, count, seconds=60):
        """Waits until Snapchat has this many different events, then that no id came with two contents."""
        eventually(lambda: self.simulator.status()["unique"] >= count, f"{count} events at Snapchat", seconds)
        status = self.simulator.status()
        self.assertEqual((status["unique"], status["conflicts"]), (count, 0))
        return status

    def committed(self, name=None, topic=None, of=None, seconds=30):
        ends = {p: n for p, n in self.broker.ends(topic or self.topic, PARTITIONS).items() if n > 0}
        eventually(lambda: kafka.answers(lambda: {p: n for p, n in (of or self.worker).offsets(name or self.name).items() if n > 0}) == ends,
                   "committed offsets equal the ends", seconds)

    def dead_letters(self):
        out = []
        for each in self.broker.consume(self.dead):
            pairs = each.get("headers", [])
            out.append((each["payload"], dict(zip(pairs[::2], pairs[1::2]))))
        return out

    def states(self, state, count=None, of=None):
        def probe():
            states = (of or self.worker).task_states(self.name)
            return states and all(s == state for s in states) and (count is None or len(states) == count)
        eventually(lambda: kafka.answers(probe), f"tasks of {self.name} are {state}", 40)


def run_cases(line):
    """unittest.main over the cases that the calling module has, on a cluster that is made before and ended after them."""
    ConnectTest.cluster = Cluster(line)
    try:
        passed = unittest.main(verbosity=2, exit=False).result.wasSuccessful()
    finally:
        complaints = ConnectTest.cluster.end()
    if complaints:
        print("-Xcheck:jni complained:", *complaints[:10], sep="\n")
    sys.exit(0 if passed and not complaints else 1)
