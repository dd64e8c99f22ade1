# SPDX-License-Identifier: GPL-2.0
# What rstwhy costs, beside its peers. Included by the top Makefile.
#
#   make bench              every part, some four minutes, as root; the table is in build/bench/bench.md
#   make bench BENCH=a,g    parts: bench.py tells which there are

BENCH_PACKAGES := bpftrace linux-perf trace-cmd bpfcc-tools
BENCH_NEEDS := libcmocka-dev python3 iproute2
BENCH_BUILD := $(BUILD)/bench
BENCH_LOADS := $(addprefix $(BENCH_BUILD)/,refuse accept flood hold)
BENCH_CFLAGS = $(USER_CFLAGS) -Itests/unit

.PHONY: bench bench-programs

# A peer that cannot be installed is named in the table; the others are measured all the same.
bench: ## what it costs, beside bpftrace, perf, ... (BENCH=a,b: these parts)
	$(Q)$(MAKE) --no-print-directory deps PACKAGES="$(BUILD_PACKAGES) $(BENCH_NEEDS)"
	$(Q)for package in $(BENCH_PACKAGES); do \
		tests/deps.sh $$package || echo "$$package cannot be installed"; done
	$(Q)$(MAKE) --no-print-directory bench-programs
	$(Q)/usr/bin/python3 -B tests/bench/bench.py --binary $(BUILD)/rstwhy --build $(BENCH_BUILD) \
		$(if $(BENCH),--parts $(BENCH))

bench-programs: $(BUILD)/rstwhy $(BENCH_LOADS) $(BENCH_BUILD)/judge $(BENCH_BUILD)/pipeline

$(BENCH_LOADS): $(BENCH_BUILD)/%: tests/bench/%.c tests/bench/load.h
	$(say) CC $<
	$(Q)mkdir -p $(@D) && $(CC) $(HARDENED) $(CFLAGS) $(WARN) -std=gnu11 $(LINK_FLAGS) $(LDFLAGS) $< -o $@

# The records are those of the unit tests.
$(BENCH_BUILD)/judge: $(BENCH_BUILD)/judge.o $(UNIT)/unit.a
	$(say) LINK $@
	$(Q)$(CC) $(HARDENED) $(CFLAGS) $(LINK_FLAGS) $(LDFLAGS) $^ $(shell pkg-config --libs libmd) -lm -o $@

# Everything but main(): enrich asks the probe for owners, and the probe is never opened.
$(BENCH_BUILD)/pipeline: $(BENCH_BUILD)/pipeline.o $(filter-out $(BUILD)/main.o,$(OBJECTS))
	$(say) LINK $@
	$(Q)$(CC) $(HARDENED) $(CFLAGS) $(LINK_FLAGS) $(LDFLAGS) $^ $(LIBS) -o $@

$(BENCH_BUILD)/judge.o $(BENCH_BUILD)/pipeline.o: $(BENCH_BUILD)/%.o: tests/bench/%.c
	$(say) CC $<
	$(Q)mkdir -p $(@D) && $(CC) $(HARDENED) $(CPPFLAGS) $(CFLAGS) $(BENCH_CFLAGS) -c $< -o $@

-include $(wildcard $(BENCH_BUILD)/*.d)
