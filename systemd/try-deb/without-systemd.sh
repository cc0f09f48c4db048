# The packages on hosts without systemd and without a driver; try-deb.sh reads it.
# shellcheck shell=sh disable=SC2034,SC2154 # they share their names

step "an account of that name with which somebody logs in"
plain bare "$base"
on_host useradd --shell /bin/bash chase
files >"$work/before"
on_host apt-get install -y /root/chase.deb >"$work/said" 2>&1 && fail "the daemon runs as somebody"
says "$work/said" "chase: not installed: somebody logs in here as chase (chase:x:1000:1000::/home/chase:/bin/bash)"
files >"$work/after"
diff "$work/before" "$work/after" || fail "files are left"
on_host userdel chase

step "no systemd, no driver: installed, and decides on the simulated backend"
files >"$work/before"
began=$(date +%s)
on_host apt-get install -y /root/chase.deb >"$work/said" 2>&1 || fail "$(cat "$work/said")"
says "$work/said" "systemd does not run here: start the daemon as root with: mkdir -p /run/chase; chase daemon --config /etc/chase/chase.yaml"
mkdir -p "$host/run/chase"
says "$work/said" "it observes and sets no limit"
grep systemctl "$work/said" && fail "it tells of systemd"
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

step "removed while the daemon runs, and while another one runs a program of its own"
tar -xzf "$tarball" -C "$host/root"
unpacked=/root/$(basename "$tarball" .tar.gz)
mkdir "$host/root/other"
printf 'gpu:\n  backend: simulated\n  simulated: [h100-sxm]\ncontrol:\n  socket: /root/other/chase.sock\nstate-directory: /root/other\nmetrics:\n  enabled: false\n' \
  >"$host/root/other.yaml"
on_host setsid "$unpacked/bin/chase" daemon --config /root/other.yaml >"$work/other" 2>&1 &
await grep -q ready "$work/other"
# As root's Python leaves it.
mkdir -p "$host/usr/lib/python3/dist-packages/chase/__pycache__"
touch "$host/usr/lib/python3/dist-packages/chase/__pycache__/_job.cpython-311.pyc"
on_host apt-get remove -y chase >"$work/said" 2>&1 || fail "$(cat "$work/said")"
on_host test ! -e /usr/lib/python3/dist-packages/chase || fail "compiled modules are left"
says "$work/daemon" "W to 700 W: Chase is stopping and restores the original limit"
left=$(daemons)
# shellcheck disable=SC2086
grep -qz "^$unpacked/lib/chase/chase-daemon.jar$" $left /dev/null || fail "the other daemon was ended: $(cat "$work/other")"
[ "$(echo "$left" | wc -w)" = 1 ] || fail "a daemon is left"
kill "$(echo "$left" | cut -d / -f 3)"

step "the tarball, without dpkg; its install.sh where a package was removed"
on_host "$unpacked/bin/chase" demo --for 3s >"$work/said" 2>&1 || fail "$(cat "$work/said")"
says "$work/said" "nothing is left behind"
on_host "$unpacked/install.sh" >"$work/said" 2>&1 || fail "$(cat "$work/said")"
on_host chase version
on_host "$unpacked/install.sh" --uninstall >"$work/said" 2>&1 || fail "$(cat "$work/said")"
says "$work/said" "Chase is removed"

step "purged"
on_host apt-get purge -y chase >"$work/said" 2>&1 || fail "$(cat "$work/said")"
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

step "a full disk"
plain full "$base" size=100m
files >"$work/before"
on_host apt-get install -y /root/chase.deb >"$work/said" 2>&1 && fail "installed on a full disk"
says "$work/said" "No space left on device"
files >"$work/after"
diff "$work/before" "$work/after" || fail "files are left"
if on_host dpkg -s chase 2>/dev/null | grep '^Status: .* installed$'; then fail "dpkg believes it to be installed"; fi
