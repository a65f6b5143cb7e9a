#!/usr/bin/env python3
"""The crash table of the design, row by row: sink-host is killed at the very place that a row names, and started again."""
import signal
import time

import world
from feed import Fate, Feed, good, nonsense
from harness import Kafka, Simulator, event, eventually
from world import Case, ChaosTest, main, origin_of

setUpModule, tearDownModule = world.run_module(ChaosTest)


class Crash(ChaosTest):
    def setUp(self):
        super().setUp()
        self.simulator = Simulator(self.directory, self.token)
        self.case = Case(self.kafka, Feed(self.kafka, self.topic, 2), "connect-sink")
        self.case.simulator = self.simulator
        self.sink = self.new_host("host")

    def feed(self, *pairs):
        self.case.feed.write(pairs)

    def create(self, **changes):
        self.sink.create("sink", self.config(**changes))

    def killed_and_started_again(self, dead_letters_readable=True):
        self.case.remember_peak(self.sink.process.pid)
        self.sink.kill()
        if dead_letters_readable:
            self.case.nothing_overtaken()
        self.sink = self.new_host("host")
        return time.time()

    def finish(self, row, since=None, copies=None):
        letters = self.case.all_resolved()
        status = self.simulator.status()
        if copies is not None:
            self.assertEqual(status["duplicates"], copies, "copies")
        times = [each["time"] / 1000 for each in self.simulator.ledger().values()]
        self.case.remember_peak(self.sink.process.pid)
        self.assertEqual(self.sink.stop(), 0)
        self.case.report(row, letters, max(0.0, max(times) - since) if since else None)
        return letters

    def test_after_poll_before_put(self):
        self.simulator.script({"fault": "status", "status": 503, "count": -1})
        self.create(buffer__max__records="10")
        self.feed(*(good(f"e-{n}") for n in range(200)))
        eventually(lambda: self.sink.sum_metric("sink_host_backlog_records") > 0, "records that the sink does not take yet")
        since = self.killed_and_started_again()
        self.simulator.admin("DELETE", "/faults")
        self.finish("crash after poll, before put", since, copies=0)

    def test_after_put_before_send(self):
        self.create(batch__max__events="60", batch__linger__ms="600000")  # a batch waits until it is full
        self.feed(*(good(f"e-{n}") for n in range(40)))
        eventually(lambda: self.sink.sum_metric("snapchat_sink_buffered_records") == 40, "all are with the sink")
        since = self.killed_and_started_again()
        self.assertEqual(self.simulator.status()["requests"], 0)
        self.feed(*(good(f"later-{n}") for n in range(20)))
        self.finish("crash after put, before send", since, copies=0)

    def test_bytes_sent_no_answer(self):
        self.simulator.script({"fault": "no_answer", "delay_ms": 60_000, "accept": True})
        self.create()
        self.feed(*(good(f"e-{n}") for n in range(20)))
        taken = eventually(lambda: self.simulator.status()["accepted"], "Snapchat has taken them, and says nothing")
        since = self.killed_and_started_again()
        self.finish("crash with bytes sent, no answer", since, copies=taken)

    def test_answer_read_offset_not_committed(self):
        self.simulator.script({"fault": "status", "status": 503, "count": -1, "ids": "held-*"})
        self.feed(good("held-0"), good("held-1"), *(good(f"e-{n}") for n in range(20)))  # the first of each partition holds back the rest
        self.create(batch__max__events="1", retry__backoff__ms="2000", retry__backoff__max__ms="2000")
        eventually(lambda: self.sink.sum_metric("snapchat_sink_records_total", outcome="delivered") == 20, "their answers are read")
        since = self.killed_and_started_again()
        self.assertLessEqual(max(self.case.committed().values()), 0, "nothing is committed")
        self.simulator.admin("DELETE", "/faults")
        self.finish("crash with the answer read, not committed", since, copies=20)

    def test_dead_letter_written_offset_not_committed(self):
        self.simulator.script({"fault": "status", "status": 503, "count": -1, "ids": "held"})
        self.feed(good("held"), good("even"), nonsense("one"), nonsense("two"))  # partition 0: held, one
        self.create(batch__max__events="1")
        eventually(lambda: len(self.case.dead_letters()) == 2, "both dead letters are written")
        since = self.killed_and_started_again()
        self.simulator.admin("DELETE", "/faults")
        letters = self.finish("crash with a dead letter, not committed", since)
        self.assertEqual([origin_of(each) for each in letters].count((0, 1)), 2, "its position was held back, so it is written again")

    def test_dead_letter_queue_unavailable(self):
        other = self.case.dead_client = Kafka.serve(self.directory, 1)  # the dead letter queue is on another cluster, which goes away
        self.addCleanup(other.program.kill)
        self.create(producer__override__bootstrap__servers=other.bootstrap)
        self.feed(nonsense("zero"), good("zero"))
        eventually(lambda: len(self.case.dead_letters()) == 1, "the queue works")
        other.program.tell(signal.SIGUSR1)
        self.feed(*(good(f"a-{n}") for n in range(10)), nonsense("one"), nonsense("two"), *(good(f"b-{n}") for n in range(10)))
        eventually(lambda: self.simulator.status()["unique"] == 21, "the good ones are delivered")
        self.sink.wait_trace("sink", "(?i)dead letter", 60)
        eventually(lambda: self.case.committed() == {0: 6, 1: 6}, "what lies before the records is committed")
        self.feed(*(good(f"c-{n}") for n in range(10)))
        eventually(lambda: self.simulator.status()["unique"] == 31, "and so are later ones")
        time.sleep(2)  # several commits would fit; none may come
        self.assertEqual(self.case.committed(), {0: 6, 1: 6}, "nothing is committed past them")
        since = self.killed_and_started_again(dead_letters_readable=False)
        self.assertEqual(self.case.committed(), {0: 6, 1: 6}, "nothing is committed past them")
        other.program.tell(signal.SIGUSR2)
        self.finish("dead letter queue unavailable", since)

    def test_rebalance_while_in_flight(self):
        self.simulator.script({"fault": "no_answer", "delay_ms": 6000, "accept": True, "count": 2})
        self.create(request__timeout__ms="20000", batch__max__events="20")
        self.feed(*(good(f"e-{n}") for n in range(20)))
        eventually(lambda: self.simulator.status()["accepted"] == 20, "they are in flight")
        other = self.new_host("other")
        other.create("sink", self.config())
        eventually(lambda: other.sum_metric("sink_host_rebalances_total") > 0, "a partition has moved")
        self.feed(*(good(f"later-{n}") for n in range(20)))
        letters = self.case.all_resolved()
        self.assertEqual(letters, [])
        self.assertGreater(self.simulator.status()["duplicates"], 0, "the new owner sent again what was in flight")
        self.assertEqual(other.stop(), 0)
        self.finish("rebalance while in flight")

    def test_events_that_grow_too_old_during_an_outage(self):
        self.simulator.script({"fault": "status", "status": 503, "count": -1})
        self.create(event__max__age__online__ms="4000")
        self.feed(*((event(f"old-{n}"), Fate(code="event.too.old")) for n in range(10)))
        eventually(lambda: len(self.case.dead_letters()) == 10, "they have become dead letters", 40)
        self.simulator.admin("DELETE", "/faults")
        self.feed(*(good(f"new-{n}") for n in range(10)))
        self.finish("events past their age limit", copies=0)


if __name__ == "__main__":
    main()
