# Everything about the tree that is neither building nor testing.
SOURCES := $(shell git ls-files '*.c' '*.h' 2>/dev/null)

lint:
	$(Q)tools/lint.sh
	@echo "  gcc -Werror"
	$(Q)$(MAKE) -s BUILD=build-lint-gcc WERROR=1 all unit
	@echo "  clang -Werror"
	$(Q)$(MAKE) -s BUILD=build-lint-clang CC=$(CLANG) WERROR=1 all unit
	@echo "  clang-format"
	$(Q)clang-format --dry-run -Werror $(SOURCES)
	@echo "  cppcheck"
	$(Q)cppcheck -q -j2 --std=c11 --error-exitcode=1 --inline-suppr --suppressions-list=tools/cppcheck.txt \
		-I. -D_GNU_SOURCE base crypto ley net core tui screens app
	@echo "  mandoc"
	$(Q)mandoc -Tlint -W warning buzon-tui.1 buzond.8

format:
	$(Q)clang-format -i $(SOURCES)

demo: all
	$(Q)BUZON_BUILD=$(BUILD) tools/demo.sh

install: all
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/sbin $(DESTDIR)$(PREFIX)/libexec \
		$(DESTDIR)$(PREFIX)/share/man/man1 $(DESTDIR)$(PREFIX)/share/man/man8
	install -m 755 $(BUILD)/buzon-tui $(DESTDIR)$(PREFIX)/bin/buzon-tui
	install -m 755 $(BUILD)/buzon-llavero $(DESTDIR)$(PREFIX)/libexec/buzon-llavero
	install -m 755 $(BUILD)/buzond $(DESTDIR)$(PREFIX)/sbin/buzond
	install -m 644 buzon-tui.1 $(DESTDIR)$(PREFIX)/share/man/man1/buzon-tui.1
	install -m 644 buzond.8 $(DESTDIR)$(PREFIX)/share/man/man8/buzond.8

uninstall:
	rm -f $(DESTDIR)$(PREFIX)/bin/buzon-tui $(DESTDIR)$(PREFIX)/sbin/buzond $(DESTDIR)$(PREFIX)/libexec/buzon-llavero \
		$(DESTDIR)$(PREFIX)/share/man/man1/buzon-tui.1 $(DESTDIR)$(PREFIX)/share/man/man8/buzond.8

clean:
	rm -rf build build-san build-fuzz build-lint-gcc build-lint-clang

help:
	@echo 'make             the two programs, in build/'
	@echo 'make demo        the main job with test e.firmas, in this terminal'
	@echo 'make check       all tests; ends with "N passed, N failed"'
	@echo 'make check-san   the same under AddressSanitizer and UndefinedBehaviorSanitizer'
	@echo 'make lint        layers, sizes, warnings (gcc, clang), format, cppcheck, man pages'
	@echo 'make fuzz        every decoder of foreign bytes, FUZZ_TIME=20 seconds each'
	@echo 'make bench       figures as shares of limits measured in the same run'
	@echo 'make install     DESTDIR=, PREFIX=/usr/local'
	@echo 'make uninstall   make clean   make format'
	@echo 'SAN=address,undefined  WERROR=1  V=1  BUILD=folder  CC=clang'

.PHONY: all unit check check-san fuzz bench lint format demo install uninstall clean help
