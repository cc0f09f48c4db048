#!/bin/sh
# Writes the manual pages that are not those of a command: manual.sh VERSION DIRECTORY
# chase.yaml(5) is docs/configuration.md, which a test holds to the configuration's records, and
# chased.service(8) stands here.
set -eu

version=$1
directory=$2
systemd=$(dirname "$(readlink -f "$0")")
install -d "$directory/man5" "$directory/man8"

LC_ALL=C awk -v version="$version" '
  # A cell or a paragraph as man takes it, without what only Markdown means.
  function text(words) {
    gsub(/`/, "", words)
    while (match(words, /\*[A-Za-z]+\*/))
      words = substr(words, 1, RSTART - 1) substr(words, RSTART + 1, RLENGTH - 2) substr(words, RSTART + RLENGTH)
    sub(/\[reload\]\(reload.md\)/, "chase-reload(1)", words)
    gsub(/\001/, "|", words)
    gsub(/\\/, "\\e", words)
    gsub(/-/, "\\-", words)
    gsub(/\047/, "\\(aq", words)
    return "\\&" words
  }
  BEGIN {
    print ".TH CHASE.YAML 5 \"\" \"chase " version "\" \"Chase\""
    print ".SH NAME\nchase.yaml \\- what the daemon chased does, and for which grid\n.SH DESCRIPTION"
  }
  { gsub(/\\\|/, "\001") }
  /^# |^<!--|^\|---|^\| key / { next }
  /^## / {
    sub(/^## (At the top: )?/, "")
    print ".SS " text($0)
    next
  }
  /^\| / {
    split($0, cell, / *\| */)
    print ".TP\n\\fB" text(cell[2]) "\\fR"
    print text(cell[3] "; " (cell[4] == "none" ? "no default" : "default " cell[4]) (cell[5] == "" ? "" : "; " cell[5]) "; counts on " cell[6] ".")
    print ".br\n" text(cell[7])
    next
  }
  # No part has two paragraphs.
  /^$/ { next }
  { print text($0) }
  END {
    print ".SH FILES\n.TP\n\\fI/usr/share/chase/chase.yaml\\fR\nEvery key with its default, as it was installed."
    print ".SH SEE ALSO\nchase\\-config(1), chased.service(8)"
  }' "$systemd/../docs/configuration.md" >"$directory/man5/chase.yaml.5"

cat >"$directory/man8/chased.service.8" <<MAN
.TH CHASED.SERVICE 8 "" "chase $version" "Chase"
.SH NAME
chased.service \- sets the power limits of GPUs by the grid's carbon intensity
.SH SYNOPSIS
.B systemctl start chased
.br
.B chase daemon \-\-config /etc/chase/chase.yaml
.SH DESCRIPTION
The daemon of Chase, as the user chase with the capability CAP_SYS_ADMIN. An installed one observes and sets
no limit until \fI/etc/chase/chase.yaml\fR says mode: control. When it stops it restores every original limit, and after
any other end systemd runs chase\-restore(1).
.PP
\fBsystemctl reload chased\fR applies a changed configuration; where that is refused, the one before stays in force.
Where NVIDIA's library wants root, a drop\-in with User=root makes it so:
\fBsystemctl edit chased\fR. Its log is \fBjournalctl \-u chased\fR.
.SH SIGNALS
.TP
.B SIGTERM, SIGINT
Restore every limit and end.
.TP
.B SIGHUP
Read the configuration again.
.SH EXIT STATUS
.TP
.B 2
Only an edit mends it: the configuration, a missing right. systemd does not try again.
.TP
.B 1
The cause may pass (no libnvidia\-ml.so.1, a port or the state directory in use), or a limit is not back. systemd
tries again every 5 s.
.TP
.B 3
Out of memory.
.TP
.B 143
Stopped by SIGTERM, every limit restored.
.SH FILES
.TP
.I /etc/chase/chase.yaml
The configuration.
.TP
.I /run/chase/chase.sock
The control socket. Root and the group chase may do everything there, the group chase\-jobs jobs of their own.
.TP
.I /var/lib/chase
The original limits, what was learned, and the ledger. Without it a limit that is set has no record.
.TP
.I /var/log/chase/audit.log
Who changed what.
.TP
.I /usr/share/doc/chase
The documentation; operations.md in docs begins with how to install and ends with what to do when.
.SH SEE ALSO
chase(1), chase.yaml(5), chase\-doctor(1), chase\-restore(1), systemctl(1)
MAN
