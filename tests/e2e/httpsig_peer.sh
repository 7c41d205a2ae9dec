#!/bin/sh
# Our request signatures against an independent implementation of RFC 9421 (needs node and npm).
# BUILD: where the archives are or will be made (default build); BUZON_TMP: a folder for scratch.
# Exit 77 where node, npm or the registry is missing: told, and not taken for success.
set -eu
cd "$(dirname "$0")/../.."
build=${BUILD:-build}
mkdir -p "${BUZON_TMP:-/tmp}"
tmp=$(mktemp -d "${BUZON_TMP:-/tmp}/httpsig-peer.XXXXXX")
trap 'rm -rf "$tmp"' EXIT INT TERM

for need in node npm; do
	if ! command -v "$need" >/dev/null; then
		echo "SKIP httpsig_peer: $need is not installed" >&2
		exit 77
	fi
done
cp tests/vectors/peer/package.json tests/vectors/peer/package-lock.json "$tmp/"
if ! (cd "$tmp" && npm ci --no-audit --no-fund --ignore-scripts >"$tmp/npm.log" 2>&1); then
	echo "SKIP httpsig_peer: npm can't fetch http-message-signatures" >&2
	tail -3 "$tmp/npm.log" >&2
	exit 77
fi
make -s BUILD="$build" "$build/tests/vectors/peer/httpsig_peer.o" "$build/net.a" "$build/crypto.a" \
	"$build/base.a"
# shellcheck disable=SC2046 # pkg-config gives words
${CC:-cc} ${SAN:+-fsanitize=$SAN} -pie -o "$tmp/driver" "$build/tests/vectors/peer/httpsig_peer.o" \
	"$build/net.a" "$build/crypto.a" "$build/base.a" \
	$(pkg-config --libs libcjson libcurl libmicrohttpd libzstd zlib openssl sqlite3) -lpthread
node tests/vectors/peer/httpsig_peer.mjs "$tmp" "$tmp/driver"
