# A test of layer L is tests/unit/L/test_*.c and links only what L may use; tests/e2e drives the
# finished programs; tests/fuzz has one target a decoder, replayed over its corpus by `make check`.
TEST_SOURCES := $(wildcard tests/unit/*/test_*.c)
UNIT_TESTS := $(patsubst %.c,$(BUILD)/%,$(TEST_SOURCES))
E2E_SOURCES := $(wildcard tests/e2e/test_*.c)
E2E_TESTS := $(patsubst %.c,$(BUILD)/%,$(E2E_SOURCES)) $(wildcard tests/e2e/*.sh)
FUZZ_NAMES := $(patsubst tests/fuzz/fuzz_%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
# The store, its rules and what is built on them: on PostgreSQL, too (tests/run.sh).
PG_UNIT := $(patsubst %,$(BUILD)/tests/unit/core/test_%@pg,store store_pg serve refusals faults nomem verbos \
	verificar verificar_andar particiones tareas tareas_varios tareas_recados tareas_hilo tareas_nomem \
	tareas_clases verbo_tareas automatico \
	medios medios_tablero medios_plazo medios_enlace medios_carrera activar verificar_medios \
	representantes representantes_fin representantes_tiempo quien_puede_que quien_ve_que \
	verificar_representacion publicaciones avisos avisos_fallas avisos_carrera verificar_avisos historia \
	oficios oficios_fin oficios_nomem publicar verificar_oficio migracion \
	padron padron_lote paginas legales envios verbo_correo subidas subidas_vuelta subir recuento publicados verificacion)
PG_ONLY := $(patsubst %,$(BUILD)/tests/unit/core/test_%,store_pg particiones)
PG_E2E := $(patsubst %,$(BUILD)/tests/e2e/test_%@pg,activacion arranque bloqueo caidas calendario comandos copia_efirmas cortes descargas \
	linea llano mandos medios_fallas medios_muertes muertes nginx oficina ordenes paginas pantalla papeles perfiles representantes sello servidor subidas tareas)
# The longest first: they mostly wait, and the others fill in behind them.
SLOW := $(patsubst %,$(BUILD)/tests/e2e/test_%,caidas linea fallas_pausa muertes nginx cortes fallas_carreras medios_muertes \
		tareas sello fallas_servidores fallas_almacen medios_fallas subidas correo terminales) \
	$(patsubst %,$(BUILD)/tests/unit/%,core/test_medios_nomem core/test_avisos_nomem \
		core/test_oficios_nomem crypto/test_nomem base/test_db_damage)
REPLAYS := $(foreach f,$(FUZZ_NAMES),$(BUILD)/tests/fuzz/replay_$(f))

slow_first = $(filter $(SLOW) $(addsuffix @pg,$(SLOW)),$(1)) $(filter-out $(SLOW) $(addsuffix @pg,$(SLOW)),$(1))

# A helper of tests serves the layer in its name (help/core_*.c may use core), else any.
HELPERS_core := $(wildcard tests/help/core_*.c)
HELPERS := $(filter-out $(HELPERS_core),$(wildcard tests/help/*.c))

layer_of = $(word 3,$(subst /, ,$(patsubst $(BUILD)/%,%,$(1))))

$(BUILD)/tests/help.a: $(patsubst %.c,$(BUILD)/%.o,$(HELPERS))
	@mkdir -p $(@D)
	@rm -f $@
	$(Q)ar rcs $@ $^

$(BUILD)/tests/help_core.a: $(patsubst %.c,$(BUILD)/%.o,$(HELPERS_core))
	@mkdir -p $(@D)
	@rm -f $@
	$(Q)ar rcs $@ $^

$(UNIT_TESTS): %: %.o $(BUILD)/tests/help.a $$(if $$(filter core,$$(call layer_of,$$@)),$(BUILD)/tests/help_core.a) \
		$$(call archives,$$(NEED_$$(call layer_of,$$@)))
	$(if $(Q),@echo "  LD $@")
	$(link) $(call libs,$(NEED_$(call layer_of,$@)) test)

# A library that is loaded later asks this test's resolver.
$(BUILD)/tests/unit/net/test_http_line: LDFLAGS += -Wl,--export-dynamic-symbol=getaddrinfo
# The sealer's clock stands where the test's server's does.
MEDIOS_TESTS := medios medios_tablero medios_plazo medios_enlace medios_carrera medios_nomem activar verificar_medios \
	avisos avisos_fallas avisos_carrera verificar_avisos historia avisos_nomem
$(patsubst %,$(BUILD)/tests/unit/core/test_%,$(MEDIOS_TESTS)): LDFLAGS_ALL += -Wl,--wrap=cadena_check_time
# A load of the padrón dies behind any of its statements; its locks are counted.
$(BUILD)/tests/unit/core/test_padron_lote: LDFLAGS_ALL += -Wl,--wrap=store_queue,--wrap=store_lock
# To whom a notice goes is looked at where it is asked for.
$(BUILD)/tests/unit/core/test_representantes: LDFLAGS_ALL += -Wl,--wrap=medios_avisar
# What an idle server asks its store is counted.
$(BUILD)/tests/unit/core/test_tareas_hilo: LDFLAGS_ALL += -Wl,--wrap=store_run,--wrap=store_all,--wrap=store_begin

$(patsubst %.c,$(BUILD)/%,$(E2E_SOURCES)): %: %.o $(BUILD)/tests/help.a $(call archives,ley net crypto base)
	$(if $(Q),@echo "  LD $@")
	$(link) $(call libs,ley net crypto base test) -lm

# buzond of the next version, and of one that breaks with this one: another table of steps.
SIGUIENTES := siguiente ruptura
$(patsubst %,$(BUILD)/tests/help/%/store.o,$(SIGUIENTES)): $(BUILD)/tests/help/%/store.o: core/store/store.c tests/help/%.def
	@mkdir -p $(@D)
	$(if $(Q),@echo "  CC $< ($*)")
	$(Q)$(CC) $(CFLAGS_ALL) -DSTORE_STEPS='"tests/help/$*.def"' -MMD -MP -c -o $@ $<

$(patsubst %,$(BUILD)/buzond-%,$(SIGUIENTES)): $(BUILD)/buzond-%: $(BUILD)/tests/help/%/store.o $(BUILD)/core/buzond.o \
		$(filter-out $(BUILD)/core/store/store.o,$(call objects,core)) $(call archives,net ley crypto base)
	$(if $(Q),@echo "  LD $@")
	$(link) $(call libs,$(NEED_core))

# Preloaded into a program under test: never sanitized itself.
$(BUILD)/tests/help/%.so: tests/help/shim/%.c
	@mkdir -p $(@D)
	$(Q)$(CC) $(WARN) -O2 -shared -fPIC -o $@ $<

$(BUILD)/tests/e2e/test_fallas_relevo: $(patsubst %,$(BUILD)/buzond-%,$(SIGUIENTES))
$(BUILD)/tests/e2e/test_fallas_reloj $(BUILD)/tests/e2e/test_avisos $(BUILD)/tests/e2e/test_efectos: $(BUILD)/tests/help/reloj.so

$(BUILD)/tests/fuzz/replay_%: $(BUILD)/tests/fuzz/fuzz_%.o $(BUILD)/tests/fuzz/replay.o \
		$(call archives,app core screens tui net ley crypto base)
	$(if $(Q),@echo "  LD $@")
	$(link) $(call libs,core screens tui net ley crypto base)

.PRECIOUS: $(BUILD)/tests/fuzz/fuzz_%.o

unit: $(UNIT_TESTS)

check: all $(UNIT_TESTS) $(patsubst %.c,$(BUILD)/%,$(E2E_SOURCES)) $(REPLAYS) $(BUILD)/tests/bench/bench $$(POT)
	@BUZON_BUILD=$(BUILD) tests/run.sh $(BUILD)/logs $(call slow_first,$(E2E_TESTS) $(PG_E2E) \
		$(filter-out $(PG_ONLY),$(UNIT_TESTS)) $(PG_UNIT) tests/fuzz/replay.sh)

# All tests again under AddressSanitizer and UndefinedBehaviorSanitizer.
check-san:
	$(Q)ASAN_OPTIONS=$(ASAN_OPTIONS) $(MAKE) BUILD=build-san SAN=address,undefined check

FUZZ_TIME ?= 20
fuzz:
	$(Q)tests/fuzz/run.sh $(FUZZ_TIME)

$(BUILD)/tests/bench/bench: $(patsubst %.c,$(BUILD)/%.o,$(wildcard tests/bench/*.c)) \
		$(BUILD)/tests/help.a $(BUILD)/tests/help_core.a $(call archives,$(NEED_core))
	@mkdir -p $(@D)
	$(if $(Q),@echo "  LD $@")
	$(link) $(call libs,$(NEED_core) test)

# BENCH: which rows (tests/bench/bench.h); none: all.
BENCH ?=
bench: all $(BUILD)/tests/bench/bench
	$(Q)BUZON_BUILD=$(BUILD) $(BUILD)/tests/bench/bench $(BENCH)
