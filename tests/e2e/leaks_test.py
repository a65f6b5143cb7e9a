#!/usr/bin/env python3
"""No log, REST answer, metric, dead letter header or crash text holds the token or clear personal data, whatever goes wrong.

Logs and REST answers are searched after every end-to-end test (harness.leaks); these provoke what would put secrets there.
"""
import hashlib
import json
import os
import pathlib
import signal
import stat
import subprocess

from harness import BUILD, DEAD_LETTERS, EMAIL, PHONE, E2ETest, event, eventually, purchase, record, run_tests

DIGEST = hashlib.sha256(EMAIL.encode()).hexdigest()


class Leaks(E2ETest):
    def echo(self):
        """What a server may say that quotes everything it was sent."""
        return f"cannot use {EMAIL} ({DIGEST}) of POST /v3/x/events?access_token={self.token} with token {self.token}"

    def secrets(self):
        return (self.token, EMAIL, PHONE, DIGEST)

    def test_the_search_finds_what_is_there(self):
        for secret in self.secrets()[:3]:
            path = pathlib.Path(self.write("planted.log", f"a line with {secret} in it\n"))
            self.assertEqual(len(self.leaks()), 1, secret)
            path.unlink()

    def test_reports_of_sanitizers_are_found(self):
        for report in ("==7==ERROR: AddressSanitizer: heap-use-after-free", "==7==ERROR: LeakSanitizer: detected memory leaks",
                       "WARNING: ThreadSanitizer: data race (pid=7)", "a.cpp:1:2: runtime error: signed integer overflow"):
            path = pathlib.Path(self.write("planted.log", f"a line\n{report}\n"))
            self.assertEqual(len(self.sanitizer_reports()), 1, report)
            path.unlink()

    def test_bad_records_and_a_server_that_quotes_leak_nothing(self):
        self.start(partitions=1, host_options=("--log-level", "debug"))
        refusal = f"cannot use {EMAIL} ({DIGEST}), sent with {self.token}"  # a 400 that names access_token would stop the task
        quoting = json.dumps({"status": "INVALID", "reason": refusal, "errors": {"codes": ["507"], "error_msgs": [refusal]}})
        self.simulator.script({"fault": "status", "status": 500, "body": self.echo(), "count": 2},
                              {"fault": "status", "status": 400, "body": quoting, "count": 1},
                              {"fault": "refuse_event", "ids": "poison-*", "message": refusal})
        bad = [f"{EMAIL} {PHONE} is no JSON", json.dumps([EMAIL]), json.dumps(event("time", timestamp=EMAIL)),
               json.dumps(purchase("money", currency=EMAIL)), json.dumps(purchase("amount", revenue=EMAIL))]
        self.kafka.produce([record(event(f"good-{n}")) for n in range(20)] + [record(event("poison-1"))] + [record(each) for each in bad])
        self.host.create("sink", self.config())
        self.delivered(20)
        self.committed()
        for path in ("/", "/health", "/metrics", "/connectors?expand=status&expand=info", "/connectors/sink", "/connectors/sink/config",
                     "/connectors/sink/status", "/connectors/sink/tasks", "/connectors/sink/tasks/0/status", "/connectors/sink/offsets",
                     "/connectors/sink/topics", "/connector-plugins", "/admin/loggers"):
            self.assertEqual(self.host.rest("GET", path)[0], 200, path)
        clear = self.config(snapchat__access__token=self.token)
        status, _ = self.host.rest("PUT", "/connector-plugins/SnapchatSink/config/validate", clear)
        self.assertEqual(status, 200)
        status, preview = self.host.rest("POST", "/connector-plugins/SnapchatSink/preview", {
            "config": clear, "records": [{"topic": "events", "partition": 0, "offset": n, "value": each}
                                         for n, each in enumerate([event("shown")] + bad)]})
        self.assertEqual((status, [each["outcome"] for each in preview["results"]]), (200, ["send"] + ["reject"] * len(bad)))
        dead = self.kafka.read(DEAD_LETTERS)
        self.assertEqual(len(dead), len(bad) + 1)
        for each in dead:
            for name, value in each.headers.items():
                for secret in self.secrets():
                    self.assertNotIn(secret, value, name)
        self.assertIn("snap.invalid: 517 cannot use [masked] ([masked]), sent with [masked] (http 200", " ".join(each.headers["__connect.errors.exception.message"] for each in dead))
        logs = "".join(path.read_text(encoding="utf-8", errors="replace") for path in pathlib.Path(self.directory).glob("sink-host-*.log"))
        self.assertIn("[masked]", logs)
        self.assertNotIn(DIGEST, logs)

    def test_a_failed_task_says_why_without_the_token(self):
        self.start(partitions=1)
        self.simulator.script({"fault": "status", "status": 302, "headers": {"Location": f"https://elsewhere.example/?access_token={self.token}"}})
        self.kafka.produce([record(event("a-1"))])
        self.host.create("sink", self.config())
        trace = self.host.wait_state("sink", "FAILED")["trace"]
        self.assertIn("redirect", trace)
        self.assertEqual(eventually(lambda: self.host.health()[0] == 503 and self.host.health()[1], "health is red")["status"], "unhealthy")
        for secret in self.secrets():
            self.assertNotIn(secret, trace)

    def test_a_crash_prints_nothing_of_what_is_in_memory(self):
        self.start(partitions=1)
        self.simulator.script({"fault": "no_answer", "count": 100})
        self.kafka.produce([record(event(f"held-{n}")) for n in range(50)])
        self.host.create("sink", self.config())
        eventually(lambda: self.host.sum_metric("snapchat_sink_in_flight_requests") > 0, "a request is under way")
        self.host.tell(signal.SIGABRT)  # the log of a crash is what tearDown searches
        self.assertEqual(self.host.process.wait(timeout=30), -signal.SIGABRT)

    def test_what_is_stored_is_for_the_owner_only(self):
        before = os.umask(0)
        try:
            self.start(partitions=1)
        finally:
            os.umask(before)
        self.host.create("sink", self.config())
        root = pathlib.Path(self.state_dir)
        for path in (root / "connectors", *(root / "connectors").iterdir()):
            wanted = 0o700 if path.is_dir() else 0o600
            self.assertEqual(stat.S_IMODE(path.stat().st_mode), wanted, path)

    def test_an_open_address_without_authentication_is_refused(self):
        for address in ("0.0.0.0:0", "[::]:0"):
            done = subprocess.run([BUILD / "bin" / "sink-host", "run", "--state-dir", os.path.join(self.directory, "open"), "--embedded-broker",
                                   "--plugin-path", BUILD / "lib", "--listen", address], capture_output=True, text=True, timeout=30, check=False)
            self.assertEqual(done.returncode, 2, address)
            self.assertIn("--rest-user-file", done.stdout + done.stderr)


if __name__ == "__main__":
    run_tests()
