#!/usr/bin/env bash
# Runs the given test programs, three at a time for each core (most of them wait for terminals and
# servers; BUZON_JOBS says otherwise), and ends with `N passed, N failed`.
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

# A make that a test runs is nobody's child.
unset BUZON_PG MAKEFLAGS MFLAGS MAKELEVEL
here=$(dirname "$0")
cluster=
case "$* " in *"@pg "*)
	cluster=$("$here/pg.sh" start) || exit 1
	trap '"$here/pg.sh" stop "$cluster"' EXIT
	;;
esac

# The test of that log that has not ended.
running() {
	awk '/^\[ RUN /{t = $4} /^\[ +(OK|FAILED|SKIPPED) /{t = ""} END{print t}' "$1"
}

# The log from a screen before the first thing that is wrong.
excerpt() {
	line=$(grep -anE -m 1 '^(\[  (ERROR|FAILED) |not ok |==[0-9]+==ERROR)|runtime error:' "$1" | cut -d: -f1)
	if [ -n "$line" ]; then
		sed -n "$((line > 30 ? line - 30 : 1)),$((line + 20))p" "$1"
	else
		tail -n 40 "$1"
	fi
}

# What the program of that group hangs in: its processes, and its own stacks.
look_at() {
	program=$(pgrep -P "$1")
	ps -o pid,ppid,stat,etimes,wchan:20,args --ppid "$program" -p "$(pgrep -d, -g "$1")" | cut -c1-150
	! command -v gdb >/dev/null ||
		timeout 60 gdb -q -batch -p "$program" -ex 'thread apply all bt 25' 2>&1 |
		grep -E '^(#|Thread)' | cut -c1-200
}

# The group past its time: the test is named and shown, and all of it is ended.
watch() {
	nap=
	trap '[ -z "$nap" ] || kill "$nap"; exit' TERM
	sleep "$seconds" >/dev/null 2>&1 &
	nap=$!
	wait "$nap" || exit
	{
		look_at "$1"
		echo "[  FAILED  ] $(running "$2") (it hung for $seconds s)"
	} >>"$2" 2>&1
	kill -KILL -- "-$1"
}

one() {
	name=$(echo "$1" | tr / _)
	log=$logs/$name.log
	start=$(date +%s)
	program=${1%@pg}
	[ "$program" = "$1" ] || export BUZON_PG="$cluster"
	case $program in /*) ;; *) program=./$program ;; esac
	# A group of its own; and an end, whatever becomes of us.
	timeout $((seconds + 120)) "$program" >"$log" 2>&1 </dev/null &
	pid=$!
	watch "$pid" "$log" &
	wait "$pid" 2>/dev/null
	code=$?
	kill $! 2>/dev/null
	wait
	[ "$code" = 0 ] || at=$(running "$log")
	[ "$code" = 0 ] || [ -z "$at" ] || echo "ended early with $code, in $at" >>"$log"
	pass=$(grep -cE '^(\[       OK \]|ok )' "$log")
	fail=$(grep -E '^(\[  FAILED  \] [A-Za-z_]+[^:]*$|not ok )' "$log" | sort -u | wc -l)
	# A crash, or a program that ran nothing is a failure of its own.
	if [ "$code" != 0 ] && [ "$fail" = 0 ]; then fail=1; fi
	skip=$(grep -c '^skip ' "$log")
	if [ "$code" = 0 ] && [ "$pass" = 0 ] && [ "$skip" = 0 ]; then fail=1; fi
	[ "$skip" = 0 ] || grep '^skip ' "$log"
	echo "$pass $fail" >"$log.count"
	printf '%-44s %4d passed %3d failed %4ds\n' "$1" "$pass" "$fail" $(($(date +%s) - start))
	[ "$fail" = 0 ] || excerpt "$log"
}

seconds=${BUZON_TEST_SECONDS:-600}
jobs=${BUZON_JOBS:-$(($(nproc) * 3))}
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
	echo "== FAILED: $(basename "${log%.log}")" && excerpt "$log"
done
for log in "${broken[@]}"; do
	grep -hE '^(\[  FAILED  \] [A-Za-z_]+[^:]*$|not ok |\[  ERROR|\[   LINE)|runtime error:|^SUMMARY:' "$log" |
		cut -c1-200 | awk '!seen[$0]++' | head -n 6 | sed "s|^|FAILED $(basename "${log%.log}"): |"
	grep -q FAILED "$log" || echo "FAILED $(basename "${log%.log}"): $(tail -n 1 "$log" | cut -c1-200)"
done
cat "$logs"/*.count 2>/dev/null | awk '{p += $1; f += $2} END {printf "%d passed, %d failed\n", p, f; exit f != 0 || p == 0}'
