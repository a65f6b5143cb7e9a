#!/usr/bin/env python3
"""What only a real broker's log has: transactions with their control records and aborted records, and a topic that is made anew."""
import json
import subprocess
import time

import world
from feed import Feed, good
from harness import Simulator, event, eventually
from kafka import jvm
from world import Case, ChaosTest, main, same

setUpModule, tearDownModule = world.run_module(ChaosTest)


class Log(ChaosTest):
    def setUp(self):
        super().setUp()
        self.simulator = Simulator(self.directory, self.token)
        self.case = Case(self.kafka, Feed(self.kafka, self.topic, 3), "connect-sink")
        self.case.simulator = self.simulator
        self.sink = self.new_host("host")

    def tool(self, main_class, *words):
        subprocess.run(jvm(self.broker.lib, main_class, *words, heap="256m"), check=True, capture_output=True, timeout=120)

    def transactions(self, name, count):
        """Kafka's own producer, in transactions of 20 ms; it picks its records from a file at random."""
        payloads = self.write(f"{name}.ndjson", "".join(json.dumps(event(f"{name}-{n}")) + "\n" for n in range(count)))
        self.tool("org.apache.kafka.tools.ProducerPerformance", "--topic", self.topic, "--num-records", str(count), "--throughput", "500",
                  "--payload-file", payloads, "--transaction-duration-ms", "20", "--producer-props", f"bootstrap.servers={self.kafka.bootstrap}",
                  f"transactional.id={name}")

    def caught_up(self):
        eventually(lambda: self.kafka.caught_up("connect-sink", self.topic), "committed offsets equal the ends", 60)

    def test_transactions_leave_control_records_that_are_passed_over(self):
        self.sink.create("sink", self.config())
        for name in ("first", "second"):
            self.transactions(name, 200)
            self.caught_up()  # the end of a partition is a control record: nobody delivers it, and the offset behind it is committed
        records = self.kafka.read(self.topic)
        ids = {json.loads(each.value)["messageId"] for each in records}
        ends = sum(end for _, end in self.kafka.offsets("connect-sink", self.topic).values())
        self.assertGreater(ends, len(records), "there are control records")
        same(set(self.simulator.ledger()) ^ ids, set(), "ids that are missing or that nobody sent")
        status = self.simulator.status()
        same((status["conflicts"], status["accepted"]), (0, len(records)), "ids with two contents, events")
        self.case.remember_peak(self.sink.process.pid)
        self.sink.kill()
        self.sink = self.new_host("host")
        self.transactions("third", 50)
        self.caught_up()
        same(self.simulator.status()["accepted"], len(self.kafka.read(self.topic)), "events, after a kill with everything committed")
        self.assertEqual(self.sink.stop(), 0)
        self.case.report("control records of transactions", events=len(ids), copies=0, **{"control records": ends - len(records)})

    def test_a_topic_that_is_deleted_and_made_anew(self):
        # Otherwise the consumer that looks for its topic makes it, and with another number of partitions.
        self.sink.create("sink", self.config(consumer__override__allow__auto__create__topics="false"))
        self.case.feed.write([good(f"old-{n}") for n in range(90)])
        self.case.all_resolved()
        self.tool("org.apache.kafka.tools.TopicCommand", "--bootstrap-server", self.kafka.bootstrap, "--delete", "--topic", self.topic)
        again = Case(self.kafka, eventually(self.made_anew, "the topic can be made again", 30), "connect-sink")
        again.simulator = self.simulator
        again.feed.write([good(f"new-{n}") for n in range(30)])  # fewer than before: the committed offsets lie beyond the ends
        began = time.time()
        eventually(lambda: self.simulator.status()["unique"] >= 120, "the events of the new topic", 90)
        recovered = time.time() - began
        self.assertEqual(self.simulator.status()["conflicts"], 0)
        again.remember_peak(self.sink.process.pid)
        self.assertEqual(self.sink.stop(), 0)
        again.report("topic deleted and made anew", recovered=recovered)

    def made_anew(self):
        try:
            return Feed(self.kafka, self.topic, 3)
        except AssertionError:  # it is still being deleted
            return None


if __name__ == "__main__":
    main()
