#!/bin/sh
# The main job with test e.firmas, all of it below $BUZON_DEMO (else $BUZON_BUILD/demo) and PRUEBA: a
# look-alike PKI, an OCSP responder, buzond over TLS on loopback with SQLite, a padrón, acts signed by
# a functionary: some wait to be opened, one's term is over, and something is published. Of the four profiles `nueva` and `maria` have a Buzón that is still to be
# activated, `maria` without Registros Patronales.
#
#   tools/demo.sh                 on a terminal opens buzon-tui; else does the job by commands
#   tools/demo.sh --comandos      by commands, on a terminal too
#
# Ends with what it started; a second run begins anew.
set -eu
umask 077
cd "$(dirname "$0")/.."
root=$PWD

case "${1-}" in
'') way=auto ;;
--comandos) way=comandos ;;
*) echo "uso: tools/demo.sh [--comandos]" >&2; exit 64 ;;
esac
build=${BUZON_BUILD:-build}
case "$build" in /*) ;; *) build=$root/$build ;; esac
tui=$build/buzon-tui
buzond=$build/buzond
demo=${BUZON_DEMO:-$build/demo}

# Commands are shown here even where what they print goes to a file.
exec 3>&1
pids=
cleanup() {
	code=$?
	trap - EXIT INT TERM HUP
	for pid in $pids; do kill "$pid" 2>/dev/null || :; done
	for pid in $pids; do wait "$pid" 2>/dev/null || :; done
	[ "$code" = 0 ] || echo "demo: no terminó (código $code); mira $demo/*.log" >&2
	exit "$code"
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

paso() { printf '\n== %s\n' "$*"; }
die() { echo "demo: $*" >&2; exit 1; }
# run COMMAND...: shows it before running it, as a person would type it
run() {
	printf '$' >&3
	for word; do
		case $word in
		'' | *[\ \&]*) printf " '%s'" "$word" ;;
		*) printf ' %s' "$word" ;;
		esac
	done >&3
	printf '\n' >&3
	"$@"
}
# espera CODE COMMAND...: run, and it must end with that code
espera() {
	want=$1 code=0
	shift
	run "$@" || code=$?
	[ "$code" = "$want" ] || die "debía terminar con $want, no con $code: $*"
}

for program in "$tui" "$buzond"; do
	[ -x "$program" ] || die "falta $program; se hace con: make"
done
command -v curl >/dev/null || die "falta curl; se instala con: sh tools/deps demo"
rm -rf "$demo"
mkdir -p "$demo/config/buzon-tui" "$demo/datos"
export XDG_CONFIG_HOME="$demo/config" XDG_DATA_HOME="$demo/datos"
export LC_ALL="${LC_ALL:-C.UTF-8}"

# --- the Institute's side ----------------------------------------------------------------------

paso "PKI de PRUEBA (autoridades, e.firmas, sello, TLS)"
tools/pki.sh "$demo/pki"

# wait_line FILE PATTERN PID: until the file has such a line, while the process lives (10 s)
wait_line() {
	n=0
	until grep -q "$2" "$1" 2>/dev/null; do
		kill -0 "$3" 2>/dev/null || return 1
		n=$((n + 1))
		[ "$n" -lt 200 ] || return 1
		sleep 0.05
	done
}

paso "Respondedor OCSP de PRUEBA"
(cd "$demo/pki" && exec openssl ocsp -index index.txt -port 0 -rsigner ocsp.pem \
	-rkey ocsp.clave.pem -CA ca.pem -ndays 1) >"$demo/ocsp.log" 2>&1 </dev/null &
ocsp_pid=$!
pids="$ocsp_pid"
wait_line "$demo/ocsp.log" '^ACCEPT' "$ocsp_pid" || die "el respondedor OCSP no arrancó"
ocsp_port=$(sed -n 's/^ACCEPT .*:\([0-9]*\) PID.*/\1/p' "$demo/ocsp.log")
echo "http://127.0.0.1:$ocsp_port"

# ini PORT STORE: buzond's configuration on stdout
ini() {
	cat <<INI
# PRUEBA: escrito por tools/demo.sh
[servidor]
escucha = 127.0.0.1
puerto = $1
tls_certificado = pki/tls.pem
tls_llave = pki/tls.key
autoridades = localhost:$1 127.0.0.1:$1
direccion = https://localhost:$1
[almacen]
archivo = $2
[confianza]
carpeta = pki/confianza
ocsp = http://127.0.0.1:$ocsp_port
[sello]
certificado = pki/sello.cer
llave = pki/sello.key
contrasena = pki/sello.pass
[funcionario GAIL700310KL4]
nombre = LUIS GARCÍA IBÁÑEZ
cargo = Titular de la Subdelegación de PRUEBA
subdelegacion = Subdelegación PRUEBA
tipos = todos
actos = todos
INI
}

cat >"$demo/padron.csv" <<'CSV'
rfc,nombre,zona,domicilio,inscrito,convenio_2020,rp,subdelegacion,representante,permisos,desde,hasta
PEÑJ800101AB1,JOSÉ PEÑA ÑANDÚ,America/Mexico_City,"CALLE DE PRUEBA 1, CIUDAD DE MÉXICO",2001-03-02,sí,,,,,,
FÑ&010203AB1,FERRETERÍA ÑANDÚ & HIJOS SA DE CV,,"CALLE DE PRUEBA 2, PUEBLA",2001-02-03,sí,B12-34567-10-0,Subdelegación PRUEBA,NULM750615MN7,todo=firmar,2024-08-06,
AINL900214QX6,LUCÍA ÁVILA NÚÑEZ,America/Tijuana,"CALLE DE PRUEBA 3, TIJUANA",2012-05-14,no,Y54-12345-10-9,Subdelegación PRUEBA,,,,
AINL900214QX6,,,,,,Y54-98765-10-5,Subdelegación PRUEBA,,,,
NULM750615MN7,MARÍA NÚÑEZ LÓPEZ,America/Cancun,"CALLE DE PRUEBA 4, CANCÚN",1999-06-15,no,,,,,,
CSV

padron() { # CONFIG
	run "$buzond" padron --archivo "$demo/padron.csv" --config "$1"
}

# A port that is free now may be taken a moment later: then another.
paso "buzond: configuración, padrón y servicio con TLS y SQLite"
try=0
while :; do
	try=$((try + 1))
	[ "$try" -le 10 ] || die "buzond no arrancó"
	port=$((20000 + $(od -An -N2 -tu2 /dev/urandom) % 40000))
	ini "$port" buzon.db >"$demo/buzond.ini"
	if [ "$try" = 1 ]; then
		run "$buzond" config --config "$demo/buzond.ini"
		padron "$demo/buzond.ini"
	fi
	"$buzond" servir --config "$demo/buzond.ini" >"$demo/buzond.out" 2>"$demo/buzond.log" \
		</dev/null &
	buzond_pid=$!
	pids="$ocsp_pid $buzond_pid"
	if wait_line "$demo/buzond.out" '^buzond listo en ' "$buzond_pid"; then break; fi
	kill "$buzond_pid" 2>/dev/null || :
	wait "$buzond_pid" 2>/dev/null || :
	pids="$ocsp_pid"
done
cat "$demo/buzond.out"

# pdf FILE LINE...: one page with those lines (octal escapes of WinAnsi), a true xref table
pdf() {
	file=$1
	shift
	{
		echo 'BT /F1 12 Tf 14 TL 60 780 Td'
		for line; do printf '(%s) Tj T*\n' "$line"; done
		echo 'ET'
	} >"$demo/page"
	printf '%%PDF-1.4\n' >"$file"
	offsets=
	object() {
		offsets="$offsets $(wc -c <"$file")"
		printf '%s\n' "$@" >>"$file"
	}
	object '1 0 obj' '<< /Type /Catalog /Pages 2 0 R >>' endobj
	object '2 0 obj' '<< /Type /Pages /Kids [3 0 R] /Count 1 >>' endobj
	object '3 0 obj' '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 842]' \
		'/Resources << /Font << /F1 4 0 R >> >> /Contents 5 0 R >>' endobj
	object '4 0 obj' '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica' \
		'/Encoding /WinAnsiEncoding >>' endobj
	object '5 0 obj' "<< /Length $(wc -c <"$demo/page") >>" stream "$(cat "$demo/page")" \
		endstream endobj
	start=$(wc -c <"$file")
	{
		printf 'xref\n0 6\n0000000000 65535 f \n'
		for at in $offsets; do printf '%010d 00000 n \n' "$at"; done
		printf 'trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n' "$start"
	} >>"$file"
}
pdf "$demo/cedula.pdf" 'PRUEBA: documento sin efectos legales' \
	'C\351dula de liquidaci\363n de cuotas' \
	'A: JOS\311 PE\321A \321AND\332, PE\321J800101AB1' \
	'Periodo: septiembre de 2026. Importe: $12,345.67' \
	'Tiene quince d\355as h\341biles para pagar o aclarar.'
pdf "$demo/prima.pdf" 'PRUEBA: documento sin efectos legales' \
	'Resoluci\363n de rectificaci\363n de la prima' \
	'Registro patronal: B1234567100' 'La prima queda en 0.54355 %.'
rm -f "$demo/page"

# oficina COMMAND...: a verb of buzond, signed by the functionary, over the wire
oficina() {
	"$@" --servidor "https://localhost:$port" --ca "$demo/pki/tls_ca.pem" \
		--confianza "$demo/pki/confianza" --cer "$demo/pki/funcionario.cer" \
		--key "$demo/pki/funcionario.key" --contrasena-archivo "$demo/pki/funcionario.pass"
}
# notificar INSTANT RFC PDF OFICIO TIPO DOCUMENTO [OPTION...]
notificar() {
	instant=$1 rfc=$2 file=$3 oficio=$4 tipo=$5 documento=$6
	shift 6
	oficina "$buzond" notificar --aviso "$instant" --rfc "$rfc" --pdf "$file" \
		--oficio "$oficio" --tipo "$tipo" --documento "$documento" "$@"
}

# instante WORD: the last 09:30 of Zona Centro of an aviso whose WORD (sale: it went out; vence: its
# term ended) is past, by the calendar itself: the server is asked. Then $instante.
instante() {
	back=0
	while :; do
		[ "$back" -le 60 ] || die "no hay un día hábil reciente en el calendario"
		instante=$(TZ=America/Mexico_City date -d "$back days ago" +%Y-%m-%d)T09:30:00.000-06:00
		said=$(oficina "$buzond" notificar --revisar --json --aviso "$instante" \
			--rfc PEÑJ800101AB1 --oficio TANTEO --tipo R-7.1 |
			sed -n "s/.*\"$1\":\([0-9]*\)[0-9]\{3\}[,}].*/\1/p")
		[ -n "$said" ] || die "buzond notificar --revisar no dijo $1"
		if [ "$said" -le "$(date +%s)" ]; then return; fi
		back=$((back + 1))
	done
}
# An aviso that is ready outside the window is held to the next one and can't be seen yet.
paso "Actos firmados por el funcionario (LUIS GARCÍA IBÁÑEZ, PRUEBA)"
instante vence
pasado=$instante
instante sale
instant=$instante
cedula=$(notificar "$instant" PEÑJ800101AB1 "$demo/cedula.pdf" \
	PRUEBA/2026/0001 R-7.1 'Cédula de liquidación de cuotas (PRUEBA)' --plazo-dias 15 \
	--periodo 'septiembre de 2026' --importe '$12,345.67')
prima=$(notificar "$instant" 'FÑ&010203AB1' "$demo/prima.pdf" \
	PRUEBA/2026/0002 R-7.2 'Resolución de rectificación de la prima (PRUEBA)' --plazo-dias 15 \
	--rp B1234567100)
multa=$(notificar "$instant" PEÑJ800101AB1 "$demo/prima.pdf" \
	PRUEBA/2026/0003 R-7.3 'Multa (PRUEBA)')
vencida=$(notificar "$pasado" PEÑJ800101AB1 "$demo/cedula.pdf" \
	PRUEBA/2026/0004 R-7.1 'Cédula que nadie abrió (PRUEBA)' --plazo-dias 15)
echo "Aviso del $instant"
echo "$cedula  PEÑJ800101AB1   Cédula de liquidación de cuotas"
echo "$multa  PEÑJ800101AB1   Multa"
echo "$prima  FÑ&010203AB1    Resolución de rectificación de la prima"
echo "Aviso del $pasado"
echo "$vencida  PEÑJ800101AB1   Cédula que nadie abrió"
oficina run "$buzond" publicar --clase comunicado --tipo Facilidades --todos \
	--titulo 'Pago en parcialidades (PRUEBA)' --texto 'Se puede pedir hasta fin de mes.'
oficina run "$buzond" publicar --clase documento --tipo 'Cédula de determinación' \
	--titulo 'Propuesta de cédula (PRUEBA)' --pdf "$demo/cedula.pdf" --para PEÑJ800101AB1

# --- the person's side -------------------------------------------------------------------------

# perfil NAME RFC [FILES]: with the e.firma of that name, or of FILES
perfil() {
	files=${3-$1}
	cat <<INI
[perfil $1]
rfc = $2
certificado = $demo/pki/$files.cer
llave = $demo/pki/$files.key
clave_comando = cat "$demo/pki/$files.pass"
servidor = https://localhost:$port
ca = $demo/pki/tls_ca.pem
confianza = $demo/pki/confianza
INI
}
{
	echo '# PRUEBA: escrito por tools/demo.sh'
	perfil fisica PEÑJ800101AB1
	perfil moral 'FÑ&010203AB1'
	perfil nueva AINL900214QX6
	perfil maria NULM750615MN7 representante
} >"$demo/config/buzon-tui/config.ini"

# What a second terminal shows while somebody activates in the first one.
correo() {
	echo "Correo y SMS que salen (en otra terminal): $buzond correo --config $demo/buzond.ini"
}

paso "Buzones por activar: perfiles nueva (dos RP, domicilio en Tijuana) y maria (sin RP, en Cancún)"
correo

if [ $way = auto ] && [ -t 0 ] && [ -t 1 ]; then
	paso "buzon-tui, perfil fisica (vacía la contraseña: la da clave_comando)"
	run "$tui" --perfil fisica
	correo
	echo "Lo que guardaste quedó en $demo/datos"
	exit 0
fi

paso "1. Entrar con la e.firma"
run "$tui" entrar
paso "2. Mis notificaciones (verlas no las abre)"
run "$tui" notificaciones
paso "3. Abrir sin confirmar: sólo dice los efectos"
espera 64 "$tui" abrir "$cedula"
paso "4. Abrir y firmar"
run "$tui" abrir "$cedula" --si --json | tee "$demo/abrir.json"
acuse=$(sed -n 's/.*"folio":"\([^"]*\)".*/\1/p' "$demo/abrir.json")
[ -n "$acuse" ] || die "abrir no dio el folio del acuse"
paso "5. El documento notificado"
run "$tui" documento "$cedula" -o "$demo/documento.pdf"
cmp "$demo/cedula.pdf" "$demo/documento.pdf"
echo "Idéntico al que se firmó."
paso "6. El acuse, en PDF y en JSON"
run "$tui" acuse "$acuse" -o "$demo/acuse.pdf"
run "$tui" acuse "$acuse" -o "$demo/acuse.json" --openssl "$demo/prueba"
paso "7. Verificar sin conexión"
run "$tui" verificar "$demo/acuse.pdf"
run "$tui" verificar "$demo/acuse.json" >/dev/null
paso "8. La misma prueba con openssl solo"
cd "$demo/prueba"
# What is proved is what the acuse says, member by member.
sed -n 's/.*"cadena":"\([^"]*\)".*/\1/p' ../acuse.json | tr -d '\n' | cmp - cadena.txt
sed -n 's/.*"sello":"\([^"]*\)".*/\1/p' ../acuse.json | tr -d '\n' | cmp - sello.b64
sed -n 's/.*"certificado_sello":"\([^"]*\)".*/\1/p' ../acuse.json | tr -d '\n' |
	openssl base64 -d -A | cmp - sello.cer
cat cadena.txt
echo
run openssl x509 -in sello.cer -pubkey -noout >sello.pem
run openssl base64 -d -A -in sello.b64 -out sello.bin
run openssl dgst -sha256 -verify sello.pem -signature sello.bin cadena.txt
for name in raices/raiz emisores/ac; do
	openssl x509 -inform DER -in "../pki/confianza/$name.cer" -out "${name##*/}.pem"
done
openssl x509 -inform DER -in sello.cer -out sello_cert.pem
run openssl verify -CAfile raiz.pem -untrusted ac.pem sello_cert.pem
cd "$root"
paso "9. La persona moral, por su representante"
run "$tui" notificaciones --perfil moral
run "$tui" abrir "$prima" --si --perfil moral

# mensaje VIA: waits for a message of that kind and shows the newest; it stays in $demo/mensaje
mensaje() {
	n=0
	id=
	while [ -z "$id" ]; do
		n=$((n + 1))
		[ "$n" -lt 600 ] || die "no salió el mensaje ($1)"
		sleep 0.05
		id=$("$buzond" correo --config "$demo/buzond.ini" |
			sed -n "s/^\([^ ]\{8\}\)  .*  $1 .*/\1/p" | tail -n 1)
	done
	run "$buzond" correo --config "$demo/buzond.ini"
	run "$buzond" correo --de "$id" --config "$demo/buzond.ini" | tee "$demo/mensaje"
}
# folio COMMAND...: run; the folio of the acuse that it prints is then $folio
folio() {
	run "$@" >"$demo/acto"
	cat "$demo/acto"
	folio=$(sed -n 's/^Acuse \(BI-[0-9-]*\)$/\1/p' "$demo/acto")
	[ -n "$folio" ] || die "sin folio: $*"
}

paso "10. Un Buzón por activar: se entra, y aún no tiene notificaciones"
run "$tui" entrar --perfil nueva
espera 77 "$tui" notificaciones --perfil nueva
paso "11. Su correo: se registra, y el enlace que le llega lo valida"
folio "$tui" medio nuevo --correo lucia.avila@ejemplo.mx --si --perfil nueva
mensaje correo
enlace=$(sed -n 's/.*\(https:[^ ]*\/c\/[^ ]*\).*/\1/p' "$demo/mensaje")
# The link only shows a page; this is what the button there does.
run curl -sS --fail-with-body --cacert "$demo/pki/tls_ca.pem" -o "$demo/confirmado.html" --data '' \
	"$enlace"
sed -n 's/.*<h1>\(.*\)<\/h1>.*/\1/p' "$demo/confirmado.html"
paso "12. Su celular: se valida con el código del SMS"
folio "$tui" medio nuevo --celular 6641234567 --si --perfil nueva
mensaje sms
codigo=$(sed -n 's/.*código \([0-9]\{5\}\)\..*/\1/p' "$demo/mensaje")
run "$tui" medio validar "$folio" "$codigo" --perfil nueva
run "$tui" medios --perfil nueva
paso "13. Los términos: sin confirmar dice qué falta; con --si se firman"
espera 64 "$tui" activar --perfil nueva
run "$tui" activar --si --perfil nueva
run "$tui" notificaciones --perfil nueva
paso "14. Le da acceso a su contador (perfil fisica), que también firma"
folio "$tui" representante alta PEÑJ800101AB1 --permiso notificaciones:abrir --si --perfil nueva
representacion=$folio
run "$tui" representante aceptar "$representacion" --si --perfil fisica
run "$tui" representados --perfil fisica
paso "15. El contador abre un aviso de ella; el acuse dice quién firmó por quién"
aviso=$(notificar "$instant" AINL900214QX6 "$demo/prima.pdf" \
	PRUEBA/2026/0005 R-7.2 'Resolución de rectificación de la prima (PRUEBA)' --plazo-dias 15)
{
	perfil apoderado AINL900214QX6 fisica
	echo 'calidad = representante'
} >>"$demo/config/buzon-tui/config.ini"
run "$tui" notificaciones --perfil apoderado
folio "$tui" abrir "$aviso" --si --perfil apoderado
run "$tui" acuse "$folio" --perfil nueva
run "$tui" representante baja "$representacion" --si --perfil nueva
espera 77 "$tui" notificaciones --perfil apoderado

paso "16. Lo que nadie abrió: se tuvo por notificado en su fecha, con su acuse y sus razones"
n=0
until "$tui" historia "$vencida" 2>&1 | grep -q '^[^·]*Venció el plazo'; do
	n=$((n + 1))
	[ "$n" -lt 120 ] || die "no se tuvo por notificada"
	sleep 0.2
done
run "$tui" historia "$vencida"
run "$tui" plazo "$vencida"
run "$tui" acuse "$vencida" -o "$demo/automatico.pdf"
run "$tui" verificar "$demo/automatico.pdf"
paso "17. Lo que el Instituto publicó para todos, y para una persona"
run "$tui" comunicados
run "$tui" documentos
paso "18. Calendario: lo que vence y las obligaciones, también para otro calendario"
espera 10 "$tui" agenda --dias 45
espera 10 "$tui" agenda --dias 45 --ics "$demo/agenda.ics"
paso "19. Todo el periodo en un archivo, que se prueba entero sin conexión"
run "$tui" exportar -o "$demo/periodo.zip"
run "$tui" verificar "$demo/periodo.zip"
paso "20. Un tipo de acto que el Instituto aún no ofrece no se emite"
oficina espera 65 "$buzond" notificar --revisar --rfc PEÑJ800101AB1 --oficio PRUEBA/2026/0006 \
	--tipo R-7.5
run "$buzond" catalogo --config "$demo/buzond.ini"

paso "Alto ordenado del servidor"
kill "$buzond_pid"
code=0
wait "$buzond_pid" || code=$?
[ "$code" = 0 ] || die "buzond terminó con $code"
pids="$ocsp_pid"
echo "Todo bien. Papeles de PRUEBA en $demo"
