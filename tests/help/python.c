#include "tests/help/python.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
#include "tests/help/cm.h"

#define OUTPUT (1 << 20)

/* A file that is gone when it is closed, with that in it, read from its beginning. */
static FILE *with(struct bytes content)
{
	FILE *f = tmpfile();

	assert_non_null(f);
	assert_int_equal(fwrite(content.data, 1, content.size, f), content.size);
	rewind(f);
	return f;
}

const char *python_run(struct arena *a, const char *script, struct bytes input)
{
	FILE *in = with(input);
	FILE *out = with((struct bytes){(const unsigned char *)"", 0});
	char *text = arena_zalloc(a, OUTPUT);
	int status = 0;
	pid_t pid = fork();

	assert_non_null(text);
	assert_true(pid >= 0);
	if (pid == 0) {
		if (dup2(fileno(in), 0) < 0 || dup2(fileno(out), 1) < 0)
			_exit(126);
		setenv("PYTHONIOENCODING", "utf-8", 1);
		execlp("python3", "python3", "-c", script, NULL);
		_exit(127);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	rewind(out);
	size_t n = fread(text, 1, OUTPUT - 1, out);

	text[n] = '\0';
	fclose(in);
	fclose(out);
	if (status != 0)
		fail_msg("python3 ended with %d: %s", status, text);
	return text;
}
