#!/bin/sh
# Slurm's TaskProlog: what the job reports itself (docs/jobs.md) goes to the job that prolog.sh began.
#   slurm.conf:  TaskProlog=/usr/share/chase/slurm/task-prolog.sh
: "${CHASE_SLURM_DIRECTORY:=/run/chase-slurm}"
job=
[ ! -r "$CHASE_SLURM_DIRECTORY/${SLURM_JOB_ID:-none}/job" ] ||
  read -r job <"$CHASE_SLURM_DIRECTORY/$SLURM_JOB_ID/job"
[ -z "$job" ] || echo "export CHASE_JOB=$job"
exit 0
