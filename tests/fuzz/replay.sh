#!/bin/sh
# Every fuzz target over its corpus: no decoder of foreign bytes falls over what was found before.
build=${BUZON_BUILD:-build}
failed=0
for program in "$build"/tests/fuzz/replay_*; do
	case $program in *.o | *.d) continue ;; esac
	name=${program##*/replay_}
	if "$program" tests/fuzz/corpus/"$name"/*; then
		echo "ok replay $name"
	else
		echo "not ok replay $name"
		failed=1
	fi
done
exit $failed
