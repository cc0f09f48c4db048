#!/bin/sh
# What an installation does to the host besides its files; install.sh and the .deb's scripts call it:
#   host.sh users            the user and groups, and who reads the configuration
#   host.sh cache            the class cache, which is only good where it was made; bounded in time
#   host.sh reload [--force] systemd reads its units again; refused while containers use GPUs
#   host.sh wanted           succeeds unless somebody has stopped the unit: a failed one, and one that
#                            systemd is about to try again, shall run
#   host.sh stop             ends every daemon of this installation, which restores its limits
#   host.sh restore          the same for what a daemon left that died before
#   host.sh changes OLD NEW  the keys that differ between two versions' chase.yaml
#   host.sh counters         gives the CPUs' energy counters back to root
set -eu

say() {
  echo "chase: $*" >&2
}

has_systemd() {
  [ -d /run/systemd/system ]
}

# The daemon would act as that person, and that person as the daemon.
refuse_person() {
  account=$(getent passwd chase) || return 0
  case $account in
    */nologin | */false) ;;
    *)
      say "somebody logs in here as chase ($account), the name of the daemon's own account: rename that one first: usermod -l and groupmod -n"
      return 1
      ;;
  esac
  number=$(echo "$account" | cut -d : -f 3)
  [ "$number" -lt 1000 ] ||
    say "the daemon runs as the account chase that was here before (number $number): what belongs to it is the daemon's too"
}

# The user chase, who must be able to read the settings and no one else's business.
users() {
  refuse_person
  if command -v systemd-sysusers >/dev/null; then
    systemd-sysusers chase.conf
  elif ! getent passwd chase >/dev/null; then
    useradd --system --user-group --home-dir /var/lib/chase --shell /usr/sbin/nologin chase
  fi
  # Its members run jobs of their own.
  getent group chase-jobs >/dev/null || groupadd --system chase-jobs
  # Not a group that the operator has chosen, and nothing that the package did not bring.
  find /etc/chase -maxdepth 1 \( -path /etc/chase -o -path /etc/chase/chase.yaml \) -group root -exec chgrp chase {} +
}

# Its own line says what is missing; Chase only starts slower without it.
cache() {
  timeout 120 /usr/lib/chase/aot.sh /usr/bin/chase /usr/lib/chase/chase.aot ||
    [ "$?" -ne 124 ] || say "no class cache within 120 s, starts will be slower"
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
reload() {
  has_systemd || return 0
  users=$(gpu_containers /proc | head -n 5 | tr '\n' ' ')
  if [ -n "$users" ] && [ "${1:-}" != --force ]; then
    say "systemd is not reloaded: processes in containers use GPUs (${users% }) and may lose them by it; when they have ended: systemctl daemon-reload"
    return 1
  fi
  systemctl daemon-reload
}

# The daemons that run this installation's program, whoever started them. Those of a source tree or an
# unpacked tarball have another class path, and those of other roots and containers a file of their own.
daemons() {
  for process in /proc/[0-9]*; do
    # shellcheck disable=SC3013 # dash and busybox have it
    if grep -qzxF /usr/lib/chase/chase-daemon.jar "$process/cmdline" 2>/dev/null &&
      grep -qzx 'chase\.daemon\.Main' "$process/cmdline" 2>/dev/null &&
      grep -qzx daemon "$process/cmdline" 2>/dev/null &&
      [ "$process/root/usr/lib/chase/chase-daemon.jar" -ef /usr/lib/chase/chase-daemon.jar ]; then
      echo "${process#/proc/}"
    fi
  done
}

wanted() {
  [ "$(systemctl is-active chased)" != inactive ]
}

# Restoring takes at most 25 s (systemd/README.md). Also of a unit that is not active: systemd may be
# about to try it again.
stop() {
  if has_systemd; then
    systemctl stop chased 2>/dev/null || true
  fi
  running=$(daemons)
  [ -n "$running" ] || return 0
  # shellcheck disable=SC2086
  kill $running 2>/dev/null || true
  tries=0
  while [ -n "$(daemons)" ]; do
    tries=$((tries + 1))
    if [ "$tries" -ge 300 ]; then
      say "the daemon with process id $(daemons | head -n 1) does not end"
      return 1
    fi
    sleep 0.1
  done
}

restore() {
  /usr/bin/chase restore
}

# FILE: its keys with all keys around them and their defaults; those without one are comments there.
keys() {
  awk '
    /^ *#?[a-z][a-z0-9-]*:( |$)/ {
      depth = (match($0, /[^ ]/) - 1) / 2
      line = substr($0, depth * 2 + 1)
      unset = sub(/^#/, "", line)
      name[depth] = line
      sub(/:.*/, "", name[depth])
      sub(/^[^:]*: */, "", line)
      sub(/ *#.*/, "", line)
      path = name[0]
      for (i = 1; i <= depth; i++) path = path "." name[i]
      print path "\t" (unset ? "unset" : line)
    }' "$1"
}

changes() {
  { keys "$1" | sed 's/^/old\t/'; keys "$2" | sed 's/^/new\t/'; } | awk -F '\t' '
    $1 == "old" { was[$2] = $3; next }
    !($2 in was) { print "chase: new key " $2 ($3 == "unset" || $3 == "" ? "" : ", by default " $3) }
    ($2 in was) && was[$2] != $3 { print "chase: the default of " $2 " is now " $3 ", was " was[$2] }
    { kept[$2] = 1 }
    END { for (key in was) if (!(key in kept)) print "chase: the key " key " is gone" }'
}

counters() {
  find -L /sys/class/powercap -maxdepth 2 -name energy_uj -user chase -exec chown root {} + 2>/dev/null || true
}

case ${1:-} in
  users | cache | reload | wanted | stop | restore | changes | counters) "$@" ;;
  *)
    say "host.sh: unknown step ${1:-}"
    exit 2
    ;;
esac
