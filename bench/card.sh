#!/bin/sh
# What a real NVIDIA card and its driver do, seen in at most five minutes without setting anything:
#   bench/card.sh --pack              on a machine with JDK 25 and Maven: makes bench/target/card.tar.gz
#   bench/card.sh [--brief] [--no-load] [--library FILE]
#                                     on the machine with the card, which needs neither Java nor a network
# Prints markdown: a row for the table of docs/cards.md, then the details. Ends with 1 where the card is
# not as Chase expects it. FILE is a libnvidia-ml.so.1 other than the system's.
set -eu

here=$(CDPATH='' cd "$(dirname "$0")/.." && pwd -P)
packed=$here/bench/target/card.tar.gz

fail() {
  echo "card.sh: $*" >&2
  exit 1
}

# The modules of Java that the daemon and the tests use.
modules=java.base,java.instrument,java.logging,java.management,java.naming,java.security.jgss,java.sql,java.xml,jdk.crypto.ec,jdk.management,jdk.net,jdk.unsupported,jdk.zipfs

find_jdk() {
  for jdk in "${JAVA_HOME:-}" /usr/lib/jvm/*; do
    if [ -x "$jdk/bin/jlink" ] && grep -q '^JAVA_VERSION="2[5-9]' "$jdk/release" 2>/dev/null; then
      return
    fi
  done
  fail "needs JDK 25 or newer with jlink, in JAVA_HOME or /usr/lib/jvm"
}

pack() {
  find_jdk
  built=$here/chase-daemon/target
  # The newest, where an older version was built before. The names are our own.
  # shellcheck disable=SC2012
  tests=$(ls -t "$here"/zeus-engine/target/zeus-engine-*-tests.jar 2>/dev/null | head -n 1)
  if [ ! -f "$built/chase-daemon.jar" ] || [ -z "$tests" ]; then
    fail "not built yet: mvn -B -DskipTests package"
  fi
  rm -rf "$packed.d"
  mkdir -p "$packed.d/check"
  "$here/systemd/install.sh" "$packed.d" >/dev/null
  # Only what runs on this architecture is carried along, and no other halves of libraries.
  rm -f "$packed.d"/usr/lib/chase/lib/netty-transport-native-epoll-*.jar
  (
    cd "$packed.d"
    mkdir sqlite
    (cd sqlite && "$jdk/bin/jar" xf ../usr/lib/chase/lib/sqlite-jdbc-*.jar && rm -rf org/sqlite/native &&
      "$jdk/bin/jar" cfm "$(echo ../usr/lib/chase/lib/sqlite-jdbc-*.jar)" META-INF/MANIFEST.MF .)
    rm -rf sqlite
  )
  cp "$tests" "${tests%-tests.jar}.jar" "$packed.d/check/"
  # Without what the contract's tests do not use.
  (cd "$here" && JAVA_HOME=$jdk mvn -B -q -pl zeus-engine dependency:copy-dependencies -DincludeScope=test \
    -DexcludeArtifactIds=ojalgo,byte-buddy -DoutputDirectory="$packed.d/check") >"$packed.log" 2>&1 ||
    fail "Maven does not find the tests' libraries: $packed.log"
  "$jdk/bin/jlink" --add-modules "$modules" --strip-debug --no-man-pages --no-header-files \
    --compress zip-6 --output "$packed.d/java"
  tar -C "$packed.d" -czf "$packed" .
  rm -rf "$packed.d" "$packed.log"
  echo "$packed, $(($(wc -c <"$packed") / 1048576)) MiB"
}

library=
words=
while [ $# -gt 0 ]; do
  case $1 in
    --pack)
      pack
      exit
      ;;
    --brief | --no-load) words="$words $1" ;;
    --library)
      [ $# -ge 2 ] || fail "--library needs a file"
      library=-Dchase.nvml=$2
      shift
      ;;
    *) fail "unknown: $1 (known: --pack, --brief, --no-load, --library FILE)" ;;
  esac
  shift
done

[ -f "$packed" ] || fail "$packed is missing: bench/card.sh --pack makes it where JDK 25 and Maven are"
work=$(mktemp -d)
java=
# shellcheck disable=SC2317
cleanup() {
  [ -z "$java" ] || kill "$java" 2>/dev/null || true
  rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 1' INT TERM
tar -C "$work" -xzf "$packed"
# shellcheck disable=SC2086
"$work/java/bin/java" --enable-native-access=ALL-UNNAMED -Xmx256m -XX:+UseSerialGC -Dstdout.encoding=UTF-8 ${library:+"$library"} \
  -cp "$work/check/*" chase.zeus.gpu.nvml.CardCheck $words "$work/usr/bin/chase" &
java=$!
result=0
wait "$java" || result=$?
java=
exit "$result"
