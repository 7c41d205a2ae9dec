# Buzón TUI. `make help` lists the targets.
VERSION := 0.1.0
PREFIX ?= /usr/local
DESTDIR ?=
BUILD ?= build
CC ?= gcc
CLANG ?= clang
SAN ?=
WERROR ?= 0
V ?= 0
# As much at a time as there are cores, unless -j says otherwise. A make within make is told, and
# what is cleaned is not built meanwhile.
ifeq ($(MAKELEVEL)$(filter clean,$(MAKECMDGOALS)),0)
MAKEFLAGS += -j$(shell nproc)
endif
Q := $(if $(filter 1,$(V)),,@)

LAYERS := base crypto ley net core tui screens app
PKGS_base := openssl sqlite3
PKGS_crypto := openssl
PKGS_ley := libqrencode zlib libidn2
PKGS_net := libcjson libcurl libmicrohttpd libzstd zlib
PKGS_core := libpq libical
PKGS_tui := ncursesw
PKGS_app := libzip
PKGS_test := cmocka vterm libical
PKGS_llavero := libsecret-1
ALL_PKGS := $(sort $(foreach l,$(LAYERS),$(PKGS_$(l))))

# What a layer may link: itself and what stands below it (ARCHITECTURE.md).
NEED_base := base
NEED_crypto := crypto base
NEED_ley := ley crypto base
NEED_net := net crypto base
NEED_core := core net ley crypto base
NEED_tui := tui base
NEED_screens := screens tui ley net crypto base
NEED_app := app screens tui net ley crypto base

# Its header is needed; the library itself net/http_out.c loads once the first frame is there.
LOADED := libcurl

pkg = $(shell pkg-config $(1) $(2) 2>/dev/null)

WARN := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion -Wstrict-prototypes \
	-Wmissing-prototypes -Wpointer-arith -Wwrite-strings -Wvla -Wformat=2 -Wundef \
	-Wimplicit-fallthrough
OPT := $(if $(SAN),-O1 -g -fno-omit-frame-pointer -fsanitize=$(SAN) -fno-sanitize-recover=all,-O2 -g)
HARDEN := $(if $(SAN),,-D_FORTIFY_SOURCE=2) -fstack-protector-strong -fPIE
CFLAGS_ALL := -std=c17 -D_GNU_SOURCE -I. $(WARN) $(OPT) $(HARDEN) $(if $(filter 1,$(WERROR)),-Werror) \
	-DBUZON_VERSION='"$(VERSION)"' -DBUZON_LIBEXEC='"$(PREFIX)/libexec"' \
	-DBUZON_LOCALEDIR='"$(PREFIX)/share/locale"' $(call pkg,--cflags,$(ALL_PKGS)) $(CFLAGS)
LDFLAGS_ALL := -pie -Wl,-z,relro,-z,now -Wl,--as-needed $(if $(SAN),-fsanitize=$(SAN)) $(LDFLAGS)

sources = $(wildcard $(1)/*.c) $(wildcard $(1)/*/*.c)
# A program's main is linked by itself, never archived.
MAINS := core/buzond.c app/buzon_tui.c app/llavero_main.c
objects = $(patsubst %.c,$(BUILD)/%.o,$(filter-out $(MAINS),$(call sources,$(1))))
archives = $(foreach l,$(1),$(BUILD)/$(l).a)
# libunistring has no file of pkg-config.
libs = $(call pkg,--libs,$(filter-out $(LOADED),$(sort $(foreach l,$(1),$(PKGS_$(l)))))) \
	$(if $(filter ley,$(1)),-lunistring) -lpthread

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.SECONDEXPANSION:

COMPLETIONS := $(addprefix $(BUILD)/completions/,buzon-tui.bash _buzon-tui buzon-tui.fish)

all: $(BUILD)/buzon-tui $(BUILD)/buzon-llavero $(BUILD)/buzond \
	$(BUILD)/buzon-tui.1 $(COMPLETIONS)

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(if $(Q),@echo "  CC $<")
	$(Q)$(CC) $(CFLAGS_ALL) -MMD -MP -c -o $@ $<

define layer_rules
$(BUILD)/$(1).a: $$(call objects,$(1))
	@mkdir -p $$(@D)
	@rm -f $$@
	$$(Q)ar rcs $$@ $$^
endef
$(foreach l,$(LAYERS),$(eval $(call layer_rules,$(l))))

# Texts that a program is built with, a literal a line.
$(BUILD)/%.txt.inc: %.txt
	@mkdir -p $(@D)
	$(Q)sed -e 's/[\\"]/\\&/g' -e 's/.*/"&\\n",/' $< >$@

# The same of data, whose lines end as iCalendar's do.
$(BUILD)/%.inc: %
	@mkdir -p $(@D)
	$(Q)sed -e 's/[\\"]/\\&/g' -e 's/.*/"&\\r\\n",/' $< >$@

$(BUILD)/core/publicados_texto.o: CFLAGS_ALL += -I$(BUILD)
$(BUILD)/core/publicados_texto.o: $(patsubst %,$(BUILD)/core/%.inc,calendarios/inhabiles.ics catalogos/catalogo.json)

$(BUILD)/core/legales_texto.o: CFLAGS_ALL += -I$(BUILD)
$(BUILD)/core/legales_texto.o: $(patsubst %,$(BUILD)/core/legales/%.txt.inc,terminos privacidad)

link = $(Q)$(CC) $(CFLAGS_ALL) $(LDFLAGS_ALL) -o $@ $(filter %.o,$^) \
	-Wl,--start-group $(filter %.a,$^) -Wl,--end-group

$(BUILD)/buzon-tui: $(BUILD)/app/buzon_tui.o $(call archives,$(NEED_app))
	$(if $(Q),@echo "  LD $@")
	$(link) $(call libs,$(NEED_app))

# The keyring's libraries are nobody else's; their headers are not ours to warn about.
$(BUILD)/app/llavero_main.o: CFLAGS_ALL += $(patsubst -I%,-isystem %,$(call pkg,--cflags,$(PKGS_llavero)))

$(BUILD)/buzon-llavero: $(BUILD)/app/llavero_main.o
	$(if $(Q),@echo "  LD $@")
	$(link) $(call pkg,--libs,$(PKGS_llavero))

# Taken in by the assembler, which tells nobody.
$(BUILD)/core/plantillas_propias.o: $(wildcard core/plantillas/*)

$(BUILD)/buzond: $(BUILD)/core/buzond.o $(call archives,$(NEED_core))
	$(if $(Q),@echo "  LD $@")
	$(link) $(call libs,$(NEED_core))

# What the tables say outside the programs: the manual's keys, the completions of the shells.
$(BUILD)/tablas: $(patsubst %,$(BUILD)/tools/%.o,tablas tablas_mdoc tablas_shell)
	$(Q)$(CC) $(CFLAGS_ALL) $(LDFLAGS_ALL) -o $@ $^

$(BUILD)/buzon-tui.1: buzon-tui.1 $(BUILD)/tablas
	$(Q)$(BUILD)/tablas mdoc >$@.teclas
	$(Q)sed -e '/@TECLAS@/{r $@.teclas' -e 'd}' $< >$@

$(BUILD)/completions/buzon-tui.bash $(BUILD)/completions/_buzon-tui $(BUILD)/completions/buzon-tui.fish: $(BUILD)/tablas
	@mkdir -p $(@D)
	$(Q)$(BUILD)/tablas $(if $(filter _%,$(@F)),zsh,$(subst .,,$(suffix $@))) >$@

include tests/tests.mk
include tools/tools.mk

-include $(shell find $(BUILD) -path $(BUILD)/logs -prune -o -name '*.d' -type f -print 2>/dev/null)
