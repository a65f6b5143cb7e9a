"""A cable between this network and a namespace that delays, loses and paces packets, as netem would. Needs root and TUN devices.

The kernel's TCP at both ends sees it as a real link: what is lost is sent again by TCP itself, what is delayed unevenly is overtaken.
"""
import contextlib
import fcntl
import heapq
import itertools
import os
import random
import selectors
import struct
import threading
import time

TUNSETIFF, IFF_TUN, IFF_NO_PI = 0x400454CA, 0x0001, 0x1000
PACKET = 65536
QUEUE = 500  # packets on their way in one direction; what comes then is lost, as in a router


def tun(name):
    """A device that the kernel routes packets to; they are read from and written to the descriptor."""
    device = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
    fcntl.ioctl(device, TUNSETIFF, struct.pack("16sH22x", name.encode(), IFF_TUN | IFF_NO_PI))
    return device


class Direction:
    """`waiting` is a heap of (when it arrives, order, packet); `free` is when the next packet may follow, at the link's pace."""

    def __init__(self, source, target):
        self.source, self.target, self.free, self.waiting, self.bytes = source, target, 0.0, [], 0


class BadLink:
    """Joins two devices that it makes; the caller gives them addresses, and may move them to other namespaces.

    `quality`: relay.Quality of each way, with a pace.
    """

    def __init__(self, near, far, quality, seed):
        self.quality, self.chance, self.order = quality, random.Random(seed), itertools.count()
        self.carried = self.lost = 0  # packets of both directions
        self.devices = [tun(near), tun(far)]
        self.ways = [Direction(*self.devices), Direction(*reversed(self.devices))]
        self.ended = os.eventfd(0)
        self.thread = threading.Thread(target=self._carry, daemon=True)
        self.thread.start()

    def seconds_needed(self):
        """What its busier direction takes for all it was given so far, at its pace and without a pause."""
        return max(way.bytes for way in self.ways) / self.quality.bytes_per_second

    def close(self):
        os.eventfd_write(self.ended, 1)
        self.thread.join(10)
        for each in (*self.devices, self.ended):
            os.close(each)

    def _carry(self):
        with selectors.DefaultSelector() as ready:
            ready.register(self.ended, selectors.EVENT_READ)
            for way in self.ways:
                ready.register(way.source, selectors.EVENT_READ, way)
            while True:
                due = min((way.waiting[0][0] for way in self.ways if way.waiting), default=None)
                for key, _ in ready.select(None if due is None else max(0.0, due - time.monotonic())):
                    if key.data is None:
                        return
                    self._take(key.data)
                for way in self.ways:
                    self._deliver(way)

    def _take(self, way):
        with contextlib.suppress(OSError):  # the device is down, or has nothing after all
            packet = os.read(way.source, PACKET)
            if self.chance.random() < self.quality.loss or len(way.waiting) >= QUEUE:
                self.lost += 1
                return
            way.bytes += len(packet)
            way.free = max(way.free, time.monotonic()) + len(packet) / self.quality.bytes_per_second
            due = way.free + self.quality.latency + self.chance.uniform(0, self.quality.jitter)
            heapq.heappush(way.waiting, (due, next(self.order), packet))

    def _deliver(self, way):
        while way.waiting and way.waiting[0][0] <= time.monotonic():
            self.carried += 1
            with contextlib.suppress(OSError):  # the device is down
                os.write(way.target, heapq.heappop(way.waiting)[2])
