"""A Kafka Connect worker of the module's broker, for scenarios; and the stand that the fault matrix needs of it."""
import pathlib

import kafka
from harness import BUILD, eventually

QUICK = {"connector.client.config.override.policy": "All", "task.shutdown.graceful.timeout.ms": 5000}


def start_worker(broker, directory, group):
    return kafka.Worker(broker.lib, pathlib.Path(directory), broker, BUILD / "kafka-connect", group=group, overrides=QUICK)


class WorkerStand:
    """A worker that rows share. It counts retries in JMX only, so a fault is noticed by its effect alone."""
    prefix = "worker"

    def __init__(self, worker):
        self.worker, self.pid = worker, worker.process.process.pid

    def create(self, name, config):
        self.worker.create(name, config)

    def configure(self, name, config):
        status, body = self.worker.change("PUT", f"/connectors/{name}/config", config)
        if status != 200:
            raise AssertionError(f"not configured: {status} {body}")

    def restart(self, name):
        self.worker.change("POST", f"/connectors/{name}/restart?includeTasks=true&onlyFailed=true")

    def delete(self, name):
        self.worker.change("DELETE", f"/connectors/{name}")

    def task(self, name):
        tasks = self.worker.get(f"/connectors/{name}/status")["tasks"]
        return {"trace": "", **tasks[0]} if tasks else {"state": "none", "trace": ""}

    def wait_retry(self, name, reasons, times):
        eventually(lambda: kafka.answers(lambda: self.task(name)["state"] == "RUNNING"), f"the task of {name} keeps running", 30)
