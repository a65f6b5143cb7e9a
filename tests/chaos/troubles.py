"""How a fault of the matrix begins, how it is known to last, and how it is mended. `row` is a matrix.Row.

Each method is called once, in this order: prepare (before the connector is made), begin (when it runs), over (returns when the fault
has ended, as time.time()).
"""
import json
import time

from harness import eventually, free_port
from proxy import Proxy
from relay import Quality, Relay

OTHER_ASSET = "aaaaaaaa-2222-4333-8444-555555555555"
LASTS = 1.5  # seconds that a fault goes on after it has been noticed


class Scripted:
    """The simulator's own faults: over when the script is used up."""
    warm = True  # some events are delivered before it begins

    def __init__(self, row):
        self.row = row

    def prepare(self):
        self.row.start_simulator(self.row.fault.options)
        return {}

    def begin(self):
        self.row.simulator.script(*self.row.fault.script)

    def over(self):
        eventually(lambda: json.loads(self.row.simulator.admin("GET", "/faults"))["left"] == 0, "the script is used up", 60)
        ended = time.time()
        self.row.wait_noticed(1)
        return ended


class AtTheFirstConnection(Scripted):
    warm = False


class Lasting(Scripted):
    """A script that never ends: what it refuses stays refused."""

    def over(self):
        return None


class Mended(Scripted):
    """Goes on until it is mended; meanwhile nothing is committed past what was delivered."""

    def begin(self):
        pass

    def over(self):
        self.row.wait_noticed(2)
        time.sleep(LASTS)  # the fault's own length
        self.row.nothing_moved()
        ended = time.time()
        self.mend()
        return ended

    def mend(self):
        raise NotImplementedError


class NotThere(Mended):
    warm = False

    def prepare(self):
        self.port = free_port()
        return {"snapchat__endpoint": f"https://localhost:{self.port}", "ssl__ca__file": self.row.authority()}

    def mend(self):
        self.row.start_simulator(port=self.port)


class BadCertificate(Mended):
    warm = False

    def mend(self):
        self.row.simulator.stop()
        self.row.start_simulator(port=self.row.simulator.port)


class Unresolved(Mended):
    warm = False

    def prepare(self):
        super().prepare()
        # No name server is asked for a label of more than 63 letters: nothing leaves this machine.
        return {"snapchat__endpoint": f"https://{'x' * 64}.invalid"}

    def mend(self):
        self.row.reconfigure()


class ProxyRefuses(Mended):
    warm = False

    def prepare(self):
        super().prepare()
        self.proxy = Proxy()
        self.row.at_the_end(self.proxy.close)
        return {"proxy__url": f"http://user:word@127.0.0.1:{self.proxy.port}"}

    def mend(self):
        self.proxy.answer = b""


class TokenRotated(Mended):
    def begin(self):
        self.row.simulator.admin("POST", "/tokens", ["the-next-token"])

    def over(self):
        eventually(lambda: self.row.simulator.status()["by_status"].get("401"), "a 401", 30)
        return super().over()

    def mend(self):
        self.row.token_file.write_text("the-next-token\n", encoding="utf-8")


class Stopping(Mended):
    """The task fails, says why, and goes on when a person has mended it."""
    says = ""

    def over(self):
        self.row.wait_failed(self.says)
        return super().over()


class TokenRevoked(Stopping):
    says = "401"

    def prepare(self):
        super().prepare()
        return {"snapchat__access__token__file": None, "snapchat__access__token": self.row.token}

    def begin(self):
        self.row.simulator.admin("POST", "/tokens", ["the-next-token"])

    def mend(self):
        self.row.reconfigure(snapchat__access__token="the-next-token", snapchat__access__token__file=None)


class Forbidden(Stopping):
    says = "403"

    def begin(self):
        self.row.simulator.admin("POST", "/tokens", [f"{self.row.token}@{OTHER_ASSET}"])

    def mend(self):
        self.row.simulator.admin("POST", "/tokens", [self.row.token])
        self.row.restart()


class Road(Scripted):
    """A bad link all the way: nothing to mend, everything arrives."""
    quality = Quality()

    def prepare(self):
        super().prepare()
        self.relay = Relay(self.row.simulator.port, self.quality, seed=self.row.seed)
        self.row.at_the_end(self.relay.close)
        return {"snapchat__endpoint": f"https://localhost:{self.relay.port}"}

    def begin(self):
        pass

    def over(self):
        return None


class FarAway(Road):
    quality = Quality(latency=0.075, jitter=0.05, loss=0.01)  # each way


class Narrow(Road):
    quality = Quality(bytes_per_second=64_000)


class Silent(Road, Mended):
    """The link is up and nothing comes through: what was sent arrives late, after it was sent again."""

    def begin(self):
        self.relay.silence()

    def over(self):
        return Mended.over(self)

    def mend(self):
        self.relay.speak()
