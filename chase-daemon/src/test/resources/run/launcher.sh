#!/bin/sh
# Stands for the launcher in SupervisorScriptTest: notes each step, and answers as the file $LOG.answer
# says: `broken`, `refused`, `usage`, `later`, or else as a daemon that registers everything. It waits
# for nothing, for ever (`forever`), or in vain (`in-vain`), or tells the script to end while that reads
# how the wait ended (`late-signal`).
echo "$CHASE_RUN_STEP" >>"$LOG"
answer=$(cat "$LOG.answer" 2>/dev/null)
words=0
for word in "$@"; do
  words=$((words + 1))
  [ "$word" != -- ] || break
done
case $CHASE_RUN_STEP-$answer in
  wait-forever)
    echo waiting
    exec sleep 60
    ;;
  wait-in-vain) exit 1 ;;
  wait-late-signal)
    # The script's own reading waits for the pipe, and by then it no longer waits for this process.
    rm "$CHASE_RUN_RECORD"
    mkfifo "$CHASE_RUN_RECORD"
    {
      exec 3>"$CHASE_RUN_RECORD"
      echo "waited for nothing" >"$LOG.record"
      mv "$LOG.record" "$CHASE_RUN_RECORD"
      kill -TERM "$CHASE_RUN_PROCESS"
      echo "waited for nothing" >&3
    } &
    ;;
  wait-*) echo "waited for nothing" >"$CHASE_RUN_RECORD" ;;
  start-broken) exit 1 ;;
  start-usage)
    echo "chase: wrong usage" >&2
    exit 2
    ;;
  start-refused)
    echo "refused yes" >"$CHASE_RUN_RECORD"
    exit 3
    ;;
  start-later) printf 'words %s\nsocket %s\nlater yes\n' $words "$LOG" >"$CHASE_RUN_RECORD" ;;
  end-*) echo "receipt of $(sed -n 's/^job //p' "$CHASE_RUN_RECORD")" >&2 ;;
  *) printf 'words %s\njob %s\nsocket %s\n' $words "$CHASE_RUN_STEP" "$LOG" >"$CHASE_RUN_RECORD" ;;
esac
