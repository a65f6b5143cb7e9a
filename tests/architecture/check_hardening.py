#!/usr/bin/env python3
"""Is a built library or program hardened?  check_hardening.py READELF FILE [SYMBOL]

Full RELRO, position independence, no executable stack, no segment both writable and executable, no text relocations, no search path of
its own, stack protector in use, and, on x86-64, an indirect-branch target at SYMBOL's entry (CET). All findings are printed; exit
status 1 when there is one. `check_hardening.py --self-test` checks the judgement with made-up readelf output.
"""
import pathlib
import re
import subprocess
import sys

ENDBR64 = b"\xf3\x0f\x1e\xfa"


def findings(header, segments, dynamic, symbols):
    """What is wrong, judged by the texts of readelf -h, -lW, -dW and --dyn-syms."""
    out = []
    if not re.search(r"Type:\s+DYN", header):
        out.append("not position independent")
    if "GNU_RELRO" not in segments:
        out.append("no RELRO segment")
    if not re.search(r"\(FLAGS(_1)?\).*\bNOW\b|BIND_NOW", dynamic):
        out.append("symbols are bound lazily: the relocation table stays writable")
    stack = re.search(r"GNU_STACK(?:\s+0x[0-9a-f]+){5}\s+([RWE ]+?)\s+0x", segments)
    if stack is None or "E" in stack.group(1):
        out.append("the stack is executable")
    for flags in re.findall(r"LOAD(?:\s+0x[0-9a-f]+){5}\s+([RWE ]+?)\s+0x", segments):
        if "W" in flags and "E" in flags:
            out.append("a segment is writable and executable")
    for tag in ("RPATH", "RUNPATH", "TEXTREL"):
        if f"({tag})" in dynamic:
            out.append(f"{tag} is set")
    if "__stack_chk_fail" not in symbols:
        out.append("no stack protector")
    return out


def entry_of(path, symbol, segments, symbols):
    """The first four bytes of a function."""
    found = re.search(rf"^\s*\d+:\s+([0-9a-f]+)\s+\d+\s+FUNC\s.*\s{re.escape(symbol)}(?:@\S+)?$", symbols, re.M)
    if not found:
        return None
    address = int(found.group(1), 16)
    for offset, start, size in re.findall(r"LOAD\s+0x([0-9a-f]+)\s+0x([0-9a-f]+)\s+0x[0-9a-f]+\s+0x([0-9a-f]+)", segments):
        begin = int(start, 16)
        if begin <= address < begin + int(size, 16):
            at = int(offset, 16) + address - begin
            return pathlib.Path(path).read_bytes()[at:at + 4]
    return None


def check(readelf, path, symbol):
    def tell(*options):
        return subprocess.run([readelf, *options, path], capture_output=True, text=True, check=True).stdout
    header, segments = tell("-h"), tell("-lW")
    symbols = tell("-W", "--syms")
    out = findings(header, segments, tell("-dW"), symbols)
    if symbol and "X86-64" in header and entry_of(path, symbol, segments, symbols) != ENDBR64:
        out.append(f"{symbol} does not begin with endbr64: built without -fcf-protection")
    return out


def self_test():
    header = "  Type:                              DYN (Shared object file)"
    load = "  LOAD           0x037000 0x0000000000037000 0x0000000000037000 0x1b9979 0x1b9979 {} 0x1000\n"
    stack = "  GNU_STACK      0x000000 0x0000000000000000 0x0000000000000000 0x000000 0x000000 {} 0x10\n"
    relro = "  GNU_RELRO      0x33e3c0 0x000000000033e3c0 0x000000000033e3c0 0x02ec40 0x02ec40 R   0x1\n"
    now = " 0x000000006ffffffb (FLAGS_1)            Flags: NOW\n"
    good = load.format("R E") + load.format("RW ") + stack.format("RW ") + relro
    guard = "__stack_chk_fail@GLIBC_2.4"
    assert findings(header, good, now, guard) == []
    for wrong in ((header.replace("DYN", "EXEC"), good, now, guard), (header, good.replace(relro, ""), now, guard), (header, good, "", guard),
                  (header, good.replace(stack.format("RW "), stack.format("RWE")), now, guard),
                  (header, good.replace(load.format("RW "), load.format("RWE")), now, guard),
                  (header, good, now + " 0x1d (RUNPATH)  Library runpath: [/tmp]\n", guard), (header, good, now, "")):
        assert len(findings(*wrong)) == 1, wrong
    return 0


def main(words):
    if words == ["--self-test"]:
        return self_test()
    out = check(words[0], words[1], words[2] if len(words) > 2 else "")
    for each in out:
        print(f"{words[1]}: {each}")
    return 1 if out else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
