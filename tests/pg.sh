#!/bin/sh
# A private PostgreSQL for the tests, on a Unix socket in a folder of its own.
#   tests/pg.sh start [PORT]   prints the folder; with PORT also on 127.0.0.1
#   tests/pg.sh again DIR      starts it where it was stopped or died
#   tests/pg.sh stop DIR       ends it and removes the folder
# The server is nobody's child here: its process is line 1 of DIR/d/postmaster.pid.
set -eu
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
[ -n "$bin" ] || {
	echo "tests/pg.sh: no PostgreSQL; run sh tools/deps" >&2
	exit 1
}
# PostgreSQL refuses to run as root.
as() {
	if [ "$(id -u)" = 0 ]; then
		(cd / && exec runuser -u postgres -- "$@")
	else
		"$@"
	fi
}
launch() {
	# What commits is on disk (fsync) as in earnest; the rest is sized for many small databases.
	as "$bin/pg_ctl" -s -w -t 60 -D "$1/d" -l "$1/log" -o "-k $1 $(cat "$1/listen")" start
}
case $1 in
start)
	# Below /tmp: a socket's path is short, and the server's user may come here.
	dir=$(mktemp -d "/tmp/buzon-pg.XXXXXX")
	[ "$(id -u)" != 0 ] || chown postgres "$dir"
	if [ $# -gt 1 ]; then listen="-c listen_addresses=127.0.0.1 -p $2"; else listen="-c listen_addresses="; fi
	echo "$listen -c max_connections=300 -c shared_buffers=64MB" >"$dir/listen"
	as "$bin/initdb" -D "$dir/d" -A trust -U postgres -E UTF8 --locale=C.UTF-8 --no-sync >"$dir/initdb.log" 2>&1 || {
		cat "$dir/initdb.log" >&2
		exit 1
	}
	chmod 711 "$dir"
	launch "$dir" || {
		cat "$dir/log" >&2
		exit 1
	}
	echo "$dir"
	;;
again)
	launch "$2" || {
		tail -n 8 "$2/log" >&2
		exit 1
	}
	;;
stop)
	as "$bin/pg_ctl" -s -D "$2/d" -m immediate stop || true
	rm -rf "$2"
	;;
*)
	echo "usage: tests/pg.sh start [PORT] | again DIR | stop DIR" >&2
	exit 2
	;;
esac
