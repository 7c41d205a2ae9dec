#include "core/sealer_wire.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "base/clock.h"

static enum err wait_for(int fd, short events, int64_t deadline)
{
	struct pollfd p = {.fd = fd, .events = events};
	int64_t left = deadline != 0 ? deadline - clock_monotonic() : -1;
	int n;

	if (deadline != 0 && left <= 0)
		return ERR_SEAL;
	do
		n = poll(&p, 1, (int)left);
	while (n < 0 && errno == EINTR);
	return n > 0 ? OK : ERR_SEAL;
}

enum err sealer_wire_read(int fd, void *to, size_t size, int64_t deadline)
{
	char *at = to;

	while (size != 0) {
		ssize_t n = recv(fd, at, size, MSG_DONTWAIT);

		if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
			return ERR_SEAL;
		if (n < 0 && wait_for(fd, POLLIN, deadline) != OK)
			return ERR_SEAL;
		at += n > 0 ? n : 0;
		size -= n > 0 ? (size_t)n : 0;
	}
	return OK;
}

enum err sealer_wire_write(int fd, struct bytes content, int64_t deadline)
{
	while (content.size != 0) {
		ssize_t n = send(fd, content.data, content.size, MSG_DONTWAIT | MSG_NOSIGNAL);

		if (n < 0 && errno != EAGAIN && errno != EINTR)
			return ERR_SEAL;
		if (n < 0 && wait_for(fd, POLLOUT, deadline) != OK)
			return ERR_SEAL;
		content.data += n > 0 ? n : 0;
		content.size -= n > 0 ? (size_t)n : 0;
	}
	return OK;
}

union control {
	char room[CMSG_SPACE(sizeof(int))];
	struct cmsghdr align;
};

enum err sealer_wire_send_fd(int control, int fd)
{
	char byte = 'n';
	union control c = {0};
	struct iovec data = {.iov_base = &byte, .iov_len = 1};
	struct msghdr m = {.msg_iov = &data,
		.msg_iovlen = 1,
		.msg_control = c.room,
		.msg_controllen = sizeof(c.room)};
	struct cmsghdr *h = CMSG_FIRSTHDR(&m);

	h->cmsg_level = SOL_SOCKET;
	h->cmsg_type = SCM_RIGHTS;
	h->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(h), &fd, sizeof(fd));
	return sendmsg(control, &m, MSG_NOSIGNAL) == 1 ? OK : ERR_SEAL;
}

enum err sealer_wire_take_fd(int control, int *ret_fd)
{
	char byte;
	union control c = {0};
	struct iovec data = {.iov_base = &byte, .iov_len = 1};
	struct msghdr m = {.msg_iov = &data,
		.msg_iovlen = 1,
		.msg_control = c.room,
		.msg_controllen = sizeof(c.room)};
	ssize_t n;

	do
		n = recvmsg(control, &m, MSG_CMSG_CLOEXEC);
	while (n < 0 && errno == EINTR);
	struct cmsghdr *h = n == 1 ? CMSG_FIRSTHDR(&m) : NULL;

	if (h == NULL || h->cmsg_type != SCM_RIGHTS || h->cmsg_len != CMSG_LEN(sizeof(int)))
		return ERR_SEAL;
	memcpy(ret_fd, CMSG_DATA(h), sizeof(*ret_fd));
	return OK;
}

struct sockaddr_un sealer_wire_address(const char *path)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};

	memcpy(at.sun_path, path, strnlen(path, sizeof(at.sun_path) - 1));
	return at;
}

enum err sealer_wire_connect(const char *path, int *ret_fd)
{
	struct sockaddr_un at = sealer_wire_address(path);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0)
		return ERR_UNAVAILABLE;
	if (connect(fd, (const struct sockaddr *)&at, sizeof(at)) == 0) {
		*ret_fd = fd;
		return OK;
	}
	enum err e = errno == ENOENT	     ? ERR_NO_FILE
		     : errno == ECONNREFUSED ? ERR_SEAL
					     : ERR_UNAVAILABLE;

	close(fd);
	return e;
}
