#!/bin/sh
# Makes the two caches of loaded and linked classes: aot.sh LAUNCHER CACHE
# CACHE is the daemon's, whose start it halves; commands.aot beside it is the commands', which take
# less than half of the time with it. Each is trained with a daemon on a simulated GPU, whose files
# and sockets lie in a temporary directory. A cache belongs to one JDK build and one set of jars.
# Without one Chase only starts slower, so every failure here is a line and nothing more.
set -eu

launcher=$1
cache=$2
commands=$(dirname "$cache")/commands.aot
# One at a time: a dpkg that was killed leaves its own running, for two minutes at most.
exec 8<"$(dirname "$cache")"
if command -v flock >/dev/null; then flock 8; fi
# Those that are there are of another program or JDK.
rm -f "$commands" "$cache" "$commands.new" "$cache.new"
work=$(mktemp -d)
daemon=
# However this ends, no daemon stays.
bound=
if setpriv --pdeathsig TERM true 2>/dev/null; then bound="setpriv --pdeathsig TERM"; fi
cleanup() {
  [ -z "$daemon" ] || kill "$daemon" 2>/dev/null || true
  rm -rf "$work" "$commands.new" "$cache.new"
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
  port: 0
state-directory: $work/state
YAML
mkdir "$work/state"

missing() {
  echo "chase: no class cache, starts will be slower$*" >&2
  exit 1
}

# Waits until the daemon that was just started answers.
await() {
  daemon=$!
  tries=0
  until [ -S "$CHASE_SOCKET" ]; do
    tries=$((tries + 1))
    if [ "$tries" -ge 300 ] || ! kill -0 "$daemon" 2>/dev/null; then
      missing ": $(grep -m 1 '^chase: ' "$work/log" || head -n 1 "$work/log")"
    fi
    sleep 0.1
  done
}

stop() {
  kill "$daemon"
  wait "$daemon" || true
  daemon=
}

export CHASE_NO_BUILD=1 CHASE_SOCKET="$work/chase.sock"
# The daemon's: its first seconds and one scrape. A daemon keeps in memory whatever its cache holds, so
# the commands come to another one: that is 2 MB less in a daemon that only decides and is scraped.
# shellcheck disable=SC2086
CHASE_AOT_RECORD="$work/chase.aot" $bound "$launcher" daemon --config "$work/chase.yaml" >"$work/log" 2>&1 8<&- &
await
sleep 3
port=$(sed -n 's,.*http://127\.0\.0\.1:\([0-9]*\)/.*,\1,p' "$work/log" | head -n 1)
if command -v curl >/dev/null; then
  curl -fs "http://127.0.0.1:$port/metrics" >/dev/null || true
fi
stop
[ -s "$work/chase.aot" ] || missing
# The commands': a few of them, also a help and an error.
# shellcheck disable=SC2086
CHASE_JAVA_OPTIONS="${CHASE_JAVA_OPTIONS:-} -XX:AOTCache=$work/chase.aot" $bound "$launcher" daemon \
  --config "$work/chase.yaml" >"$work/log" 2>&1 8<&- &
await
CHASE_AOT_RECORD="$work/commands.aot" "$launcher" version status "status --json" gpus "explain 0" \
  signal jobs policy "override 0 500 --for 1m" "release 0" pause resume report "gpus --help" \
  "status --socket $work/none.sock" "explain 9" statsu --help >/dev/null 2>&1 || true
stop
[ -s "$work/commands.aot" ] || missing
# A daemon keeps what it writes to itself; this is read by the user chase. A full disk must leave no half of it.
chmod 644 "$work/commands.aot" "$work/chase.aot"
for made in "$commands" "$cache"; do
  mv "$work/${made##*/}" "$made.new" && mv "$made.new" "$made" || {
    rm -f "$made.new"
    missing ": $made cannot be written"
  }
done
