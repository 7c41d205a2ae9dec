#!/bin/sh
# Coverage-guided fuzzing of every target for SECONDS each (libFuzzer, ASan, UBSan).
#   tests/fuzz/run.sh SECONDS
set -eu
seconds=$1
make BUILD=build-fuzz CC="${CLANG:-clang}" SAN=address,undefined,fuzzer-no-link \
	build-fuzz/app.a build-fuzz/core.a build-fuzz/screens.a build-fuzz/tui.a build-fuzz/net.a build-fuzz/ley.a \
	build-fuzz/crypto.a build-fuzz/base.a
# Seeds of certificates and keys are made now; none is ever committed.
rm -rf build-fuzz/pki
tools/pki.sh --todo build-fuzz/pki
mkdir -p build-fuzz/seeds/cert build-fuzz/seeds/key
cp build-fuzz/pki/*.cer build-fuzz/seeds/cert/
cp build-fuzz/pki/*.key build-fuzz/pki/*.pfx build-fuzz/seeds/key/
libs=$(pkg-config --libs openssl sqlite3 libqrencode libidn2 zlib libcjson libical libmicrohttpd libzstd ncursesw)
failed=
for source in tests/fuzz/fuzz_*.c; do
	name=$(basename "$source" .c)
	name=${name#fuzz_}
	mkdir -p "build-fuzz/found/$name"
	# shellcheck disable=SC2086
	"${CLANG:-clang}" -std=c17 -D_GNU_SOURCE -I. -g -O1 -fsanitize=fuzzer,address,undefined "$source" \
		-o "build-fuzz/fuzz_$name" -Wl,--start-group build-fuzz/app.a build-fuzz/core.a \
		build-fuzz/screens.a build-fuzz/tui.a build-fuzz/net.a build-fuzz/ley.a build-fuzz/crypto.a \
		build-fuzz/base.a -Wl,--end-group $libs -lunistring -lpthread
	seeds=tests/fuzz/corpus/$name
	[ ! -d "build-fuzz/seeds/$name" ] || seeds="$seeds build-fuzz/seeds/$name"
	echo "fuzz $name"
	log=build-fuzz/$name.log
	# shellcheck disable=SC2086
	if ! "build-fuzz/fuzz_$name" -max_total_time="$seconds" -max_len=16384 -print_final_stats=1 \
		-artifact_prefix="build-fuzz/found/$name/" "build-fuzz/found/$name" $seeds >"$log" 2>&1; then
		grep -aE 'SUMMARY|runtime error|ERROR|Test unit written' "$log"
		failed="$failed $name"
	fi
	grep -aE 'stat::number_of_executed' "$log" || :
done
[ -z "$failed" ] || {
	echo "fuzz: found something in:$failed" >&2
	exit 1
}
