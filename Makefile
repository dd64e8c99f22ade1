# SPDX-License-Identifier: GPL-2.0
# The one entry point. `make help` lists the targets, V=1 shows the commands.

ifeq ($(STATIC),1)
BUILD ?= build/static
LDFLAGS += -static
else
BUILD ?= build
endif
CC ?= cc
CLANG ?= clang
BPFTOOL ?= $(firstword $(wildcard /usr/sbin/bpftool /usr/bin/bpftool) bpftool)
ARCH ?= x86
VERSION := 0.1

# What each kind of work needs, as Debian packages. `make deps` installs what is missing.
BUILD_PACKAGES := gcc libc6-dev make pkg-config clang llvm bpftool libbpf-dev libelf-dev \
	zlib1g-dev libmd-dev libcap-dev
TEST_PACKAGES := libcmocka-dev python3 iproute2 nftables curl netcat-openbsd nginx-light \
	redis-server redis-tools procps
KERNEL_PACKAGES := qemu-system-x86 busybox-static kmod debian-archive-keyring util-linux openssl
LINT_PACKAGES := clang-format cppcheck shellcheck man-db groff

LIBRARIES := libbpf libmd libcap
CFLAGS ?= -O2 -g
WARN := -Wall -Wextra -Wshadow -Wmissing-prototypes -Wno-unused-parameter
USER_CFLAGS := -std=gnu11 $(WARN) -Ibpf -I$(BUILD) -DVERSION='"$(VERSION)"' -MMD -MP
BPF_CFLAGS := -g -O2 -target bpf -mcpu=v3 -D__TARGET_ARCH_$(ARCH) -D__bpf__ $(WARN) \
	-Wno-missing-prototypes -Ivmlinux -Ibpf -MMD -MP
LIBS = $(shell pkg-config --libs $(LIBRARIES)) -lelf -lz -lm

OBJECTS := $(patsubst user/%.c,$(BUILD)/%.o,$(wildcard user/*.c))

ifeq ($(V),1)
Q :=
say = @:
else
Q := @
say = @printf '  %-8s %s\n'
endif

.DELETE_ON_ERROR:
.PHONY: all run demo test unit e2e test-kernels lint deps clean help

all: $(BUILD)/rstwhy ## build build/rstwhy (STATIC=1: build/static/rstwhy, needs nothing on the host)

run: ## install what is missing, build, trace this host until Ctrl-C
	$(Q)$(MAKE) --no-print-directory deps PACKAGES="$(BUILD_PACKAGES)"
	$(Q)$(MAKE) --no-print-directory all
	$(Q)$(BUILD)/rstwhy

demo: ## ten seconds of real resets in a throw-away network namespace, explained
	$(Q)$(MAKE) --no-print-directory deps PACKAGES="$(BUILD_PACKAGES) python3 iproute2 nftables"
	$(Q)$(MAKE) --no-print-directory all
	$(Q)/usr/bin/python3 -B tests/demo.py $(BUILD)/rstwhy

test: ## install what is missing, then unit tests and scenarios on this kernel
	$(Q)$(MAKE) --no-print-directory deps PACKAGES="$(BUILD_PACKAGES) $(TEST_PACKAGES)"
	$(Q)$(MAKE) --no-print-directory all unit
	$(Q)$(MAKE) --no-print-directory e2e

e2e: $(BUILD)/rstwhy ## real resets, real programs, in namespaces of their own (ONLY=names)
	$(Q)/usr/bin/python3 -B tests/e2e/run.py --binary $(BUILD)/rstwhy $(ONLY)

test-kernels: ## all scenarios on Debian's kernels from 5.10 to 7.x, under qemu (KERNELS=5.10,7)
	$(Q)$(MAKE) --no-print-directory deps PACKAGES="$(BUILD_PACKAGES) $(TEST_PACKAGES) \
		$(KERNEL_PACKAGES)"
	$(Q)$(MAKE) --no-print-directory all STATIC=1
	$(Q)tests/kernels/matrix build/static/rstwhy $(if $(KERNELS),--kernels $(KERNELS)) -- \
		--own-machine $(ONLY)

lint: ## formatting, warnings of gcc and clang, cppcheck, shellcheck, man page
	$(Q)$(MAKE) --no-print-directory deps PACKAGES="$(BUILD_PACKAGES) $(LINT_PACKAGES)"
	$(Q)tests/lint.sh $(BUILD)

# Nothing is installed when nothing is missing; test daemons are not started.
deps: ## install the Debian packages that are missing (PACKAGES: default all)
	$(Q)tests/deps.sh $(or $(PACKAGES),$(BUILD_PACKAGES) $(TEST_PACKAGES) $(KERNEL_PACKAGES) \
		$(LINT_PACKAGES))

clean: ## remove what was built
	$(Q)rm -rf $(BUILD)

help: ## this list
	$(Q)sed -n 's/^\([a-z0-9-]*\):[^#]*## /  \1\t/p' $(MAKEFILE_LIST) | expand -t 16

$(BUILD):
	$(Q)mkdir -p $@

$(BUILD)/rstwhy.bpf.o: bpf/rstwhy.bpf.c | $(BUILD)
	$(say) BPF $<
	$(Q)$(CLANG) $(BPF_CFLAGS) -c $< -o $@

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

-include tests/unit/unit.mk
-include $(wildcard $(BUILD)/*.d)
