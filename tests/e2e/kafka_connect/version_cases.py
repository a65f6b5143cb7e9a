"""Two versions of the plugin side by side in one worker (KIP-891, Kafka 4.1): each loads native libraries of its own."""
import json
import shutil
import zipfile

from cluster import PLUGINS, ConnectTest
from harness import event

VERSION_FILE = "io/sinkconnector/version.properties"


class Versions(ConnectTest):
    def setUp(self):
        super().setUp()
        (shipped,) = (each for each in PLUGINS.iterdir() if each.is_dir())
        self.here = shipped.name.rsplit("-", 1)[1]
        both = self.directory / "plugins"
        shutil.copytree(shipped, both / shipped.name)
        older = both / "older"
        shutil.copytree(shipped, older)
        (jar,) = older.glob("*.jar")
        self.restamp(jar, "0.0.9")
        self.own = self.cluster.start_worker(f"{self.name}-worker", plugins=both, group=self.name).ready()

    def tearDown(self):
        self.own.end()
        super().tearDown()

    @staticmethod
    def restamp(jar, version):
        original = jar.rename(jar.with_suffix(".was"))
        with zipfile.ZipFile(original) as old, zipfile.ZipFile(jar, "w") as new:
            for each in old.infolist():
                new.writestr(each, f"version={version}\n" if each.filename == VERSION_FILE else old.read(each))
        original.unlink()

    def test_two_versions_deliver_side_by_side_each_with_its_own_libraries(self):
        listed = {p["version"] for p in self.own.get("/connector-plugins") if p["class"].endswith("SnapchatSinkConnector")}
        self.assertEqual(listed, {"0.0.9", self.here})
        for number, version in enumerate(sorted(listed)):
            topic = f"{self.topic}-{number}"
            self.broker.create_topic(topic, 4)
            self.produce([event(f"v{number}-{i}") for i in range(50)], topic)
            self.own.create(f"{self.name}-{number}", self.config(topics=topic, connector__plugin__version=f"[{version}]"))
        self.delivered(100)
        for number, version in enumerate(sorted(listed)):
            self.committed(f"{self.name}-{number}", f"{self.topic}-{number}", of=self.own)
            self.assertIn(version, json.dumps(self.own.get(f"/connectors/{self.name}-{number}/status")))
