#!/bin/sh
# Slurm's Epilog: ends the job of Chase's that prolog.sh began, and logs its receipt.
#   slurm.conf:  Epilog=/usr/share/chase/slurm/epilog.sh   (docs/slurm.md)
# Always ends with 0 and within ten seconds: Slurm drains a node whose epilog fails.
PATH=/usr/sbin:/usr/bin:/sbin:/bin

# As in prolog.sh, and a directory for receipts.
: "${CHASE_SLURM_DIRECTORY:=/run/chase-slurm}" "${CHASE_SLURM_RECEIPTS:=}"

id=${SLURM_JOB_ID:-}
directory=$CHASE_SLURM_DIRECTORY/$id
case $id in
  "" | *[!0-9]*) exit 0 ;;
esac
[ -d "$directory" ] || exit 0

# Whether the process that prolog.sh began is still there, and no other one under its number.
holds() {
  { read -r stat <"/proc/$holder/stat"; } 2>/dev/null || return 1
  # shellcheck disable=SC2086
  set -- ${stat##*) }
  [ "$1" != Z ] && [ "${20}" = "$started" ]
}

holder='' started=''
{ read -r holder started <"$directory/holder"; } 2>/dev/null
if [ -n "$holder" ] && holds; then
  # `chase run` ends its command, then the job, and prints the receipt.
  kill -TERM "$holder" 2>/dev/null
  tries=0
  while holds && [ "$tries" -lt 80 ]; do
    sleep 0.1
    tries=$((tries + 1))
  done
  if holds; then
    # The whole session. Chase sees that the job's process has gone, and ends the job itself.
    kill -KILL "-$holder" 2>/dev/null
    echo "chase: no receipt within 8 s; \`chase report\` has it" >>"$directory/log"
  fi
fi
logger -t chase-slurm "job $id: Chase's job $(cat "$directory/job" 2>/dev/null) has ended" 2>/dev/null
[ ! -s "$directory/log" ] || logger -t chase-slurm -f "$directory/log" 2>/dev/null
[ -z "$CHASE_SLURM_RECEIPTS" ] || cp "$directory/log" "$CHASE_SLURM_RECEIPTS/$id.txt" 2>/dev/null
rm -rf "$directory"
exit 0
