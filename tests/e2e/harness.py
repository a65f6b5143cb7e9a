"""What the end-to-end tests share: the processes under test, Kafka beside them, records, waiting, and the search for leaked secrets.

Standard library only. Programs come from SINK_BUILD_DIR (default: build/dev). Nothing sleeps to hope: `eventually` polls with a limit.
"""
import contextlib
import http.client
import json
import os
import pathlib
import re
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import unittest
from collections import Counter, namedtuple

ROOT = pathlib.Path(__file__).resolve().parents[2]
PATIENCE = int(os.environ.get("SINK_PATIENCE", "1"))  # limits are for a plain build; see sdk/cmake/SinkBuild.cmake
BUILD = pathlib.Path(os.environ.get("SINK_BUILD_DIR", ROOT / "build" / "dev"))
PIXEL = "11111111-2222-4333-8444-555555555555"
SNAP_APP = "99999999-2222-4333-8444-555555555555"
TOPIC = "events"
DEAD_LETTERS = "events-dead"
SANITIZER_REPORT = re.compile(r"(ERROR|WARNING): \w+Sanitizer|runtime error: ")
EMAIL = "plain.person@e2e.example"  # in every record; must never be seen outside Kafka
PHONE = "+1 (415) 555-0142"
USER_AGENT = "e2e/1.0"

Record = namedtuple("Record", "value key partition headers", defaults=(None, -1, None))
Read = namedtuple("Read", "partition offset key value headers")


def eventually(probe, what, seconds=30.0):
    """The first true value of probe(); fails with the last one seen."""
    seconds *= PATIENCE
    deadline = time.monotonic() + seconds
    while True:
        seen = probe()
        if seen:
            return seen
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds:g} s: {what}")
        time.sleep(0.05)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Program:
    """A process with its output in a file; ended by its own handle, never by name."""

    def __init__(self, name, directory, words, env=None):
        self.name = name
        self.log_path = pathlib.Path(directory) / f"{name}-{time.monotonic_ns()}.log"
        with open(self.log_path, "wb") as log:
            self.process = subprocess.Popen([str(each) for each in words], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                            env={**os.environ, **(env or {})})

    def log(self):
        return self.log_path.read_text(encoding="utf-8", errors="replace")

    def alive(self):
        return self.process.poll() is None

    def tell(self, number):
        self.process.send_signal(number)

    def ended_within(self, seconds):
        try:
            self.process.wait(timeout=seconds * PATIENCE)
            return True
        except subprocess.TimeoutExpired:
            return False

    def stop(self, seconds=15.0):
        """SIGTERM; the exit status, or a failure when it does not end."""
        if self.alive():
            self.tell(signal.SIGTERM)
        if not self.ended_within(seconds):
            self.kill()
            raise AssertionError(f"{self.name} did not end within {seconds:g} s of SIGTERM; its log ends:\n{self.log()[-2000:]}")
        return self.process.returncode

    def kill(self):
        self.process.kill()
        self.process.wait()

    def wait_for_file(self, path, seconds=15.0):
        eventually(lambda: pathlib.Path(path).exists() or not self.alive(), f"{self.name} starts", seconds)
        if not self.alive():
            raise AssertionError(f"{self.name} ended at once:\n{self.log()[-2000:]}")
        return pathlib.Path(path).read_text(encoding="utf-8")


class Simulator(Program):
    """Snapchat. Started again with the same port, it is the same Snapchat with another certificate or clock."""

    def __init__(self, directory, token, port=0, options=(), host="127.0.0.1", within=()):
        """`within`: a command that starts it in another place, as `ip netns exec NAME`; then `host` is its address there."""
        ports = pathlib.Path(directory) / f"simulator-{time.monotonic_ns()}.json"
        super().__init__("simulator", directory,
                         [*within, BUILD / "bin" / "snapchat-simulator", "--make-cert", directory, "--listen", f"{host}:{port}",
                          "--admin", f"{host}:0", "--token", token, "--asset", f"{PIXEL}:pixel", "--asset", f"{SNAP_APP}:app", "--port-file", ports, *options])
        read = json.loads(self.wait_for_file(ports))
        self.port, self.admin_port = read["port"], read["admin_port"]
        self.host = host
        self.url = f"https://{'localhost' if host == '127.0.0.1' else host}:{self.port}"
        self.trust = pathlib.Path(directory) / "ca.pem"

    def admin(self, method, path, body=None):
        with contextlib.closing(http.client.HTTPConnection(self.host, self.admin_port, timeout=10)) as connection:
            connection.request(method, path, json.dumps(body) if body is not None else None)
            answer = connection.getresponse()
            text = answer.read().decode()
        if answer.status != 200:
            raise AssertionError(f"simulator: {method} {path}: {answer.status} {text}")
        return text

    def script(self, *faults):
        self.admin("POST", "/faults", list(faults))

    def status(self):
        return json.loads(self.admin("GET", "/status"))

    def ledger(self):
        return {each["event_id"]: each for each in map(json.loads, self.admin("GET", "/ledger").splitlines())}

    def bodies(self, count=32):
        return [json.loads(line) for line in self.admin("GET", f"/requests?n={count}").splitlines()]


def to_hex(data):
    if data is None:
        return "-"
    raw = data.encode() if isinstance(data, str) else data
    return raw.hex() or "''"


def from_hex(text):
    return None if text == "-" else b"" if text == "''" else bytes.fromhex(text)


class Kafka:
    """Any broker, spoken to by kafka_tool. `serve` gives one that outlives the host."""

    def __init__(self, bootstrap, program=None):
        self.bootstrap, self.program = bootstrap, program

    @staticmethod
    def serve(directory, partitions=4):
        ready = pathlib.Path(directory) / "broker.address"
        program = Program("broker", directory, [BUILD / "bin" / "kafka_tool", "serve", ready, f"{TOPIC}:{partitions}", f"{DEAD_LETTERS}:1"])
        return Kafka(program.wait_for_file(ready).strip(), program)

    def _tool(self, *words, text=None):
        done = subprocess.run([BUILD / "bin" / "kafka_tool", words[0], self.bootstrap, *words[1:]], input=text, capture_output=True,
                              text=True, timeout=120 * PATIENCE, check=False)
        if done.returncode != 0:
            raise AssertionError(f"kafka_tool {words[0]}: {done.stderr[-500:]}")
        return done.stdout

    def create(self, topic, partitions):
        """On a real broker; the mock cluster has no admin interface."""
        self._tool("create", topic, str(partitions))

    def produce(self, records, topic=TOPIC):
        lines = []
        for each in records:
            headers = ",".join(f"{name}:{to_hex(value)}" for name, value in (each.headers or {}).items()) or "-"
            lines.append(f"{topic} {each.partition} {to_hex(each.key)} {to_hex(each.value)} {headers}\n")
        self._tool("produce", text="".join(lines))

    def read(self, topic):
        out = []
        for line in self._tool("consume", topic).splitlines():
            partition, offset, key, value, headers = line.split(" ")
            pairs = [each.split(":") for each in headers.split(",")] if headers != "-" else []
            out.append(Read(int(partition), int(offset), from_hex(key), from_hex(value),
                            {name: from_hex(held).decode("utf-8", "replace") for name, held in pairs if held != "-"}))
        return out

    def offsets(self, group, topic=TOPIC):
        """{partition: (committed, end)}; nothing committed counts as 0 for an empty partition."""
        rows = [tuple(map(int, line.split())) for line in self._tool("offsets", group, topic).splitlines()]
        return {partition: (committed, end) for partition, committed, end in rows}

    def caught_up(self, group, topic=TOPIC):
        return all(max(committed, 0) == end for committed, end in self.offsets(group, topic).values())

    def dead_codes(self, topic=DEAD_LETTERS):
        return Counter(code_of(each) for each in self.read(topic))


def code_of(dead):
    return dead.headers.get("__connect.errors.exception.message", "").split(":")[0]


class SinkHost(Program):
    """sink-host run, and its REST interface. Every answer is kept for the search for secrets."""

    def __init__(self, directory, state_dir, bootstrap=None, options=(), env=None):
        where = ["--bootstrap.servers", bootstrap] if bootstrap else ["--embedded-broker"]
        self.state_dir = pathlib.Path(state_dir)
        self.state_dir.mkdir(mode=0o700, exist_ok=True)
        for old in ("rest.address", "bootstrap.servers"):  # of the process before
            (self.state_dir / old).unlink(missing_ok=True)
        super().__init__("sink-host", directory, [BUILD / "bin" / "sink-host", "run", "--state-dir", state_dir, *where, "--plugin-path",
                                                  BUILD / "lib", "--listen", "127.0.0.1:0", *options], env)
        self.answers = pathlib.Path(directory) / f"rest-{time.monotonic_ns()}.log"
        self.port = int(self.wait_for_file(self.state_dir / "rest.address", 30).strip().rsplit(":", 1)[1])

    def embedded_bootstrap(self):
        return (self.state_dir / "bootstrap.servers").read_text(encoding="utf-8").strip()

    def rest(self, method, path, body=None, raw=None):
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)) as connection:
            text = raw if raw is not None else None if body is None else json.dumps(body)
            connection.request(method, path, text, {"Content-Type": "application/json"} if text is not None else {})
            answer = connection.getresponse()
            got = answer.read().decode("utf-8", "replace")
        with open(self.answers, "a", encoding="utf-8") as kept:
            kept.write(f"{method} {path} {answer.status}\n{got}\n")
        try:
            return answer.status, json.loads(got) if got else None
        except ValueError:
            return answer.status, got

    def create(self, name, config):
        status, body = self.rest("POST", "/connectors", {"name": name, "config": config})
        if status != 201:
            raise AssertionError(f"not created: {status} {body}")
        return body

    def task(self, name, number=0):
        status, body = self.rest("GET", f"/connectors/{name}/status")
        tasks = body.get("tasks", []) if status == 200 else []
        return tasks[number] if number < len(tasks) else {"state": "none", "trace": ""}

    def wait_trace(self, name, pattern, seconds=30.0):
        """A task says in its status what it waits for, or why it failed."""
        seen = []

        def matches():
            seen.append(self.task(name))
            return re.search(pattern, seen[-1].get("trace") or "") and seen[-1]
        try:
            return eventually(matches, f"status of {name} says {pattern}", seconds)
        except AssertionError as late:
            raise AssertionError(f"{late}; it says: {seen[-1]}") from None

    def wait_state(self, name, state, seconds=30.0):
        return eventually(lambda: self.task(name)["state"] == state and self.task(name), f"task of {name} is {state}", seconds)

    def health(self):
        return self.rest("GET", "/health")

    def metrics(self):
        """{'name{labels}': value}"""
        text = self.rest("GET", "/metrics")[1] or ""
        out = {}
        for line in text.splitlines():
            if line and not line.startswith("#"):
                name, _, value = line.rpartition(" ")
                out[name] = float(value)
        return out

    def sum_metric(self, name, **labels):
        wanted = [f'{key}="{value}"' for key, value in labels.items()]
        return sum(value for key, value in self.metrics().items()
                   if key.split("{")[0] == name and all(each in key for each in wanted))


class E2ETest(unittest.TestCase):
    """A directory, a token and clean-up for each test; afterwards nothing written may hold the token or the plain e-mail address."""

    def setUp(self):
        self.directory = tempfile.mkdtemp(prefix="e2e-")
        self.token = "e2e-token-" + secrets.token_hex(12)
        self.token_file = self.write("token.properties", f"token={self.token}\n")
        self.kafka = self.simulator = self.host = None
        self.state_dir = os.path.join(self.directory, "state")

    def tearDown(self):
        for each in (self.host, self.simulator, self.kafka and self.kafka.program):
            if each is not None and each.alive():
                if SANITIZER_REPORT.search(each.log()):  # it is being written: naming its functions takes seconds
                    with contextlib.suppress(subprocess.TimeoutExpired):
                        each.process.wait(timeout=15 * PATIENCE)
                each.kill()
        leaks, reports = self.leaks(), self.sanitizer_reports()
        if os.environ.get("E2E_KEEP"):
            print(f"kept: {self.directory}", flush=True)
        else:
            shutil.rmtree(self.directory, ignore_errors=True)
        self.assertEqual(leaks, [], "secrets or personal data in what was written")
        self.assertEqual(reports, [], "reports of a sanitizer")

    def sanitizer_reports(self):
        """What a sanitizer wrote: the thread sanitizer goes on after a report, and few tests look at the exit status."""
        found = []
        for path in pathlib.Path(self.directory).glob("*.log"):
            text = path.read_text(encoding="utf-8", errors="replace")
            at = SANITIZER_REPORT.search(text)
            found += [f"{path.name}: {text[at.start():at.start() + 6000]}"] if at else []
        return found

    def leaks(self):
        found = []
        for path in pathlib.Path(self.directory).glob("*.log"):
            text = path.read_text(encoding="utf-8", errors="replace")
            found += [f"{path.name}: {what}" for what, secret in (("token", self.token), ("e-mail", EMAIL), ("phone", PHONE)) if secret in text]
        return found

    def write(self, name, text):
        path = pathlib.Path(self.directory) / name
        path.write_text(text, encoding="utf-8")
        return str(path)

    def start(self, partitions=4, simulator_options=(), host_options=()):
        """Broker, Snapchat and host, each a process of its own."""
        self.kafka = Kafka.serve(self.directory, partitions)
        self.simulator = Simulator(self.directory, self.token, options=simulator_options)
        self.start_host(*host_options)

    def start_host(self, *options, env=None):
        self.host = SinkHost(self.directory, self.state_dir, self.kafka.bootstrap, options, env)

    def config(self, **changes):
        """A working configuration; a change to None takes the key out. Dots are written as two underscores."""
        base = {"connector.class": "SnapchatSink", "tasks.max": "1", "topics": TOPIC, "mapping.preset": "segment",
                "snapchat.pixel.id": PIXEL, "snapchat.snap.app.id": SNAP_APP, "snapchat.app.id": "e2e.example",
                "snapchat.access.token": f"${{file:{self.token_file}:token}}", "snapchat.endpoint": self.simulator.url,
                "ssl.ca.file": str(self.simulator.trust), "batch.linger.ms": "50", "retry.backoff.ms": "50",
                "retry.backoff.max.ms": "500", "errors.tolerance": "all", "errors.deadletterqueue.topic.name": DEAD_LETTERS,
                "errors.deadletterqueue.topic.replication.factor": "1", "errors.deadletterqueue.context.headers.enable": "true",
                # The mock broker gives a group that a member has left almost this long before it goes on; the default is 45 s.
                "consumer.override.session.timeout.ms": "3000", "consumer.override.heartbeat.interval.ms": "500"}
        base.update({key.replace("__", "."): value for key, value in changes.items()})
        return {key: value for key, value in base.items() if value is not None}

    def delivered(self, count, seconds=40.0):
        """Waits until Snapchat has this many different events, then that each came once with one content."""
        eventually(lambda: self.simulator.status()["unique"] >= count, f"{count} events at Snapchat", seconds)
        status = self.simulator.status()
        self.assertEqual((status["unique"], status["conflicts"], status["without_id"]), (count, 0, 0))
        return status

    def committed(self, name="sink", seconds=20.0):
        eventually(lambda: self.kafka.caught_up(f"connect-{name}"), "committed offsets equal the ends", seconds)


def event(event_id, name="Product Viewed", **changes):
    """One event in Segment's form, good unless changed."""
    value = {"type": "track", "event": name, "messageId": event_id, "anonymousId": f"anonymous-{event_id}",
             "timestamp": time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime()),
             "context": {"ip": "203.0.113.9", "userAgent": USER_AGENT, "page": {"url": "https://shop.example/?ScCid=c1"}},
             "properties": {"email": EMAIL, "phone": PHONE, "product_id": "SKU-1", "price": 25.1, "currency": "USD", "quantity": 1}}
    value.update(changes)
    return value


def purchase(event_id, **properties):
    return event(event_id, "Order Completed", properties={
        "email": EMAIL, "phone": PHONE, "order_id": f"order-{event_id}", "revenue": 25.1, "currency": "USD",
        "products": [{"product_id": "SKU-1", "price": 25.1, "quantity": 1}], **properties})


def record(value, partition=-1, key=None):
    return Record(json.dumps(value) if isinstance(value, dict) else value, key, partition)


def run_tests():
    unittest.main(verbosity=2)
