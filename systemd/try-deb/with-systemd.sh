# The packages on a host with systemd and the fake NVIDIA driver; try-deb.sh reads it.
# shellcheck shell=sh disable=SC2034,SC2154 # they share their names

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
# A secret that only the unit's environment has, and modes that the operator has chosen.
sed -i 's/^  #token-env: CHASE_METRICS_TOKEN/  token-env: CHASE_METRICS_TOKEN/' "$host/etc/chase/chase.yaml"
echo CHASE_METRICS_TOKEN=4f1c0a9be2d74f1c0a9be2d74f1c0a9be2d7 >"$host/etc/chase/secrets"
echo EnvironmentFile=/etc/chase/secrets >>"$host/etc/systemd/system/chased.service.d/fake.conf"
on_host sh -c 'chmod 600 /etc/chase/secrets; chmod 660 /etc/chase/chase.yaml; chmod 755 /etc/chase'
on_host systemctl daemon-reload
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
modes=$(on_host stat -c '%a %U %G' /etc/chase /etc/chase/chase.yaml /etc/chase/secrets | tr '\n' ,)
[ "$modes" = "755 root chase,660 root chase,600 root root," ] || fail "modes were changed: $modes"
grep -q "sets no limit" "$work/said" && fail "it says of mode: control that no limit is set"
[ "$(on_host chase version)" = "chase $version" ] || fail "the old version answers"

step "an upgrade with a key that is gone: said, and every limit is the original one"
sed -i 's/^gpu:/&\n  no-such-key: 1/' "$host/etc/chase/chase.yaml"
repack 0.3.0 true
install_package /root/0.3.0.deb || fail "$(cat "$work/said")"
grep '^chase: ' "$work/said" || true
says "$work/said" "unknown key gpu.no-such-key in chase.yaml:"
says "$work/said" "every GPU keeps its original limit: mend that, then: systemctl restart chased"
limit_is 700 || fail "the limit is $(limit) W"

step "an upgrade of a daemon that has failed and that systemd tries again"
sed -i '/no-such-key/d' "$host/etc/chase/chase.yaml"
mv "$host/opt/fake/libnvidia-ml.so.1" "$host/opt/fake/away"
on_host systemctl restart chased 2>/dev/null || true
[ "$(on_host systemctl is-active chased)" = activating ] || fail "$(on_host systemctl status chased --no-pager)"
repack 0.3.1 true
install_package /root/0.3.1.deb || fail "$(cat "$work/said")"
grep '^chase: ' "$work/said" || true
says "$work/said" "chased has not started: the daemon did not start: libnvidia-ml.so.1 not found"
says "$work/said" "systemd tries again every 5 s"
mv "$host/opt/fake/away" "$host/opt/fake/libnvidia-ml.so.1"
await limit_is 420

step "an upgrade on a full disk: the old version goes on"
repack 0.4.0 true
dd if=/dev/zero of="$host/var/fill" bs=1M >/dev/null 2>&1 || true
install_package /root/0.4.0.deb && fail "upgraded on a full disk"
says "$work/said" "No space left on device"
rm "$host/var/fill"
# shellcheck disable=SC2016
[ "$(on_host dpkg-query -W -f '${Version}' chase)" = 0.3.1 ] || fail "the version"
await on_host systemctl is-active chased
await limit_is 420
on_host dpkg --configure -a

step "an upgrade while a GPU refuses its limit: said"
on_host /opt/fake/fake-nvml-ctl /opt/fake/fake-nvml.state eperm 0 on
on_host /var/lib/dpkg/info/chase.prerm upgrade 0.5.0 >"$work/said" 2>&1 || fail "$(cat "$work/said")"
grep '^chase: ' "$work/said" || true
says "$work/said" "chase: not every limit is back (see above): it stays on record, and the new version tries again"
on_host /opt/fake/fake-nvml-ctl /opt/fake/fake-nvml.state eperm 0 off
on_host /var/lib/dpkg/info/chase.postinst abort-upgrade 0.5.0
await limit_is 420

step "a limit that does not go back keeps the package"
on_host /opt/fake/fake-nvml-ctl /opt/fake/fake-nvml.state lost 0 on
on_host apt-get remove -y chase >"$work/said" 2>&1 && fail "removed"
says "$work/said" "chase: not removed: not every limit is back"
on_host test -x /usr/bin/chase
on_host env CHASE_LEAVE_LIMITS=yes apt-get remove -y chase >"$work/said" 2>&1 || fail "$(cat "$work/said")"
on_host test ! -e /usr/lib/chase || fail "/usr/lib/chase is left"
on_host test -f /etc/chase/chase.yaml || fail "the configuration is gone"
on_host grep -h '^ *"GPU-' /var/lib/chase/limits.json >"$work/entry" || fail "the record of the limit is gone"
says "$work/said" "chase: /var/lib/chase keeps the record of that, also when the package is purged"
[ "$(on_host systemctl show -p LoadState --value chased)" != loaded ] || fail "systemd still knows the unit"

step "a purge keeps the record of that limit"
echo 1 >"$host/var/lib/chase/ledger.db"
on_host apt-get purge -y chase >"$work/said" 2>&1 || fail "$(cat "$work/said")"
grep '^chase: ' "$work/said" || true
says "$work/said" " may not be back at its original limit: sudo nvidia-smi -i $(cut -d '"' -f 2 "$work/entry") -pl 700"
says "$work/said" "chase: /var/lib/chase keeps the record of what is not restored: install Chase again, then: sudo systemctl stop chased; sudo chase restore"
on_host test ! -e /var/lib/chase/ledger.db || fail "the rest of the state is left"

step "installed again, the record still counts; purged while it runs"
on_host /opt/fake/fake-nvml-ctl /opt/fake/fake-nvml.state lost 0 off
install_package /root/chase.deb || fail "$(cat "$work/said")"
if limit_is 700; then fail "an observing daemon has set a limit"; fi
on_host chase restore >"$work/said" 2>&1 && fail "restored beside a daemon"
says "$work/said" "stop it first if it only observes"
on_host systemctl stop chased
on_host chase restore || fail "not restored"
limit_is 700 || fail "the limit is $(limit) W"
configure
on_host systemctl restart chased
await limit_is 420
on_host apt-get purge -y chase >"$work/said" 2>&1 || fail "$(cat "$work/said")"
limit_is 700 || fail "the limit is $(limit) W"
for left in /usr/lib/chase /var/lib/chase /var/log/chase /run/chase /run/chase.package; do
  on_host test ! -e $left || fail "$left is left: $(on_host find $left)"
done
[ -z "$(daemons)" ] || fail "a daemon is left"

