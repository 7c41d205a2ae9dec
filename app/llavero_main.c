/*
 * buzon-llavero: the desktop's keyring (Secret Service), in a process of its own, so that what a
 * wedged provider blocks can be killed and its libraries are nobody else's.
 *
 * Never asks a person anything, but for `desbloquear` on a graphical display: over SSH the
 * dialogue would open where nobody sits.
 */
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>
#include <libsecret/secret.h>
#include "app/llavero_wire.h"

#define SERVICE "org.freedesktop.secrets"
#define BUS "org.freedesktop.DBus"
#define BUS_PATH "/org/freedesktop/DBus"
#define BUS_MS 1500

static const SecretSchema schema = {
	.name = "mx.buzon-tui.efirma",
	.flags = SECRET_SCHEMA_NONE,
	.attributes = {{"certificado", SECRET_SCHEMA_ATTRIBUTE_STRING}},
};

struct llavero {
	SecretService *service;
	GHashTable *attributes;
};

typedef enum llavero_exit (*action)(struct llavero *k);

/* ---- what is there ------------------------------------------------------------------------ */

static enum llavero_exit failed(GError *error)
{
	bool locked = error != NULL && g_error_matches(error, SECRET_ERROR, SECRET_ERROR_IS_LOCKED);
	bool gone = error != NULL && error->domain == G_DBUS_ERROR &&
		    (error->code == G_DBUS_ERROR_SERVICE_UNKNOWN ||
			    error->code == G_DBUS_ERROR_NAME_HAS_NO_OWNER);

	g_clear_error(&error);
	return locked ? LLAVERO_LOCKED : gone ? LLAVERO_NO_SERVICE : LLAVERO_FAILED;
}

/* A method of the bus itself whose answer is one boolean or number; 0 where it fails. */
static guint32 ask_bus(GDBusConnection *bus, const char *method, GVariant *arguments)
{
	GVariant *answer = g_dbus_connection_call_sync(bus, BUS, BUS_PATH, BUS, method, arguments,
		NULL, G_DBUS_CALL_FLAGS_NONE, BUS_MS, NULL, NULL);
	GVariant *value = answer != NULL ? g_variant_get_child_value(answer, 0) : NULL;
	guint32 found = 0;

	if (value != NULL && g_variant_is_of_type(value, G_VARIANT_TYPE_BOOLEAN))
		found = g_variant_get_boolean(value) ? 1 : 0;
	else if (value != NULL && g_variant_is_of_type(value, G_VARIANT_TYPE_UINT32))
		found = g_variant_get_uint32(value);
	g_clear_pointer(&value, g_variant_unref);
	g_clear_pointer(&answer, g_variant_unref);
	return found;
}

/* GLib starts a bus of its own where it finds a display and no bus: that would stay behind. */
static bool has_bus(void)
{
	const char *address = getenv("DBUS_SESSION_BUS_ADDRESS");
	const char *runtime = getenv("XDG_RUNTIME_DIR");
	char path[256];

	if (address != NULL && address[0] != '\0')
		return true;
	if (runtime == NULL || runtime[0] != '/')
		return false;
	(void)snprintf(path, sizeof(path), "%s/bus", runtime);
	return access(path, F_OK) == 0;
}

/* Known before libsecret is asked, which would say "no" to everything alike. */
static enum llavero_exit find_service(void)
{
	GDBusConnection *bus = has_bus() ? g_bus_get_sync(G_BUS_TYPE_SESSION, NULL, NULL) : NULL;

	if (bus == NULL)
		return LLAVERO_NO_BUS;
	/* A bus that ends, or a wedged one, must not end us with its own words. */
	g_dbus_connection_set_exit_on_close(bus, FALSE);
	bool there = ask_bus(bus, "NameHasOwner", g_variant_new("(s)", SERVICE)) != 0;

	/* A desktop starts it when it is first called; starting is not unlocking. */
	if (!there)
		there = ask_bus(bus, "StartServiceByName", g_variant_new("(su)", SERVICE, 0)) != 0;
	g_object_unref(bus);
	return there ? LLAVERO_DONE : LLAVERO_NO_SERVICE;
}

/* The collection where new secrets go; LLAVERO_LOCKED also where there is none to open. */
static enum llavero_exit check_collection(struct llavero *k, SecretCollection **ret)
{
	GError *error = NULL;
	SecretCollection *c = secret_collection_for_alias_sync(
		k->service, SECRET_COLLECTION_DEFAULT, SECRET_COLLECTION_NONE, NULL, &error);

	if (error != NULL)
		return failed(error);
	if (c == NULL)
		return LLAVERO_LOCKED;
	enum llavero_exit code = secret_collection_get_locked(c) ? LLAVERO_LOCKED : LLAVERO_DONE;

	if (ret != NULL)
		*ret = c;
	else
		g_object_unref(c);
	return code;
}

/* What is locked is not opened here. An item that can't be seen may be behind the lock. */
static enum llavero_exit find_item(struct llavero *k, SecretItem **ret)
{
	GError *error = NULL;
	GList *found = secret_service_search_sync(
		k->service, &schema, k->attributes, SECRET_SEARCH_NONE, NULL, &error);

	if (error != NULL)
		return failed(error);
	if (found == NULL)
		return check_collection(k, NULL) == LLAVERO_LOCKED ? LLAVERO_LOCKED : LLAVERO_EMPTY;
	enum llavero_exit code =
		secret_item_get_locked(found->data) ? LLAVERO_LOCKED : LLAVERO_DONE;

	if (code == LLAVERO_DONE && ret != NULL)
		*ret = g_object_ref(found->data);
	g_list_free_full(found, g_object_unref);
	return code;
}

/* ---- the acts ----------------------------------------------------------------------------- */

static enum llavero_exit probar(struct llavero *k)
{
	return find_item(k, NULL);
}

static bool write_all(const char *from, size_t size)
{
	while (size != 0) {
		ssize_t n = write(STDOUT_FILENO, from, size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		from += n;
		size -= (size_t)n;
	}
	return true;
}

static enum llavero_exit buscar(struct llavero *k)
{
	GError *error = NULL;
	SecretItem *item = NULL;
	enum llavero_exit code = find_item(k, &item);
	gsize size = 0;

	if (code != LLAVERO_DONE)
		return code;
	if (!secret_item_load_secret_sync(item, NULL, &error))
		code = failed(error);
	SecretValue *value = code == LLAVERO_DONE ? secret_item_get_secret(item) : NULL;

	g_object_unref(item);
	if (code != LLAVERO_DONE)
		return code;
	if (value == NULL)
		return LLAVERO_FAILED;
	const char *text = secret_value_get(value, &size);

	if (size == 0)
		code = LLAVERO_EMPTY;
	else if (size > LLAVERO_SECRET_MOST || !write_all(text, size))
		code = LLAVERO_FAILED;
	secret_value_unref(value);
	return code;
}

/* Into a page that is locked; libsecret keeps its copy in such memory of its own. */
static size_t read_secret(char *to)
{
	size_t size = 0;

	while (size <= LLAVERO_SECRET_MOST) {
		ssize_t n = read(STDIN_FILENO, to + size, LLAVERO_SECRET_MOST + 1 - size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return 0;
		if (n == 0)
			return size;
		size += (size_t)n;
	}
	return 0;
}

static SecretValue *take_secret(void)
{
	const size_t room = 4096;
	SecretValue *value = NULL;
	char *page = mmap(NULL, room, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (page == MAP_FAILED)
		return NULL;
	/* As in base/secret.c: what can't be locked is no reason to refuse. */
	(void)!mlock(page, room);
	size_t size = read_secret(page);

	if (size != 0)
		value = secret_value_new(page, (gssize)size, "text/plain");
	explicit_bzero(page, room);
	(void)munmap(page, room);
	return value;
}

static enum llavero_exit guardar(struct llavero *k)
{
	GError *error = NULL;
	SecretValue *value = take_secret();

	if (value == NULL)
		return LLAVERO_FAILED;
	enum llavero_exit code = check_collection(k, NULL);
	bool stored = code == LLAVERO_DONE && secret_service_store_sync(k->service, &schema,
						      k->attributes, SECRET_COLLECTION_DEFAULT,
						      "e.firma (buzon-tui)", value, NULL, &error);

	secret_value_unref(value);
	if (code == LLAVERO_DONE && !stored)
		code = failed(error);
	return code;
}

static enum llavero_exit borrar(struct llavero *k)
{
	GError *error = NULL;
	enum llavero_exit code = find_item(k, NULL);

	if (code != LLAVERO_DONE)
		return code;
	if (!secret_service_clear_sync(k->service, &schema, k->attributes, NULL, &error))
		return failed(error);
	return LLAVERO_DONE;
}

static bool has_display(void)
{
	const char *x = getenv("DISPLAY");
	const char *wayland = getenv("WAYLAND_DISPLAY");

	return (x != NULL && x[0] != '\0') || (wayland != NULL && wayland[0] != '\0');
}

static enum llavero_exit desbloquear(struct llavero *k)
{
	GError *error = NULL;
	SecretCollection *c = NULL;
	enum llavero_exit code = check_collection(k, &c);

	if (code == LLAVERO_LOCKED && c != NULL && has_display()) {
		GList one = {.data = c};

		if (secret_service_unlock_sync(k->service, &one, NULL, NULL, &error) == 1)
			code = LLAVERO_DONE;
		else if (error != NULL)
			code = failed(error);
	}
	g_clear_object(&c);
	return code;
}

static const struct {
	const char *name;
	action run;
} actions[] = {{"buscar", buscar}, {"guardar", guardar}, {"borrar", borrar}, {"probar", probar},
	{"desbloquear", desbloquear}};

static enum llavero_exit run(action act, const char *huella)
{
	struct llavero k = {0};
	GError *error = NULL;
	enum llavero_exit code = find_service();

	if (code != LLAVERO_DONE)
		return code;
	k.service = secret_service_get_sync(SECRET_SERVICE_NONE, NULL, &error);
	if (k.service == NULL)
		return failed(error);
	k.attributes = secret_attributes_build(&schema, "certificado", huella, NULL);
	code = act(&k);
	g_hash_table_unref(k.attributes);
	g_object_unref(k.service);
	return code;
}

int main(int argc, char **argv)
{
	const struct rlimit none = {0, 0};

	(void)setrlimit(RLIMIT_CORE, &none);
	(void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	(void)signal(SIGPIPE, SIG_IGN);
	for (size_t i = 0; argc == 3 && i < sizeof(actions) / sizeof(actions[0]); i++)
		if (strcmp(argv[1], actions[i].name) == 0)
			return (int)run(actions[i].run, argv[2]);
	fputs("uso: " LLAVERO_PROGRAM " buscar|guardar|borrar|probar|desbloquear HUELLA\n"
	      "Lo usa buzon-tui; la contraseña va por la entrada o la salida estándar.\n",
		stderr);
	return LLAVERO_USAGE;
}
