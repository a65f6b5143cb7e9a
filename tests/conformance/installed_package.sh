#!/bin/sh
# installed_package.sh BUILD SOURCE WORK CC CXX: the SDK as its users get it. Installs it into an empty prefix, builds the example
# sinks there with find_package(SinkConnectorSdk), and runs the installed conformance suite on what came out.
set -eu
build=$1 source=$2 work=$3 cc=$4 cxx=$5
rm -rf "$work"
mkdir -p "$work"
cmake --install "$build" --prefix "$work/prefix" --component sdk >"$work/install.log"

# Nothing installed may point back to where it was built.
if grep -rlF -e "$build" -e "$source" "$work/prefix/lib/cmake" "$work/prefix/include"; then
  echo "these files name the build or source directory"
  exit 1
fi

for example in minimal_sink_c minimal_sink_cpp; do
  cp -r "$source/examples/$example" "$work/$example" # out of the tree: the project's own files cannot help
  cmake -S "$work/$example" -B "$work/$example/build" -DCMAKE_PREFIX_PATH="$work/prefix" \
    -DCMAKE_C_COMPILER="$cc" -DCMAKE_CXX_COMPILER="$cxx" -DCMAKE_BUILD_TYPE=Release >"$work/$example.log"
  cmake --build "$work/$example/build" >>"$work/$example.log"
  library=$work/$example/build/lib/lib$example.so
  case $example in minimal_sink_c) key=file.path ;; *) key=lines.path ;; esac
  "$source/tests/abi/one_symbol.sh" nm "$library"
  "$work/prefix/bin/sca-conformance" "$library" --delivered-to "$work/out" "$key=$work/out" >"$work/$example.conformance" || {
    cat "$work/$example.conformance"
    exit 1
  }
  tail -n 1 "$work/$example.conformance"
done

# The package speaks for the ABI of the header, and refuses another major version.
mkdir "$work/other" && cat >"$work/other/CMakeLists.txt" <<'EOF'
cmake_minimum_required(VERSION 3.25)
project(other LANGUAGES CXX)
find_package(SinkConnectorSdk 2.0 QUIET)
if(SinkConnectorSdk_FOUND)
  message(FATAL_ERROR "a package of version 1 was accepted as version 2")
endif()
EOF
cmake -S "$work/other" -B "$work/other/build" -DCMAKE_PREFIX_PATH="$work/prefix" -DCMAKE_CXX_COMPILER="$cxx" >"$work/other.log"
