#!/usr/bin/env python3
"""header_growth.py notices each kind of change that would break a plugin of version 1.0, and lets additions pass."""
import pathlib
import subprocess
import sys
import tempfile

here = pathlib.Path(__file__).parent
frozen = here / "frozen/v1_0/sink_connector.h"
text = frozen.read_text(encoding="utf-8")


def accepted(changed):
    assert changed != text, "the change under test did not happen"
    with tempfile.NamedTemporaryFile("w", suffix=".h", encoding="utf-8") as f:
        f.write(changed)
        f.flush()
        return subprocess.run([sys.executable, here / "header_growth.py", frozen, f.name], capture_output=True).returncode == 0


append = text.replace("  size_t header_count;\n} sca_record;", "  size_t header_count;\n  uint64_t leader_epoch;\n} sca_record;")
cases = [
    ("a member appended to a struct that grows", append, True),
    ("a new constant", text.replace("SCA_OUT_OF_MEMORY = 7", "SCA_OUT_OF_MEMORY = 7, SCA_SLOW = 8"), True),
    ("a comment reworded", text.replace("never NULL", "not NULL"), True),
    ("a member inserted", text.replace("  int32_t partition;         /* topic", "  int32_t epoch, partition;  /* topic"), False),
    ("members swapped", text.replace("  int64_t offset;\n  uint64_t assignment;", "  uint64_t assignment;\n  int64_t offset;"), False),
    ("a slot's signature changed", text.replace("void (*close)(sca_sink*, uint64_t assignment)", "void (*close)(sca_sink*, uint32_t assignment)"), False),
    ("a fixed struct grown", text.replace("sca_position { uint64_t assignment; int64_t offset; }", "sca_position { uint64_t assignment; int64_t offset, lag; }"), False),
    ("a constant renumbered", text.replace("SCA_MISUSE = 2,", "SCA_MISUSE = 9,"), False),
    ("the symbol renamed", text.replace("sink_connector_plugin_v1", "sink_connector_plugin_v2"), False),
    ("an extension renamed", text.replace('"sca.metrics/1"', '"sca.metrics/2"'), False),
]
failed = [name for name, changed, expected in cases if accepted(changed) != expected]
print("\n".join(f"wrongly judged: {name}" for name in failed) or f"{len(cases)} changes judged rightly")
sys.exit(1 if failed else 0)
