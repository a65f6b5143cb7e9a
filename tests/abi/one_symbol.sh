#!/bin/sh
# one_symbol.sh NM LIBRARY: the library exports sink_connector_plugin_v1 and nothing else.
symbols=$("$1" -D --defined-only "$2" | awk '{print $NF}' | sort) || exit 1
[ "$symbols" = sink_connector_plugin_v1 ] && echo "$2: one symbol" && exit 0
echo "$2 exports:"
echo "${symbols:-nothing}" | head -n 20
exit 1
