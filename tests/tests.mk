# A test of layer L is tests/unit/L/test_*.c and links only what L may use.
TEST_SOURCES := $(wildcard tests/unit/*/test_*.c)
UNIT_TESTS := $(patsubst %.c,$(BUILD)/%,$(TEST_SOURCES))
HELPER_OBJECTS := $(patsubst %.c,$(BUILD)/%.o,$(wildcard tests/help/*.c))

layer_of = $(word 3,$(subst /, ,$(patsubst $(BUILD)/%,%,$(1))))

$(BUILD)/tests/help.a: $(HELPER_OBJECTS)
	@mkdir -p $(@D)
	@rm -f $@
	$(Q)ar rcs $@ $^

$(UNIT_TESTS): %: %.o $(BUILD)/tests/help.a $$(call archives,$$(NEED_$$(call layer_of,$$@)))
	$(if $(Q),@echo "  LD $@")
	$(link) $(call libs,$(NEED_$(call layer_of,$@)) test)

unit: $(UNIT_TESTS)
