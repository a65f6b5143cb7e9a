"""Seeded records: realistic ones of each preset, most of them then spoiled in a few places."""
import copy
import datetime

from generators import ga4, mparticle, pools, posthog, rudder, segment, snap
from model.values import dump

NOW_MS = 1_650_628_800_000  # 2022-04-22T12:00:00Z
PRESETS = {"snap": snap, "segment": segment, "rudder": rudder, "ga4": ga4, "posthog": posthog, "mparticle": mparticle}


def now_text():
    return datetime.datetime.fromtimestamp(NOW_MS / 1000, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def spots(value, found):
    """Every (container, key) of a record."""
    for key in list(value) if isinstance(value, dict) else range(len(value)):
        found.append((value, key))
        if isinstance(value[key], (dict, list)):
            spots(value[key], found)
    return found


def spoil(record, rng):
    """One member gets an odd value, becomes a list, moves to the text that says the same, or is gone."""
    where, key = rng.choice(spots(record, []))
    kind = rng.random()
    if kind < 0.55:
        where[key] = copy.deepcopy(pools.anything(rng))
    elif kind < 0.70:
        where[key] = [where[key]] if rng.random() < 0.5 else [where[key], copy.deepcopy(pools.anything(rng))]
    elif kind < 0.85 and isinstance(where, dict):
        del where[key]
    elif isinstance(where[key], str):
        where[key] = rng.choice((str.upper, str.lower, lambda s: f"  {s}\t", lambda s: f"{s}\u00a0", lambda s: s + "x"))(where[key])
    else:
        where[key] = None


def shuffled(value, rng):
    if isinstance(value, dict):
        members = [(k, shuffled(v, rng)) for k, v in value.items()]
        rng.shuffle(members)
        return dict(members)
    return [shuffled(v, rng) for v in value] if isinstance(value, list) else value


def broken_bytes(text, rng):
    """Bytes around the border of what JSON is."""
    data = text.encode()
    return rng.choice((
        lambda: data[: rng.randrange(len(data))], lambda: b"\xef\xbb\xbf" + data, lambda: data.replace(b'"', b'"\xff', 1),
        lambda: data[:-1] + b',"deep":' + b"[" * 62 + b"]" * 62 + b"}", lambda: data[:-1] + b',"deep":' + b"[" * 64 + b"]" * 64 + b"}",
        lambda: data[:-1] + b',"s":"\\ud800"}', lambda: data[:-1] + b',"s":"\\ud83d\\ude00"}', lambda: data + b" \n", lambda: data + b"x",
        lambda: b"[" + data + b"]", lambda: b"7", lambda: b"null", lambda: data[:-1] + b',"n":NaN}', lambda: data[:-1] + b',"n":01}',
        lambda: data[:-1] + b',"event":"Order Completed","event":"Signed Up"}', lambda: b""))()


def value_bytes(preset, rng):
    record = copy.deepcopy(PRESETS[preset].record(rng))  # the pools' own lists stay as they are
    for _ in range(rng.choice((0, 0, 0, 1, 1, 2, 4))):
        record and spoil(record, rng)
    text = dump(shuffled(record, rng) if rng.random() < 0.3 else record)
    return broken_bytes(text, rng) if rng.random() < 0.02 else text.encode()
