#!/bin/sh
# Builds systemd/Dockerfile without Docker, and without a registry:  image.sh VERSION
# Takes the tarball of packages.sh; writes chase-VERSION-oci.tar beside it, for `docker load`, `ctr image import`
# and `skopeo copy`. Its base is made of Debian's packages; BASE=IMAGE takes a registry's instead.
# The same tarball and packages make the same bytes. Needs root, buildah, mmdebstrap and a Debian mirror; where one
# is missing it says so and makes no image, or fails where CHASE_REQUIRE_IMAGE is set.
set -eu

version=$1
systemd=$(dirname "$(readlink -f "$0")")
target=$(dirname "$systemd")/chase-daemon/target

fail() {
  echo "image.sh: $*" >&2
  exit 1
}

skip() {
  [ -z "${CHASE_REQUIRE_IMAGE:-}" ] || fail "$*"
  echo "image.sh: no image: $*" >&2
  exit 0
}

case $(uname -m) in
  x86_64) architecture=amd64 ;;
  aarch64) architecture=arm64 ;;
  *) skip "no tarball for $(uname -m)" ;;
esac
tarball=chase-$version-linux-$architecture.tar.gz
[ -f "$target/$tarball" ] || fail "$target/$tarball is missing: mvn -B -Ppackages package"
for tool in buildah mmdebstrap; do
  command -v $tool >/dev/null || skip "needs $tool (Debian: apt-get install buildah mmdebstrap)"
done
[ "$(id -u)" = 0 ] || skip "needs root"
SOURCE_DATE_EPOCH=$(date -u -d "${SOURCE_DATE:-2026-01-01T00:00:00Z}" +%s)
export SOURCE_DATE_EPOCH

store=$(mktemp -d)
trap 'buildah umount --all >/dev/null 2>&1; rm -rf "$store"' EXIT
trap 'exit 1' INT TERM
# Nothing of the host's own images and containers is touched, and nothing else than files is needed.
mkdir "$store/context"
ln "$target/$tarball" "$store/context/" 2>/dev/null || cp "$target/$tarball" "$store/context/"
printf '[storage]\ndriver = "vfs"\nrunroot = "%s/run"\ngraphroot = "%s/graph"\n' "$store" "$store" >"$store/storage.conf"
printf '{"default": [{"type": "insecureAcceptAnything"}]}\n' >"$store/policy.json"
export CONTAINERS_STORAGE_CONF="$store/storage.conf" BUILDAH_ISOLATION=chroot TMPDIR="$store"

base=${BASE:-}
pull=--pull
if [ -z "$base" ]; then
  # As small as debian:bookworm-slim, of the mirror that this host uses; nothing asks it for security updates later.
  # shellcheck disable=SC2016
  mmdebstrap --quiet --variant=minbase --architectures="$architecture" \
    --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-include=/usr/share/doc/*/copyright' \
    --customize-hook='rm -rf "$1"/var/log/* "$1"/var/cache/ldconfig/* "$1"/etc/hostname "$1"/etc/resolv.conf' \
    bookworm "$store/base.tar" 2>"$store/said" ||
    skip "no base, is a Debian mirror reached? ($(grep -m 1 '^[EW]: ' "$store/said")) BASE=IMAGE takes a registry's"
  container=$(buildah from scratch)
  buildah add --quiet "$container" "$store/base.tar" / >/dev/null
  buildah commit --quiet --timestamp "$SOURCE_DATE_EPOCH" --rm "$container" chase-base >/dev/null
  base=localhost/chase-base
  pull=--pull-never
fi
buildah bud --quiet $pull --signature-policy "$store/policy.json" --timestamp "$SOURCE_DATE_EPOCH" \
  --build-arg BASE="$base" --build-arg VERSION="$version" --build-arg TARGETARCH="$architecture" \
  --file "$systemd/Dockerfile" --tag "chase:$version" "$store/context" >/dev/null
buildah push --quiet --signature-policy "$store/policy.json" "chase:$version" "oci:$store/image:chase:$version"
tar -C "$store/image" --sort=name --owner=0 --group=0 --numeric-owner --mode=u+w,go-w "--mtime=@$SOURCE_DATE_EPOCH" \
  -cf "$target/chase-$version-oci.tar" .
echo "$target/chase-$version-oci.tar"
