/*
 * The seal (SHA256withRSA over a cadena original) made by a process of its own, the only one that
 * ever holds the key: it loads it after fork (under its own user when started as root), receives
 * cadenas (never digests), refuses other shapes or times more than 5 minutes off, and logs each.
 *
 * That process is forked by the server's own keeper or, where the configuration names a socket, by
 * buzond sellar, a service of its own that several servers may share (core/sellar.h).
 *
 * A group is sent in parts while its other acts are still being made, and its sellos are taken
 * afterwards: so making and sealing share the cores. One thread at a time uses a sealer.
 */
#ifndef CORE_SEALER_H
#define CORE_SEALER_H

#include <sys/types.h>
#include "base/arena.h"
#include "base/bytes.h"
#include "core/config.h"

struct sealer;

/*
 * Starts the process (before any thread), or reaches the service, and waits until its key is loaded
 * and matches the certificate. Errors of key_load, ERR_KEY_MISMATCH (also: the service has another
 * certificate), ERR_CONFIG, ERR_SEAL (also: no service answers).
 */
enum err sealer_start(const struct config *c, struct sealer **ret) MUST_CHECK;
/* Its certificate (DER) and thumbprint; borrowed. */
struct bytes sealer_certificate(const struct sealer *s);
const char *sealer_thumbprint(const struct sealer *s);
/* Bytes of a sello (the key's size), known before sealing: the hole in the answer. */
size_t sealer_sello_bytes(const struct sealer *s);
/*
 * Seals `count` cadenas; ret_sellos[i] in the arena, or data NULL where that one was refused.
 * ERR_SEAL when the process failed or died (it is started again at the next call).
 */
enum err sealer_seal(struct sealer *s, struct arena *a, const char *const *cadenas, size_t count,
	struct bytes *ret_sellos) MUST_CHECK;
/*
 * Most parts that may wait for sealer_receive, so that their answers fit into the socket; and the
 * cadenas from which on a part is worth its exchange.
 */
#define SEALER_PARTS 32
#define SEALER_PART 8
/*
 * sealer_seal in two halves: each part that was sent is received once, in the same order, with the
 * same count. An error of either ends the process, and all parts that it had with it.
 */
enum err sealer_send(
	struct sealer *s, struct arena *a, const char *const *cadenas, size_t count) MUST_CHECK;
enum err sealer_receive(
	struct sealer *s, struct arena *a, size_t count, struct bytes *ret_sellos) MUST_CHECK;
/* Nobody will receive what was sent: the process goes, its answers must not meet a later group. */
void sealer_abandon(struct sealer *s);
/* The process that holds the key, as it calls itself; 0 while there is none. */
pid_t sealer_pid(const struct sealer *s);
void sealer_stop(struct sealer *s);
AUTO_TYPE(sealer, struct sealer, sealer_stop);

#endif
