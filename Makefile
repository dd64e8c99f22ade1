# SPDX-License-Identifier: GPL-2.0
# The one entry point. `make help` lists the targets.

BUILD ?= build
CC ?= cc
CLANG ?= clang
BPFTOOL ?= /usr/sbin/bpftool
ARCH ?= x86
VERSION := 0.1

PACKAGES := libbpf libmd
CFLAGS ?= -O2 -g
WARN := -Wall -Wextra -Wshadow -Wmissing-prototypes -Wno-unused-parameter
USER_CFLAGS := -std=gnu11 $(WARN) -Ibpf -I$(BUILD) -DVERSION='"$(VERSION)"' -MMD -MP
LIBS = $(shell pkg-config --libs $(PACKAGES)) -lelf -lz -lm

SOURCES := $(wildcard user/*.c)
OBJECTS := $(SOURCES:user/%.c=$(BUILD)/%.o)

ifeq ($(V),1)
Q :=
say = @:
else
Q := @
say = @printf '  %-8s %s\n'
endif

.DELETE_ON_ERROR:
.PHONY: all clean

all: $(BUILD)/rstwhy ## build build/rstwhy

$(BUILD):
	$(Q)mkdir -p $@

$(BUILD)/rstwhy.bpf.o: bpf/rstwhy.bpf.c | $(BUILD)
	$(say) BPF $<
	$(Q)$(CLANG) -g -O2 -target bpf -D__TARGET_ARCH_$(ARCH) -D__bpf__ $(WARN) -Wno-missing-prototypes -Ivmlinux -Ibpf \
		-MMD -MP -c $< -o $@

$(BUILD)/rstwhy.skel.h: $(BUILD)/rstwhy.bpf.o
	$(say) SKEL $@
	$(Q)$(BPFTOOL) gen skeleton $< name rstwhy_bpf > $@

$(BUILD)/%.o: user/%.c | $(BUILD)
	$(say) CC $<
	$(Q)$(CC) $(CFLAGS) $(USER_CFLAGS) -c $< -o $@

$(BUILD)/probe.o: $(BUILD)/rstwhy.skel.h

$(BUILD)/rstwhy: $(OBJECTS)
	$(say) LINK $@
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) $^ $(LIBS) -o $@

clean: ## remove what was built
	$(Q)rm -rf $(BUILD)

-include $(wildcard $(BUILD)/*.d)
