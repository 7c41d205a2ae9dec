#!/bin/sh
# Our request signatures against an independent implementation of RFC 9421 (needs node and npm).
# BUZON_BUILD: where the archives are or will be made (build); BUZON_TMP: a folder for scratch.
# Without the registry (npm's, at npm ci) nothing can be proved: it says `skip` and proves nothing.
set -eu
cd "$(dirname "$0")/../.."
build=${BUZON_BUILD:-build}
mkdir -p "${BUZON_TMP:-/tmp}"
tmp=$(mktemp -d "${BUZON_TMP:-/tmp}/httpsig-peer.XXXXXX")
trap 'rm -rf "$tmp"' EXIT INT TERM

for need in node npm; do
	if ! command -v "$need" >/dev/null; then
		echo "not ok httpsig_peer: install $need (apt-get install nodejs npm)"
		exit 1
	fi
done
cp tests/vectors/peer/package.json tests/vectors/peer/package-lock.json "$tmp/"
if ! (cd "$tmp" && npm ci --no-audit --no-fund --ignore-scripts >"$tmp/npm.log" 2>&1); then
	echo "skip httpsig_peer: npm can't fetch http-message-signatures"
	tail -n 3 "$tmp/npm.log"
	exit 0
fi
make -s BUILD="$build" "$build/tests/vectors/peer/httpsig_peer.o" "$build/net.a" "$build/crypto.a" \
	"$build/base.a"
# shellcheck disable=SC2046 # pkg-config gives words
${CC:-cc} ${SAN:+-fsanitize=$SAN} -pie -o "$tmp/driver" "$build/tests/vectors/peer/httpsig_peer.o" \
	"$build/net.a" "$build/crypto.a" "$build/base.a" \
	$(pkg-config --libs libcjson libcurl libmicrohttpd libzstd zlib openssl sqlite3) -lpthread
node tests/vectors/peer/httpsig_peer.mjs "$tmp" "$tmp/driver"
