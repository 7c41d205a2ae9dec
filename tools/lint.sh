#!/bin/sh
# The static side of the house's rules (ARCHITECTURE.md): layers, single doors, sizes.
# Prints what is broken and exits with 1.
set -u
bad=0
say() {
	echo "lint: $*" >&2
	bad=1
}

# Layers: FOLDER and what its files may include from the root.
layers='base base/
crypto crypto/|base/
ley ley/|crypto/|base/|net/messages\.h
net net/|crypto/|base/
core core/|net/|ley/|crypto/|base/
tui tui/|base/
screens screens/|tui/page\.h|tui/keys\.h|tui/edit\.h|ley/|net/messages\.h|net/routes\.h|net/peticion\.h|net/alcance\.h|net/codec\.h|crypto/|base/
app app/|screens/|tui/|net/|ley/|crypto/|base/'
echo "$layers" | while read -r folder allowed; do
	find "$folder" -name '*.[ch]' -o -name '*.def' | xargs grep -nHE '^#include "' |
		grep -vE "#include \"($allowed)" | sed "s/^/lint: layer $folder: /"
done >/tmp/lint.$$
[ -s /tmp/lint.$$ ] && { cat /tmp/lint.$$ >&2; bad=1; }
rm -f /tmp/lint.$$

# One door to each library.
for door in 'n?curses(w?/.*)?\.h:tui/term.c' 'curl/curl\.h:net/curl.h' 'microhttpd\.h:net/http_in_response.h' \
	'sqlite3\.h:base/db_lite.h|base/db_mem.c|base/db_sealed.c' 'libpq-fe\.h:core/store/pg.c|core/store/pg_rows.c' 'qrencode\.h:ley/qr.c' \
	'(idn2|unicase|uninorm)\.h:ley/correo.c' \
	'libical/.*\.h:core/ical.c' 'zip\.h:app/paquete.c' '(cjson/)?cJSON\.h:net/codec.c' '(libsecret|glib|gio)/.*\.h:app/llavero_main.c'; do
	header=${door%%:*}
	only=${door#*:}
	found=$(grep -rlE "#include <$header>" base crypto ley net core tui screens app --include='*.[ch]' | grep -vxE "$only")
	[ -z "$found" ] || say "$header outside $only: $found"
done

found=$(grep -rlE '#include "net/curl.h"' base crypto ley net core tui screens app tests --include='*.[ch]' |
	grep -vxE 'net/(curl\.c|http_call\.h)')
[ -z "$found" ] || say "net/curl.h is net/http_call.h's: $found"

found=$(grep -rlE '#include "base/db_lite.h"' base crypto ley net core tui screens app tests --include='*.[ch]' |
	grep -vxE 'base/db(_whole)?\.c')
[ -z "$found" ] || say "base/db_lite.h is base/db.h's: $found"

# Sizes: 600 lines a file, 60 lines a function.
for f in $(git ls-files '*.c' '*.h'); do
	n=$(wc -l <"$f")
	[ "$n" -le 600 ] || say "$f has $n lines (600)"
done
fat=$(git ls-files '*.c' | xargs ctags --fields=+ne -o - --kinds-C=f 2>/dev/null |
	awk -F'\t' '{s = e = 0
		for (i = 4; i <= NF; i++) { if ($i ~ /^line:/) s = substr($i, 6); if ($i ~ /^end:/) e = substr($i, 5) }
		if (e - s + 1 > 60) print $1 " in " $2 ": " e - s + 1 " lines (60)"}')
[ -z "$fat" ] || say "$fat"

# A text for a person is in _() or N_(); what stands on lines of its own tests/e2e/test_textos.c finds.
found=$(grep -nE '((parrafos_(add|pair)|llano_say|app_say|[^_]say)\([^"]*[^("]|(title|status|empty|help|label) = ([^"]*[?:] )?)"[^"%]*[a-z]{2}' \
	screens/*.c tui/*.c app/*.c)
[ -z "$found" ] || say "not in _(): $found"

# One header a source, but for mains, tests and files that fill a declared table.
grep -rnE '\bgoto\b' base crypto ley net core tui screens app --include='*.c' && say "goto"
exit $bad
