#!/usr/bin/env python3
"""Which room may include what (design.md's dependency direction). Prints each breach; exit 1 when there is one.

usage: check_rooms.py SOURCE_DIR            check_rooms.py --self-test
"""
import pathlib
import re
import sys

INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]', re.M)

# (files whose path matches, must not include what matches, why)
RULES = [
    (r"^plugin/src/(?!net/)", r"^boost/(asio|beast)|^openssl/ssl", "only plugin/src/net knows Asio, Beast and TLS"),
    (r"^plugin/", r"rdkafka", "the plugin knows nothing of Kafka"),
    (r"^(sdk|examples)/", r"^(abi|config|event|delivery|net|engine)/", "hosts and SDK never include plugin headers"),
    (r"^plugin/src/(?!abi/)", r"^abi/", "nothing includes abi/"),
    (r"^plugin/src/config/", r"^(delivery|net|engine)/", "config is read before anything is sent"),
    (r"^plugin/src/event/", r"^(delivery|net|engine)/", "event knows nothing of sending"),
    (r"^plugin/src/delivery/", r"^engine/|^(thread|mutex|condition_variable|atomic|fstream)$", "delivery decides; it has no I/O and no threads"),
    (r"^plugin/src/net/", r"^(event|delivery|engine)/", "net carries bytes and knows no events"),
    (r"^sdk/(include|src|testing)/", r"^boost/(asio|beast)|rdkafka|httplib", "the SDK brings no I/O"),
    (r"^tests/simulator/", r"^(sca|abi|config|event|delivery|net|engine)/", "the simulator shares no code with what it judges"),
]


def breaches(path, text):
    return [f"{path}: includes <{name}>: {why}"
            for where, what, why in RULES if re.search(where, path)
            for name in INCLUDE.findall(text) if re.search(what, name)]


def self_test():
    assert breaches("plugin/src/event/a.cpp", '#include <boost/asio.hpp>\n')
    assert breaches("plugin/src/delivery/a.hpp", "#include <mutex>\n")
    assert breaches("sdk/hosts/standalone/src/a.cpp", '#include "event/mapper.hpp"\n')
    assert not breaches("plugin/src/net/a.cpp", "#include <boost/beast.hpp>\n")


def main():
    if sys.argv[1:] == ["--self-test"]:
        self_test()
        return 0
    root = pathlib.Path(sys.argv[1])
    files = [f for top in ("sdk", "plugin", "examples", "tests") for f in sorted((root / top).rglob("*")) if f.suffix in (".cpp", ".hpp", ".h", ".c")]
    found = [b for f in files for b in breaches(str(f.relative_to(root)), f.read_text(encoding="utf-8"))]
    print("\n".join(found) or f"{len(files)} files respect the rooms")
    return 1 if found or not files else 0


if __name__ == "__main__":
    sys.exit(main())
