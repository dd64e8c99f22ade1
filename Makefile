# SPDX-License-Identifier: GPL-2.0
# The one entry point. `make help` lists the targets, V=1 shows the commands.

ARCH ?= $(if $(filter aarch64,$(shell uname -m)),arm64,x86)
ifeq ($(ARCH)-on-$(shell uname -m),arm64-on-x86_64)
# Built by the cross compiler, with Debian's libraries for arm64: nothing of them is installed.
BUILD ?= build/arm64
CC := aarch64-linux-gnu-gcc
SYSROOT := $(BUILD)/sysroot
TARGET_FLAGS := $(addprefix -isystem $(SYSROOT)/usr/include,/ /aarch64-linux-gnu)
LDFLAGS += -static -L$(SYSROOT)/usr/lib/aarch64-linux-gnu
else ifeq ($(STATIC),1)
BUILD ?= build/static
LDFLAGS += -static
else
BUILD ?= build
endif
CC ?= cc
CLANG ?= clang
LLVM_STRIP ?= llvm-strip
BPFTOOL ?= $(firstword $(wildcard /usr/sbin/bpftool /usr/bin/bpftool) bpftool)
VERSION := 0.1

# What each kind of work needs, as Debian packages. `make deps` installs what is missing.
LIBRARY_PACKAGES := libbpf-dev libelf-dev zlib1g-dev libmd-dev libcap-dev
BUILD_PACKAGES := gcc libc6-dev make pkg-config clang llvm bpftool $(LIBRARY_PACKAGES)
TEST_PACKAGES := libcmocka-dev python3 iproute2 nftables curl netcat-openbsd nginx-light \
	redis-server redis-tools procps
KERNEL_PACKAGES := qemu-system-x86 busybox-static kmod debian-archive-keyring util-linux openssl
ARM64_PACKAGES := gcc-aarch64-linux-gnu libc6-dev-arm64-cross debian-archive-keyring python3
ARM64_KERNEL_PACKAGES := qemu-system-arm busybox-static kmod
LINT_PACKAGES := clang-format cppcheck shellcheck man-db groff

LIBRARIES := libbpf libmd libcap
CFLAGS ?= -O2 -g
WARN := -Wall -Wextra -Wshadow -Wmissing-prototypes -Wno-unused-parameter
USER_CFLAGS := -std=gnu11 $(WARN) $(TARGET_FLAGS) -Ibpf -I$(BUILD) -DVERSION='"$(VERSION)"' \
	-MMD -MP
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
.PHONY: all run demo test unit e2e test-kernels test-arm64 lint deps clean help

# ARCH=arm64: the same for aarch64, in build/arm64/rstwhy.
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
	$(Q)/usr/bin/python3 -B tests/e2e/run.py --binary $(BUILD)/rstwhy $(if $(CI),--again) $(ONLY)

test-kernels: ## all scenarios on Debian's kernels from 5.10 to 7.x, under qemu (KERNELS=5.10,7)
	$(Q)$(MAKE) --no-print-directory deps PACKAGES="$(BUILD_PACKAGES) $(TEST_PACKAGES) \
		$(KERNEL_PACKAGES)"
	$(Q)$(MAKE) --no-print-directory all STATIC=1
	$(Q)tests/kernels/matrix build/static/rstwhy $(if $(KERNELS),--kernels $(KERNELS)) -- \
		--own-machine --kernel --again $(ONLY)
	$(Q)$(MAKE) --no-print-directory test-arm64

# Without the emulator there is nothing to try it on, and that is no failure.
test-arm64: ## build for arm64 and let it explain resets in an emulated machine
	$(Q)if tests/deps.sh $(ARM64_KERNEL_PACKAGES); then \
		$(MAKE) --no-print-directory all ARCH=arm64 && tests/kernels/arm64; \
	else echo "arm64: skipped: qemu-system-arm cannot be installed here"; fi

lint: ## formatting, warnings of gcc and clang, cppcheck, shellcheck, man page
	$(Q)$(MAKE) --no-print-directory deps PACKAGES="$(BUILD_PACKAGES) $(LINT_PACKAGES)"
	$(Q)tests/lint.sh $(BUILD)

# Nothing is installed when nothing is missing; test daemons are not started.
deps: ## install the Debian packages that are missing (PACKAGES: default all)
	$(Q)tests/deps.sh $(or $(PACKAGES),$(BUILD_PACKAGES) $(TEST_PACKAGES) $(KERNEL_PACKAGES) \
		$(LINT_PACKAGES) $(if $(SYSROOT),$(ARM64_PACKAGES)))

clean: ## remove what was built
	$(Q)rm -rf $(BUILD)

help: ## this list
	$(Q)sed -n 's/^\([a-z0-9-]*\):[^#]*## /  \1\t/p' $(MAKEFILE_LIST) | expand -t 16

$(BUILD):
	$(Q)mkdir -p $@

ifdef SYSROOT
$(OBJECTS) $(BUILD)/rstwhy.bpf.o: | $(SYSROOT)/packages
$(SYSROOT)/packages: Makefile
	$(Q)tests/deps.sh $(BUILD_PACKAGES) $(ARM64_PACKAGES)
	$(Q)tests/kernels/sysroot arm64 $(SYSROOT) $(LIBRARY_PACKAGES)
endif

$(BUILD)/rstwhy.bpf.o: bpf/rstwhy.bpf.c | $(BUILD)
	$(say) BPF $<
	$(Q)$(CLANG) $(BPF_CFLAGS) -MT $@ -c $< -o $@
	$(Q)$(LLVM_STRIP) -g $@

$(BUILD)/rstwhy.skel.h: $(BUILD)/rstwhy.bpf.o
	$(say) SKEL $@
	$(Q)$(BPFTOOL) gen skeleton $< name rstwhy_bpf > $@

$(BUILD)/%.o: user/%.c | $(BUILD)
	$(say) CC $<
	$(Q)$(CC) $(CFLAGS) $(USER_CFLAGS) -c $< -o $@

$(BUILD)/probe.o: $(BUILD)/rstwhy.skel.h

# Three columns become the rows of an array in C.
$(BUILD)/timeouts.inc: user/timeouts.tsv | $(BUILD)
	$(say) TABLE $@
	$(Q)sed -e '/^#/d' -e '/^$$/d' -e 's/["\\]/\\&/g' -e 's/\t/, "/' -e 's/\t/", "/' -e 's/.*/{&"},/' $< > $@

$(BUILD)/timeouts.o: $(BUILD)/timeouts.inc

$(BUILD)/rstwhy: $(OBJECTS)
	$(say) LINK $@
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) $^ $(LIBS) -o $@

-include tests/unit/unit.mk
-include tests/bench/bench.mk
-include $(wildcard $(BUILD)/*.d)
