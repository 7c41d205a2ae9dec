# Everything about the tree that is neither building nor testing.
SOURCES := $(shell git ls-files '*.c' '*.h' 2>/dev/null)

# Of the programs and of their tests by layer, compiled only: for what a compiler has to say.
objects: $(patsubst %.c,$(BUILD)/%.o,$(filter-out tests/bench/% tests/e2e/% tests/fuzz/% \
	tests/help/shim/%,$(filter %.c,$(SOURCES))))

# LINT_BUILD: a folder that was built with gcc and WERROR=1 already is not built again. clang warns
# the same without optimizing.
LINT_BUILD ?= build-lint-gcc
lint:
	$(Q)tools/lint.sh
	@echo "  gcc -Werror"
	$(Q)$(MAKE) -s BUILD=$(LINT_BUILD) WERROR=1 all objects
	@echo "  clang -Werror"
	$(Q)$(MAKE) -s BUILD=build-lint-clang CC=$(CLANG) WERROR=1 OPT=-O0 HARDEN= objects
	@echo "  clang-format"
	$(Q)clang-format --dry-run -Werror $(SOURCES)
	@echo "  cppcheck"
	$(Q)cppcheck -q -j2 --std=c11 --error-exitcode=1 --inline-suppr --suppressions-list=tools/cppcheck.txt \
		-I. -D_GNU_SOURCE base crypto ley net core tui screens app
	@echo "  mandoc"
	$(Q)mandoc -Tlint -W warning $(LINT_BUILD)/buzon-tui.1 buzond.8

format:
	$(Q)clang-format -i $(SOURCES)

demo: all
	$(Q)BUZON_BUILD=$(BUILD) tools/demo.sh

# Catalogues: Spanish is the source, each line of po/LINGUAS a translation (base/texto.h).
LINGUAS := $(shell sed 's/\#.*//' po/LINGUAS)
MO := LC_MESSAGES/buzon-tui.mo
CATALOGUES := $(if $(shell command -v msgfmt),$(LINGUAS:%=$(BUILD)/locale/%/$(MO)))
WORDED := $(foreach l,base ley tui screens screens/actos app,$(wildcard $(l)/*.c $(l)/*.h $(l)/*.def)) net/alcance.def
POT := $(if $(shell command -v xgettext),$(BUILD)/buzon-tui.pot)

all: $(CATALOGUES)

$(BUILD)/locale/%/$(MO): po/%.po
	@mkdir -p $(@D)
	$(Q)msgfmt -c -o $@ $<

$(BUILD)/buzon-tui.pot: $(WORDED)
	@mkdir -p $(@D)
	$(Q)xgettext -L C --from-code=UTF-8 --sort-by-file --package-name=buzon-tui --package-version=$(VERSION) \
		-k -k_ -kN_ -kngettext:1,2 -kERR:5 -kACTION:6 -kOPTION:5 -kVERB:6 -o $@ $^

pot: $(BUILD)/buzon-tui.pot

# Where each shell looks for completions of programs that are installed there.
BASH_DIR := share/bash-completion/completions
ZSH_DIR := share/zsh/site-functions
FISH_DIR := share/fish/vendor_completions.d
UNITS := buzond@.service buzond-sello.service
UNIT_DIR := lib/systemd/system
SYSUSERS := lib/sysusers.d/buzond.conf
DOC_DIR := share/doc/buzond
INSTALLED := bin/buzon-tui sbin/buzond libexec/buzon-llavero share/man/man1/buzon-tui.1 share/man/man8/buzond.8 \
	$(BASH_DIR)/buzon-tui $(ZSH_DIR)/_buzon-tui $(FISH_DIR)/buzon-tui.fish \
	$(patsubst $(BUILD)/%,share/%,$(CATALOGUES)) $(UNITS:%=$(UNIT_DIR)/%) $(SYSUSERS) $(DOC_DIR)/nginx.conf

install: all
	install -d $(sort $(dir $(addprefix $(DESTDIR)$(PREFIX)/,$(INSTALLED))))
	install -m 755 $(BUILD)/buzon-tui $(DESTDIR)$(PREFIX)/bin/buzon-tui
	install -m 755 $(BUILD)/buzon-llavero $(DESTDIR)$(PREFIX)/libexec/buzon-llavero
	install -m 755 $(BUILD)/buzond $(DESTDIR)$(PREFIX)/sbin/buzond
	install -m 644 $(BUILD)/buzon-tui.1 $(DESTDIR)$(PREFIX)/share/man/man1/buzon-tui.1
	install -m 644 buzond.8 $(DESTDIR)$(PREFIX)/share/man/man8/buzond.8
	install -m 644 $(BUILD)/completions/buzon-tui.bash $(DESTDIR)$(PREFIX)/$(BASH_DIR)/buzon-tui
	install -m 644 $(BUILD)/completions/_buzon-tui $(DESTDIR)$(PREFIX)/$(ZSH_DIR)/_buzon-tui
	install -m 644 $(BUILD)/completions/buzon-tui.fish $(DESTDIR)$(PREFIX)/$(FISH_DIR)/buzon-tui.fish
	for l in $(patsubst $(BUILD)/%,%,$(CATALOGUES)); do install -m 644 $(BUILD)/$$l $(DESTDIR)$(PREFIX)/share/$$l; done
	for u in $(UNITS); do sed 's|@SBINDIR@|$(PREFIX)/sbin|' tools/servidor/$$u >$(DESTDIR)$(PREFIX)/$(UNIT_DIR)/$$u && \
		chmod 644 $(DESTDIR)$(PREFIX)/$(UNIT_DIR)/$$u || exit 1; done
	install -m 644 tools/servidor/sysusers.conf $(DESTDIR)$(PREFIX)/$(SYSUSERS)
	install -m 644 tools/servidor/nginx.conf $(DESTDIR)$(PREFIX)/$(DOC_DIR)/nginx.conf

uninstall:
	rm -f $(addprefix $(DESTDIR)$(PREFIX)/,$(INSTALLED))

clean:
	rm -rf build build-san build-fuzz build-lint-gcc build-lint-clang

help:
	@echo 'make             programs, manual and completions, in build/'
	@echo 'make demo        the main job with test e.firmas, in this terminal'
	@echo 'make check       all tests; ends with "N passed, N failed"'
	@echo 'make check-san   the same under AddressSanitizer and UndefinedBehaviorSanitizer'
	@echo 'make lint        layers, sizes, warnings (gcc, clang), format, cppcheck, man pages'
	@echo 'make fuzz        every decoder of foreign bytes, FUZZ_TIME=20 seconds each'
	@echo 'make bench       figures as shares of limits measured in the same run; BENCH=pg: those of PostgreSQL'
	@echo 'make pot         what a translator begins with, build/buzon-tui.pot'
	@echo 'make install     DESTDIR=, PREFIX=/usr/local'
	@echo 'make uninstall   make clean   make format'
	@echo 'SAN=address,undefined  WERROR=1  V=1  BUILD=folder  CC=clang'

.PHONY: all objects pot unit check check-san fuzz bench lint format demo install uninstall clean help
