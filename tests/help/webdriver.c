#include "tests/help/webdriver.h"

#include <cjson/cJSON.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "base/clock.h"
#include "tests/help/cm.h"
#include "tests/help/e2e_servidor.h"
#include "tests/help/http.h"

#define ROOM (4 * 1024 * 1024)
#define ANSWER (1024 * 1024)
/* A browser on a busy machine takes its time to begin. */
#define READY_MS 60000
#define ELEMENT "element-6066-11e4-a52e-4f735466cecf"

static const char *must(const char *text)
{
	assert_non_null(text);
	return text;
}

static void pause_ms(int ms)
{
	nanosleep(&(struct timespec){.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L}, NULL);
}

/* ---- the interface ------------------------------------------------------------------------ */

/* Its "value"; the caller deletes it. `answer` is text to complain with. */
static cJSON *value_of(const char *method, const char *path, const char *text)
{
	const char *body = strstr(text, "\r\n\r\n");
	cJSON *answer = body != NULL ? cJSON_Parse(body + 4) : NULL;
	cJSON *value = cJSON_DetachItemFromObjectCaseSensitive(answer, "value");

	if (strncmp(text, "HTTP/1.1 200", 12) != 0 || value == NULL)
		fail_msg("%s %s: %s", method, path, text);
	cJSON_Delete(answer);
	return value;
}

static void receive(int fd, char *to, size_t room)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};

	to[0] = '\0';
	if (poll(&p, 1, READY_MS) > 0)
		(void)http_receive_answer(fd, to, room);
	close(fd);
}

static cJSON *command(const struct webdriver *w, const char *method, const char *path, cJSON *body)
{
	ARENA(a, ROOM);
	char *json = body != NULL ? cJSON_PrintUnformatted(body) : NULL;
	const char *text = json != NULL ? json : strcmp(method, "POST") == 0 ? "{}" : "";
	char *answer = arena_alloc(&a, ANSWER);
	int fd = http_connect((unsigned short)w->port);

	assert_non_null(answer);
	http_send_text(
		fd, must(arena_printf(&a,
			    "%s %s HTTP/1.1\r\nHost: localhost:%u\r\nConnection: close\r\n"
			    "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
			    method, path, w->port, strlen(text), text)));
	free(json);
	cJSON_Delete(body);
	receive(fd, answer, ANSWER);
	return value_of(method, path, answer);
}

static cJSON *in_session(
	const struct webdriver *w, const char *method, const char *path, cJSON *body)
{
	char whole[512];

	snprintf(whole, sizeof(whole), "/session/%s%s", w->session, path);
	return command(w, method, whole, body);
}

static cJSON *with_text(const char *name, const char *value)
{
	cJSON *o = cJSON_CreateObject();

	assert_non_null(cJSON_AddStringToObject(o, name, value));
	return o;
}

/* Any value as text. */
static const char *take_text(struct arena *a, cJSON *value)
{
	char *printed = cJSON_IsString(value) ? NULL : cJSON_PrintUnformatted(value);
	const char *text = arena_strdup(a, printed != NULL ? printed : value->valuestring);

	free(printed);
	cJSON_Delete(value);
	return must(text);
}

/* ---- beginning and end -------------------------------------------------------------------- */

/* A group of its own, so that whatever the browser left behind ends with it. */
static void run(const struct webdriver *w, pid_t test)
{
	ARENA(a, 65536);
	const char *port = must(arena_printf(&a, "--port=%u", w->port));
	int log = open("chromedriver.log", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	if (setpgid(0, 0) != 0 || prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != test ||
		log < 0)
		_exit(126);
	dup2(log, 1);
	dup2(log, 2);
	setenv("HOME", w->world->dir, 1);
	setenv("TMPDIR", w->world->dir, 1);
	execlp("chromedriver", "chromedriver", port, "--allowed-ips=127.0.0.1", (char *)NULL);
	_exit(127);
}

static void start(struct webdriver *w)
{
	pid_t test = getpid();

	fflush(NULL);
	w->pid = fork();
	assert_true(w->pid >= 0);
	if (w->pid != 0)
		return;
	if (chdir(w->world->dir) != 0)
		_exit(126);
	run(w, test);
}

/* Connected to, or ended before. */
static void wait_ready(struct webdriver *w)
{
	int64_t until = clock_monotonic() + READY_MS;

	for (;;) {
		ARENA(a, 65536);
		int status;

		if (strstr(e2e_file(w->world, &a, "chromedriver.log"), "started successfully") !=
			NULL)
			return;
		if (waitpid(w->pid, &status, WNOHANG) == w->pid || clock_monotonic() > until)
			fail_msg("chromedriver: %s", e2e_file(w->world, &a, "chromedriver.log"));
		pause_ms(10);
	}
}

static void begin_session(struct webdriver *w)
{
	ARENA(a, 65536);
	cJSON *asked = cJSON_Parse(must(arena_printf(&a,
		"{\"capabilities\":{\"alwaysMatch\":{\"browserName\":\"chrome\","
		"\"acceptInsecureCerts\":true,\"goog:chromeOptions\":{\"args\":[\"--headless=new\","
		"\"--no-sandbox\",\"--disable-gpu\",\"--disable-dev-shm-usage\",\"--disable-quic\","
		"\"--no-first-run\",\"--disable-background-networking\","
		"\"--disable-component-update\",\"--disable-sync\",\"--window-size=800,600\","
		"\"--user-data-dir=%s/chromium\"]}}}}",
		w->world->dir)));

	assert_non_null(asked);
	cJSON *value = command(w, "POST", "/session", asked);
	const cJSON *id = cJSON_GetObjectItemCaseSensitive(value, "sessionId");

	assert_true(cJSON_IsString(id) && strlen(id->valuestring) < sizeof(w->session));
	snprintf(w->session, sizeof(w->session), "%s", id->valuestring);
	cJSON_Delete(value);
}

void webdriver_open(struct webdriver *w, struct e2e *world)
{
	*w = (struct webdriver){.world = world, .port = e2e_servidor_port()};
	start(w);
	wait_ready(w);
	begin_session(w);
}

void webdriver_close(struct webdriver *w)
{
	if (w->pid <= 0)
		return;
	if (w->session[0] != '\0')
		cJSON_Delete(in_session(w, "DELETE", "", NULL));
	kill(w->pid, SIGTERM);
	if (e2e_wait(w->pid, 10000) < 0) {
		kill(-w->pid, SIGKILL);
		waitpid(w->pid, NULL, 0);
	}
	w->pid = 0;
}

/* ---- pages -------------------------------------------------------------------------------- */

void webdriver_go(struct webdriver *w, const char *url)
{
	cJSON_Delete(in_session(w, "POST", "/url", with_text("url", url)));
}

const char *webdriver_title(struct webdriver *w, struct arena *a)
{
	return take_text(a, in_session(w, "GET", "/title", NULL));
}

const char *webdriver_url(struct webdriver *w, struct arena *a)
{
	return take_text(a, in_session(w, "GET", "/url", NULL));
}

static cJSON *by_css(const char *css)
{
	cJSON *o = with_text("using", "css selector");

	assert_non_null(cJSON_AddStringToObject(o, "value", css));
	return o;
}

static const char *take_element(struct arena *a, cJSON *value)
{
	const cJSON *id = cJSON_GetObjectItemCaseSensitive(value, ELEMENT);
	const char *text = cJSON_IsString(id) ? arena_strdup(a, id->valuestring) : NULL;

	cJSON_Delete(value);
	return must(text);
}

static const char *of_element(
	struct webdriver *w, struct arena *a, const char *element, const char *what)
{
	return take_text(a,
		in_session(w, "GET", must(arena_printf(a, "/element/%s/%s", element, what)), NULL));
}

const char *webdriver_of(struct webdriver *w, struct arena *a, const char *css, const char *what)
{
	const char *element = take_element(a, in_session(w, "POST", "/element", by_css(css)));

	return of_element(w, a, element, what);
}

const char *webdriver_focused(struct webdriver *w, struct arena *a, const char *what)
{
	const char *element = take_element(a, in_session(w, "GET", "/element/active", NULL));

	return of_element(w, a, element, what);
}

size_t webdriver_count(struct webdriver *w, const char *css)
{
	cJSON *all = in_session(w, "POST", "/elements", by_css(css));
	int count = cJSON_GetArraySize(all);

	cJSON_Delete(all);
	return (size_t)count;
}

void webdriver_click(struct webdriver *w, const char *css)
{
	ARENA(a, 65536);
	const char *element = take_element(&a, in_session(w, "POST", "/element", by_css(css)));

	cJSON_Delete(
		in_session(w, "POST", must(arena_printf(&a, "/element/%s/click", element)), NULL));
}

void webdriver_type(struct webdriver *w, const char *css, const char *text)
{
	ARENA(a, 65536);
	const char *element = take_element(&a, in_session(w, "POST", "/element", by_css(css)));

	cJSON_Delete(in_session(w, "POST", must(arena_printf(&a, "/element/%s/value", element)),
		with_text("text", text)));
}

void webdriver_key(struct webdriver *w, const char *key)
{
	ARENA(a, 65536);
	cJSON *asked = cJSON_Parse(must(arena_printf(&a,
		"{\"actions\":[{\"type\":\"key\",\"id\":\"k\",\"actions\":[{\"type\":\"keyDown\","
		"\"value\":\"%s\"},{\"type\":\"keyUp\",\"value\":\"%s\"}]}]}",
		key, key)));

	assert_non_null(asked);
	cJSON_Delete(in_session(w, "POST", "/actions", asked));
}

void webdriver_wait_title(struct webdriver *w, const char *title)
{
	int64_t until = clock_monotonic() + READY_MS / 2;

	for (;;) {
		ARENA(a, ROOM);
		const char *now = webdriver_title(w, &a);

		if (strcmp(now, title) == 0)
			return;
		if (clock_monotonic() > until)
			fail_msg("the title is «%s», not «%s»", now, title);
		pause_ms(20);
	}
}
