#!/usr/bin/env python3
"""The connector in real distributed Kafka Connect workers, with a real broker, against the simulator; configured only over REST.

usage: connect_test.py 3.9|4.x [-k PATTERN] [unittest arguments]      SINK_BUILD_DIR names the build (default build/dev), E2E_KEEP=1 keeps the logs
"""
import sys

import kafka
from cluster import run_cases

LINE = sys.argv.pop(1) if len(sys.argv) > 1 and sys.argv[1] in kafka.LINES else sys.exit(__doc__)

# unittest finds the cases by these names
from configuration_cases import Configuration  # noqa: E402,F401
from control_cases import Control  # noqa: E402,F401
from delivery_cases import Delivery  # noqa: E402,F401
from example_cases import Examples  # noqa: E402,F401
from fault_cases import Faults, TwoWorkers  # noqa: E402,F401
if LINE != "3.9":  # connector.plugin.version is of Kafka 4.1
    from version_cases import Versions  # noqa: E402,F401


if __name__ == "__main__":
    run_cases(LINE)
