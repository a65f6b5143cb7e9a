"""A TCP relay that makes a link bad: latency, jitter, losses, little bandwidth, silence. It needs no root.

What a relay cannot do is drop a packet: a loss costs here what it costs a TCP sender at best, a retransmission timeout of 200 ms and more.
bad_link.py drops packets.
"""
import asyncio
import contextlib
import random
import threading
from collections import namedtuple

SEGMENT = 1448  # bytes of a usual TCP segment: what is lost, and what is paced
RETRANSMISSION = (0.2, 0.4)
Quality = namedtuple("Quality", "latency jitter loss bytes_per_second", defaults=(0.0, 0.0, 0.0, 0))  # seconds, seconds, share


class Relay:
    """Listens on a port of loopback and passes on to another one. `silence()` holds everything back, `speak()` lets it go on."""

    def __init__(self, target, quality=Quality(), seed=0):
        self.target, self.quality, self.chance = target, quality, random.Random(seed)
        self.loop = asyncio.new_event_loop()
        self.open = asyncio.Event()
        self.open.set()
        self.server = self.loop.run_until_complete(asyncio.start_server(self._serve, "127.0.0.1", 0))
        self.port = self.server.sockets[0].getsockname()[1]
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()

    def silence(self):
        self.loop.call_soon_threadsafe(self.open.clear)

    def speak(self):
        self.loop.call_soon_threadsafe(self.open.set)

    def close(self):
        asyncio.run_coroutine_threadsafe(self._end(), self.loop)
        self.thread.join(10)

    async def _end(self):
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for each in tasks:
            each.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self.loop.stop()

    async def _serve(self, reader, writer):
        with contextlib.suppress(OSError, asyncio.CancelledError):  # cancelled: the relay is closed
            await self.open.wait()
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.target)
            await asyncio.gather(self._carry(reader, far_writer), self._carry(far_reader, writer))
        writer.close()

    async def _carry(self, reader, writer):
        """One direction: segments arrive in order, each at the time the link needs for it."""
        waiting = asyncio.Queue(256)
        delivery = self.loop.create_task(self._deliver(waiting, writer))
        due = 0.0
        try:
            while segment := await reader.read(SEGMENT):
                due = max(due, self.loop.time()) + self._pace(segment)
                await waiting.put((due + self._delay(), segment))
        except OSError:
            pass
        await waiting.put((self.loop.time() + self.quality.latency, b""))
        await delivery

    async def _deliver(self, waiting, writer):
        with contextlib.suppress(OSError):
            while True:
                due, segment = await waiting.get()
                await asyncio.sleep(max(0.0, due - self.loop.time()))
                await self.open.wait()
                if not segment:
                    break
                writer.write(segment)
                await writer.drain()
        writer.close()

    def _pace(self, segment):
        return len(segment) / self.quality.bytes_per_second if self.quality.bytes_per_second else 0.0

    def _delay(self):
        lost = self.chance.uniform(*RETRANSMISSION) if self.chance.random() < self.quality.loss else 0.0
        return self.quality.latency + self.chance.uniform(0, self.quality.jitter) + lost
