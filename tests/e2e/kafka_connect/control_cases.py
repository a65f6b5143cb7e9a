"""What an operator does to a connector while records flow."""
import contextlib
import os
import pathlib

from cluster import ConnectTest
from harness import event, eventually


class Control(ConnectTest):
    def test_pause_resume_and_stop(self):
        self.create()
        self.produce([event(f"a{i}") for i in range(10)])
        self.delivered(10)
        self.worker.change("PUT", f"/connectors/{self.name}/pause")
        self.states("PAUSED")
        self.produce([event(f"b{i}") for i in range(10)])
        self.worker.change("PUT", f"/connectors/{self.name}/resume")
        self.delivered(20)
        self.committed()  # before the stop: a worker that is short of time skips a task's last commit
        self.worker.change("PUT", f"/connectors/{self.name}/stop")
        eventually(lambda: self.worker.get(f"/connectors/{self.name}/status")["connector"]["state"] == "STOPPED", "the connector is stopped")

    def test_a_configuration_change_in_flight_loses_nothing(self):
        self.simulator.script({"fault": "slow", "delay_ms": 300, "count": 1000})
        self.create(batch__max__events="50")
        self.produce([event(f"c{i}") for i in range(2_000)])
        eventually(lambda: self.simulator.status()["unique"] > 100, "some have arrived")
        status, _ = self.worker.change("PUT", f"/connectors/{self.name}/config", self.config(batch__max__events="500"))
        self.assertEqual(status, 200)
        self.delivered(2_000)
        self.committed()

    def test_a_credential_failure_stops_the_task_and_a_restart_goes_on_where_it_stopped(self):
        self.create()
        self.produce([event(f"d{i}") for i in range(10)])
        self.delivered(10)
        self.committed()
        self.simulator.admin("POST", "/tokens", ["another-token"])
        self.produce([event(f"f{i}") for i in range(10)])
        eventually(lambda: "FAILED" in self.worker.task_states(self.name), "a task failed", 40)
        trace = next(t["trace"] for t in self.worker.get(f"/connectors/{self.name}/status")["tasks"] if t["state"] == "FAILED")
        self.assertIn("401", trace)
        self.assertNotIn(self.token, trace)
        self.simulator.admin("POST", "/tokens", [self.token])
        def restarted():  # the partition of a failed task moves on to the other, which fails too: restart until all run
            self.worker.request("POST", f"/connectors/{self.name}/restart?includeTasks=true&onlyFailed=true")
            return self.simulator.status()["unique"] >= 20
        eventually(restarted, "the rest arrives", 40)
        self.delivered(20)
        self.committed()

    def test_with_errors_not_tolerated_the_task_fails_and_nothing_past_the_record_is_committed(self):
        self.produce([b"not json"])
        self.create(errors__tolerance="none", errors__deadletterqueue__topic__name=None, tasks__max="1")
        self.states("FAILED", 1)
        self.assertIn("record.not.json", self.worker.get(f"/connectors/{self.name}/status")["tasks"][0]["trace"])
        self.assertEqual(sum(self.worker.offsets(self.name).values()), 0)

    def test_twenty_lives_leave_no_thread_descriptor_or_direct_memory_behind(self):
        pid = self.worker.process.process.pid
        def life(i):
            self.create()
            self.produce([event(f"l{i}-{n}") for n in range(5)])
            eventually(lambda: self.simulator.status()["unique"] >= 5 * (i + 1), "five more", 40)
            self.worker.change("DELETE", f"/connectors/{self.name}")
            eventually(lambda: self.name not in self.worker.get("/connectors"), "the connector is gone")
        def native_threads():
            names = []
            for thread in os.listdir(f"/proc/{pid}/task"):
                with contextlib.suppress(OSError):  # it may end between the two looks
                    names.append(pathlib.Path(f"/proc/{pid}/task/{thread}/comm").read_text().strip())
            return sum(n.startswith("snapchat-sink") for n in names)
        def used():
            return len(os.listdir(f"/proc/{pid}/task")), len(os.listdir(f"/proc/{pid}/fd")), self.worker.direct_memory()
        for i in range(5):
            life(i)
        threads, descriptors, direct = used()
        for i in range(5, 20):
            life(i)
        eventually(lambda: native_threads() == 0, "the sinks' threads have ended", 10)
        now = used()
        self.assertLessEqual(now[0], threads + 6, "threads of the JVM itself vary a little")
        self.assertLessEqual(now[1], descriptors + 12, "and so do its connections")
        self.assertLess(now[2], direct + (8 << 20), "30 tasks with a buffer of 1 MiB each would be more")
