# SPDX-License-Identifier: GPL-2.0
# Unit tests: no root, no kernel. Included by the top Makefile.
#
#   make unit                          the tests against build/*.o
#   make unit SAN=address,undefined    the same, all built anew with sanitizers in build/unit-san/
#   build/unit/judge                   one program, with all that cmocka has to say

UNIT_TESTS := $(patsubst tests/unit/test_%.c,%,$(wildcard tests/unit/test_*.c))
# What the tests share. A program takes from the archive what it calls, and no more.
UNIT_SHARED := $(filter-out tests/unit/test_%.c,$(wildcard tests/unit/*.c))
# Everything but main() and the one file that needs the compiled BPF programs. libbpf is not on
# the command line: if a pure file comes to need it, its test does not link.
UNIT_SUBJECTS := $(filter-out main probe,$(patsubst user/%.c,%,$(wildcard user/*.c)))
UNIT_CFLAGS = $(USER_CFLAGS) -Iuser -Itests/unit $(UNIT_SAN)
UNIT_LIBS = $(shell pkg-config --libs cmocka libmd) -lm

ifeq ($(SAN),)
UNIT := $(BUILD)/unit
UNIT_USER := $(BUILD)
else
UNIT := $(BUILD)/unit-san
UNIT_USER := $(UNIT)/user
UNIT_SAN := -fsanitize=$(SAN) -fno-sanitize-recover=all -fno-omit-frame-pointer
# gcc takes an array at the end of a struct for one without a bound, unless told otherwise.
ifneq ($(findstring undefined,$(SAN)),)
UNIT_SAN += $(shell $(CC) -fsanitize=bounds-strict -E -x c /dev/null >/dev/null 2>&1 && \
	echo -fsanitize=bounds-strict)
endif
endif

UNIT_OBJECTS := $(UNIT_SHARED:tests/unit/%.c=$(UNIT)/%.o) $(UNIT_SUBJECTS:%=$(UNIT_USER)/%.o)
UNIT_PROGRAMS := $(UNIT_TESTS:%=$(UNIT)/%)

.PHONY: unit
.SECONDARY: $(UNIT_PROGRAMS:%=%.o)

# All of them, even when one fails. Of what cmocka says, the failures and the summary.
unit: $(UNIT_PROGRAMS) $(BUILD)/rstwhy ## unit tests, no root, no kernel (SAN=address,undefined)
	$(Q)status=0; for program in $(UNIT_PROGRAMS); do \
		printf '  %-8s %s\n' TEST $${program##*/}; \
		$$program >$$program.log 2>&1 || status=1; \
		grep -v -e '^\[ RUN' -e '^\[       OK' -e '^\[=*\] Running' $$program.log; \
	done; \
	printf '  %-8s %s\n' TEST options.sh; \
	tests/unit/options.sh $(BUILD)/rstwhy || status=1; \
	exit $$status

$(UNIT_PROGRAMS): %: %.o $(UNIT)/unit.a
	$(say) LINK $@
	$(Q)$(CC) $(CFLAGS) $(UNIT_SAN) $(LDFLAGS) $^ $(UNIT_LIBS) -o $@

$(UNIT)/unit.a: $(UNIT_OBJECTS)
	$(say) AR $@
	$(Q)rm -f $@ && $(AR) rcs $@ $^

$(UNIT_PROGRAMS:%=%.o): $(UNIT)/%.o: tests/unit/test_%.c
	$(say) CC $<
	$(Q)mkdir -p $(@D) && $(CC) $(CFLAGS) $(UNIT_CFLAGS) -c $< -o $@

$(UNIT_SHARED:tests/unit/%.c=$(UNIT)/%.o): $(UNIT)/%.o: tests/unit/%.c
	$(say) CC $<
	$(Q)mkdir -p $(@D) && $(CC) $(CFLAGS) $(UNIT_CFLAGS) -c $< -o $@

ifneq ($(SAN),)
$(UNIT_USER)/timeouts.o: $(BUILD)/timeouts.inc

$(UNIT_USER)/%.o: user/%.c
	$(say) CC $<
	$(Q)mkdir -p $(@D) && $(CC) $(CFLAGS) $(UNIT_CFLAGS) -c $< -o $@
endif

-include $(wildcard $(UNIT)/*.d $(UNIT)/user/*.d)
