#!/bin/sh
# Tries the packages as a host meets them: in chroots of a fresh Debian, some with a systemd of their
# own, on the fake NVIDIA driver. Needs root, debootstrap, gcc, pgrep (procps), ip (iproute2) and the packages:
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
  for tool in debootstrap gcc dpkg-deb unshare nsenter pgrep ip; do
    command -v $tool >/dev/null || untried "needs $tool"
  done
  ls "$target"/chase_*.deb >/dev/null 2>&1 || fail "no package yet: mvn -B -Ppackages -DskipTests package"
  work=$(mktemp -d)
  base=${CHASE_CHROOT_BASE:-$work/base}
  # The mounts are gone with their namespace, so that this removes files of ours alone.
  trap 'rm -rf --one-file-system "$work"' EXIT
  trap 'exit 1' INT TERM
  unshare --mount --pid --fork mount -t overlay overlay -o "lowerdir=/etc,upperdir=$(mkdir -p "$work/a" && echo "$work/a"),workdir=$(mkdir -p "$work/b" && echo "$work/b")" /mnt 2>"$work/said" ||
    untried "mounting is not permitted: $(head -n 1 "$work/said")"
  step "a bare Debian"
  if [ ! -d "$base/usr" ]; then
    # shellcheck disable=SC2016
    mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 2>/dev/null | grep -m 1 '/debian/*$') ||
      mirror=http://deb.debian.org/debian
    debootstrap --variant=minbase bookworm "$base" "$mirror" >"$work/debootstrap.log" 2>&1 || {
      tail -n 5 "$work/debootstrap.log" >&2
      fail "debootstrap"
    }
  fi
  # One more layer, for hosts with systemd.
  mkdir "$work/systemd" "$work/systemd.work" "$work/systemd.root"
  # shellcheck disable=SC2016
  unshare --mount sh -c 'mount -t overlay overlay -o "lowerdir=$1,upperdir=$2,workdir=$2.work" "$2.root" &&
    cp -L /etc/resolv.conf "$2.root/etc/resolv.conf" &&
    DEBIAN_FRONTEND=noninteractive chroot "$2.root" apt-get install -y -qq --no-install-recommends systemd udev' \
    sh "$base" "$work/systemd" >"$work/debootstrap.log" 2>&1 || {
    tail -n 5 "$work/debootstrap.log" >&2
    fail "no systemd in the chroot"
  }
  # Without the network: nothing may be fetched, and ports in use on this machine are free there.
  unshare --mount --pid --net --fork --kill-child --mount-proc "$0" --inside "$work" "$base"
  exit
fi

. "$systemd/try-deb/hosts.sh"
. "$systemd/try-deb/without-systemd.sh"
. "$systemd/try-deb/with-systemd.sh"
step "all well"
