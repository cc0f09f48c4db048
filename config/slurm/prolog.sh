#!/bin/sh
# Slurm's Prolog: the job on its GPUs becomes a job of Chase's, as its user's, until epilog.sh ends it.
#   slurm.conf:  Prolog=/usr/share/chase/slurm/prolog.sh   (docs/slurm.md)
# Always ends with 0 and within seconds, whatever Chase does: Slurm drains a node whose prolog fails.
PATH=/usr/sbin:/usr/bin:/sbin:/bin

# What a site's own prolog may export: the command, options of `chase run` for every job, where files are.
: "${CHASE:=/usr/bin/chase}"
: "${CHASE_SLURM_OPTIONS:=}"
: "${CHASE_SLURM_DIRECTORY:=/run/chase-slurm}"

say() {
  echo "chase-slurm: job ${SLURM_JOB_ID:-?}: $*" >&2
  logger -t chase-slurm "job ${SLURM_JOB_ID:-?}: $*" 2>/dev/null
}

id=${SLURM_JOB_ID:-} uid=${SLURM_JOB_UID:-}
# Indexes of the whole node; CUDA_VISIBLE_DEVICES may count from 0 in each job.
gpus=${SLURM_JOB_GPUS:-${CUDA_VISIBLE_DEVICES:-}}
[ -n "$gpus" ] || exit 0
case $id$uid in
  "" | *[!0-9]*)
    say "no number in SLURM_JOB_ID ($id) or SLURM_JOB_UID ($uid)"
    exit 0
    ;;
esac
if [ ! -x "$CHASE" ]; then
  say "$CHASE is not installed; the job runs without it"
  exit 0
fi

directory=$CHASE_SLURM_DIRECTORY/$id
# A job that was requeued to the same node, and whose epilog did not run.
[ ! -e "$directory" ] || "$(dirname "$(readlink -f "$0")")/epilog.sh"
umask 022
mkdir "$CHASE_SLURM_DIRECTORY" 2>/dev/null
if ! mkdir "$directory" 2>/dev/null; then
  say "cannot make $directory; the job runs without Chase"
  exit 0
fi

# Chase asks the kernel whose job it is. All files are opened by root and in a directory of root's, so
# that no user can make the epilog read or end something else.
if account=$(getent passwd "$uid"); then
  groups=--init-groups
  group=$(echo "$account" | cut -d: -f4)
else
  groups=--clear-groups
  group=$uid
fi
# ASCII only: the command may run without a language. A name of which nothing is left is the number's.
name=$(printf %s "${SLURM_JOB_NAME:-}" | tr -cd '[:print:]' | cut -c 1-100)
case $name in
  *[!\ ]*) ;;
  *) name=slurm-$id ;;
esac
# Slurm writes neighbours as a range: 0-2,5.
gpus=$(printf '%s\n' "$gpus" | tr , '\n' | while read -r gpu; do
  case $gpu in
    *[!0-9-]* | *-*-* | -* | *-) echo "$gpu" ;;
    *-*) seq "${gpu%-*}" "${gpu#*-}" ;;
    *) echo "$gpu" ;;
  esac
done | paste -s -d , -)
# A session of its own: Slurm ends the prolog's. The command holds the job until the epilog.
# shellcheck disable=SC2016,SC2086
setsid setpriv --reuid="$uid" --regid="$group" $groups -- \
  "$CHASE" run $CHASE_SLURM_OPTIONS --name="$name" --gpus="$gpus" --label=slurm_job="$id" \
  ${SLURM_JOB_PARTITION:+--label=slurm_partition="$SLURM_JOB_PARTITION"} -- \
  sh -c 'echo "${CHASE_JOB:-}"; exec sleep infinity' \
  </dev/null >"$directory/job" 2>"$directory/log" 7>&- 8>&- 9>&- &
holder=$!
# With its start, so that a number that is used again is not mistaken for it.
{
  read -r stat <"/proc/$holder/stat"
  # What stands behind the name in parentheses: the state first, the start as the 20th.
  # shellcheck disable=SC2086
  set -- ${stat##*) }
  echo "$holder ${20}" >"$directory/holder"
} 2>/dev/null

# The task prolog wants the job's id; a daemon that is slow or away delays no job for longer.
tries=0
while [ ! -s "$directory/job" ] && [ "$tries" -lt 50 ] && kill -0 "$holder" 2>/dev/null; do
  sleep 0.1
  tries=$((tries + 1))
done
if ! grep -q . "$directory/job" 2>/dev/null; then
  said=$(head -n 1 "$directory/log" 2>/dev/null)
  say "not registered yet: ${said:-no answer within 5 s}"
fi
exit 0
