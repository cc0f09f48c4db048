#!/bin/sh
# Tries the packages as a host meets them: in chroots of a fresh Debian, some with a systemd of their
# own, on the fake NVIDIA driver. Needs root, debootstrap, gcc and the packages:
#   mvn -B -Ppackages -DskipTests package && sudo systemd/try-deb.sh
# CHASE_CHROOT_BASE names a debootstrap that is there already. Where chroots or mounts are not
# permitted it says so and ends with 0, or with 1 where CHASE_REQUIRE_CHROOT is set.
# Everything lies in a temporary directory and in namespaces, which end with this script.
set -eu

systemd=$(dirname "$(readlink -f "$0")")
source=$(dirname "$systemd")
target=$source/chase-daemon/target

step() { printf '\n-- %s\n' "$*"; }

fail() {
  echo "try-deb.sh: FAILED: $*" >&2
  exit 1
}

untried() {
  echo "try-deb.sh: not tried: $*" >&2
  [ -z "${CHASE_REQUIRE_CHROOT:-}" ] || exit 1
  exit 0
}

# FILE TEXT: a line of FILE holds TEXT.
says() {
  grep -qF -- "$2" "$1" || {
    cat "$1" >&2
    fail "no line says: $2"
  }
}

if [ "${1:-}" != --inside ]; then
  [ "$(id -u)" -eq 0 ] || untried "needs root"
  for tool in debootstrap gcc dpkg-deb unshare nsenter; do
    command -v $tool >/dev/null || untried "needs $tool"
  done
  ls "$target"/chase_*.deb >/dev/null 2>&1 || fail "no package yet: mvn -B -Ppackages -DskipTests package"
  work=$(mktemp -d)
  # The mounts are gone with their namespace, so that this removes files of ours alone.
  trap 'rm -rf --one-file-system "$work"' EXIT
  trap 'exit 1' INT TERM
  unshare --mount --pid --fork mount -t overlay overlay -o "lowerdir=/etc,upperdir=$(mkdir -p "$work/a" && echo "$work/a"),workdir=$(mkdir -p "$work/b" && echo "$work/b")" /mnt 2>"$work/said" ||
    untried "mounting is not permitted: $(head -n 1 "$work/said")"
  unshare --mount --pid --fork --kill-child --mount-proc "$0" --inside "$work"
  exit
fi

work=$2
package=$(ls "$target"/chase_*.deb)
tarball=$(ls "$target"/chase-*-linux-*.tar.gz)
version=$(dpkg-deb -f "$package" Version)

step "a bare Debian"
base=${CHASE_CHROOT_BASE:-$work/base}
if [ ! -d "$base/usr" ]; then
  mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 2>/dev/null | grep -m 1 '/debian/*$') ||
    mirror=http://deb.debian.org/debian
  debootstrap --variant=minbase bookworm "$base" "$mirror" >"$work/debootstrap.log" 2>&1 || {
    tail -n 5 "$work/debootstrap.log" >&2
    fail "debootstrap"
  }
fi

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
  sed -i 's/^mode: observe/mode: control/; s/^  provider: none/  provider: trace/; s/^  #region: GB/  region: GB/
    s/^    #file: trace.csv/    file: trace.csv/; s/^policy: .*/policy: fixed:400/; s/^  minimum-dwell: 1m/  minimum-dwell: 1s/' \
    "$host/etc/chase/chase.yaml"
}

step "no systemd, no driver: installed, and decides on the simulated backend"
plain bare "$base"
files >"$work/before"
began=$(date +%s)
on_host apt-get install -y /root/chase.deb >"$work/said" 2>&1 || fail "$(cat "$work/said")"
says "$work/said" "systemd does not run here: start the daemon as root with: mkdir -p /run/chase; chase daemon --config /etc/chase/chase.yaml"
mkdir -p "$host/run/chase"
says "$work/said" "it observes and sets no limit"
[ "$(on_host stat -c '%a %U %G' /etc/chase/chase.yaml)" = "640 root chase" ] || fail "the mode of chase.yaml"
[ "$(on_host stat -c '%a' /usr/lib/chase/chase.aot)" = 644 ] || fail "the class cache is not for the user chase"
on_host chase daemon --config /etc/chase/chase.yaml >"$work/said" 2>&1 && fail "a daemon without a driver"
says "$work/said" "libnvidia-ml.so.1 not found: is the NVIDIA driver installed?"
configure
sed -i 's/^  backend: nvml/  backend: simulated/' "$host/etc/chase/chase.yaml"
on_host setsid chase daemon --config /etc/chase/chase.yaml >"$work/daemon" 2>&1 &
await grep -q 'GPU 0 from 700 W to' "$work/daemon"
took=$(($(date +%s) - began))
echo "decided $took s after apt-get install began"
[ "$took" -le 60 ] || fail "that is more than 60 s"
on_host chase gpus
PYTHONPATH=$host/usr/lib/python3/dist-packages python3 -c 'import chase; chase.job' || fail "the Python client"

step "purged while the daemon runs"
on_host apt-get purge -y chase >"$work/said" 2>&1 || fail "$(cat "$work/said")"
says "$work/daemon" "W to 700 W: Chase is stopping and restores the original limit"
[ -z "$(daemons)" ] || fail "a daemon is left"
says "$work/said" "/etc/chase stays, because it holds files that the package did not bring"
rm -r "$host/etc/chase"
files >"$work/after"
# Accounts stay, as Debian wants: a number must not be given to another user whose files are still there.
diff "$work/before" "$work/after" | grep '^[<>]' | grep -vE '/etc/(passwd|group|shadow|gshadow|subuid|subgid)-?$' && fail "files are left"

step "an unsupported architecture"
rm -rf "$work/repacked"
dpkg-deb -R "$package" "$work/repacked"
sed -i 's/^Architecture: .*/Architecture: riscv64/' "$work/repacked/DEBIAN/control"
dpkg-deb -Znone --build "$work/repacked" "$host/root/riscv64.deb" >/dev/null
on_host dpkg -i /root/riscv64.deb >"$work/said" 2>&1 && fail "riscv64 was installed"
says "$work/said" "package architecture (riscv64) does not match system"
mkdir "$work/bin"
printf '#!/bin/sh\necho riscv64\n' >"$work/bin/uname"
chmod +x "$work/bin/uname"
PATH=$work/bin:$PATH "$systemd/packages.sh" "$version" >"$work/said" 2>&1 && fail "a package for riscv64 was built"
says "$work/said" "no package for riscv64"

step "the tarball, without dpkg"
tar -xzf "$tarball" -C "$host/opt"
unpacked=/opt/$(basename "$tarball" .tar.gz)
on_host "$unpacked/bin/chase" demo --for 3s >"$work/said" 2>&1 || fail "$(cat "$work/said")"
says "$work/said" "nothing is left behind"
on_host "$unpacked/install.sh" >"$work/said" 2>&1 || fail "$(cat "$work/said")"
on_host chase version
on_host "$unpacked/install.sh" --uninstall >"$work/said" 2>&1 || fail "$(cat "$work/said")"
says "$work/said" "Chase is removed"

step "a full disk"
plain full "$base" size=100m
files >"$work/before"
on_host apt-get install -y /root/chase.deb >"$work/said" 2>&1 && fail "installed on a full disk"
says "$work/said" "No space left on device"
files >"$work/after"
diff "$work/before" "$work/after" || fail "files are left"
on_host dpkg -s chase 2>/dev/null | grep '^Status: .* installed$' && fail "dpkg believes it to be installed"
