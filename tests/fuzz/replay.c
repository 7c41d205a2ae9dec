/*
 * The main of a fuzz target without a fuzzer: runs it once over each file named.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int main(int argc, char **argv)
{
	static uint8_t data[1 << 20];

	for (int i = 1; i < argc; i++) {
		FILE *f = fopen(argv[i], "rb");

		if (f == NULL) {
			fprintf(stderr, "cannot open %s\n", argv[i]);
			return 1;
		}
		size_t size = fread(data, 1, sizeof(data), f);

		fclose(f);
		if (LLVMFuzzerTestOneInput(data, size) != 0)
			return 1;
	}
	return argc > 1 ? 0 : 1;
}
