#!/bin/sh
# A look-alike of SAT's PKI for tests and the demo: everything in it says PRUEBA.
#
#   tools/pki.sh DIR          a trust folder, good e.firmas, a seal, an OCSP responder, TLS
#   tools/pki.sh --todo DIR   the same and the bad ones (expired, CSD, revoked, damaged ...)
#
# DIR/confianza/{raices,emisores,sellos,ocsp}/  trust folder
# DIR/NAME.cer NAME.key NAME.pass               DER, PKCS#8 PBES2 DER, password without newline
# DIR/ca.pem ocsp.pem ocsp.clave.pem index.txt  what `openssl ocsp` needs:
#     openssl ocsp -index index.txt -port N -rsigner ocsp.pem -rkey ocsp.clave.pem -CA ca.pem
# DIR/tls_ca.pem tls.pem tls.key                EC P-256, localhost 127.0.0.1 ::1
set -eu
umask 077
export LC_ALL=C.UTF-8

todo=no
if [ "${1-}" = --todo ]; then
	todo=yes
	shift
fi
[ $# -eq 1 ] || { echo "uso: tools/pki.sh [--todo] CARPETA" >&2; exit 64; }
mkdir -p "$1"
cd "$1"
mkdir -p confianza/raices confianza/emisores confianza/sellos confianza/ocsp obra
# Nobody's own configuration may change what comes out.
OPENSSL_CONF=$PWD/obra/ca.cnf
export OPENSSL_CONF

die() { echo "pki.sh: $*" >&2; tail -n 5 obra/log >&2 2>/dev/null || :; exit 1; }
quiet() { "$@" >>obra/log 2>&1 || die "falló: $*"; }

# --- how certificates are made -----------------------------------------------------------------

cat >obra/ca.cnf <<'CNF'
[req]
distinguished_name = dn
string_mask = default
utf8 = yes
prompt = no
[dn]
[ca]
default_ca = ac
[ac]
dir = .
database = ./index.txt
new_certs_dir = ./obra
serial = ./obra/serial
certificate = ./ca.pem
private_key = ./obra/ac.clave
default_md = sha256
policy = cualquiera
unique_subject = no
email_in_dn = yes
preserve = yes
[otra]
dir = .
database = ./obra/otra.txt
new_certs_dir = ./obra
serial = ./obra/serial
certificate = ./obra/otra_ac.pem
private_key = ./obra/otra_ac.clave
default_md = sha256
policy = cualquiera
unique_subject = no
email_in_dn = yes
preserve = yes
[raiz]
dir = .
database = ./obra/raiz.txt
new_certs_dir = ./obra
serial = ./obra/serial
certificate = ./obra/raiz.pem
private_key = ./obra/raiz.clave
default_md = sha256
policy = cualquiera
unique_subject = no
email_in_dn = yes
preserve = yes
[otra_raiz]
dir = .
database = ./obra/otra_raiz.txt
new_certs_dir = ./obra
serial = ./obra/serial
certificate = ./obra/otra_raiz.pem
private_key = ./obra/otra_raiz.clave
default_md = sha256
policy = cualquiera
unique_subject = no
email_in_dn = yes
preserve = yes
[cualquiera]
commonName = optional
name = optional
organizationName = optional
organizationalUnitName = optional
countryName = optional
emailAddress = optional
x500UniqueIdentifier = optional
serialNumber = optional
[x_ca]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = none
authorityKeyIdentifier = none
[x_efirma]
basicConstraints = critical,CA:FALSE
keyUsage = digitalSignature,nonRepudiation,dataEncipherment,keyAgreement
nsCertType = client,email
extendedKeyUsage = emailProtection,clientAuth
subjectKeyIdentifier = none
authorityKeyIdentifier = none
[x_sin_eku]
basicConstraints = critical,CA:FALSE
keyUsage = digitalSignature,nonRepudiation,dataEncipherment,keyAgreement
subjectKeyIdentifier = none
authorityKeyIdentifier = none
[x_solo_cliente]
basicConstraints = critical,CA:FALSE
keyUsage = digitalSignature,nonRepudiation,dataEncipherment,keyAgreement
extendedKeyUsage = clientAuth
subjectKeyIdentifier = none
authorityKeyIdentifier = none
[x_uso_corto]
basicConstraints = critical,CA:FALSE
keyUsage = digitalSignature,nonRepudiation
extendedKeyUsage = emailProtection,clientAuth
subjectKeyIdentifier = none
authorityKeyIdentifier = none
[x_csd]
basicConstraints = critical,CA:FALSE
keyUsage = digitalSignature,nonRepudiation
subjectKeyIdentifier = none
authorityKeyIdentifier = none
[x_ocsp]
basicConstraints = critical,CA:FALSE
keyUsage = digitalSignature
extendedKeyUsage = OCSPSigning
subjectKeyIdentifier = none
authorityKeyIdentifier = none
[x_tls]
basicConstraints = critical,CA:FALSE
keyUsage = digitalSignature
extendedKeyUsage = serverAuth
subjectAltName = DNS:localhost,IP:127.0.0.1,IP:::1
CNF

# key FILE BITS: in the background, all cores at once (the slow part of the whole)
running=
key() {
	[ -s "obra/$1.clave" ] && return
	openssl genpkey -algorithm RSA -pkeyopt "rsa_keygen_bits:$2" -out "obra/$1.clave" \
		>/dev/null 2>&1 &
	running="$running $!"
}
keys_wait() {
	for pid in $running; do
		wait "$pid" || die "no se pudo generar una llave"
	done
	running=
}

hex() { printf %s "$1" | od -An -v -tx1 | tr -d ' \n'; }
# In force long enough that a test's aviso of some weeks ago was signed in time.
now=$(date -u -d '120 days ago' +%Y%m%d%H%M%SZ)
later=$(date -u -d '4 years' +%Y%m%d%H%M%SZ)

# dn CN O EMAIL UNIQUE SERIAL [OU]: SAT's order; an empty OU is none
dn() {
	sed '/^\[dn\]$/q' obra/ca.cnf
	printf 'CN = %s\nname = %s\nO = %s\nC = MX\n' "$1" "$2" "$2"
	[ -z "$3" ] || printf 'emailAddress = %s\n' "$3"
	printf 'x500UniqueIdentifier = %s\n' "$4"
	# A leading blank is kept only between quotes.
	[ -z "$5" ] || printf 'serialNumber = "%s"\n' "$5"
	[ -z "${6-}" ] || printf 'OU = %s\n' "$6"
}

# ca_dn NAME: the subject of an authority
ca_dn() {
	sed '/^\[dn\]$/q' obra/ca.cnf
	printf 'CN = %s\nO = PRUEBA\nOU = PRUEBA\nC = MX\n' "$1"
}

serial=0
# sign NAME KEY CA EXTENSIONS SERIAL START END: the subject is on stdin; makes obra/NAME.pem
sign() {
	cat >"obra/$1.cnf"
	quiet openssl req -new -config "obra/$1.cnf" -key "obra/$2.clave" -out "obra/$1.req"
	hex "$5" >obra/serial
	self=
	[ "$1" != "$3" ] || self=-selfsign
	section=$3
	[ "$section" != otra_ac ] || section=otra
	quiet openssl ca -batch -notext -config obra/ca.cnf -name "$section" $self \
		-extensions "$4" -startdate "$6" -enddate "$7" -in "obra/$1.req" \
		-out "obra/$1.pem"
}
# next: the next NoCertificado, in $number
next() {
	serial=$((serial + 1))
	number=$(printf '3000900000050000%04d' "$serial")
}

der() { quiet openssl x509 -in "obra/$1.pem" -outform DER -out "$2"; }

# lock KEY NAME PASSWORD: NAME.key as SAT writes it
lock() {
	printf %s "$3" >"$2.pass"
	quiet openssl pkcs8 -topk8 -v2 des-ede3-cbc -v2prf hmacWithSHA1 -outform DER \
		-in "obra/$1.clave" -passout "file:$2.pass" -out "$2.key"
}

# efirma NAME SUBJECT...: a good e.firma with a key of its own
efirma() {
	name=$1
	shift
	next
	dn "$@" | sign "$name" "$name" ac x_efirma "$number" "$now" "$later"
	der "$name" "$name.cer"
	lock "$name" "$name" "prueba-$name-1"
}

# --- what everybody needs ----------------------------------------------------------------------

: >index.txt
: >obra/raiz.txt
: >obra/otra.txt
: >obra/otra_raiz.txt
: >obra/log
# Those who sign at the same time (tests/help/carga.h).
carga='carga1 carga2 carga3 carga4 carga5 carga6 carga7 carga8'
for k in raiz ac ocsp sello fisica moral representante funcionario contador nueva; do
	key $k 2048
done
if [ $todo = yes ]; then
	key otra_raiz 2048
	key otra_ac 2048
	key todo 2048
	key debil 1024
	for k in $carga; do
		key "$k" 2048
	done
fi
keys_wait

ROOT='Autoridad Raíz de PRUEBA'
AC='AC de PRUEBA'
ca_dn "$ROOT" | sign raiz raiz raiz x_ca 30009000000000000001 20150101000000Z 20491231235959Z
ca_dn "$AC" | sign ac ac raiz x_ca 30009000000000000002 20150101000000Z 20481231235959Z
cp obra/ac.pem ca.pem
der raiz confianza/raices/raiz.cer
der ac confianza/emisores/ac.cer

next
ca_dn 'Respondedor OCSP de PRUEBA' |
	sign ocsp ocsp ac x_ocsp "$number" 20200101000000Z "$later"
cp obra/ocsp.pem ocsp.pem
cp obra/ocsp.clave ocsp.clave.pem

efirma fisica 'JOSÉ PEÑA ÑANDÚ' 'JOSÉ PEÑA ÑANDÚ' jose@prueba.test \
	'PEÑJ800101AB1' 'PEXJ800101HDFXXS09'
efirma representante 'MARÍA NÚÑEZ LÓPEZ' 'MARÍA NÚÑEZ LÓPEZ' maria@prueba.test \
	'NULM750615MN7' 'NULM750615MDFXPR02'
efirma moral 'FERRETERÍA ÑANDÚ & HIJOS SA DE CV' 'FERRETERÍA ÑANDÚ & HIJOS SA DE CV' \
	ferreteria@prueba.test 'FÑ&010203AB1 / NULM750615MN7' ' / NULM750615MDFXPR02'
efirma funcionario 'LUIS GARCÍA IBÁÑEZ' 'LUIS GARCÍA IBÁÑEZ' luis@prueba.test \
	'GAIL700310KL4' 'GAIL700310HDFRBS04'
efirma contador 'ANA RUIZ SOTO' 'ANA RUIZ SOTO' ana@prueba.test \
	'RUSA820922TT8' 'RUSA820922MDFZTN06'

next
ca_dn 'Sello del Instituto de PRUEBA' |
	sign sello sello ac x_csd "$number" "$now" "$later"
der sello sello.cer
cp sello.cer confianza/sellos/sello.cer
lock sello sello prueba-sello-1

# Whose Buzón is still to be activated.
efirma nueva 'LUCÍA ÁVILA NÚÑEZ' 'LUCÍA ÁVILA NÚÑEZ' lucia@prueba.test \
	'AINL900214QX6' 'AINL900214MDFVXC04'

# TLS, of an authority of its own
EC='-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes'
# shellcheck disable=SC2086 # EC is several words
{
	quiet openssl req -x509 $EC -days 3650 -subj '/CN=CA TLS de PRUEBA' \
		-addext basicConstraints=critical,CA:TRUE -addext keyUsage=keyCertSign \
		-keyout obra/tls_ca.clave -out tls_ca.pem
	quiet openssl req $EC -subj /CN=localhost -keyout tls.key -out obra/tls.req
	quiet openssl x509 -req -in obra/tls.req -CA tls_ca.pem -CAkey obra/tls_ca.clave \
		-days 825 -extfile obra/ca.cnf -extensions x_tls -out tls.pem
}

# --- the bad ones ------------------------------------------------------------------------------

if [ $todo = yes ]; then
	for k in $carga; do
		efirma "$k" "CARGA DE PRUEBA ${k#carga}" "CARGA DE PRUEBA ${k#carga}" carga@prueba.test \
			"CAAA80010${k#carga}AB1" "CAAA80010${k#carga}HDFXXS09"
	done

	person() {
		dn 'JOSÉ PEÑA ÑANDÚ' 'JOSÉ PEÑA ÑANDÚ' jose@prueba.test 'PEÑJ800101AB1' \
			'PEXJ800101HDFXXS09' "${1-}"
	}
	# bad NAME KEY CA EXTENSIONS START END [OU]
	bad() {
		next
		person "${7-}" | sign "$1" "$2" "$3" "$4" "$number" "$5" "$6"
		der "$1" "$1.cer"
		lock "$2" "$1" "prueba-$1-1"
	}
	bad csd todo ac x_csd "$now" "$later" 'Matriz PRUEBA'
	bad vencida todo ac x_efirma 20200101000000Z 20240101000000Z
	bad futura todo ac x_efirma 20400101000000Z 20440101000000Z
	bad debil debil ac x_efirma "$now" "$later"
	bad revocada todo ac x_efirma "$now" "$later"
	quiet openssl ca -batch -config obra/ca.cnf -name ac -revoke obra/revocada.pem \
		-crl_reason keyCompromise

	# Neither e.firma nor CSD, though each looks like one of them by half a rule.
	bad con_ou todo ac x_efirma "$now" "$later" 'Matriz PRUEBA'
	bad sin_eku todo ac x_sin_eku "$now" "$later"
	bad solo_cliente todo ac x_solo_cliente "$now" "$later"
	bad uso_corto todo ac x_uso_corto "$now" "$later"
	bad sin_ou todo ac x_csd "$now" "$later"
	# Two holders in one certificate.
	next
	{ person && echo '1.x500UniqueIdentifier = FÑ&010203AB1'; } |
		sign dos_titulares todo ac x_efirma "$number" "$now" "$later"
	der dos_titulares dos_titulares.cer
	# A delegate of OCSP whose time is over, and one that another authority made.
	next
	ca_dn 'Respondedor vencido de PRUEBA' |
		sign ocsp_vencido todo ac x_ocsp "$number" 20200101000000Z 20240101000000Z

	# Another authority whose certificates read exactly the same.
	ca_dn "$ROOT" |
		sign otra_raiz otra_raiz otra_raiz x_ca 30009000000000000001 20150101000000Z 20491231235959Z
	ca_dn "$AC" |
		sign otra_ac otra_ac otra_raiz x_ca 30009000000000000002 20150101000000Z 20481231235959Z
	bad otra_ca todo otra_ac x_efirma "$now" "$later"
	next
	ca_dn 'Respondedor ajeno de PRUEBA' |
		sign ocsp_ajeno todo otra_ac x_ocsp "$number" "$now" "$later"
	# The same holder's next e.firma: what was kept under "fisica" is to be carried over to it.
	bad renovada todo ac x_efirma "$now" "$later"
	der otra_raiz otra_raiz.cer
	der otra_ac otra_ac.cer

	# The certificate of one with the key of another.
	cp fisica.cer llave_ajena.cer
	lock todo llave_ajena prueba-llave_ajena-1

	# Typed in UTF-8, but the key was locked with windows-1252 bytes.
	cp fisica.cer cp1252.cer
	printf 'contrase\361a-1' >obra/cp1252.pass
	quiet openssl pkcs8 -topk8 -v2 des-ede3-cbc -v2prf hmacWithSHA1 -outform DER \
		-in obra/fisica.clave -passout file:obra/cp1252.pass -out cp1252.key
	printf 'contraseña-1' >cp1252.pass

	cp fisica.cer pbes1.cer
	cp fisica.pass pbes1.pass
	quiet openssl pkcs8 -topk8 -v1 PBE-MD5-DES -outform DER -provider legacy -provider default \
		-in obra/fisica.clave -passout file:fisica.pass -out pbes1.key

	# Few rounds: for tests that open it thousands of times.
	cp fisica.cer rapida.cer
	cp fisica.pass rapida.pass
	quiet openssl pkcs8 -topk8 -v2 des-ede3-cbc -v2prf hmacWithSHA1 -iter 1 -outform DER \
		-in obra/fisica.clave -passout file:fisica.pass -out rapida.key

	cp fisica.cer pkcs1.cer
	quiet openssl rsa -traditional -in obra/fisica.clave -out pkcs1.key
	cp fisica.cer pem_viejo.cer
	cp fisica.pass pem_viejo.pass
	quiet openssl rsa -traditional -aes128 -in obra/fisica.clave -passout file:fisica.pass \
		-out pem_viejo.key
	cp fisica.cer llana.cer
	quiet openssl pkcs8 -topk8 -nocrypt -outform DER -in obra/fisica.clave -out llana.key
	quiet openssl pkcs8 -topk8 -in obra/fisica.clave -passout file:fisica.pass -out pem.key
	cp fisica.pass pem.pass
	cp obra/fisica.pem pem.cer
	openssl base64 -A -in fisica.cer -out base64.cer
	openssl base64 -A -in fisica.key -out base64.key
	cp fisica.pass base64.pass
	quiet openssl pkcs12 -export -in obra/fisica.pem -inkey obra/fisica.clave \
		-passout file:fisica.pass -out fisica.pfx
	head -c 700 fisica.cer >truncada.cer
	head -c 700 fisica.key >truncada.key
	cp fisica.pass truncada.pass
fi

find . -type f \( -name '*.key' -o -name '*.clave' -o -name '*.clave.pem' -o -name '*.pass' \) \
	-exec chmod 600 {} +
find . -type f \( -name '*.cer' -o -name '*.pem' ! -name '*.clave.pem' \) -exec chmod 644 {} +
