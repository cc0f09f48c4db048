#!/bin/sh
# Installs Chase from a built tree or an unpacked release, or removes it:
#   mvn -B -DskipTests package             (a release has all that it needs)
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

# A package that was removed leaves its configuration on record, and is no longer in the way.
refuse_packaged() {
  [ -z "$root" ] || return 0
  # shellcheck disable=SC2016 # dpkg-query's own placeholder
  status=$(dpkg-query --show --showformat='${db:Status-Status}' chase 2>/dev/null) || status=
  case $status in
    "" | not-installed | config-files) ;;
    *) fail "Chase is installed as a package here: use apt-get instead" ;;
  esac
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

# A release is the tree itself; a built source tree has to be laid out.
install_program() {
  rm -rf "$root/usr/lib/chase"
  install -d "$root/usr"
  if [ -n "$release" ]; then
    (cd "$release" && tar -cf - bin lib share) | tar -xf - --no-same-owner -C "$root/usr"
  else
    install_parts
    install_documents
    install_manual
  fi
  install -d -m 750 "$root/etc/chase"
  if [ ! -e "$root/etc/chase/chase.yaml" ]; then
    install -m 640 "$settings" "$root/etc/chase/chase.yaml"
  fi
}

# Nothing is installed that the list of libraries, and with it NOTICE, does not know.
require_libraries() {
  expected=$source/chase-daemon/src/test/resources/packaged-jars.txt
  differing=$(cd "$built/lib" && export LC_ALL=C && find . -name '*.jar' | sed 's,^\./,,' | sort | comm -3 - "$expected" | tr -d '\t' | tr '\n' ' ')
  [ -z "$differing" ] ||
    fail "$built/lib is not what packaged-jars.txt lists: ${differing% }; build again: mvn -B -DskipTests package"
}

install_parts() {
  require_libraries
  install -d "$root/usr/bin" "$root/usr/lib/chase/lib"
  install -m 644 "$built/chase-daemon.jar" "$root/usr/lib/chase/"
  install -m 644 "$built"/lib/*.jar "$root/usr/lib/chase/lib/"
  # JNA, Netty and SQLite would unpack their native halves to temporary files, which may not be run
  # everywhere.
  install -m 755 "$built/native/com/sun/jna/$(jna_platform)/libjnidispatch.so" "$root/usr/lib/chase/"
  install -m 755 "$built/native/META-INF/native/libnetty_transport_native_epoll_$(netty_platform).so" "$root/usr/lib/chase/"
  install -m 755 "$built/native/org/sqlite/native/Linux/$(uname -m)/libsqlitejdbc.so" "$root/usr/lib/chase/"
  # mvn -Ppackages makes one, so that the host needs no Java.
  [ ! -d "$built/runtime" ] || cp -R "$built/runtime" "$root/usr/lib/chase/"
  install -m 755 "$source/systemd/aot.sh" "$source/systemd/host.sh" "$root/usr/lib/chase/"
  install -m 755 "$source/chase" "$root/usr/bin/chase"
  install -m 755 "$source/chase-daemon/src/main/sh/supervise.sh" "$root/usr/lib/chase/"
  install -D -m 644 "$source/systemd/chased.service" "$root/usr/lib/systemd/system/chased.service"
  install -D -m 644 "$source/systemd/chase.sysusers" "$root/usr/lib/sysusers.d/chase.conf"
  install -D -m 644 "$source/systemd/chase-rapl.rules" "$root/usr/lib/udev/rules.d/60-chase-rapl.rules"
  for part in chase chase/callbacks; do
    install -d "$root/usr/lib/python3/dist-packages/$part"
    install -m 644 "$source/clients/python/$part"/*.py "$root/usr/lib/python3/dist-packages/$part/"
  done
  for shared in chase.yaml grafana/chase.json prometheus/chase.rules.yml prometheus/scrape.yml; do
    install -D -m 644 "$source/config/$shared" "$root/usr/share/chase/$shared"
  done
  for script in prolog epilog task-prolog; do
    install -D -m 755 "$source/config/slurm/$script.sh" "$root/usr/share/chase/slurm/$script.sh"
  done
}

# As they lie in the source, so that they find each other.
install_documents() {
  install -d "$root/usr/share/doc/chase/docs" "$root/usr/share/doc/chase/systemd"
  install -m 644 "$source"/docs/* "$root/usr/share/doc/chase/docs/"
  install -m 644 "$source/systemd/README.md" "$root/usr/share/doc/chase/systemd/"
  for text in bench clients/python; do
    install -D -m 644 "$source/$text/README.md" "$root/usr/share/doc/chase/$text/README.md"
  done
  ln -sfn ../../chase "$root/usr/share/doc/chase/config"
  for text in README.md SECURITY.md LICENSE NOTICE CHANGELOG.md CONTRIBUTING.md llms.txt; do
    [ ! -f "$source/$text" ] || install -m 644 "$source/$text" "$root/usr/share/doc/chase/"
  done
  # The bill of materials: mvn -Prelease or -Ppackages.
  for list in chase.cdx.json licences.tsv; do
    [ ! -f "$built/$list" ] || install -m 644 "$built/$list" "$root/usr/share/doc/chase/$list"
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
    "$source/systemd/manual.sh" "$("$source/chase" version | cut -d ' ' -f 2)" "$share/man"
    "$source/chase" completion bash >"$share/bash-completion/completions/chase"
    "$source/chase" completion zsh >"$share/zsh/site-functions/_chase"
    "$source/chase" completion fish >"$share/fish/vendor_completions.d/chase.fish"
  )
}

install_chase() {
  [ -n "$release" ] || [ -f "$built/chase-daemon.jar" ] || fail "not built yet: mvn -B -DskipTests package"
  require_root
  refuse_packaged
  # A running daemon must never see its program change: it stops, restores, and starts anew; so does
  # one that systemd was about to try again.
  was_running=
  if has_systemd && "$host" wanted; then
    was_running=yes
  fi
  [ -n "$root" ] || [ ! -f /usr/lib/chase/chase-daemon.jar ] || "$host" stop || fail "not installed: a daemon still runs"
  install_program
  if [ -z "$root" ]; then
    "$host" users
    "$host" cache
  fi
  if has_systemd; then
    udevadm control --reload && udevadm trigger --action=add --subsystem-match=powercap || true
    # shellcheck disable=SC2086
    "$host" reload $reload || true
    [ -z "$was_running" ] || systemctl start chased || fail "installed, but chased has not started: journalctl -u chased"
    echo "Chase is installed: edit /etc/chase/chase.yaml, then systemctl enable --now chased"
  elif [ -z "$root" ]; then
    echo "Chase is installed: edit /etc/chase/chase.yaml, then as root: mkdir -p /run/chase; chase daemon --config /etc/chase/chase.yaml"
  fi
}

uninstall_chase() {
  require_root
  refuse_packaged
  if has_systemd; then
    systemctl --no-reload disable chased || true
  fi
  [ -n "$root" ] || "$host" stop || [ -n "$leave" ] || fail "not removed: a daemon still runs"
  # Stopping restores; this is for a daemon that died before, and stops here when a limit stays.
  if [ -z "$root" ] && [ -x /usr/bin/chase ]; then
    "$host" restore || [ -n "$leave" ] ||
      fail "not removed: not every limit is back (see above); --leave-limits removes Chase all the same"
    rm -rf /run/chase
  fi
  rm -rf "$root/usr/lib/chase" "$root/usr/share/chase" "$root/usr/share/doc/chase"
  rm -f "$root/usr/bin/chase" "$root/usr/lib/systemd/system/chased.service" \
    "$root/usr/lib/sysusers.d/chase.conf" "$root/usr/lib/udev/rules.d/60-chase-rapl.rules" "$root"/usr/share/man/man1/chase.1 \
    "$root"/usr/share/man/man1/chase-*.1 "$root/usr/share/man/man5/chase.yaml.5" \
    "$root/usr/share/man/man8/chased.service.8" "$root/usr/share/bash-completion/completions/chase" \
    "$root/usr/share/zsh/site-functions/_chase" "$root/usr/share/fish/vendor_completions.d/chase.fish"
  rm -rf "$root/usr/lib/python3/dist-packages/chase"
  # Where nobody else has anything in them.
  (cd "$root/usr" && rmdir -p lib/python3/dist-packages lib/sysusers.d share/fish/vendor_completions.d \
    share/zsh/site-functions) 2>/dev/null || true
  if [ -z "$root" ]; then
    "$host" counters
    # shellcheck disable=SC2086
    "$host" reload $reload || true
  fi
  echo "Chase is removed; $root/etc/chase, $root/var/lib/chase and $root/var/log/chase stay"
}

here=$(dirname "$(readlink -f "$0")")
if [ -x "$here/bin/chase" ]; then
  release=$here
  settings=$here/etc/chase/chase.yaml
  host=$here/lib/chase/host.sh
else
  release=
  source=$(dirname "$here")
  built=$source/chase-daemon/target
  settings=$source/config/chase.yaml
  host=$here/host.sh
fi
action=install_chase
root=
leave=
reload=
for argument in "$@"; do
  case $argument in
    --uninstall) action=uninstall_chase ;;
    --leave-limits) leave=yes ;;
    --reload) reload=--force ;;
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
