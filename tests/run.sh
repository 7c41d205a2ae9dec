#!/usr/bin/env bash
# Runs the given test programs, one more at a time than there are cores (most of them wait for
# terminals and servers), and ends with `N passed, N failed`.
#   tests/run.sh LOGS PROGRAM[@pg]...
# PROGRAM@pg runs on PostgreSQL (tests/help/pg.h), in a cluster that is there for all of them.
# A program is a cmocka test or a script that prints `ok NAME` / `not ok NAME` lines, or one line
# `skip NAME: why` where what it needs can't be had.
set -u
logs=$1
shift
rm -rf "$logs"
mkdir -p "$logs"
case $logs in /*) ;; *) logs=$PWD/$logs ;; esac
export BUZON_TMP="${BUZON_TMP:-$logs/tmp}"
mkdir -p "$BUZON_TMP"

unset BUZON_PG
here=$(dirname "$0")
cluster=
case "$* " in *"@pg "*)
	cluster=$("$here/pg.sh" start) || exit 1
	trap '"$here/pg.sh" stop "$cluster"' EXIT
	;;
esac

one() {
	name=$(echo "$1" | tr / _)
	log=$logs/$name.log
	start=$(date +%s)
	program=${1%@pg}
	[ "$program" = "$1" ] || export BUZON_PG="$cluster"
	case $program in /*) ;; *) program=./$program ;; esac
	timeout "${BUZON_TEST_SECONDS:-600}" "$program" >"$log" 2>&1 </dev/null
	code=$?
	pass=$(grep -cE '^(\[       OK \]|ok )' "$log")
	fail=$(grep -cE '^(\[  FAILED  \] [A-Za-z_]+[^:]*$|not ok )' "$log")
	[ "$fail" -gt 0 ] && fail=$(grep -E '^(\[  FAILED  \] [A-Za-z_]+|not ok )' "$log" | sort -u | wc -l)
	# A crash, a time-out, or a program that ran nothing is a failure of its own.
	if [ "$code" != 0 ] && [ "$fail" = 0 ]; then fail=1; fi
	skip=$(grep -c '^skip ' "$log")
	if [ "$code" = 0 ] && [ "$pass" = 0 ] && [ "$skip" = 0 ]; then fail=1; fi
	[ "$skip" = 0 ] || grep '^skip ' "$log"
	echo "$pass $fail" >"$log.count"
	printf '%-44s %4d passed %3d failed %4ds\n' "$1" "$pass" "$fail" $(($(date +%s) - start))
	[ "$fail" = 0 ] || tail -n 60 "$log"
}

jobs=${BUZON_JOBS:-$(($(nproc) + 1))}
for t in "$@"; do
	[ "$(jobs -rp | wc -l)" -lt "$jobs" ] || wait -n
	one "$t" &
done
wait
# Again at the end, where a log that is cut short still shows it: whole first, then a line each.
broken=()
for count in "$logs"/*.count; do
	read -r _ fail <"$count" || continue
	[ "$fail" = 0 ] || broken+=("${count%.count}")
done
for log in "${broken[@]}"; do
	echo "== FAILED: $(basename "${log%.log}")" && tail -n 40 "$log"
done
for log in "${broken[@]}"; do
	grep -hE '^(\[  FAILED  \] [A-Za-z_]+[^:]*$|not ok |\[  ERROR|\[   LINE)|runtime error:|^SUMMARY:' "$log" |
		cut -c1-200 | awk '!seen[$0]++' | head -n 6 | sed "s|^|FAILED $(basename "${log%.log}"): |"
	grep -q FAILED "$log" || echo "FAILED $(basename "${log%.log}"): ended early: $(tail -n 1 "$log" | cut -c1-200)"
done
cat "$logs"/*.count 2>/dev/null | awk '{p += $1; f += $2} END {printf "%d passed, %d failed\n", p, f; exit f != 0 || p == 0}'
