"""The worker and the connector of examples/kafka_connect run as they are, but for addresses, paths and names."""
import json

from cluster import ConnectTest
from harness import ROOT, event

EXAMPLES = ROOT / "examples" / "kafka_connect"
OURS = ("bootstrap.servers", "group.id", "plugin.path")  # of this machine and this run


class Examples(ConnectTest):
    def test_the_example_worker_runs_the_example_connector_with_the_token_from_a_file(self):
        lines = [line for line in (EXAMPLES / "worker.properties").read_text().splitlines() if line and not line.startswith("#")]
        settings = dict(line.split("=", 1) for line in lines)
        worker = self.cluster.start_worker("example-worker", group=self.name, overrides={k: v for k, v in settings.items() if k not in OURS}).ready()
        self.addCleanup(worker.end)
        token = self.directory / "snapchat.properties"
        token.write_text(f"token={self.token}\n")
        example = json.loads((EXAMPLES / "snapchat-sink.json").read_text().replace("/etc/kafka/snapchat.properties", str(token)))
        self.produce([event(f"ex{i}") for i in range(20)])
        worker.create(self.name, {**example["config"], "topics": self.topic, "snapchat.endpoint": self.simulator.url, "ssl.ca.file": str(self.simulator.trust),
                                  "errors.deadletterqueue.topic.replication.factor": "1"})
        self.delivered(20)
        self.committed(of=worker)
        self.assertNotIn(self.token, json.dumps(worker.get(f"/connectors/{self.name}/config")) + worker.process.log())
