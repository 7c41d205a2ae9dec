#!/bin/sh
# tools/deps with an apt-get that only looks: while it runs no service may be started, and afterwards,
# whatever happened, the machine's policy is what it was. In a mount namespace, on an empty /usr/sbin.
set -u
here=$(readlink /proc/self/ns/mnt)
if [ -z "${DEPS_OF:-}" ]; then
	cd "$(dirname "$0")/../.." || exit 1
	if [ "$(id -u)" != 0 ] || ! unshare --mount --propagation private true 2>/dev/null; then
		echo "skip deps: it takes root and a mount namespace"
		exit 0
	fi
	exec env DEPS_OF="$here" unshare --mount --propagation private -- sh "tests/e2e/${0##*/}"
fi
# Never on the machine's own folders.
[ "$DEPS_OF" != "$here" ] || exit 1
mount -t tmpfs none /usr/sbin || exit 1
mount -t tmpfs none /mnt || exit 1
policy=/usr/sbin/policy-rc.d
seen=/mnt/seen
failed=0

# What the script calls; dpkg-query finds nothing installed.
mkdir /mnt/bin
cat >/mnt/bin/dpkg-query <<'STUB'
#!/bin/sh
exit 1
STUB
cat >/mnt/bin/apt-get <<'STUB'
#!/bin/sh
[ "$1" = install ] || exit 0
/usr/sbin/policy-rc.d nginx start
echo "$?" >/mnt/seen
case $(cat /mnt/way) in
fail) exit 100 ;;
hang) sleep 60 ;;
esac
STUB
cat >/mnt/bin/systemctl <<'STUB'
#!/bin/sh
echo "$*" >>/mnt/systemctl
STUB
chmod 755 /mnt/bin/*
PATH=/mnt/bin:$PATH
export PATH

# run WAY: tools/deps to its end; its exit code.
run() {
	echo "$1" >/mnt/way
	rm -f "$seen" /mnt/systemctl
	shift
	sh tools/deps "$@" >/mnt/out 2>&1
}
names() {
	grep -q "^Instalando:.* $1\( \|\$\)" /mnt/out
}
lacks() {
	! names "$1"
}
# check NAME CONDITION...
check() {
	name=$1
	shift
	if "$@"; then
		echo "ok $name"
	else
		echo "not ok $name"
		failed=1
	fi
}
denied() {
	[ "$(cat "$seen")" = 101 ]
}
gone() {
	[ ! -e "$policy" ]
}

run well
check deps_installs [ $? = 0 ]
check deps_denies_starting denied
check deps_leaves_no_policy gone
check deps_disables_nginx grep -qx 'disable -q nginx' /mnt/systemctl
check deps_disables_postgresql grep -qx 'disable -q postgresql' /mnt/systemctl
check deps_disables_exim4 grep -qx 'disable -q exim4' /mnt/systemctl
check deps_disables_kannel grep -qx 'disable -q kannel' /mnt/systemctl
check deps_installs_those_of_the_tests names postgresql-15
run well demo
check deps_demo_installs [ $? = 0 ]
check deps_demo_has_a_compiler names gcc
check deps_demo_has_openssl names openssl
check deps_demo_leaves_the_tests_out lacks postgresql-15
run well otra
check deps_refuses_another_word [ $? = 64 ]
run fail
check deps_says_that_it_failed [ $? != 0 ]
check deps_undoes_after_failure denied
check deps_leaves_no_policy_after_failure gone

# Told to stop in the middle, as by Ctrl-C: all of its group is.
echo hang >/mnt/way
rm -f "$seen"
setsid sh tools/deps >/mnt/out 2>&1 &
pid=$!
for _ in $(seq 100); do
	[ ! -s "$seen" ] || break
	sleep 0.1
done
check deps_denies_before_the_signal denied
kill -TERM -"$pid"
wait "$pid"
check deps_ends_by_the_signal [ $? = 143 ]
check deps_leaves_no_policy_after_a_signal gone

# What a killed run left is taken for what it is; what the machine's owner put there is left.
printf '#!/bin/sh\n# tools/deps de Buzón TUI\nexit 101\n' >"$policy"
run well
check deps_takes_away_what_a_killed_run_left gone
printf '#!/bin/sh\nexit 104\n' >"$policy"
chmod 755 "$policy"
cp "$policy" /mnt/before
run well
check deps_keeps_the_owners_policy cmp -s "$policy" /mnt/before
check deps_asks_the_owners_policy [ "$(cat "$seen")" = 104 ]
exit $failed
