#!/bin/sh
# The demonstration, by commands: the whole job, a Buzón that goes from nothing to enabled and to a
# representative, and a notification that nobody opens, in one run that a newcomer can read. A-02 A-06
# A-07 A-12 A-16 L-5.1 L-5.2 L-5.3 L-7.5 L-8 L-T1 L-T2 R-2 R-5
set -u
cd "$(dirname "$0")/../.." || exit 1
mkdir -p "${BUZON_TMP:-/tmp}"
tmp=$(mktemp -d "${BUZON_TMP:-/tmp}/demo.XXXXXX")
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
# dice STEP TEXT: what the run shows of that step has a line with that text
dice() {
	sed -n "/^== $1\\. /,/^== /p" "$tmp/log" | grep -qF -- "$2"
}

BUZON_DEMO=$tmp/demo tools/demo.sh --comandos >"$tmp/log" 2>&1
check demo_termina [ $? = 0 ]
check demo_llega_al_final grep -q '^Todo bien\.' "$tmp/log"
check demo_prueba_con_openssl dice 8 'Verified OK'
check demo_sin_activar_no_hay_notificaciones dice 10 'no está habilitado'
check demo_enlace_valida dice 11 'Tu correo quedó validado'
check demo_sms_sin_enlace dice 12 'Se le envía un código. El plazo es de 72 horas desde que sale el SMS.'
check demo_codigo_valida dice 12 'Acuse de validación de mecanismos de comunicación'
check demo_dice_los_pasos dice 13 '4 [falta] Firmar los términos'
check demo_dice_el_plazo dice 13 'El plazo para habilitarlo venció el mar 04/feb/2025'
check demo_activa dice 13 'Acuse de activación del Buzón IMSS'
check demo_activado_tiene_notificaciones dice 13 'No hay notificaciones.'
check demo_dos_firmas dice 14 'Acuse de aceptación de representación'
check demo_quien_firmo_por_quien dice 15 'Firmó: JOSÉ PEÑA ÑANDÚ · PEÑJ800101AB1 (representante)'
check demo_termina_el_acceso dice 15 'No consta tu representación'
check demo_espera_que_se_abra dice 2 'por abrir'
check demo_nadie_la_abrio dice 16 'Venció el plazo para abrirla: notificada'
check demo_dice_las_razones dice 16 'cuarto día hábil: si no se abrió antes, queda notificada a las 09:30'
check demo_acuse_automatico dice 16 'Es una constancia automática: nadie la firmó'
check demo_acuse_automatico_se_prueba dice 16 'El acuse se comprobó por completo.'
check demo_comunicado dice 17 'Pago en parcialidades (PRUEBA)'
check demo_documento dice 17 'Propuesta de cédula (PRUEBA)'
check demo_agenda_dice_que_vence dice 18 'Se notifica si no se abre'
check demo_agenda_dice_obligaciones dice 18 'Pago de las cuotas obrero patronales'
check demo_agenda_con_alarmas grep -q '^BEGIN:VALARM' "$tmp/demo/agenda.ics"
check demo_exporta dice 19 'El archivo se comprobó por completo.'
check demo_por_ofrecerse dice 20 'está por ofrecerse'
# What it says it typed can be typed: each of its commands, between its steps, is one of a shell.
grep '^\$ ' "$tmp/log" | sed 's/^\$ //' >"$tmp/comandos"
check demo_comandos_se_pueden_escribir sh -n "$tmp/comandos"
check demo_no_deja_procesos [ -z "$(pgrep -f "$tmp/demo")" ]
[ $failed = 0 ] || cat "$tmp/log"
exit $failed
