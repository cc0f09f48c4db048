#!/bin/sh
# Runs the signal of every provider through a simulated day of faults, an outage of six hours or a
# day, and the recovery, against WireMock on this host, and prints what was survived. Takes some
# minutes. Another order of faults: bench/faults.sh SEED
set -eu
cd "$(dirname "$0")/.."
mvn -B -q -pl carbon-providers test -Dtest=FaultRunTest -Dchase.faults=all ${1:+-Dchase.seed=$1}
cat carbon-providers/target/fault-run-*.txt
