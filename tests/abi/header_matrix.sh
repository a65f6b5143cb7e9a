#!/bin/sh
# header_matrix.sh INCLUDE_DIRECTORY: the header compiles on its own in every language it promises, on both compilers, without a
# warning and without padding; on foreign targets too, where clang can look at them without their C library.
# A compiler that is missing is a failure: a matrix with holes proves nothing.
set -u
include=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
printf '#include "sca/sink_connector.h"\nint use(const sca_host* h, sca_error* e) { return SCA_HAS(h, sca_host, log) ? SCA_OK : sca_fail(e, SCA_MISUSE, "short"); }\n' >"$work/use.c"
cp "$work/use.c" "$work/use.cc"
strict="-Wall -Wextra -Wpedantic -Wpadded -Werror -fsyntax-only -I$include"
failed=0
check() {
  if "$@" >"$work/out" 2>&1; then
    echo "ok    $*"
  else
    failed=1
    echo "FAILED $*"
    cat "$work/out"
  fi
}
for compiler in gcc clang-14; do
  for std in c11 c17; do check $compiler -std=$std $strict -Wno-unused-function "$work/use.c"; done
done
for compiler in g++ clang++-14; do
  for std in c++17 c++20; do check $compiler -std=$std $strict -Wno-unused-function "$work/use.cc"; done
done
for target in x86_64-linux-gnu aarch64-linux-gnu i686-linux-gnu armv7-linux-gnueabihf riscv64-linux-gnu x86_64-pc-windows-msvc; do
  check clang-14 --target=$target -ffreestanding -std=c11 $strict -Wno-unused-function "$work/use.c"
done
exit $failed
