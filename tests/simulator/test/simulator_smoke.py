#!/usr/bin/env python3
"""The simulator as a process: real TLS, scripted faults, admin interface, certificates, clean end. Usage: simulator_smoke.py PROGRAM"""
import contextlib
import http.client
import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import unittest

PROGRAM = sys.argv.pop(1)
ASSET = "11111111-2222-4333-8444-555555555555"
EVENT = {"event_name": "SIGN_UP", "action_source": "WEB", "event_id": "e1",
         "user_data": {"em": ["542d240129883c019e106e3b1b2d3f3cb3537c43c425364de8e951d5a3083345"]}}


def event(event_id="e1", **members):
    return {**EVENT, "event_id": event_id, "event_time": int(time.time()), **members}


class Simulator:
    def __init__(self, directory, *options):
        port_file = os.path.join(directory, f"ports-{time.monotonic_ns()}.json")
        self.process = subprocess.Popen([PROGRAM, "--make-cert", directory, "--token", "T", "--port-file", port_file, *options],
                                        stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + 10
        while not os.path.exists(port_file):
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("the simulator did not start")
            time.sleep(0.01)
        with open(port_file) as ports:
            read = json.load(ports)
        self.port, self.admin_port = read["port"], read["admin_port"]
        self.trust = os.path.join(directory, "ca.pem")

    def connect(self, host="localhost", version=None):
        context = ssl.create_default_context(cafile=self.trust)
        if version:
            context.maximum_version = version
        return http.client.HTTPSConnection(host, self.port, context=context, timeout=5)

    def send(self, *events, connection=None, token="T", asset=ASSET):
        if connection is None:
            with contextlib.closing(self.connect()) as own:
                return self.send(*events, connection=own, token=token, asset=asset)
        connection.request("POST", f"/v3/{asset}/events?access_token={token}", json.dumps({"data": list(events)}),
                           {"Content-Type": "application/json"})
        answer = connection.getresponse()
        return answer.status, answer.read()

    def admin(self, method, path, body=None):
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", self.admin_port, timeout=5)) as connection:
            connection.request(method, path, json.dumps(body) if body is not None else None)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()

    def status(self):
        return json.loads(self.admin("GET", "/status")[1])

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=5)


class SimulatorTest(unittest.TestCase):
    def setUp(self):
        self.directory = tempfile.TemporaryDirectory()
        self.simulator = None

    def tearDown(self):
        if self.simulator and self.simulator.process.poll() is None:
            self.assertEqual(self.simulator.stop(), 0)
        self.directory.cleanup()

    def start(self, *options):
        self.simulator = Simulator(self.directory.name, *options)
        return self.simulator

    def script(self, *faults):
        self.assertEqual(self.simulator.admin("POST", "/faults", list(faults))[0], 200)

    def test_events_are_counted_once_per_id_over_one_connection(self):
        simulator = self.start()
        connection = simulator.connect()
        self.addCleanup(connection.close)
        body = event()
        for _ in range(3):
            self.assertEqual(simulator.send(body, connection=connection)[0], 200)
        simulator.send(event(event_name="SHARE"), connection=connection)
        status = simulator.status()
        self.assertEqual((status["accepted"], status["unique"], status["duplicates"], status["conflicts"]), (4, 1, 2, 1))
        self.assertEqual(status["connections"], 1)
        self.assertEqual(status["server_names"], {"localhost": 1})
        line = json.loads(simulator.admin("GET", "/ledger")[1])
        self.assertEqual((line["event_id"], line["copies"]), ("e1", 4))
        self.assertEqual(simulator.admin("DELETE", "/ledger")[0], 200)
        self.assertEqual(simulator.status()["accepted"], 0)

    def test_tokens_can_be_replaced_and_are_not_shown(self):
        simulator = self.start()
        self.assertEqual(simulator.send(event(), token="secret-2")[0], 401)
        simulator.admin("POST", "/tokens", ["secret-2"])
        self.assertEqual(simulator.send(event(), token="secret-2")[0], 200)
        self.assertEqual(simulator.send(event(), token="T")[0], 401)
        shown = "".join(simulator.admin("GET", path)[1] for path in ("/", "/status", "/ledger", "/requests?n=9"))
        self.assertNotIn("secret-2", shown)

    def test_answers_can_be_replaced(self):
        simulator = self.start()
        self.script({"fault": "status", "status": 429, "retry_after": "7"}, {"fault": "html_200"}, {"fault": "chunked"},
                    {"fault": "drip", "delay_ms": 50}, {"fault": "huge_answer", "bytes": 3_000_000}, {"fault": "continue_100"})
        connection = simulator.connect()
        self.addCleanup(connection.close)
        connection.request("POST", f"/v3/{ASSET}/events?access_token=T", "{}")
        answer = connection.getresponse()
        answer.read()
        self.assertEqual((answer.status, answer.getheader("Retry-After")), (429, "7"))
        self.assertTrue(simulator.send(event())[1].startswith(b"<!doctype html>"))
        self.assertIn(b"VALID", simulator.send(event())[1])
        self.assertIn(b"VALID", simulator.send(event())[1])
        self.assertGreater(len(simulator.send(event())[1]), 3_000_000)
        self.assertEqual(simulator.send(event())[0], 200)
        self.assertEqual(simulator.status()["accepted"], 3)

    def test_keys_can_be_changed_in_the_middle_of_a_connection(self):
        for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
            with self.subTest(version):
                self.start()
                self.script({"fault": "renegotiate"})
                with contextlib.closing(self.simulator.connect(version=version)) as connection:
                    self.assertEqual(self.simulator.send(event(), connection=connection)[0], 200)
                    self.assertEqual(self.simulator.send(event(), connection=connection)[0], 200)
                self.assertEqual(self.simulator.status()["connections"], 1)
                self.simulator.stop()

    def test_links_break_where_the_script_says(self):
        simulator = self.start()
        for kind in ("reset_before_read", "reset_mid_read", "reset_after_read", "reset_mid_answer", "garbage", "half_answer"):
            with self.subTest(kind):
                self.script({"fault": kind})
                with self.assertRaises((ConnectionError, http.client.HTTPException, ssl.SSLError, OSError)):
                    simulator.send(event(kind, integration="x" * 5000))
        self.script({"fault": "reset_after_read", "accept": True})
        with self.assertRaises(OSError):
            simulator.send(event("counted"))
        ids = {json.loads(line)["event_id"] for line in simulator.admin("GET", "/ledger")[1].splitlines()}
        self.assertEqual(ids, {"reset_mid_answer", "half_answer", "counted"})

    def test_an_event_can_be_poisoned(self):
        simulator = self.start()
        for style, expected in (("right", 1), ("zero", 1), ("one", 2), ("wrong", 0), ("none", None)):
            self.script({"fault": "invalid", "ids": "bad-*", "index": style, "status": 400})
            self.assertEqual(simulator.send(event("good"))[0], 200)
            status, body = simulator.send(event("good"), event("bad-1"))
            self.assertEqual((status, json.loads(body).get("event")), (400, expected))

    def test_a_hanging_answer_does_not_hold_up_the_end(self):
        simulator = self.start()
        self.script({"fault": "no_answer"})
        connection = simulator.connect()
        self.addCleanup(connection.close)
        connection.request("POST", f"/v3/{ASSET}/events?access_token=T", "{}")
        while simulator.status()["connections"] == 0:
            time.sleep(0.01)
        self.assertEqual(simulator.stop(), 0)

    def test_a_large_request_is_answered_413(self):
        simulator = self.start()
        self.assertEqual(simulator.send(event(integration="x" * 2_000_000))[0], 413)

    def test_bad_certificates_are_refused_by_a_careful_client(self):
        for kind in ("expired", "wrong-host", "unknown-ca"):
            with self.subTest(kind):
                simulator = self.start("--bad-cert", kind)
                with self.assertRaises(ssl.SSLCertVerificationError):
                    simulator.send(event())
                simulator.stop()
        self.assertEqual(self.start().send(event())[0], 200)  # the same CA as before

    def test_an_old_protocol_version_is_refused_by_a_careful_client(self):
        simulator = self.start("--tls-version", "1.1")
        with self.assertRaises(ssl.SSLError):
            simulator.send(event())

    def test_the_page_and_mistakes(self):
        simulator = self.start()
        self.assertIn("Snapchat simulator", simulator.admin("GET", "/")[1])
        self.assertEqual(simulator.admin("POST", "/faults", [{"fault": "no such"}])[0], 400)
        self.assertEqual(simulator.admin("GET", "/nothing")[0], 404)
        wrong = subprocess.run([PROGRAM, "--listen", "nowhere"], capture_output=True, text=True, check=False)
        self.assertEqual(wrong.returncode, 2)
        with socket.create_connection(("127.0.0.1", simulator.port), timeout=5) as plain:  # no TLS: refused, still alive
            plain.sendall(b"GET / HTTP/1.1\r\n\r\n")
            with contextlib.suppress(ConnectionResetError):
                plain.recv(100)
        self.assertEqual(simulator.send(event())[0], 200)
        self.assertEqual(simulator.status()["failed_handshakes"], 1)


if __name__ == "__main__":
    unittest.main(verbosity=2)
