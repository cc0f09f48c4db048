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
  for tool in debootstrap gcc dpkg-deb unshare nsenter ip; do
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

# A host with a systemd as its first process, which the unit's own start and stop go through.
booted() {
  host "$@"
  cat >"$work/boot" <<'BOOT'
set -e
cd "$1"
mount --bind . .
cd "$1"
mount -t proc proc proc
mount -t sysfs -o ro sysfs sys
for place in run tmp dev; do mount -t tmpfs tmpfs $place; done
for node in null zero random urandom full tty; do
  touch dev/$node
  mount --bind /dev/$node dev/$node
done
mkdir dev/pts dev/shm
mount -t devpts -o newinstance,ptmxmode=0666 devpts dev/pts
ln -s pts/ptmx dev/ptmx
if [ ! -e /sys/fs/cgroup/cgroup.controllers ]; then
  mount -t tmpfs tmpfs sys/fs/cgroup
  mkdir sys/fs/cgroup/systemd
  mount -t cgroup -o none,name=systemd cgroup sys/fs/cgroup/systemd
else
  mount -t cgroup2 cgroup2 sys/fs/cgroup
fi
exec chroot . env -i container=chroot /lib/systemd/systemd --log-target=null --show-status=false
BOOT
  unshare --mount --pid --uts --ipc --cgroup --fork --kill-child sh "$work/boot" "$host" >"$work/boot.log" 2>&1 &
  booted=$!
  await pgrep -P "$booted"
  inside="nsenter -t $(pgrep -P "$booted") -m -p -u -i -C -r -w"
  await on_host systemctl is-system-running
}

# Every attempt to set GPU 0's limit since the last look, in watts, with what others did left out.
writes() {
  on_host /opt/fake/fake-nvml-ctl /opt/fake/fake-nvml.state log | awk '$2 == 0 && $4 == 0 { print $3 / 1000 }' >"$work/writes"
  tail -n +"$((seen + 1))" "$work/writes" | tr '\n' ' '
}

limit() {
  on_host /opt/fake/fake-nvml-ctl /opt/fake/fake-nvml.state show | sed -n 's/^gpu=0 .*requested=\([0-9]*\)000 .*/\1/p'
}

limit_is() { [ "$(limit)" = "$1" ]; }

install_package() {
  on_host apt-get install -y -o Dpkg::Options::=--force-confold "$@" >"$work/said" 2>&1
}

# NEW-VERSION COMMAND...: the package again with another version, once COMMAND has changed its tree.
repack() {
  rm -rf "$work/repacked"
  dpkg-deb -R "$package" "$work/repacked"
  sed -i "s/^Version: .*/Version: $1/" "$work/repacked/DEBIAN/control"
  new=$1
  shift
  (cd "$work/repacked" && "$@")
  dpkg-deb -Znone --build "$work/repacked" "$host/root/$new.deb" >/dev/null
}

# What the version before had in its configuration.
older_keys() {
  sed -i '/^  writes-per-hour:/d; s/^  lowering-step: .*/  lowering-step: 0.2/' usr/share/chase/chase.yaml
  cp usr/share/chase/chase.yaml etc/chase/chase.yaml
  sed -i 's/^  hands-off: 10m/&\n  step-watts: 50/' usr/share/chase/chase.yaml
}

step "systemd and a driver: it observes from the start"
booted running "$work/systemd:$base" size=1g
mkdir -p "$host/opt/fake"
fake=$source/zeus-engine/src/test/resources/fake-nvml/fake_nvml.c
gcc -O1 -shared -fPIC -Wl,-soname,libnvidia-ml.so.1 -o "$host/opt/fake/libnvidia-ml.so.1" "$fake" -lm -lpthread
gcc -O1 -DFAKE_NVML_CTL -o "$host/opt/fake/fake-nvml-ctl" "$fake" -lm -lpthread
on_host sh -c '/opt/fake/fake-nvml-ctl /opt/fake/fake-nvml.state init h100,a100; chmod -R a+rwX /opt/fake
  echo /opt/fake >/etc/ld.so.conf.d/fake.conf; ldconfig
  mkdir -p /etc/systemd/system/chased.service.d
  printf "[Service]\nReadWritePaths=/opt/fake\n" >/etc/systemd/system/chased.service.d/fake.conf'
seen=0
repack 0.1.9 older_keys
install_package /root/0.1.9.deb || fail "$(cat "$work/said")"
on_host systemctl is-active chased || fail "$(cat "$work/said"; on_host systemctl status chased --no-pager)"
[ -z "$(writes)" ] || fail "a limit was set: $(writes)"
configure
on_host systemctl restart chased
await limit_is 420
echo "set: $(writes)"

step "an upgrade: each limit goes back once and comes down once"
seen=$(wc -l <"$work/writes")
began=$(date +%s)
install_package /root/chase.deb || fail "$(cat "$work/said")"
echo "took $(($(date +%s) - began)) s"
grep '^chase: ' "$work/said" || true
says "$work/said" "chase: new key gpu.writes-per-hour, by default 120"
says "$work/said" "chase: the default of gpu.lowering-step is now 0.25, was 0.2"
says "$work/said" "chase: the key gpu.step-watts is gone"
await limit_is 420
echo "set: $(writes)"
[ "$(writes | tr ' ' '\n' | grep -c '^700$')" = 1 ] || fail "the original limit was not set once"
writes | tr ' ' '\n' | sed '1,/^700$/d' | sort -nrc || fail "the limit came down more than once"
grep -q '^mode: control' "$host/etc/chase/chase.yaml" || fail "the configuration was replaced"
[ "$(on_host chase version)" = "chase $version" ] || fail "the old version answers"

step "an upgrade with a key that is gone: said, and every limit is the original one"
sed -i 's/^gpu:/&\n  no-such-key: 1/' "$host/etc/chase/chase.yaml"
repack 0.3.0 true
install_package /root/0.3.0.deb || fail "$(cat "$work/said")"
grep '^chase: ' "$work/said" || true
says "$work/said" "unknown key gpu.no-such-key in chase.yaml:"
says "$work/said" "chased is not started, and every GPU keeps its original limit"
limit_is 700 || fail "the limit is $(limit) W"
sed -i '/no-such-key/d' "$host/etc/chase/chase.yaml"
on_host systemctl restart chased
await limit_is 420

step "an upgrade on a full disk: the old version goes on"
repack 0.4.0 true
dd if=/dev/zero of="$host/var/fill" bs=1M >/dev/null 2>&1 || true
install_package /root/0.4.0.deb && fail "upgraded on a full disk"
says "$work/said" "No space left on device"
rm "$host/var/fill"
# shellcheck disable=SC2016
[ "$(on_host dpkg-query -W -f '${Version}' chase)" = 0.3.0 ] || fail "the version"
await on_host systemctl is-active chased
await limit_is 420
on_host dpkg --configure -a

step "a limit that does not go back keeps the package"
on_host /opt/fake/fake-nvml-ctl /opt/fake/fake-nvml.state lost 0 on
on_host apt-get remove -y chase >"$work/said" 2>&1 && fail "removed"
says "$work/said" "chase: not removed: not every limit is back"
on_host test -x /usr/bin/chase
on_host env CHASE_LEAVE_LIMITS=yes apt-get remove -y chase >"$work/said" 2>&1 || fail "$(cat "$work/said")"
on_host test ! -e /usr/lib/chase || fail "/usr/lib/chase is left"
on_host test -f /etc/chase/chase.yaml || fail "the configuration is gone"
on_host test -d /var/lib/chase || fail "the record of the limit is gone"

step "installed again, the record still counts; purged while it runs"
on_host /opt/fake/fake-nvml-ctl /opt/fake/fake-nvml.state lost 0 off
install_package /root/chase.deb || fail "$(cat "$work/said")"
await limit_is 420
on_host apt-get purge -y chase >"$work/said" 2>&1 || fail "$(cat "$work/said")"
limit_is 700 || fail "the limit is $(limit) W"
for left in /usr/lib/chase /var/lib/chase /var/log/chase /run/chase /run/chase.package; do
  on_host test ! -e $left || fail "$left is left: $(on_host find $left)"
done
[ -z "$(daemons)" ] || fail "a daemon is left"

step "all well"
