#!/usr/bin/env python3
"""The fault matrix against sink-host: every fault survived, each event once per id, memory bounded over all of them."""
import os

import world
from faults import ALL
from harness import eventually
from matrix import run_rows
from world import SESSION_MS, ChaosTest, main, memory, report_line

GROWTH_MIB = 64  # over all rows: five connectors at a time, buffers and TLS sessions included
setUpModule, tearDownModule = world.run_module(ChaosTest)


class Stand:
    """A sink-host that rows share."""
    prefix = "row"

    def __init__(self, host):
        self.host, self.pid = host, host.process.pid

    def create(self, name, config):
        self.host.create(name, {**config, "consumer.override.session.timeout.ms": str(SESSION_MS),
                                "consumer.override.heartbeat.interval.ms": "300"})

    def configure(self, name, config):
        status, body = self.host.rest("PUT", f"/connectors/{name}/config", config)
        if status != 200:
            raise AssertionError(f"not configured: {status} {body}")

    def restart(self, name):
        self.host.rest("POST", f"/connectors/{name}/restart?includeTasks=true&onlyFailed=true")

    def delete(self, name):
        self.host.rest("DELETE", f"/connectors/{name}")

    def task(self, name):
        return self.host.task(name)

    def wait_retry(self, name, reasons, times):
        """The sink has counted so many retries, for one of these reasons and for no other."""
        def counted():
            return {reason: count for reason in reasons if (count := self.host.sum_metric("snapchat_sink_retries_total", connector=name, reason=reason))}
        eventually(lambda: sum(counted().values()) >= times, f"{times} retries because of {' or '.join(reasons)}", 30)


class Matrix(ChaosTest):
    def test_sink_host_survives_every_fault(self):
        wanted = os.environ.get("SINK_CHAOS_FAULT")  # part of a name: only those
        faults = [each for each in ALL if not wanted or wanted in each.name]
        host = self.new_host("host")
        before = memory(host.process.pid, "VmRSS")
        for fault, figures, failure in run_rows(faults, Stand(host), self.kafka, self.directory, self.token):
            with self.subTest(fault.name):
                self.assertIsNone(failure)
                report_line(f"sink-host: {fault.name}", figures)
        grown = memory(host.process.pid, "VmHWM") - before
        self.assertLess(grown, GROWTH_MIB, "MiB that the host grew by, at its peak")
        report_line("sink-host: all faults", {"faults": len(faults), "RSS before": f"{before:.0f} MiB", "RSS max": f"{before + grown:.0f} MiB"})
        self.assertEqual(host.stop(), 0)


if __name__ == "__main__":
    main()
