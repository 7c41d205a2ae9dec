#!/bin/sh
# make install puts the services where systemd and Debian look, with the path that they have there,
# for any prefix; make uninstall leaves no file.
set -u
cd "$(dirname "$0")/../.." || exit 1
build=${BUZON_BUILD:-build}
mkdir -p "${BUZON_TMP:-/tmp}"
tmp=$(mktemp -d "${BUZON_TMP:-/tmp}/instalar.XXXXXX")
trap 'rm -rf "$tmp"' EXIT INT TERM
failed=0

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

for prefix in /usr /usr/local /opt/buzon; do
	root=$tmp/raiz$prefix
	make -s install BUILD="$build" DESTDIR="$tmp/raiz" PREFIX="$prefix" >"$tmp/log" 2>&1
	check "instalar_$prefix" [ $? = 0 ]
	check "programa_$prefix" [ -x "$root/sbin/buzond" ]
	for unit in buzond@ buzond-sello; do
		file=$root/lib/systemd/system/$unit.service
		check "$unit.service_$prefix" grep -q "^ExecStart=$prefix/sbin/buzond " "$file"
		check "$unit.service_sin_huecos_$prefix" [ "$(grep -c '@[A-Z]*@' "$file")" = 0 ]
		check "$unit.service_modo_$prefix" [ "$(stat -c %a "$file")" = 644 ]
	done
	check "sysusers_$prefix" grep -q '^u buzon-sello ' "$root/lib/sysusers.d/buzond.conf"
	check "nginx_$prefix" cmp -s tools/servidor/nginx.conf "$root/share/doc/buzond/nginx.conf"
	make -s uninstall BUILD="$build" DESTDIR="$tmp/raiz" PREFIX="$prefix" >"$tmp/log" 2>&1
	check "desinstalar_$prefix" [ $? = 0 ]
	check "nada_queda_$prefix" [ -z "$(find "$tmp/raiz" -type f)" ]
done
[ $failed = 0 ] || cat "$tmp/log"
exit $failed
