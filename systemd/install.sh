#!/bin/sh
# Installs Chase from a built tree, or removes it:
#   mvn -B -DskipTests package
#   sudo systemd/install.sh                the host itself
#   systemd/install.sh DESTDIR             a directory, for packages and tests
#   sudo systemd/install.sh --reload       also while containers use GPUs, which may lose them by it
#   sudo systemd/install.sh --uninstall    stops the daemon and restores the limits first; where
#                                          one is not back, nothing is removed
#   sudo systemd/install.sh --uninstall --leave-limits    removes it all the same, for a GPU that is
#                                          gone for good; what is on record stays in /var/lib/chase
# /etc/chase/chase.yaml is never overwritten, and stays when Chase goes; so does /var/lib/chase.
set -eu

fail() {
  echo "install.sh: $*" >&2
  exit 1
}

has_systemd() {
  [ -z "$root" ] && [ -d /run/systemd/system ]
}

require_root() {
  [ -n "$root" ] || [ "$(id -u)" -eq 0 ] || fail "needs root: sudo $0"
}

jna_platform() {
  case $(uname -m) in
    x86_64) echo linux-x86-64 ;;
    aarch64) echo linux-aarch64 ;;
    *) fail "no native library for $(uname -m)" ;;
  esac
}

netty_platform() {
  case $(uname -m) in
    aarch64) echo aarch_64 ;;
    *) uname -m ;;
  esac
}

install_program() {
  rm -rf "$root/usr/lib/chase"
  install -d "$root/usr/bin" "$root/usr/lib/chase/lib"
  install -m 644 "$built/chase-daemon.jar" "$root/usr/lib/chase/"
  install -m 644 "$built"/lib/*.jar "$root/usr/lib/chase/lib/"
  # JNA, Netty and SQLite would unpack their native halves to temporary files, which may not be run
  # everywhere.
  install -m 755 "$built/native/com/sun/jna/$(jna_platform)/libjnidispatch.so" "$root/usr/lib/chase/"
  install -m 755 "$built/native/META-INF/native/libnetty_transport_native_epoll_$(netty_platform).so" "$root/usr/lib/chase/"
  install -m 755 "$built/native/org/sqlite/native/Linux/$(uname -m)/libsqlitejdbc.so" "$root/usr/lib/chase/"
  install -m 755 "$source/systemd/aot.sh" "$root/usr/lib/chase/"
  install -m 755 "$source/chase" "$root/usr/bin/chase"
  install -m 644 "$source/chase-daemon/src/main/sh/supervise.sh" "$root/usr/lib/chase/"
  install -D -m 644 "$source/README.md" "$root/usr/share/doc/chase/README.md"
  install -m 644 "$source/systemd/README.md" "$root/usr/share/doc/chase/systemd.md"
  # A release has them: mvn -Prelease.
  for list in chase.cdx.json licences.tsv; do
    [ ! -f "$built/$list" ] || install -m 644 "$built/$list" "$root/usr/share/doc/chase/$list"
  done
  for shared in grafana/chase.json prometheus/chase.rules.yml prometheus/scrape.yml; do
    install -D -m 644 "$source/config/$shared" "$root/usr/share/chase/$shared"
  done
}

# Manual pages and completion, which the command itself writes.
install_manual() {
  share=$root/usr/share
  install -d "$share/man/man1" "$share/bash-completion/completions" "$share/zsh/site-functions" \
    "$share/fish/vendor_completions.d"
  (
    CHASE_NO_BUILD=yes
    export CHASE_NO_BUILD
    "$source/chase" man "$share/man/man1"
    "$source/chase" completion bash >"$share/bash-completion/completions/chase"
    "$source/chase" completion zsh >"$share/zsh/site-functions/_chase"
    "$source/chase" completion fish >"$share/fish/vendor_completions.d/chase.fish"
  )
}

install_settings() {
  install -d -m 750 "$root/etc/chase"
  if [ ! -e "$root/etc/chase/chase.yaml" ]; then
    install -m 640 "$source/config/chase.yaml" "$root/etc/chase/chase.yaml"
  fi
  install -D -m 644 "$source/systemd/chased.service" "$root/usr/lib/systemd/system/chased.service"
  install -D -m 644 "$source/systemd/chase.sysusers" "$root/usr/lib/sysusers.d/chase.conf"
  install -D -m 644 "$source/systemd/chase-rapl.rules" "$root/usr/lib/udev/rules.d/60-chase-rapl.rules"
}

# The user chase, who must be able to read the settings and no one else's business.
create_user() {
  if command -v systemd-sysusers >/dev/null; then
    systemd-sysusers chase.conf
  elif ! getent passwd chase >/dev/null; then
    useradd --system --user-group --home-dir /var/lib/chase --shell /usr/sbin/nologin chase
  fi
  # Its members run jobs of their own.
  getent group chase-jobs >/dev/null || groupadd --system chase-jobs
  chgrp -R chase /etc/chase
}

# PROC: the processes there that are in a container and use a GPU.
gpu_containers() {
  for process in "$1"/[0-9]*; do
    if grep -qE 'docker|containerd|libpod|crio|kubepods|lxc' "$process/cgroup" 2>/dev/null &&
      find "$process/fd" -lname '/dev/nvidia[0-9]*' 2>/dev/null | grep -q .; then
      basename "$process"
    fi
  done
}

# systemd writes the device rules of all containers anew then, and those that were given GPUs by
# other means lose them (NVIDIA/nvidia-container-toolkit#1227).
reload_systemd() {
  users=$(gpu_containers /proc | head -n 5 | tr '\n' ' ')
  if [ -n "$users" ] && [ -z "$reload" ]; then
    echo "install.sh: systemd is not reloaded: processes in containers use GPUs (${users% }) and may lose them by it; when they have ended: systemctl daemon-reload; or $0 --reload" >&2
    return 1
  fi
  systemctl daemon-reload
}

install_chase() {
  [ -f "$built/chase-daemon.jar" ] || fail "not built yet: mvn -B -DskipTests package"
  require_root
  # A running daemon must never see its program change: it stops, restores, and starts anew.
  was_running=
  if has_systemd && systemctl --quiet is-active chased; then
    was_running=yes
    systemctl stop chased
  fi
  install_program
  install_manual
  install_settings
  if [ -z "$root" ]; then
    create_user
    # The cache knows the place of the jars, so it is only good where it was made.
    "$source/systemd/aot.sh" /usr/bin/chase /usr/lib/chase/chase.aot || true
  fi
  if has_systemd; then
    udevadm control --reload && udevadm trigger --action=add --subsystem-match=powercap || true
    reload_systemd || true
    [ -z "$was_running" ] || systemctl start chased
    echo "Chase is installed: edit /etc/chase/chase.yaml, then systemctl enable --now chased"
  fi
}

uninstall_chase() {
  require_root
  if has_systemd; then
    systemctl stop chased || true
    systemctl --no-reload disable chased || true
  fi
  # Stopping restores; this is for a daemon that died before, and stops here when a limit stays.
  if [ -z "$root" ] && [ -x /usr/bin/chase ]; then
    /usr/bin/chase restore || [ -n "$leave" ] ||
      fail "not removed: not every limit is back (see above); --leave-limits removes Chase all the same"
    rm -rf /run/chase
  fi
  rm -rf "$root/usr/lib/chase" "$root/usr/share/chase" "$root/usr/share/doc/chase"
  rm -f "$root/usr/bin/chase" "$root/usr/lib/systemd/system/chased.service" \
    "$root/usr/lib/sysusers.d/chase.conf" "$root/usr/lib/udev/rules.d/60-chase-rapl.rules" "$root"/usr/share/man/man1/chase.1 \
    "$root"/usr/share/man/man1/chase-*.1 "$root/usr/share/bash-completion/completions/chase" \
    "$root/usr/share/zsh/site-functions/_chase" "$root/usr/share/fish/vendor_completions.d/chase.fish"
  if has_systemd; then
    find -L /sys/class/powercap -maxdepth 2 -name energy_uj -user chase -exec chown root {} + 2>/dev/null || true
    reload_systemd || true
  fi
  echo "Chase is removed; $root/etc/chase, $root/var/lib/chase and $root/var/log/chase stay"
}

source=$(dirname "$(dirname "$(readlink -f "$0")")")
built=$source/chase-daemon/target
action=install_chase
root=
leave=
reload=
for argument in "$@"; do
  case $argument in
    --uninstall) action=uninstall_chase ;;
    --leave-limits) leave=yes ;;
    --reload) reload=yes ;;
    -*) fail "unknown option $argument" ;;
    *) root=$argument ;;
  esac
done
case $root in
  "") ;;
  /*) root=${root%/} ;;
  *) root=$PWD/$root ;;
esac
$action
