#!/usr/bin/env bash
# Every C and C++ file is laid out by clang-format. usage: check_format.sh SOURCE_DIR
set -euo pipefail
cd "$1"
find sdk plugin examples tests \( -name '*.cpp' -o -name '*.hpp' -o -name '*.c' \) -not -path '*/frozen/*' -print0 |
  xargs -0 clang-format-14 --style=file --dry-run -Werror
