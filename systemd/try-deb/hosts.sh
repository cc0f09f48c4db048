# Hosts to try packages on, and what is asked of them; try-deb.sh reads it.
# shellcheck shell=sh disable=SC2034,SC2154 # they share their names

work=$2
base=$3
ip link set lo up
package=$(ls "$target"/chase_*.deb)
tarball=$(ls "$target"/chase-*-linux-*.tar.gz)
version=$(dpkg-deb -f "$package" Version)

# NAME LOWER [tmpfs options]: a host whose own files are a layer on LOWER.
host() {
  host=$work/$1
  mkdir "$host" "$host.layer"
  [ -z "${3:-}" ] || mount -t tmpfs -o "$3" tmpfs "$host.layer"
  mkdir "$host.layer/upper" "$host.layer/work"
  mount -t overlay overlay -o "lowerdir=$2,upperdir=$host.layer/upper,workdir=$host.layer/work" "$host"
  cp -L /etc/resolv.conf "$host/etc/resolv.conf"
  cp "$package" "$host/root/chase.deb"
}

# Of a host without systemd; its /proc shows the processes of this namespace alone.
plain() {
  host "$@"
  mount -t proc proc "$host/proc"
  mount -t tmpfs tmpfs "$host/run"
  mount --bind /dev/pts "$host/dev/pts"
}

on_host() {
  # shellcheck disable=SC2086
  ${inside:-chroot "$host"} env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root DEBIAN_FRONTEND=noninteractive "$@"
}

# What dpkg and apt write down themselves is not looked at.
files() {
  (cd "$host" && find . -xdev \( -path ./var/lib/dpkg -o -path ./var/cache -o -path ./var/log -o -path ./var/lib/apt -o -path ./root -o -path ./tmp \) -prune -o -print) |
    LC_ALL=C sort
}

# COMMAND...: until it succeeds, for half a minute at most.
await() {
  tries=0
  until "$@" >"$work/awaited" 2>&1; do
    tries=$((tries + 1))
    [ "$tries" -lt 120 ] || {
      cat "$work/awaited" >&2
      [ ! -f "$work/daemon" ] || tail -n 20 "$work/daemon" >&2
      fail "in vain: $*"
    }
    sleep 0.25
  done
}

daemons() {
  grep -lz '^chase\.daemon\.Main$' /proc/[0-9]*/cmdline 2>/dev/null || true
}

# The one host edits its configuration like the other: recorded grid, a limit that is lower.
configure() {
  printf 'time,grams_per_kwh\n2026-01-01T00:00:00Z,300\n2026-01-02T00:00:00Z,500\n' >"$host/etc/chase/trace.csv"
  sed -i 's/^mode: observe/mode: control/; 0,/^  provider: none/s//  provider: trace/; 0,/^  #region: GB/s//  region: GB/
    0,/^    #file: trace.csv/s//    file: trace.csv/; s/^policy: .*/policy: fixed:400/; s/^  minimum-dwell: 1m/  minimum-dwell: 1s/' \
    "$host/etc/chase/chase.yaml"
}
