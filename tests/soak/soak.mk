# SPDX-License-Identifier: GPL-2.0
# Hours of everything at once. Included by the top Makefile.
#
#   make soak                 twenty minutes, 10,000 short-lived network namespaces, as root
#   make soak MINUTES=2       fewer namespaces, in proportion

SOAK_NEEDS := libcmocka-dev python3 iproute2 nftables bpftool
MINUTES ?= 20

.PHONY: soak soak-programs

soak: ## several tracers under everything at once: memory, descriptors, counts (MINUTES=20)
	$(Q)$(MAKE) --no-print-directory deps PACKAGES="$(BUILD_PACKAGES) $(SOAK_NEEDS)"
	$(Q)$(MAKE) --no-print-directory soak-programs
	$(Q)/usr/bin/python3 -B tests/soak/soak.py --binary $(BUILD)/rstwhy --loads $(BENCH_BUILD) \
		--samples $(BUILD)/soak.tsv --minutes $(MINUTES)

soak-programs: $(BUILD)/rstwhy $(BENCH_LOADS)
