"""Records of every kind of converter reach Snapchat, and the refused ones the dead letter queue."""
import json

from cluster import ConnectTest
from harness import event, eventually, purchase


class Delivery(ConnectTest):
    def test_20000_records_arrive_once_and_the_refused_ones_are_dead_letters(self):
        good = [purchase(f"p{i}") if i % 2 else event(f"e{i}") for i in range(19_900)]
        bad = [b"not json %d" % i for i in range(50)] + [event(f"u{i}", "Nobody Knows This") for i in range(50)]
        self.produce(good + bad)
        self.create()
        self.delivered(len(good), 120)
        self.committed()
        dead = self.dead_letters()
        self.assertEqual(len(dead), len(bad))
        codes = sorted({h["__connect.errors.exception.message"].split(":")[0] for _, h in dead})
        self.assertEqual(codes, ["event.name.unknown", "record.not.json"])
        payload, headers = dead[0]
        self.assertTrue(payload)
        self.assertEqual(headers["__connect.errors.topic"], self.topic)
        self.assertEqual(headers["__connect.errors.connector.name"], self.name)

    def delivers_with(self, values, **converter):
        self.produce(values)
        self.create(**converter)
        self.delivered(len(values))
        self.committed()

    def test_values_as_text(self):
        self.delivers_with([event(f"s{i}") for i in range(20)], value__converter="org.apache.kafka.connect.storage.StringConverter")

    def test_values_as_maps_of_the_json_converter(self):
        self.delivers_with([purchase(f"m{i}") for i in range(20)], value__converter="org.apache.kafka.connect.json.JsonConverter",
                           value__converter__schemas__enable="false")
        sent = json.loads(self.simulator.bodies()[-1]["body"])["data"][0]
        self.assertEqual(sent["custom_data"]["value"], 25.1)

    def test_values_as_structs_of_a_converter_with_schemas(self):
        text = {"type": "string", "optional": True}
        fields = lambda names: [{"field": n, **text} for n in names]
        schema = {"type": "struct", "fields": [*fields(["type", "event", "messageId", "anonymousId", "timestamp"]),
                                               {"field": "context", "type": "struct", "fields": fields(["ip", "userAgent"])},
                                               {"field": "properties", "type": "struct", "fields": [*fields(["email", "order_id", "currency"]), {"field": "revenue", "type": "double"}]}]}
        def wrapped(i):
            e = purchase(f"st{i}")
            p = e["properties"]
            return {"schema": schema, "payload": {**{k: e[k] for k in ("type", "event", "messageId", "anonymousId", "timestamp")},
                    "context": {"ip": "203.0.113.9", "userAgent": "ua"}, "properties": {k: p[k] for k in ("email", "order_id", "currency")} | {"revenue": 25.1}}}
        self.delivers_with([wrapped(i) for i in range(20)], value__converter="org.apache.kafka.connect.json.JsonConverter", value__converter__schemas__enable="true")

    def test_a_transformation_that_renames_the_topic_does_not_disturb_offsets(self):
        self.delivers_with([event(f"r{i}") for i in range(200)], transforms="route", transforms__route__type="org.apache.kafka.connect.transforms.RegexRouter",
                           transforms__route__regex=".*", transforms__route__replacement="elsewhere")

    def test_tombstones_follow_their_key(self):
        self.broker.kcat("-P", "-t", self.topic, "-K", "\t", "-Z", stdin=b"a\t\nb\t\n")
        self.produce([event("t1")])
        self.create(tombstone="reject")
        self.delivered(1)
        self.committed()
        self.assertEqual([h["__connect.errors.exception.message"].split(":")[0] for _, h in self.dead_letters()], ["record.tombstone"] * 2)

    def test_without_a_dead_letter_queue_errors_log_enable_alone_names_each_refused_record_in_the_log(self):
        self.produce([event("g1"), b"not json", event("g2")])
        self.create(errors__deadletterqueue__topic__name=None, errors__log__enable="true", tasks__max="1")
        self.delivered(2)
        self.committed()
        told = [line for line in self.worker.process.log().splitlines() if f"[{self.name}|task-0]" in line]
        self.assertTrue(any("Error encountered in task" in line for line in told), told[-5:])
        self.assertIn("record.not.json", self.worker.process.log())

    def test_errors_that_are_tolerated_and_neither_queued_nor_logged_by_the_worker_are_still_told_by_the_task(self):
        self.produce([event("g1"), b"not json"])
        self.create(errors__deadletterqueue__topic__name=None, tasks__max="1")
        self.delivered(1)
        self.committed()
        self.assertRegex(self.worker.process.log(), rf"WARN \[{self.name}\|task-0\].*{self.topic}-\d@\d+ is dropped.*record.not.json")

    def test_metrics_have_the_same_names_in_every_runtime(self):
        self.produce([event(f"k{i}") for i in range(30)] + [b"not json"])
        self.create(tasks__max="1")
        self.delivered(30)
        self.committed()
        def delivered():
            # KIP-877 shows each as an attribute of the worker's own bean, the MBeans of earlier runtimes carry the name in theirs.
            shown = self.worker.beans("kafka.connect:type=plugins,*", "io.sinkconnector:type=sink-task,*")
            return sum(value for bean, attribute, value in shown
                       if "snapchat_sink_records_total" in bean + attribute and "delivered" in bean and self.name in bean)
        eventually(lambda: delivered() == 30, "30 records count as delivered", 30)
