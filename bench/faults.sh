#!/bin/sh
# Runs the signal through a simulated day of faults, a day of outage and the recovery, against
# WireMock on this host, and prints what was survived. Takes one to two minutes. Another order of
# faults: bench/faults.sh SEED
set -eu
cd "$(dirname "$0")/.."
mvn -B -q -pl carbon-providers test -Dtest=FaultRunTest ${1:+-Dchase.seed=$1}
cat carbon-providers/target/fault-run-*.txt
