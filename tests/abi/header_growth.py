#!/usr/bin/env python3
"""header_growth.py FROZEN CURRENT: the current header only adds to the frozen one.

Every struct that grows still begins with the frozen members, word for word (so slots keep their signatures too); every other struct,
constant, typedef and function is still there unchanged. Comments and white space may differ."""
import re
import sys


def declarations(path):
    text = open(path, encoding="utf-8").read()
    text = re.sub(r"/\*.*?\*/|//[^\n]*", " ", text, flags=re.S)
    macros = dict(re.findall(r"^#define (SCA_\w+(?:\([^)]*\))?) (.*)$", text, flags=re.M))
    text = re.sub(r"^#.*$", "", text, flags=re.M)
    squeeze = lambda s: re.sub(r"\s+", " ", s).strip()
    structs = {}
    pattern = r"(?:typedef )?struct (sca_\w+)\s*\{(.*?)\}\s*\w*\s*;"
    for name, body in re.findall(pattern, text, flags=re.S):
        structs[name] = [squeeze(m) for m in body.split(";") if m.strip()]
    text = re.sub(pattern, "", text, flags=re.S)
    constants = {}
    for body in re.findall(r"enum\s*\{(.*?)\}\s*;", text, flags=re.S):
        constants.update((n, int(v)) for n, v in re.findall(r"(SCA_\w+)\s*=\s*(-?\d+)", body))
    text = re.sub(r"enum\s*\{.*?\}\s*;", "", text, flags=re.S)
    rest = {squeeze(d) for d in re.split(r";", text) if d.strip()}
    return macros, structs, constants, rest


def main(frozen_path, current_path):
    frozen_macros, frozen_structs, frozen_constants, frozen_rest = declarations(frozen_path)
    macros, structs, constants, rest = declarations(current_path)
    assert len(frozen_structs) == 22 and len(frozen_constants) > 35, "this script no longer understands the header"
    wrong = []
    for name, members in frozen_structs.items():
        now = structs.get(name, [])
        grows = "struct_size" in members[0]
        if (now[: len(members)] if grows else now) != members:
            wrong.append(f"struct {name} no longer {'begins with' if grows else 'is'} its frozen members")
    wrong += [f"{n} was {v}, is {constants.get(n)}" for n, v in frozen_constants.items() if constants.get(n) != v]
    wrong += [f"gone or changed: {d}" for d in frozen_rest - rest]
    grown = {"SCA_ABI_MINOR"}  # counts additions
    wrong += [f"macro {n} has changed" for n, v in frozen_macros.items() if n not in grown and macros.get(n) != v]
    print("\n".join(wrong) or f"{len(frozen_structs)} structs, {len(frozen_constants)} constants: nothing but additions")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
