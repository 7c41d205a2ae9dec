#!/bin/sh
# Runs a program as the units of tools/servidor do, by what needs no systemd: a user of its own, no
# capability and no new privilege, everything read-only but one folder, its own /tmp, no /home; with
# `sin-red`, no network.
#   encierro.sh red|sin-red UID:GID WRITABLE KEPT... -- PROGRAM ARG...
# It needs no way to WRITABLE and KEPT by the folders above them, and sees them below /tmp and /home, too.
set -eu
here=$(readlink /proc/self/ns/mnt)
if [ -z "${ENCIERRO:-}" ]; then
	[ "$1" = red ] || net=--net
	exec env ENCIERRO="$here" unshare --mount --propagation private --ipc ${net:-} -- sh "$0" "$@"
fi
# Never on the machine's own mounts.
[ "$ENCIERRO" != "$here" ] || exit 90
user=${2%:*} group=${2#*:} writable=$3
shift 2
mount -t tmpfs -o mode=755 none /mnt
n=0
kept=
while [ "$1" != -- ]; do
	mkdir "/mnt/$n"
	mount --bind "$1" "/mnt/$n"
	kept="$kept$1 $n
"
	n=$((n + 1))
	shift
done
shift
for d in /tmp /var/tmp; do mount -t tmpfs -o mode=1777 none "$d"; done
for d in /home /root; do mount -t tmpfs -o mode=755 none "$d"; done
# A folder before what is in it: else it would cover it.
echo "$kept" | sort | while read -r d n; do
	[ -n "$d" ] || continue
	mkdir -p "$d"
	mount --bind "/mnt/$n" "$d"
done
umount -R /mnt
mount --bind "$writable" "$writable"
findmnt -rno TARGET | sort -u | while read -r at; do
	case $at in
	/proc* | /sys* | /dev* | /tmp | /var/tmp | "$writable") ;;
	*) mount -o remount,bind,ro "$at" ;;
	esac
done
! touch "/etc/encierro.$$" 2>/dev/null || exit 91
unset ENCIERRO
ulimit -c 0
ulimit -l 4096
exec setpriv --reuid "$user" --regid "$group" --clear-groups --no-new-privs --bounding-set=-all \
	--inh-caps=-all -- "$@"
