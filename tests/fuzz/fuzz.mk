# SPDX-License-Identifier: GPL-2.0
# Fuzzing with libFuzzer, AddressSanitizer and UndefinedBehaviorSanitizer. Included by the top Makefile.
#
#   make fuzz                     every target, 60 s in all
#   make fuzz SECONDS=600 FUZZ=replay,record
#   make fuzz-corpus              takes what was found into tests/fuzz/corpus/, minimised
#   build/fuzz/replay FILE        one input again, as build/fuzz/crashes/ keeps them

FUZZ_PACKAGES := clang libclang-rt-dev llvm python3
FUZZ_BUILD := $(BUILD)/fuzz
FUZZ_TARGETS := $(patsubst tests/fuzz/fuzz_%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
FUZZ_SHARED := $(filter-out tests/fuzz/fuzz_%.c,$(wildcard tests/fuzz/*.c))
# Everything but main() and what needs libraries that are loaded at run time, or BPF.
FUZZ_SUBJECTS := $(filter-out main probe probed naming http% kafka kafka_library kafka_settings journal \
	notify systemd_library sink_classes,$(OBJECTS:$(BUILD)/%.o=%))
FUZZ_FLAGS := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all \
	-fno-omit-frame-pointer -fprofile-instr-generate -fcoverage-mapping
FUZZ_CFLAGS = $(USER_CFLAGS) -Itests/fuzz $(FUZZ_FLAGS) -fsanitize=fuzzer-no-link
FUZZ_LIBS = $(shell pkg-config --libs libmd json-c) -lm
FUZZ_PROGRAMS := $(FUZZ_TARGETS:%=$(FUZZ_BUILD)/%)
FUZZ_RUN = /usr/bin/python3 -B tests/fuzz/run.py --build $(FUZZ_BUILD)

SECONDS ?= 60

.PHONY: fuzz fuzz-corpus fuzz-programs
.SECONDARY: $(FUZZ_PROGRAMS:%=%.o)

fuzz: ## fuzz everything that parses (SECONDS=60 in all, FUZZ=replay,record: these)
	$(Q)$(MAKE) --no-print-directory deps PACKAGES="$(BUILD_PACKAGES) $(FUZZ_PACKAGES)"
	$(Q)$(MAKE) --no-print-directory fuzz-programs
	$(Q)$(FUZZ_RUN) --seconds $(SECONDS) $(if $(FUZZ),--only $(FUZZ))

fuzz-corpus: fuzz-programs ## keep what fuzzing has found, minimised, in tests/fuzz/corpus
	$(Q)$(FUZZ_RUN) --merge $(if $(FUZZ),--only $(FUZZ))

fuzz-programs: $(FUZZ_PROGRAMS)

$(FUZZ_PROGRAMS): %: %.o $(FUZZ_BUILD)/fuzz.a
	$(say) LINK $@
	$(Q)$(CLANG) $(FUZZ_FLAGS) -fsanitize=fuzzer $^ $(FUZZ_LIBS) -o $@

$(FUZZ_BUILD)/fuzz.a: $(FUZZ_SHARED:tests/fuzz/%.c=$(FUZZ_BUILD)/%.o) \
	$(FUZZ_SUBJECTS:%=$(FUZZ_BUILD)/user/%.o)
	$(say) AR $@
	$(Q)rm -f $@ && $(AR) rcs $@ $^

$(FUZZ_PROGRAMS:%=%.o): $(FUZZ_BUILD)/%.o: tests/fuzz/fuzz_%.c
	$(say) CC $<
	$(Q)mkdir -p $(@D) && $(CLANG) $(FUZZ_CFLAGS) -c $< -o $@

$(FUZZ_SHARED:tests/fuzz/%.c=$(FUZZ_BUILD)/%.o): $(FUZZ_BUILD)/%.o: tests/fuzz/%.c
	$(say) CC $<
	$(Q)mkdir -p $(@D) && $(CLANG) $(FUZZ_CFLAGS) -c $< -o $@

$(FUZZ_BUILD)/user/timeouts.o: $(BUILD)/timeouts.inc

$(foreach s,$(USER_SOURCES),$(eval $(FUZZ_BUILD)/user/$(notdir $(s:.c=.o)): $(s)))
$(FUZZ_SUBJECTS:%=$(FUZZ_BUILD)/user/%.o):
	$(say) CC $(source)
	$(Q)mkdir -p $(@D) && $(CLANG) $(FUZZ_CFLAGS) -c $(source) -o $@

-include $(wildcard $(FUZZ_BUILD)/*.d $(FUZZ_BUILD)/user/*.d)
