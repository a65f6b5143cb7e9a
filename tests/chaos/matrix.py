"""Runs entries of the fault matrix against a host: sink-host or a Kafka Connect worker, whichever the stand is. Several at a time: each
has a topic, a connector, a token file and a Snapchat of its own; the host's process is shared, so that one's trouble is nobody else's.
"""
import concurrent.futures
import math
import pathlib
import re
import time
import traceback

from feed import Feed, good, refused
from faults import CAP_MS
from harness import PIXEL, SNAP_APP, Simulator, eventually
from kafka import answers
from world import SEED, Case, memory, origin_of, same

WARM, PARTITIONS, BATCH = 6, 2, 12
AT_ONCE = 5


class Row:
    """One fault of the table, from the connector's creation to its deletion."""

    def __init__(self, fault, stand, client, directory, token):
        self.fault, self.stand, self.token, self.seed = fault, stand, token, f"{SEED} {fault.name}"
        self.name = re.sub("[^a-z0-9]+", "-", fault.name.lower()).strip("-")[:40]
        self.directory = pathlib.Path(directory) / self.name
        self.directory.mkdir()
        self.token_file = self.directory / "token"
        self.token_file.write_text(token + "\n", encoding="utf-8")
        self.case = Case(client, Feed(client, f"{stand.prefix}-{self.name}", PARTITIONS), f"connect-{self.name}")
        self.cleanups = []

    # ---- what troubles.py uses

    @property
    def simulator(self):
        return self.case.simulator

    def start_simulator(self, options=(), port=0):
        self.case.simulator = started = Simulator(self.directory, self.token, port, options)
        self.at_the_end(lambda: started.kill() if started.alive() else None)

    def authority(self):
        """The certificate authority of a Snapchat that is not there yet: a first one makes it, later ones keep it."""
        first = Simulator(self.directory, self.token)
        first.stop()
        return str(first.trust)

    def at_the_end(self, call):
        self.cleanups.append(call)

    def reconfigure(self, **changes):
        self.stand.configure(self.name, self.config(changes))

    def restart(self):
        self.stand.restart(self.name)

    def wait_noticed(self, times):
        if self.fault.reasons:
            self.stand.wait_retry(self.name, self.fault.reasons, times)

    def wait_failed(self, pattern):
        eventually(lambda: (task := answers(lambda: self.stand.task(self.name))) and task["state"] == "FAILED" and re.search(pattern, task["trace"]),
                   f"the task of {self.name} fails and says {pattern}", 40)

    def nothing_moved(self):
        committed = self.case.committed()
        delivered = self.simulator.ledger() if self.simulator and self.simulator.alive() and self.warm else {}
        same(self.case.feed.overtaken(committed, delivered, {}), [], "committed, but not delivered")

    # ---- the run

    def config(self, changes):
        base = {"connector.class": "io.sinkconnector.snapchat.SnapchatSinkConnector", "tasks.max": "1", "topics": self.case.feed.topic,
                "mapping.preset": "segment", "snapchat.pixel.id": PIXEL, "snapchat.snap.app.id": SNAP_APP, "snapchat.app.id": "e2e.example",
                "snapchat.access.token.file": str(self.token_file), "batch.linger.ms": "100", "batch.max.events": str(BATCH),
                "max.in.flight.requests": "2", "retry.backoff.ms": "50", "retry.backoff.max.ms": str(CAP_MS), "errors.tolerance": "all",
                "errors.deadletterqueue.topic.name": self.case.dead_topic, "errors.deadletterqueue.topic.replication.factor": "1",
                "errors.deadletterqueue.context.headers.enable": "true"}
        if self.simulator:
            base.update({"snapchat.endpoint": self.simulator.url, "ssl.ca.file": str(self.simulator.trust)})
        base.update({key.replace("__", "."): value for key, value in {**self.fault.config, **changes}.items()})
        return {key: value for key, value in base.items() if value is not None}

    def run(self):
        """The figures of the row, or an AssertionError that says what is wrong."""
        try:
            trouble = self.fault.trouble(self)
            self.warm = trouble.warm
            changes = trouble.prepare()
            self.stand.create(self.name, self.config(changes))
            if trouble.warm:
                self.case.feed.write([good(f"warm-{n}") for n in range(WARM)])
                eventually(lambda: self.simulator.status()["unique"] >= WARM, "the events before the fault", 60)
            trouble.begin()
            began = time.time()
            self.case.feed.write([refused(f"poison-{n}") if n in self.fault.poison else good(f"e-{n}") for n in range(self.fault.events)])
            written = time.time()
            ended = trouble.over()
            letters = self.case.all_resolved()
            return self.judge(began, ended or written, letters)
        finally:
            self.stand.delete(self.name)
            for call in reversed(self.cleanups):
                call()

    def judge(self, began, ended, letters):
        status = self.simulator.status()
        last = max((each["time"] / 1000 for each in self.simulator.ledger().values()), default=ended)
        if self.fault.copies == "none":
            same(status["duplicates"], 0, "copies")
        if self.fault.at_least and last - began < self.fault.at_least:
            raise AssertionError(f"all was delivered after {last - began:.2f} s, the answer asked for {self.fault.at_least} s")
        cap = int(self.fault.config.get("retry__backoff__max__ms", CAP_MS)) / 1000
        bound = self.fault.within or 2 * max(ended - began, cap)
        if last - ended > bound:
            raise AssertionError(f"recovered {last - ended:.2f} s after the fault, which lasted {ended - began:.2f} s; the bound is {bound:.2f} s")
        if self.fault.poison:
            self.judge_refusals(status, letters)
        return {"events": len(self.case.feed.ids()), "requests": status["requests"], "copies": status["duplicates"], "DLQ": len(letters),
                "RSS max": f"{memory(self.stand.pid, 'VmHWM'):.0f} MiB", "fault": f"{ended - began:.1f} s", "recovered after": f"{max(last - ended, 0):.1f} s"}

    def judge_refusals(self, status, letters):
        """Each offender once, found with at most 2·k·log2 n requests beside those that all need."""
        same(sorted(map(origin_of, letters)), sorted(self.case.feed.dead()), "dead letters, each once")
        needed = WARM + self.fault.events // BATCH + 2  # and two batches that were sealed by their age
        bound = needed + 2 * len(self.fault.poison) * math.ceil(math.log2(BATCH))
        if status["requests"] > bound:
            raise AssertionError(f"{status['requests']} requests to find {len(self.fault.poison)} offenders; the bound is {bound}")


def run_rows(faults, stand, client, directory, token):
    """Yields (fault, figures, failure): one of the two is None."""
    def one(fault):
        try:
            return Row(fault, stand, client, directory, token).run(), None
        except Exception as failure:  # noqa: BLE001  (whatever it is, it is this row's)
            return None, f"{failure}\n{traceback.format_exc(limit=-3)}"
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        for fault, (figures, failure) in zip(faults, pool.map(one, faults)):
            yield fault, figures, failure
