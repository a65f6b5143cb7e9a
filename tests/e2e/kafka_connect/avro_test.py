#!/usr/bin/env python3
"""Avro topics with a schema registry: the user's own converter makes Structs, which reach Snapchat. On demand, not part of CI.

usage: avro_test.py 3.9|4.x      needs a JDK of 21 or later for the registry (Apicurio, from Maven Central) and its free ports on loopback
"""
import json
import struct
import subprocess
import sys
import urllib.request
import zipfile

import kafka
from cluster import JARS, NEWEST_JAVA, PLUGINS, ConnectTest, run_cases
from harness import Program, eventually, free_port, purchase

LINE = sys.argv.pop(1) if len(sys.argv) > 1 and sys.argv[1] in kafka.LINES else sys.exit(__doc__)
CONVERTER = "io.apicurio.registry.utils.converter.AvroConverter"
TEXTS = ("type", "event", "messageId", "anonymousId", "timestamp")
CONTEXT = ("ip", "userAgent")
PROPERTIES = ("email", "order_id", "currency")


def avro_record(name, texts, *others):
    return {"type": "record", "name": name, "fields": [*({"name": each, "type": "string"} for each in texts), *others]}


SCHEMA = avro_record("Call", TEXTS, {"name": "context", "type": avro_record("Context", CONTEXT)},
                     {"name": "properties", "type": avro_record("Properties", PROPERTIES, {"name": "revenue", "type": "double"})})


def avro_text(text):
    raw = text.encode()
    size, out = len(raw) << 1, b""  # zigzag of a length, then seven bits a byte
    while size > 0x7F:
        out += bytes([size & 0x7F | 0x80])
        size >>= 7
    return out + bytes([size]) + raw


def framed(schema_id, value):
    """Confluent's framing: a zero, the schema's id, then the record in Avro's binary form."""
    texts = lambda of, names: b"".join(avro_text(of[each]) for each in names)
    return (struct.pack(">bI", 0, schema_id) + texts(value, TEXTS) + texts(value["context"], CONTEXT) + texts(value["properties"], PROPERTIES)
            + struct.pack("<d", value["properties"]["revenue"]))


class Registry(Program):
    def __init__(self, directory):
        folder = JARS / "registry"
        archive = folder / "lib" / "apicurio-registry-app-3.3.3-all.tar.gz"
        if not archive.exists():
            folder.mkdir(parents=True, exist_ok=True)
            subprocess.run(["mvn", "-B", "-q", "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy", f"-DoutputDirectory={archive.parent}",
                            "-Dartifact=io.apicurio:apicurio-registry-app:3.3.3:tar.gz:all"], cwd=folder, check=True, timeout=600)
        subprocess.run(["tar", "xzf", archive, "-C", directory], check=True)
        jar = next(directory.glob("**/*runner.jar"), None) or next(directory.glob("**/quarkus-run.jar"))
        self.url = f"http://127.0.0.1:{free_port()}"
        host, port, management = "127.0.0.1", self.url.rsplit(":", 1)[1], free_port()
        java = NEWEST_JAVA[-1] if NEWEST_JAVA else sys.exit("avro_test.py: the registry needs a JDK of 21 or later below /usr/lib/jvm")
        super().__init__("registry", directory, [java, "-Xmx512m", f"-Dquarkus.http.host={host}", f"-Dquarkus.http.port={port}",
                                                 f"-Dquarkus.management.host={host}", f"-Dquarkus.management.port={management}", "-jar", jar])
        eventually(lambda: not self.alive() or kafka.answers(lambda: self.request("/apis/ccompat/v7/subjects") is not None), "the registry answers", 90)
        assert self.alive(), self.log()[-3000:]

    def request(self, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        with urllib.request.urlopen(urllib.request.Request(self.url + path, data, {"Content-Type": "application/json"}), timeout=20) as answer:
            return json.loads(answer.read())

    def register(self, subject, schema):
        return self.request(f"/apis/ccompat/v7/subjects/{subject}/versions", {"schema": json.dumps(schema)})["id"]


def converter_plugin(directory):
    """The converter as a plugin. It has no manifest of its own, which service_load needs: a small jar beside it has one."""
    lib = kafka.fetch_jars(JARS / "avro", [("io.apicurio", "apicurio-registry-utils-converter", "2.6.13.Final")],
                           left_out=("connect-api", "connect-json", "kafka-clients", "slf4j-api"))
    with zipfile.ZipFile(lib / "manifest.jar", "w") as jar:
        jar.writestr("META-INF/services/org.apache.kafka.connect.storage.Converter", CONVERTER + "\n")
    (directory / "plugins").mkdir()
    (directory / "plugins" / "avro").symlink_to(lib)
    return directory / "plugins"


class Avro(ConnectTest):
    def test_avro_structs_of_a_registry_arrive(self):
        registry = Registry(self.directory)
        self.addCleanup(registry.kill)
        worker = self.cluster.start_worker("avro-worker", plugins=f"{PLUGINS},{converter_plugin(self.directory)}", group=self.name).ready()
        self.addCleanup(worker.end)
        schema_id = registry.register(f"{self.topic}-value", SCHEMA)
        files = []
        for i in range(50):
            value = purchase(f"av{i}")
            value["context"] = {"ip": "203.0.113.9", "userAgent": "ua"}
            files.append(self.directory / f"record-{i}")
            files[-1].write_bytes(framed(schema_id, value))
        self.broker.kcat("-P", "-t", self.topic, *map(str, files))
        worker.create(self.name, self.config(value__converter=CONVERTER, value__converter__apicurio__registry__url=registry.url + "/apis/registry/v2",
                                             **{"value.converter.apicurio.registry.headers.enabled": "false", "value.converter.apicurio.registry.as-confluent": "true",
                                                "value.converter.apicurio.registry.use-id": "globalId"}))
        self.delivered(50)
        self.committed(of=worker)
        sent = json.loads(self.simulator.bodies()[-1]["body"])["data"][0]
        self.assertEqual((sent["event_name"], sent["custom_data"]["value"]), ("PURCHASE", 25.1))


if __name__ == "__main__":
    run_cases(LINE)
