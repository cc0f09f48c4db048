#!/bin/sh
# Makes the cache of loaded and linked classes that halves Chase's start: aot.sh LAUNCHER CACHE
# Trains on a daemon with a simulated GPU, whose files and sockets lie in a temporary directory.
# A cache belongs to one JDK build and one set of jars. Without one Chase only starts slower, so
# every failure here is a line and nothing more.
set -eu

launcher=$1
cache=$2
port=${CHASE_AOT_PORT:-19478}
work=$(mktemp -d)
daemon=
cleanup() {
  [ -z "$daemon" ] || kill "$daemon" 2>/dev/null || true
  rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 1' INT TERM

cat >"$work/signal.csv" <<'CSV'
time,grams_per_kwh
2026-01-01T00:00:00Z,300
2026-01-01T01:00:00Z,500
CSV
cat >"$work/chase.yaml" <<YAML
mode: control
gpu:
  backend: simulated
  simulated: [h100-sxm]
carbon:
  provider: trace
  region: TRAINING
  trace:
    file: $work/signal.csv
    speed: 3600
    repeat: true
control:
  socket: $work/chase.sock
metrics:
  port: $port
state-directory: $work/state
YAML
mkdir "$work/state"

CHASE_NO_BUILD=1 CHASE_AOT_RECORD="$work/chase.aot" \
  "$launcher" daemon --config "$work/chase.yaml" >"$work/log" 2>&1 &
daemon=$!
# One scrape and one command, so that their classes are in the cache.
tries=0
until CHASE_NO_BUILD=1 CHASE_SOCKET="$work/chase.sock" "$launcher" status >/dev/null 2>&1; do
  tries=$((tries + 1))
  if [ "$tries" -ge 60 ] || ! kill -0 "$daemon" 2>/dev/null; then
    echo "chase: no class cache, starts will be slower: $(grep -m 1 '^chase: ' "$work/log" || head -n 1 "$work/log")" >&2
    exit 1
  fi
  sleep 0.5
done
if command -v curl >/dev/null; then
  curl -fs "http://127.0.0.1:$port/metrics" >/dev/null || true
fi
kill "$daemon"
wait "$daemon" || true
daemon=
if [ -s "$work/chase.aot" ]; then
  mv "$work/chase.aot" "$cache"
else
  echo "chase: no class cache, starts will be slower" >&2
  exit 1
fi
