"""Real Kafka processes for tests: a KRaft broker and distributed Connect workers, from jars of Maven Central.

Everything binds 127.0.0.1 on free ports and ends with its object; only processes started here are ended.
"""
import json
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import urllib.error
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from harness import Program, eventually, free_port  # noqa: E402  (the folder above holds the shared harness)

LINES = {"3.9": "3.9.2", "4.x": "4.3.1"}  # pinned: the newest of each supported line
LOG4J = "2.25.2"  # Kafka 4 declares no logging, and a broker without it exits 2 in silence

POM = """<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>test</groupId><artifactId>kafka</artifactId><version>1</version><packaging>pom</packaging><dependencies>{}</dependencies></project>"""
DEPENDENCY = "<dependency><groupId>{}</groupId><artifactId>{}</artifactId><version>{}</version></dependency>"


def fetch(version, where):
    """The jars of one Kafka version. Returns their folder."""
    wanted = [("org.apache.kafka", a, version) for a in ("kafka_2.13", "connect-runtime", "connect-json", "kafka-tools")]
    if not version.startswith("3."):
        wanted += [("org.apache.logging.log4j", a, LOG4J) for a in ("log4j-api", "log4j-core", "log4j-slf4j-impl")]
    return fetch_jars(where / f"kafka-{version}", wanted)


def fetch_jars(folder, wanted, *, left_out=()):
    """Artefacts with what they need at run time, downloaded once. Returns the folder of jars."""
    lib = folder / "lib"
    if (folder / "complete").exists():
        return lib
    shutil.rmtree(folder, ignore_errors=True)
    lib.mkdir(parents=True)
    (folder / "pom.xml").write_text(POM.format("".join(DEPENDENCY.format(*w) for w in wanted)))
    subprocess.run(["mvn", "-B", "-q", "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies", "-DincludeScope=runtime",
                    f"-DoutputDirectory={lib}", *([f"-DexcludeArtifactIds={','.join(left_out)}"] if left_out else [])], cwd=folder, check=True, timeout=600)
    (folder / "complete").touch()
    return lib


def answers(condition):
    """condition(), with the failures of a server that is still starting read as "not yet"."""
    try:
        return condition()
    except (OSError, ValueError, KeyError):
        return None


def jvm(lib, main, *arguments, heap="512m", java="java", options=()):
    return [java, f"-Xmx{heap}", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", *options, "-cp", f"{lib}/*", main, *arguments]


def logging_options(lib, folder, levels=()):
    """Console logging at INFO for either line's logging library."""
    if any(lib.glob("log4j-core*.jar")):
        file = folder / "log4j2.properties"
        file.write_text("appender.c.type=Console\nappender.c.name=C\nappender.c.layout.type=PatternLayout\n"
                        "appender.c.layout.pattern=[%d] %p %X{connector.context}%m (%c)%n\nrootLogger.level=INFO\nrootLogger.appenderRef.c.ref=C\n"
                        + "".join(f"logger.l{i}.name={n}\nlogger.l{i}.level={v}\n" for i, (n, v) in enumerate(levels)))
        return [f"-Dlog4j2.configurationFile={file}"]
    file = folder / "log4j.properties"
    file.write_text("log4j.rootLogger=INFO,C\nlog4j.appender.C=org.apache.log4j.ConsoleAppender\nlog4j.appender.C.layout=org.apache.log4j.PatternLayout\n"
                    "log4j.appender.C.layout.ConversionPattern=[%d] %p %X{connector.context}%m (%c)%n\n" + "".join(f"log4j.logger.{n}={v}\n" for n, v in levels))
    return [f"-Dlog4j.configuration=file:{file}"]


class Broker:
    def __init__(self, lib, folder):
        folder.mkdir(parents=True)
        self.lib, self.folder = lib, folder
        self.port, controller = free_port(), free_port()
        self.address = f"127.0.0.1:{self.port}"
        self.config = folder / "server.properties"
        self.config.write_text(f"""process.roles=broker,controller
node.id=1
controller.quorum.bootstrap.servers=127.0.0.1:{controller}
controller.listener.names=CONTROLLER
listeners=PLAINTEXT://127.0.0.1:{self.port},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://127.0.0.1:{self.port},CONTROLLER://127.0.0.1:{controller}
inter.broker.listener.name=PLAINTEXT
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
log.dirs={folder}/data
default.replication.factor=1
num.partitions=4
offsets.topic.num.partitions=1
offsets.topic.replication.factor=1
transaction.state.log.num.partitions=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.num.partitions=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=500
log.segment.bytes=16777216
log.cleaner.dedupe.buffer.size=16777216
num.network.threads=2
num.io.threads=2
background.threads=2
""")
        options = logging_options(lib, folder)
        tool = lambda *a: subprocess.run(jvm(lib, "kafka.tools.StorageTool", *a, heap="256m", options=options), check=True, capture_output=True, text=True, timeout=60)
        cluster = tool("random-uuid").stdout.strip().splitlines()[-1]
        tool("format", "--standalone", "-t", cluster, "-c", str(self.config))
        self.cluster_id = cluster
        self.command = jvm(lib, "kafka.Kafka", str(self.config), options=options)
        self.start()

    def start(self):
        """Also again after stop(): the data are still there."""
        self.process = Program("broker", self.folder, self.command)
        eventually(lambda: "Kafka Server started" in self.process.log() or not self.process.alive(), "the broker starts", 60)
        assert self.process.alive(), f"the broker exited:\n{self.process.log()[-3000:]}"

    def stop(self):
        self.process.stop(60)

    def kcat(self, *arguments, stdin=None, seconds=60):
        return subprocess.run(["kcat", "-b", self.address, *arguments], input=stdin, capture_output=True, timeout=seconds, check=True).stdout

    def create_topic(self, name, partitions):
        subprocess.run(jvm(self.lib, "org.apache.kafka.tools.TopicCommand", "--bootstrap-server", self.address, "--create", "--topic", name,
                           "--partitions", str(partitions), heap="256m"), check=True, capture_output=True, timeout=60)

    def produce(self, topic, values, keys=None):
        """Values as bytes without newlines; with keys, `key TAB value` and Kafka's own partitioner."""
        lines = b"".join((b"" if keys is None else keys[i] + b"\t") + v + b"\n" for i, v in enumerate(values))
        self.kcat("-P", "-t", topic, *([] if keys is None else ["-K", "\t"]), stdin=lines)

    def consume(self, topic):
        """All records of a topic as kcat's JSON objects."""
        out = self.kcat("-C", "-t", topic, "-e", "-q", "-J")
        return [json.loads(line) for line in out.splitlines() if line]

    def ends(self, topic, partitions):
        out = self.kcat("-Q", *[x for p in range(partitions) for x in ("-t", f"{topic}:{p}:-1")]).decode()
        return {int(line.split("[")[1].split("]")[0]): int(line.rsplit(" ", 1)[1]) for line in out.splitlines() if line.startswith(topic)}

    def end(self):
        self.process.kill()  # nothing it holds is kept


class Worker:
    """One distributed worker; configured only through its REST API."""

    def __init__(self, lib, folder, broker, plugin_path, group="connect-test", java="java", discovery="service_load", options=(), overrides=None, env=None):
        folder.mkdir(parents=True)
        self.folder, self.port, self.java = folder, free_port(), java
        self.url = f"http://127.0.0.1:{self.port}"
        settings = {
            "bootstrap.servers": broker.address, "group.id": group,
            "key.converter": "org.apache.kafka.connect.storage.StringConverter", "value.converter": "org.apache.kafka.connect.converters.ByteArrayConverter",
            "header.converter": "org.apache.kafka.connect.converters.ByteArrayConverter",
            "config.storage.topic": f"_{group}-configs", "offset.storage.topic": f"_{group}-offsets", "status.storage.topic": f"_{group}-status",
            "config.storage.replication.factor": 1, "offset.storage.replication.factor": 1, "status.storage.replication.factor": 1,
            "offset.storage.partitions": 1, "status.storage.partitions": 1,
            "listeners": self.url, "rest.advertised.host.name": "127.0.0.1", "rest.advertised.port": self.port,
            "plugin.path": plugin_path, "plugin.discovery": discovery,
            "session.timeout.ms": 2000, "heartbeat.interval.ms": 500, "scheduled.rebalance.max.delay.ms": 0,
            "consumer.session.timeout.ms": 2000, "consumer.heartbeat.interval.ms": 500,
            "offset.flush.interval.ms": 500, "task.shutdown.graceful.timeout.ms": 2000, **(overrides or {})}
        config = folder / "worker.properties"
        config.write_text("".join(f"{k}={v}\n" for k, v in settings.items()))
        self.process = Program("worker", folder, jvm(lib, "org.apache.kafka.connect.cli.ConnectDistributed", str(config), java=java,
                                                     options=[*logging_options(lib, folder), *options]), env)
        self.cluster_id = broker.cluster_id

    def ready(self, seconds=90):
        eventually(lambda: not self.process.alive() or answers(lambda: self.get("/").get("kafka_cluster_id") == self.cluster_id
                                                               and isinstance(self.get("/connectors"), list)), "the worker answers", seconds)
        assert self.process.alive(), f"the worker exited:\n{self.process.log()[-4000:]}"
        return self

    def request(self, method, path, body=None, seconds=30):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, {"Content-Type": "application/json"}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=seconds) as answer:
                text = answer.read()
                return answer.status, json.loads(text) if text else None
        except urllib.error.HTTPError as e:
            text = e.read()
            return e.code, json.loads(text) if text else None

    def get(self, path):
        return self.request("GET", path)[1]

    def change(self, method, path, body=None, seconds=30):
        """A write, repeated while the group rebalances or has not read its last change yet (409)."""
        def once():
            status, answer = self.request(method, path, body)
            return None if status == 409 and re.search("rebalanc|stale configuration", str(answer)) else (status, answer)
        return eventually(once, f"{method} {path} is accepted", seconds)

    def create(self, name, config):
        status, answer = self.change("POST", "/connectors", {"name": name, "config": config})
        assert status == 201, (status, answer)

    def task_states(self, name):
        return [t["state"] for t in self.get(f"/connectors/{name}/status")["tasks"]]

    def offsets(self, name):
        """partition -> committed offset of the connector's group."""
        return {o["partition"]["kafka_partition"]: o["offset"]["kafka_offset"] for o in self.get(f"/connectors/{name}/offsets")["offsets"]}

    def log_at(self, logger, level):
        status, answer = self.request("PUT", f"/admin/loggers/{logger}", {"level": level})
        assert status == 200, (status, answer)

    def jcmd(self, *words):
        tool = pathlib.Path(shutil.which(self.java)).resolve().with_name("jcmd")
        return subprocess.run([tool, str(self.process.process.pid), *words], check=True, capture_output=True, text=True, timeout=60).stdout

    def beans(self, *patterns):
        """[(name, attribute, value)] of the numbers that the worker shows over JMX."""
        program = pathlib.Path(__file__).with_name("Beans.java")
        out = subprocess.run([self.java, program, str(self.process.process.pid), *patterns], check=True, capture_output=True, text=True, timeout=60).stdout
        return [(name, attribute, float(value)) for name, attribute, value in (line.split("\t") for line in out.splitlines())]

    def heap_after_collection(self):
        """Bytes of live objects: the JVM collects its garbage first."""
        self.jcmd("GC.run")
        return sum(int(used) for used in re.findall(r"used (\d+)K", self.jcmd("GC.heap_info").split("Metaspace")[0])) << 10

    def direct_memory(self):
        """Bytes of direct buffers after a collection; needs -XX:NativeMemoryTracking=summary."""
        self.jcmd("GC.run")
        return int(re.search(r"Other \(reserved=(\d+)KB", self.jcmd("VM.native_memory", "summary")).group(1)) << 10

    def stacks(self):
        """What all threads do, also while the JVM is on its way down."""
        before = len(self.process.log())
        self.process.tell(signal.SIGQUIT)

        def dump():
            text = self.process.log()[before:]
            return text if "JNI global refs" in text else None
        return eventually(dump, "the JVM prints its threads", 20)

    def end(self, how=signal.SIGTERM):
        if self.process.alive():
            self.process.tell(how)
        if self.process.ended_within(30):
            return
        # Jetty has a shutdown hook of its own, which in Kafka 4.x now and then ends the server that Kafka's hook is stopping; Kafka then
        # waits for its threads for ever, before it has told any connector to stop. Workers without plugins do, too.
        stacks = self.stacks()
        self.process.kill()
        assert "runtime.rest.RestServer.stop(" in stacks, f"the worker did not end within 30 s; its threads:\n{stacks[-20000:]}"
        print("a worker hung in the stop of its own REST server, before connectors were told to stop; it was killed")
