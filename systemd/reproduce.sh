#!/bin/sh
# Builds what is committed twice, in different directories, time zones and languages, and compares
# every jar and package byte by byte:   systemd/reproduce.sh [COMMIT]
# Takes two builds' time. Prints the checksums, which another machine with the same JDK, binutils, zip
# and dpkg gets too.
set -eu

source=$(dirname "$(dirname "$(readlink -f "$0")")")
# By its number: a branch may move on while this builds.
commit=$(git -C "$source" rev-parse "${1:-HEAD}^{commit}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# NAME TIME-ZONE LANGUAGE
build() {
  mkdir -p "$work/$1"
  git -C "$source" archive "$commit" | tar -x -C "$work/$1"
  (cd "$work/$1" && TZ=$2 LC_ALL=$3 mvn -B -ntp -q -Ppackages -DskipTests package >build.log 2>&1) || {
    tail -n 40 "$work/$1/build.log" >&2
    exit 1
  }
  (cd "$work/$1/chase-daemon/target" && find . -maxdepth 2 \( -name '*.jar' -o -name '*.deb' -o -name '*-linux-*.tar.gz' \) | LC_ALL=C sort | xargs sha256sum) >"$work/$1.sums"
}

build one UTC C.UTF-8
build another/path Asia/Kathmandu C
diff "$work/one.sums" "$work/another/path.sums" || {
  echo "the files above differ between two builds of the same source" >&2
  exit 1
}
cat "$work/one.sums"
