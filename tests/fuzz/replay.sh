#!/bin/sh
# Every fuzz target over its corpus: no decoder of foreign bytes falls over what was found before.
# Certificates and keys are never committed: their seeds are the look-alike PKI, made now.
build=${BUZON_BUILD:-build}
pki=$(mktemp -d "${BUZON_TMP:-/tmp}/replay.XXXXXX")
trap 'rm -rf "$pki"' EXIT
tools/pki.sh --todo "$pki" || exit 1
failed=0
for program in "$build"/tests/fuzz/replay_*; do
	case $program in *.o | *.d) continue ;; esac
	name=${program##*/replay_}
	case $name in
	cert) set -- "$pki"/*.cer "$pki"/*.key "$pki"/*.pfx ;;
	key) set -- "$pki"/*.key "$pki"/*.cer "$pki"/*.pfx ;;
	*) set -- tests/fuzz/corpus/"$name"/* ;;
	esac
	# What fuzzing found once, beside the seeds made now.
	case $name in cert | key) set -- "$@" tests/fuzz/corpus/"$name"/* ;; esac
	if "$program" "$@"; then
		echo "ok replay $name, $# files"
	else
		echo "not ok replay $name"
		failed=1
	fi
done
exit $failed
