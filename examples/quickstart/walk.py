#!/usr/bin/env python3
"""The quickstart's walk: Kafka -> sink-host -> libsnapchat_sink.so -> TLS -> Snapchat (simulated). Called by ./run after the build.

Prints each command that you could type yourself, then runs it. Everything it starts ends with it, and lives in one temporary directory.
"""
import contextlib
import json
import os
import pathlib
import re
import secrets
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from datetime import datetime, timezone

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("SINK_BUILD_DIR", ROOT / "build/release"))  # tests walk with their own build
DATA = ROOT / "examples/data"
EXPECTED = json.loads((DATA / "shop.expected.json").read_text())
TOPIC, DEAD_LETTERS, CONNECTOR = EXPECTED["topic"], "shop-events-dead", "quickstart"
PIXEL, SNAP_APP = "11111111-2222-4333-8444-555555555555", "99999999-2222-4333-8444-555555555555"
PATIENCE = 60 * int(os.environ.get("SINK_PATIENCE", "1"))  # seconds for the whole flow
ISO_TIME = re.compile(r'"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\.(\d{3})Z"')


class Failed(Exception):
    """Ends the walk; its text tells what to do."""


def say(text):
    print(f"\n\033[1m{text}\033[0m", flush=True)


def show(words, stdin=""):
    print(f"  $ {shlex.join(str(each) for each in words)}{stdin}", flush=True)


def run(words, text=None, quiet=False):
    if not quiet:
        show(words, " < records" if text is not None else "")
    done = subprocess.run([str(each) for each in words], input=text, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Failed(f"{words[0]} ended with {done.returncode}: {(done.stderr or done.stdout).strip()[-500:]}")
    return done.stdout


def curl(url, *words, quiet=False):
    """The JSON of the answer, or its text."""
    text = run(["curl", "-sS", "--fail-with-body", *words, url], quiet=quiet)
    try:
        return json.loads(text)
    except ValueError:
        return text


def eventually(probe, what, process=None, log=None, seconds=PATIENCE):
    deadline = time.monotonic() + seconds
    while not (seen := probe()):
        if process is not None and process.poll() is not None:
            raise Failed(f"{what}: the process ended. Its log ends with:\n{log.read_text(errors='replace')[-1500:]}")
        if time.monotonic() > deadline:
            raise Failed(f"{what}: not within {seconds} s." + (f" See {log}" if log else ""))
        time.sleep(0.1)
    return seen


class Walk:
    def __init__(self, directory):
        self.directory = pathlib.Path(directory)
        self.processes = []
        self.simulator_status = self.rest = self.broker = ""

    def start(self, name, words):
        show(words)
        log = self.directory / f"{name}.log"
        with open(log, "wb") as out:
            process = subprocess.Popen([str(each) for each in words], stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                                       start_new_session=True)  # Ctrl-C is for this script; it ends the others in order
        self.processes.append((name, process))
        return process, log

    def stop(self):
        for name, process in reversed(self.processes):
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
                try:
                    process.wait(timeout=12)
                except subprocess.TimeoutExpired:
                    print(f"{name} did not end on SIGTERM; killed", file=sys.stderr)
                    process.kill()
                    process.wait()

    def start_snapchat(self):
        say("3. Snapchat: a strict simulator with real TLS")
        token = secrets.token_hex(16)
        secret = self.directory / "snapchat.properties"
        secret.touch(mode=0o600)
        secret.write_text(f"token={token}\n")
        ports = self.directory / "simulator.json"
        process, log = self.start("simulator", [BUILD / "bin" / "snapchat-simulator", "--make-cert", self.directory, "--token", token, "--asset",
                                                f"{PIXEL}:pixel", "--asset", f"{SNAP_APP}:app", "--port-file", ports])
        eventually(ports.exists, "the simulator starts", process, log, 10)
        port = json.loads(ports.read_text())
        self.simulator_status = f"http://127.0.0.1:{port['admin_port']}"
        print("  and two events that only Snapchat refuses, whatever a sink may think of them:")
        curl(f"{self.simulator_status}/faults", "--data",
             '[{"fault":"refuse_event","ids":"refused-by-snapchat-*","message":"This advertiser may not send it."}]')
        return f"https://localhost:{port['port']}"

    def start_host(self):
        say("4. sink-host, with a Kafka broker inside for trying out")
        state = self.directory / "state"
        process, log = self.start("sink-host", [BUILD / "bin" / "sink-host", "run", "--embedded-broker", "--state-dir", state, "--listen",
                                                "127.0.0.1:0", "--plugin-path", BUILD / "lib"])
        eventually((state / "rest.address").exists, "sink-host starts", process, log, 20)
        self.rest = (state / "rest.address").read_text().strip()
        self.broker = (state / "bootstrap.servers").read_text().strip()
        for topic in (TOPIC, DEAD_LETTERS):
            run(["kcat", "-L", "-b", self.broker, "-t", topic], quiet=True)  # asking makes the broker create it

    def create_connector(self, endpoint):
        say("5. The connector, by REST")
        config = json.loads((ROOT / "examples/connectors/production.json").read_text())["config"]
        config |= {"tasks.max": "1", "snapchat.pixel.id": PIXEL, "snapchat.snap.app.id": SNAP_APP, "snapchat.endpoint": endpoint,
                   "snapchat.access.token": f"${{file:{self.directory}/snapchat.properties:token}}",
                   "ssl.ca.file": f"{self.directory}/ca.pem", "errors.deadletterqueue.topic.name": DEAD_LETTERS,
                   "errors.deadletterqueue.topic.replication.factor": "1"}
        file = self.directory / "connector.json"
        file.write_text(json.dumps({"name": CONNECTOR, "config": config}, indent=2))
        print(file.read_text())
        curl(f"{self.rest}/connectors", "-X", "POST", "-H", "Content-Type: application/json", "--data", f"@{file}")

        def running():
            status = curl(f"{self.rest}/connectors/{CONNECTOR}/status", quiet=True)
            return status["tasks"] and all(each["state"] == "RUNNING" for each in status["tasks"])
        show(["curl", f"{self.rest}/connectors/{CONNECTOR}/status"])
        eventually(running, "the connector's task runs")

    def produce(self):
        say(f"6. {EXPECTED['records']} events of a small shop into the topic")
        records = fresh_records()
        run(["kcat", "-P", "-b", self.broker, "-t", TOPIC, "-K", "\\t", "-Z"], "\n".join(records))
        return time.monotonic()

    def follow(self):
        """Until all records are accounted for; the seconds that took."""
        began = time.monotonic()
        wanted = sum(EXPECTED["delivered"].values())
        last = -1
        while True:
            seen = curl(f"{self.simulator_status}/status", quiet=True)
            if seen["unique"] != last:
                last = seen["unique"]
                print(f"  {time.monotonic() - began:5.1f} s   {last} of {wanted} events at Snapchat, {seen['requests']} requests", flush=True)
            if last >= wanted and self.committed() == self.ends():
                took = time.monotonic() - began
                with contextlib.suppress(Failed):  # metrics are up to a second old; the report tells if they stay wrong
                    eventually(lambda: sum(self.skipped().values()) >= sum(EXPECTED["skipped"].values()), "metrics", seconds=5)
                return took
            if time.monotonic() - began > PATIENCE:
                raise Failed(f"not everything arrived within {PATIENCE} s: {last} of {wanted}; "
                             f"the task says: {curl(f'{self.rest}/connectors/{CONNECTOR}/status', quiet=True)['tasks']}")
            time.sleep(0.2)

    def committed(self):
        told = curl(f"{self.rest}/connectors/{CONNECTOR}/offsets", quiet=True)
        return {each["partition"]["kafka_partition"]: each["offset"]["kafka_offset"] for each in told["offsets"]
                if each["offset"]["kafka_offset"] > 0}

    def ends(self):
        told = run(["kcat", "-Q", "-b", self.broker, *[word for n in range(4) for word in ("-t", f"{TOPIC}:{n}:-1")]], quiet=True)
        found = {int(partition): int(offset) for partition, offset in re.findall(r"\[(\d+)\] offset (\d+)", told)}
        return {partition: offset for partition, offset in found.items() if offset > 0}

    def dead_letter_codes(self):
        text = run(["kcat", "-C", "-e", "-q", "-b", self.broker, "-t", DEAD_LETTERS, "-f", "%h\\n"], quiet=True)
        return Counter(re.findall(r"__connect\.errors\.exception\.message=([a-z.]+)", text))

    def skipped(self):
        pattern = r'snapchat_sink_records_total\{([^}]*outcome="skipped"[^}]*)\} (\d+)'
        found = re.findall(pattern, curl(f"{self.rest}/metrics", quiet=True))
        return Counter({re.search(r'code="([^"]*)"', labels).group(1): int(count) for labels, count in found if int(count) > 0})

    def report(self, seconds):
        snapchat = curl(f"{self.simulator_status}/status", quiet=True)
        dead, skipped, ends = self.dead_letter_codes(), self.skipped(), self.ends()
        say("7. What became of them")
        rows = [("accepted by Snapchat", snapchat["unique"], snapchat["by_event_name"]),
                ("dead letters", sum(dead.values()), dead), ("skipped", sum(skipped.values()), skipped)]
        for name, total, parts in rows:
            print(f"  {name:<38}{total:>7}")
            for part, count in sorted(parts.items()):
                print(f"      {part:<34}{count:>7}")
        print(f"  {'produced':<38}{sum(ends.values()):>7}\n")
        print(f"  {snapchat['requests']} requests, largest {snapchat['largest_request_events']} events, "
              f"latency p50 {snapchat['latency_ms']['p50']} ms, p99 {snapchat['latency_ms']['p99']} ms, all done after {seconds:.1f} s")
        checks = [("every record was produced", sum(ends.values()), EXPECTED["records"]),
                  ("accepted by Snapchat, by event", snapchat["by_event_name"], EXPECTED["delivered"]),
                  ("dead letters, by code", dict(dead), EXPECTED["dead_letters"]),
                  ("skipped, by code", dict(skipped), EXPECTED["skipped"]),
                  ("accepted + dead letters + skipped = produced", sum(total for _, total, _ in rows), sum(ends.values())),
                  ("committed offsets are the topic's ends", self.committed(), ends),
                  ("no event id came twice", (snapchat["duplicates"], snapchat["conflicts"], snapchat["without_id"]), (0, 0, 0))]
        print()
        for name, got, wanted in checks:
            print(f"  {'ok   ' if got == wanted else 'WRONG'} {name}" + ("" if got == wanted else f": {got}, expected {wanted}"))
        return all(got == wanted for _, got, wanted in checks)

    def look_closer(self):
        say("Look closer")
        for text, command in (("Snapchat's side", f"{self.simulator_status}/"),
                              ("each accepted event", f"{self.simulator_status}/ledger"),
                              ("the last request's body", f"{self.simulator_status}/requests?n=1"),
                              ("the connector", f"{self.rest}/connectors/{CONNECTOR}/status"),
                              ("metrics for Prometheus", f"{self.rest}/metrics")):
            print(f"  {text:<26}curl {shlex.quote(command)}")
        print(f"  {'the dead letters':<26}kcat -C -e -b {self.broker} -t {DEAD_LETTERS} -f '%k %h\\n'")
        print(f"  {'logs':<26}{self.directory}/*.log")


def fresh_records():
    """The data's lines as key, tab, value. All times move by the same amount, so that the data's base time is now."""
    shift = datetime.now(timezone.utc) - datetime.fromisoformat(EXPECTED["base"].replace("Z", "+00:00"))

    def moved(found):
        time_then = datetime.fromisoformat(found.group(1) + "+00:00") + shift
        return f'"{time_then:%Y-%m-%dT%H:%M:%S}.{found.group(2)}Z"'
    lines = []
    for line in (DATA / "shop.ndjson").read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        value = record["value"]  # an object, raw text that is no JSON, or null
        text = "" if value is None else value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        lines.append(f"{record['key']}\t{ISO_TIME.sub(moved, text)}")
    return lines


def main():
    keep = "--keep" in sys.argv[1:]
    directory = tempfile.mkdtemp(prefix="snapchat-quickstart-")
    walk = Walk(directory)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    good = False
    try:
        endpoint = walk.start_snapchat()
        walk.start_host()
        walk.create_connector(endpoint)
        walk.produce()
        good = walk.report(walk.follow())
        if keep:
            walk.look_closer()
            say("Running until Ctrl-C")
            signal.pause()
    except Failed as why:
        print(f"\nquickstart: {why}", file=sys.stderr)
    except KeyboardInterrupt:
        print()
    finally:
        walk.stop()
        if good:
            shutil.rmtree(directory, ignore_errors=True)
        else:
            print(f"quickstart: logs are kept in {directory}", file=sys.stderr)
    if good and not keep:
        print("\nEvery number adds up. `examples/quickstart/run --keep` leaves all of it running to look around.")
    return 0 if good else 1


if __name__ == "__main__":
    with contextlib.suppress(BrokenPipeError):
        sys.exit(main())
