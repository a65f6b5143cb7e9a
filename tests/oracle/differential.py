#!/usr/bin/env python3
"""Compares the oracle of this folder with `sink-host preview` over generated records; see README.md.

usage: differential.py [--preset NAME]... [--count 20000] [--seed 1] [--show 10] [--build DIR]
"""
import argparse
import base64
import collections
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True

from generate import NOW_MS, PRESETS, now_text, value_bytes  # noqa: E402
from model.mapping import outcome  # noqa: E402
from model.values import dump, parse  # noqa: E402
from variants import VARIANTS  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[2]
SHOWN_LENGTH = 1500


def preview(host, plugins, config, lines):
    """The outcomes that sink-host prints for the lines."""
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "connector.json"
        file.write_text(json.dumps({"connector.class": "SnapchatSink", "topics": "t", **config}))
        done = subprocess.run([host, "preview", "--plugin-path", plugins, "--config", file, "--input", "-", "--now", now_text()],
                              input=b"\n".join(lines) + b"\n", stdout=subprocess.PIPE, check=True)
    return [parse(line) for line in done.stdout.splitlines()]


def differences(ours, theirs, path=""):
    """Paths at which two values differ; numbers are compared by value."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        for key in ours.keys() | theirs.keys():
            yield from differences(ours.get(key), theirs.get(key), f"{path}.{key}" if path else key)
    elif isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        for i, (a, b) in enumerate(zip(ours, theirs)):
            yield from differences(a, b, f"{path}[{i}]")
    elif type(ours) is not type(theirs) or ours != theirs:
        yield f"{path}: oracle {shown(ours)}, preview {shown(theirs)}"


def shown(value):
    return "nothing" if value is None else dump(value)[:200]


def comparable(outcome_):
    """The parts of an outcome that are compared: what was decided and what is sent, not the message's words."""
    if outcome_["outcome"] != "send":
        return {k: outcome_.get(k) for k in ("outcome", "code")}
    return {"outcome": "send", "outputs": [{k: o[k] for k in ("url", "event")} for o in outcome_["outputs"]]}


def run(preset, options, host, plugins):
    rng = random.Random(f"{preset} {options.seed}")
    found, outcomes, kinds = 0, collections.Counter(), collections.Counter()
    for variant in VARIANTS:
        values = [value_bytes(preset, rng) for _ in range(options.count // len(VARIANTS))]
        lines = [b'{"topic":"t","partition":0,"offset":%d,"timestamp":1650625078000,"value_base64":"%s"}' % (i, base64.b64encode(v))
                 for i, v in enumerate(values)]
        answers = preview(host, plugins, {"mapping.preset": preset, **variant.keys}, lines)
        if len(answers) != len(values):
            raise SystemExit(f"{preset}: {len(values)} records, {len(answers)} answers")
        for i, (data, answer) in enumerate(zip(values, answers)):
            want = outcome(preset, data, {"topic": "t", "partition": 0, "offset": i}, variant.model, NOW_MS)
            outcomes[want.get("code", "send")] += 1
            different = list(differences(comparable(want), comparable(answer)))
            if different:
                found += 1
                kinds[different[0].split(":")[0] + (": " + different[0].split(":", 1)[1] if different[0].startswith(("code", "outcome")) else "")] += 1
                if found <= options.show:
                    print(f"--- {preset}, {variant.name}, record {i}: {data.decode(errors='replace')[:SHOWN_LENGTH]}")
                    print("    " + "\n    ".join(different[:6]), "\n    " + str(answer.get("message", "")))
    total = sum(outcomes.values())
    print(f"{preset}: {total} records, {found} differences; " + ", ".join(f"{n} {code}" for code, n in outcomes.most_common()))
    for kind, n in kinds.most_common(30):
        print(f"    {n} {kind}")
    return found


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--preset", action="append", choices=list(PRESETS))
    options.add_argument("--count", type=int, default=20_000)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--show", type=int, default=10)
    options.add_argument("--build", default=os.environ.get("SINK_BUILD_DIR", str(ROOT / "build/dev")))
    o = options.parse_args()
    build = pathlib.Path(o.build)
    return 1 if sum([run(p, o, build / "bin/sink-host", build / "lib") for p in o.preset or PRESETS]) else 0


if __name__ == "__main__":
    sys.exit(main())
