#!/usr/bin/env python3
"""Links that do not come about: the task says why, retries, loses nothing, and goes on once the cause is gone."""
import signal

from harness import E2ETest, Kafka, Simulator, event, free_port, record, run_tests
from proxy import Proxy


class Links(E2ETest):
    COUNT = 50

    def begin(self, simulator_options=(), **changes):
        self.start(partitions=2, simulator_options=simulator_options)
        self.kafka.produce([record(event(f"e-{n}"), partition=n % 2) for n in range(self.COUNT)])
        self.host.create("sink", self.config(**changes))

    def still_waiting(self, pattern):
        task = self.host.wait_trace("sink", pattern)
        self.assertEqual(task["state"], "RUNNING")
        self.assertEqual(self.simulator.status()["accepted"] if self.simulator.alive() else 0, 0)
        self.assertTrue(all(committed <= 0 for committed, _ in self.kafka.offsets("connect-sink").values()), "nothing is committed")

    def repaired(self):
        self.delivered(self.COUNT)
        self.committed()
        self.assertEqual(self.kafka.dead_codes(), {})

    def bad_certificate(self, kind, pattern):
        self.begin(simulator_options=("--bad-cert", kind))
        self.still_waiting(pattern)
        port = self.simulator.port
        self.simulator.stop()
        self.simulator = Simulator(self.directory, self.token, port)
        self.repaired()

    def test_an_expired_certificate_is_named_and_refused(self):
        self.bad_certificate("expired", "(?i)certificate.*expired|expired.*certificate")

    def test_a_certificate_for_another_host_is_named_and_refused(self):
        self.bad_certificate("wrong-host", "(?i)(host ?name|certificate).*(mismatch|localhost|not for)")

    def test_a_certificate_of_an_unknown_authority_is_named_and_refused(self):
        self.bad_certificate("unknown-ca", "(?i)certificate.*(issuer|authority|self.signed|trust|verify)|unknown ca|not trusted")

    def test_an_old_protocol_version_is_refused(self):
        self.begin(simulator_options=("--tls-version", "1.1"))
        self.still_waiting("(?i)tls|protocol|handshake")

    def test_a_refused_connection_is_retried(self):
        port = free_port()
        self.begin(snapchat__endpoint=f"https://localhost:{port}")
        self.still_waiting("(?i)refused")
        self.simulator.stop()
        self.simulator = Simulator(self.directory, self.token, port)
        self.repaired()

    def test_a_name_that_does_not_resolve_is_told(self):
        self.begin(snapchat__endpoint="https://does-not-exist.invalid")
        self.still_waiting("(?i)does-not-exist.invalid.*(resolve|found|known|name)|(resolve|found|known|name).*does-not-exist.invalid")
        self.host.rest("PUT", "/connectors/sink/config", self.config())
        self.repaired()

    def test_a_proxy_that_refuses_is_told(self):
        proxy = Proxy()
        self.addCleanup(proxy.close)
        self.begin(proxy__url=f"http://user:{self.token}@127.0.0.1:{proxy.port}")
        self.still_waiting("(?i)proxy.*407|407.*proxy")
        proxy.answer = b""
        self.repaired()
        self.assertGreater(proxy.asked, 1)

    def test_a_broker_that_is_away_is_told_and_nothing_is_lost(self):
        self.begin()
        self.repaired()
        self.kafka.program.tell(signal.SIGUSR1)
        self.host.wait_trace("sink", "(?i)broker|kafka", 60)
        self.assertEqual(self.host.task("sink")["state"], "RUNNING")
        self.kafka.program.tell(signal.SIGUSR2)
        self.kafka.produce([record(event(f"later-{n}"), partition=n % 2) for n in range(self.COUNT)])
        self.delivered(2 * self.COUNT, 60)
        self.committed()

    def test_a_broker_that_is_not_there_at_the_start_is_told(self):
        self.kafka = Kafka.serve(self.directory, 2)
        self.simulator = Simulator(self.directory, self.token)
        self.kafka.produce([record(event(f"e-{n}"), partition=n % 2) for n in range(self.COUNT)])
        self.kafka.program.tell(signal.SIGUSR1)
        self.start_host()
        self.host.create("sink", self.config())
        self.host.wait_trace("sink", "(?i)broker|kafka", 60)
        self.assertEqual(self.host.task("sink")["state"], "RUNNING")
        self.kafka.program.tell(signal.SIGUSR2)
        self.repaired()


if __name__ == "__main__":
    run_tests()
