/*
 * What a server and its sealing process say to each other over a socket, a pair of one program or
 * that of buzond sellar: native integers (one machine), every length bounded before memory is
 * taken.
 *
 *   hello:    struct sealer_hello, once, from the process
 *   request:  uint32 count, then count times uint32 size and the cadena
 *   answer:   uint32 count, then count times one byte (sealed or refused) and the sello's bytes
 */
#ifndef CORE_SEALER_WIRE_H
#define CORE_SEALER_WIRE_H

#include <stdint.h>
#include <sys/types.h>
#include <sys/un.h>
#include "base/bytes.h"
#include "base/err.h"

#define SEALER_GROUP 4096
#define SEALER_CADENA_BYTES 4096
#define SEALER_SELLO_BYTES 512

/* Grows with any change of what is said: two services may be of two versions. */
#define SEALER_WIRE_VERSION 2
#define SEALER_THUMBPRINT_BYTES 44

struct sealer_hello {
	uint32_t version;
	uint32_t err; /* enum err: why it can't seal; OK */
	uint32_t sello_bytes;
	int32_t pid;
	char thumbprint[SEALER_THUMBPRINT_BYTES]; /* of its certificate, NUL behind; or empty */
};

/* A deadline of clock_monotonic(); 0: none. All bytes or ERR_SEAL (end, error, time). */
enum err sealer_wire_read(int fd, void *to, size_t size, int64_t deadline) MUST_CHECK;
enum err sealer_wire_write(int fd, struct bytes content, int64_t deadline) MUST_CHECK;
/* The socket's end for a new process, through the keeper's control socket. */
enum err sealer_wire_send_fd(int control, int fd) MUST_CHECK;
/* ERR_SEAL where the server is gone. */
enum err sealer_wire_take_fd(int control, int *ret_fd) MUST_CHECK;

/*
 * To the sealing service that listens at that path; the descriptor never blocks. ERR_NO_FILE:
 * nothing is there; ERR_SEAL: nobody listens any more; ERR_UNAVAILABLE: anything else.
 */
enum err sealer_wire_connect(const char *path, int *ret_fd) MUST_CHECK;
/* The address of that path, cut where it is longer than config_read lets through. */
struct sockaddr_un sealer_wire_address(const char *path);

#endif
