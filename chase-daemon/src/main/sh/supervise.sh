#!/bin/sh
# What the launcher makes of `chase run [OPTIONS] [--] COMMAND...`, and of `chase wait` likewise:
#   supervise.sh LAUNCHER run [OPTIONS] [--] COMMAND...
# A shell waits for the command, so that no JVM does for days. The command is its child, in the same
# process group and with the same files. Short calls of the launcher do the rest, each told by
# CHASE_RUN_STEP what to do: `start` registers the job, `again` does so later or with a new daemon,
# and `end` prints the receipt. Before all that `wait` waits for a clean grid, for as long as it takes.
# They keep what they know in CHASE_RUN_RECORD, a line `KEY VALUE` for each: waited (and how that
# ended), words (arguments before the command), job, socket, later (not registered yet), refused.
set -u

launcher=$1
shift

# A step for a process, with all arguments.
call_chase() {
  step=$1 process=$2
  shift 2
  CHASE_RUN_STEP=$step CHASE_RUN_PROCESS=$process CHASE_RUN_RECORD=$record "$launcher" "$@" </dev/null
}

# What the record has under a key; nothing without one.
recorded() {
  [ -r "$record" ] || return 0
  while read -r key value; do
    [ "$key" != "$1" ] || echo "$value"
  done <"$record"
}

# An interrupt from the terminal reaches the command by itself when we are in the foreground.
terminal_signals_command() {
  read -r stat <"/proc/$$/stat" || return 1
  # state ppid pgrp session tty tpgid
  # shellcheck disable=SC2086
  set -- ${stat##*) }
  [ "$3" = "$6" ]
}

# The signals among INT and QUIT (2 and 4 are their bits) that are ignored on entry, as under nohup: the
# command ignores them too. Not in a subshell: while bash waits for one it catches INT itself.
note_ignored() {
  ignored=
  while read -r key mask; do
    case $key$mask in SigIgn:*[2367abef]) ignored="$ignored INT" ;; esac
    case $key$mask in SigIgn:*[4567cdef]) ignored="$ignored QUIT" ;; esac
  done <"/proc/$$/status"
}

# Waits for a clean grid, unless that is not wanted. A signal ends it, and nothing is started.
wait_for_grid() {
  case $1 in
    --socket) word=${3:-} ;;
    --socket=*) word=${2:-} ;;
    *) word=$1 ;;
  esac
  [ "$word" = wait ] || return 0
  if [ -z "$record" ]; then
    echo "chase: $no_record, and chase wait needs one; nothing was started" >&2
    exit 1
  fi
  CHASE_RUN_STEP=wait CHASE_RUN_PROCESS=$$ CHASE_RUN_RECORD=$record "$launcher" "$@" </dev/null &
  waiter=$!
  [ -z "$stopped" ] || kill -TERM $waiter 2>/dev/null
  wait $waiter 2>/dev/null
  status=$?
  [ -z "$stopped" ] || wait $waiter 2>/dev/null
  waiter=
  # Without a command there is nothing to start, and after a mistake nothing is.
  if [ -z "$stopped" ] && [ -z "$(recorded waited)" ]; then
    rm -f "$record"
    exit $status
  fi
}

# Starts nothing where a signal came before.
end_if_stopped() {
  [ -n "$stopped" ] || return 0
  rm -f "$record"
  echo "chase: stopped before the command; nothing was started" >&2
  exit "$stopped"
}

# The command's own process, until it becomes the command.
start() {
  status=1
  if [ -n "$record" ]; then
    read -r self rest </proc/self/stat
    call_chase start "$self" "$@"
    status=$?
    no_record="Chase itself does not start"
  fi
  words=$(recorded words)
  if [ -z "$words" ]; then
    # Help, wrong usage, a command that cannot be run, or one that must be registered and was not.
    case $status$(recorded refused) in
      0 | 2 | 126 | 127 | *yes) exit $status ;;
    esac
    # Chase itself is broken, which must not keep anything from running.
    words=0
    required=
    for word in "$@"; do
      words=$((words + 1))
      [ "$word" != -- ] || break
      [ "$word" != --require ] || required=yes
    done
    if [ -n "$required" ] || [ "$word" != -- ] || [ $words -ge $# ]; then
      [ -n "$record" ] || echo "chase: $no_record; nothing was started: what stands behind --" \
        "would run all the same, unless --require is there" >&2
      exit $status
    fi
    echo "chase: not registered: $no_record; the command runs all the same" >&2
  fi
  shift "$words"
  job=$(recorded job)
  if [ -n "$job" ]; then
    CHASE_JOB=$job
    export CHASE_JOB
  fi
  # A command in the background of a shell ignores both, which only another program can undo.
  case $1 in
    *=*) exec "$@" ;;
  esac
  reset=
  for signal in INT QUIT; do
    case " $ignored " in
      *" $signal "*) ;;
      *) reset=$reset${reset:+,}$signal ;;
    esac
  done
  if [ -n "$reset" ] && env "--default-signal=$reset" true 2>/dev/null; then
    exec env "--default-signal=$reset" -- "$@"
  fi
  exec "$@"
}

# Registers again what could not be registered yet, and with a daemon that is newer than the record.
keep_registered() {
  nap=
  trap 'kill $nap 2>/dev/null; exit' TERM
  delay=2
  while kill -0 "$child" 2>/dev/null; do
    sleep $delay >/dev/null 2>&1 &
    nap=$!
    wait $nap
    socket=$(recorded socket)
    if [ "$socket" -nt "$record" ] || [ -n "$(recorded later)" ]; then
      call_chase again "$child" "$@" >/dev/null
      delay=$((delay * 2))
      [ $delay -le 300 ] || delay=300
    else
      delay=30
    fi
  done
  rm -f "$record"
}

on_signal() {
  interrupted=yes
  if [ -z "$child" ]; then
    stopped=$2
    [ -z "$waiter" ] || kill -TERM "$waiter" 2>/dev/null
    return 0
  fi
  case $1 in
    INT | QUIT)
      # Until the command has begun its process ignores both.
      if [ -n "$record" ] && [ -z "$(recorded words)" ]; then
        kill -TERM "$child" 2>/dev/null
      elif ! terminal_signals_command; then
        kill "-$1" "$child" 2>/dev/null
      fi
      ;;
    *) kill "-$1" "$child" 2>/dev/null ;;
  esac
}

note_ignored
stopped=
waiter=
child=
# One list for the wait and the command, so that nothing is lost between them. Slurm sends USR1.
for signal in HUP:129 INT:130 QUIT:131 TERM:143 USR1:138 USR2:140; do
  # shellcheck disable=SC2064
  trap "on_signal ${signal%:*} ${signal#*:}" "${signal%:*}"
done
record=$(mktemp "${TMPDIR:-/tmp}/chase-run-XXXXXXXX" 2>&1) || {
  no_record="no file can be made in ${TMPDIR:-/tmp} (${record##*: })"
  record=
}
wait_for_grid "$@"
end_if_stopped
# A shell gives what it runs in the background no input, unless another descriptor is named.
for input in 9 8 7 6 5 4 3; do
  [ -e "/proc/$$/fd/$input" ] || break
done
if [ -e "/proc/$$/fd/0" ] && [ ! -e "/proc/$$/fd/$input" ]; then
  eval "exec $input<&0; start \"\$@\" <&$input $input<&- & child=\$!; exec $input<&-"
else
  start "$@" &
  child=$!
fi
[ -z "$stopped" ] || kill -TERM "$child" 2>/dev/null
keep_registered "$@" &
keeper=$!
code=
while :; do
  interrupted=
  wait "$child" 2>/dev/null # a shell's own words for one that was killed
  got=$?
  # 127: its end was reported by the wait before, while a signal came.
  { [ $got -eq 127 ] && [ -n "$code" ]; } || code=$got
  [ -n "$interrupted" ] || break
done
trap 'rm -f "$record"; exit $code' HUP INT QUIT TERM USR1 USR2
kill "$keeper" 2>/dev/null
if [ -n "$(recorded job)$(recorded waited)" ]; then
  call_chase end "$child" "$@" >/dev/null
fi
rm -f "$record"
exit $code
