"""Records with a known fate: a topic that is written here, and what must become of each position."""
import json
import threading
from collections import defaultdict, namedtuple

from harness import Record, event

# What must become of a record: the ids it is delivered with, or the code of its dead letter; neither: left out.
Fate = namedtuple("Fate", "ids code", defaults=((), None))
SKIPPED = Fate()


def good(event_id, **changes):
    return event(event_id, **changes), Fate((event_id,))


def refused(event_id):
    """Good as far as the sink can tell; the simulator's script refuses it."""
    return event(event_id), Fate(code="snap.invalid")


def nonsense(name):
    return f"not JSON: {name}", Fate(code="record.not.json")


def without_id(name):
    """Its id is derived from its position, which is all that a replay can derive it from."""
    value = {key: held for key, held in event(name).items() if key != "messageId"}
    return value, lambda topic, partition, offset: Fate((f"{topic}-{partition}-{offset}",))


class Feed:
    """Writes a topic, the partitions in turn, and knows the fate of every position. One writer; any thread may ask."""

    def __init__(self, client, topic, partitions):
        self.client, self.topic, self.partitions = client, topic, partitions
        self.fates = defaultdict(list)  # partition -> fates by offset
        self.written = 0
        self.lock = threading.Lock()
        client.create(topic, partitions)

    def write(self, pairs):
        """Pairs of a value and its fate; a fate may be a function of topic, partition and offset."""
        records = []
        with self.lock:  # what is expected is known before it can be read
            for value, fate in pairs:
                partition = self.written % self.partitions
                known = self.fates[partition]
                known.append(fate(self.topic, partition, len(known)) if callable(fate) else fate)
                records.append(Record(json.dumps(value) if isinstance(value, dict) else value, None, partition))
                self.written += 1
        self.client.produce(records, self.topic)

    def items(self):
        with self.lock:
            return {(partition, offset): fate for partition, fates in self.fates.items() for offset, fate in enumerate(fates)}

    def ids(self):
        return {each for fate in self.items().values() for each in fate.ids}

    def dead(self):
        return {position: fate.code for position, fate in self.items().items() if fate.code}

    def overtaken(self, committed, delivered, dead):
        """Positions below a committed offset that are neither delivered nor dead letters."""
        return [position for position, fate in self.items().items() if position[1] < committed.get(position[0], -1)
                and not (all(each in delivered for each in fate.ids) and (fate.code is None or position in dead))]
