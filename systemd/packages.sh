#!/bin/sh
# Makes the packages of this machine's architecture from a built tree: packages.sh VERSION
# `mvn -B -Ppackages package` calls it once the jars and the runtime are there. The same source and
# JDK make the same bytes: every time is SOURCE_DATE, every owner root, every list sorted.
#   packages.sh --tools    only looks whether everything that this takes is here
set -eu

version=$1
systemd=$(dirname "$(readlink -f "$0")")
source=$(dirname "$systemd")
target=$source/chase-daemon/target

fail() {
  echo "packages.sh: $*" >&2
  exit 1
}

case $(uname -m) in
  x86_64) architecture=amd64 netty=x86_64 ;;
  aarch64) architecture=arm64 netty=aarch_64 ;;
  *) fail "no package for $(uname -m): Chase has native libraries for x86_64 and aarch64" ;;
esac
for tool in zip strip dpkg-deb python3; do
  command -v $tool >/dev/null || fail "needs $tool (Debian: apt-get install zip binutils dpkg python3)"
done
[ "$version" != --tools ] || exit 0
[ -x "$target/runtime/bin/java" ] || fail "no runtime yet: mvn -B -Ppackages package"
SOURCE_DATE_EPOCH=$(date -u -d "${SOURCE_DATE:-2026-01-01T00:00:00Z}" +%s)
export SOURCE_DATE_EPOCH
umask 022

tree=$target/packages/tree
rm -rf "$target/packages" "$target"/chase_*.deb "$target"/chase-*-linux-*.tar.gz
"$systemd/licences.py" >/dev/null
"$systemd/install.sh" "$tree"

# The native halves lie beside the jars, and those of other systems are 12 MB that nobody needs.
lib=$tree/usr/lib/chase/lib
zip -q -d "$lib"/sqlite-jdbc-*.jar 'org/sqlite/native/*.so' 'org/sqlite/native/*.dll' 'org/sqlite/native/*.dylib'
zip -q -d "$lib"/jna-*.jar '*.so' '*.dll' '*.jnilib' '*.a'
find "$lib" -name 'netty-transport-native-epoll-*' ! -name "*-linux-$netty.jar" -delete
strip --strip-unneeded "$tree"/usr/lib/chase/runtime/bin/* \
  "$tree/usr/lib/chase/runtime/lib/jexec" "$tree/usr/lib/chase/runtime/lib/jspawnhelper"
find "$tree/usr/lib/chase" -name '*.so' -exec strip --strip-unneeded {} + -exec chmod 644 {} +
chmod -R u+w "$tree/usr/lib/chase/runtime"

name=chase-$version-linux-$architecture
unpacked=$target/packages/$name
mkdir "$unpacked"
cp -R "$tree/usr/." "$tree/etc" "$unpacked/"
chmod 755 "$unpacked/etc/chase"
chmod 644 "$unpacked/etc/chase/chase.yaml"
install -m 755 "$systemd/install.sh" "$unpacked/"
for text in README.md LICENSE NOTICE; do
  [ ! -f "$source/$text" ] || install -m 644 "$source/$text" "$unpacked/"
done
# Its pages lie where the packages have them.
sed -i -E 's,(\]\(|src="|srcset=")([A-Za-z][A-Za-z/._-]*\.(md|png)),\1share/doc/chase/\2,g' "$unpacked/README.md"
tar -C "$target/packages" --sort=name --owner=0 --group=0 --numeric-owner --mode=u+w,go-w \
  "--mtime=@$SOURCE_DATE_EPOCH" -cf - "$name" | gzip -9n >"$target/$name.tar.gz"
echo "$target/$name.tar.gz"

# The .deb: the tree with what Debian's policy wants besides.
install -m 644 -D "$systemd/debian/copyright" "$tree/usr/share/doc/chase/copyright"
install -m 644 -D "$systemd/debian/lintian-overrides" "$tree/usr/share/lintian/overrides/chase"
printf 'chase (%s) stable; urgency=medium\n\n  * CHANGELOG.md, beside this file, has the changes.\n\n -- %s  %s\n' "$version" \
  "$(sed -n 's/^Maintainer: //p' "$systemd/debian/control")" "$(LC_ALL=C date -u -R -d "@$SOURCE_DATE_EPOCH")" |
  gzip -9n >"$tree/usr/share/doc/chase/changelog.gz"
gzip -9n "$tree"/usr/share/man/man?/*
install -d "$tree/DEBIAN"
for script in preinst postinst prerm postrm; do
  install -m 755 "$systemd/debian/$script" "$tree/DEBIAN/"
done
echo /etc/chase/chase.yaml >"$tree/DEBIAN/conffiles"
(cd "$tree" && find usr -type f | LC_ALL=C sort | xargs md5sum >DEBIAN/md5sums)
# With the class caches that postinst makes, in KiB.
caches=80000
size=$(find "$tree/usr" "$tree/etc" -printf '%y %s\n' |
  awk -v kib=$caches '{ kib += $1 == "f" ? int(($2 + 1023) / 1024) : 1 } END { print kib }')
sed "s/@VERSION@/$version/; s/@ARCHITECTURE@/$architecture/; s/@SIZE@/$size/" "$systemd/debian/control" >"$tree/DEBIAN/control"
deb=$target/chase_${version}_$architecture.deb
# One thread: the number of cores must not show in the bytes. Jars are packed already: -z9 saves 1 MB in a minute.
DPKG_DEB_THREADS_MAX=1 dpkg-deb -Zxz -z1 --root-owner-group --build "$tree" "$deb" >/dev/null
[ "$(stat -c %s "$deb")" -lt 60000000 ] || fail "$deb has $(stat -c %s "$deb") bytes, and must have less than 60 million"
echo "$deb"
