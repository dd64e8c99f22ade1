# SPDX-License-Identifier: GPL-2.0
# Unit tests: no root, no kernel. Included by the top Makefile.
#
#   make unit                          the tests against build/*.o
#   make unit SAN=address,undefined    the same, built with sanitizers in build/san/
#   make unit VALGRIND=1               the same, under valgrind
#   build/unit/judge                   one program, with all that cmocka has to say

UNIT_TESTS := $(patsubst tests/unit/test_%.c,%,$(wildcard tests/unit/test_*.c))
# What the tests share. A program takes from the archive what it calls, and no more.
UNIT_SHARED := $(filter-out tests/unit/test_%.c,$(wildcard tests/unit/*.c))
# Everything but main() and the files that need the compiled BPF programs. libbpf is not on
# the command line: if a pure file comes to need it, its test does not link.
UNIT_SUBJECTS := $(filter-out main probe probed naming,$(OBJECTS:$(BUILD)/%.o=%))
UNIT_CFLAGS = $(USER_CFLAGS) -Itests/unit
UNIT_LIBS = $(shell pkg-config --libs cmocka libmd json-c libseccomp $(LINKED)) -lm

UNIT := $(BUILD)/unit

UNIT_OBJECTS := $(UNIT_SHARED:tests/unit/%.c=$(UNIT)/%.o) $(UNIT_SUBJECTS:%=$(BUILD)/%.o)
UNIT_PROGRAMS := $(UNIT_TESTS:%=$(UNIT)/%)

.PHONY: unit
.SECONDARY: $(UNIT_PROGRAMS:%=%.o)

# All of them, even when one fails. Of what cmocka says, the failures and the summary.
unit: $(UNIT_PROGRAMS) $(BUILD)/rstwhy ## unit tests, no root, no kernel (SAN=address,undefined)
	$(Q)status=0; for program in $(UNIT_PROGRAMS); do \
		printf '  %-8s %s\n' TEST $${program##*/}; \
		$(CHECKER) $$program >$$program.log 2>&1 || status=1; \
		grep -v -e '^\[ RUN' -e '^\[       OK' -e '^\[=*\] Running' $$program.log; \
	done; \
	printf '  %-8s %s\n' TEST options.sh; \
	tests/unit/options.sh $(TESTED) || status=1; \
	exit $$status

$(UNIT_PROGRAMS): %: %.o $(UNIT)/unit.a
	$(say) LINK $@
	$(Q)$(CC) $(HARDENED) $(CFLAGS) $(LINK_FLAGS) $(LDFLAGS) $^ $(UNIT_LIBS) -o $@

$(UNIT)/unit.a: $(UNIT_OBJECTS)
	$(say) AR $@
	$(Q)rm -f $@ && $(AR) rcs $@ $^

$(UNIT_PROGRAMS:%=%.o): $(UNIT)/%.o: tests/unit/test_%.c
	$(say) CC $<
	$(Q)mkdir -p $(@D) && $(CC) $(HARDENED) $(CPPFLAGS) $(CFLAGS) $(UNIT_CFLAGS) -c $< -o $@

$(UNIT_SHARED:tests/unit/%.c=$(UNIT)/%.o): $(UNIT)/%.o: tests/unit/%.c
	$(say) CC $<
	$(Q)mkdir -p $(@D) && $(CC) $(HARDENED) $(CPPFLAGS) $(CFLAGS) $(UNIT_CFLAGS) -c $< -o $@

-include $(wildcard $(UNIT)/*.d)
