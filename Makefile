# SPDX-License-Identifier: GPL-2.0
# The one entry point. `make help` lists the targets, V=1 shows the commands.

ARCH ?= $(if $(filter aarch64,$(shell uname -m)),arm64,x86)
ifeq ($(ARCH)-on-$(shell uname -m),arm64-on-x86_64)
# Built by the cross compiler, with Debian's libraries for arm64: nothing of them is installed.
BUILD ?= build/arm64
CC := aarch64-linux-gnu-gcc
SYSROOT := $(BUILD)/sysroot
TARGET_FLAGS := $(addprefix -isystem $(SYSROOT)/usr/include,/ /aarch64-linux-gnu)
LIBRARY_DIRS := -L$(SYSROOT)/usr/lib/aarch64-linux-gnu
else ifeq ($(STATIC),1)
BUILD ?= build/static
else ifneq ($(SAN),)
BUILD ?= build/san
else
BUILD ?= build
endif
CC ?= cc
CLANG ?= clang
LLVM_STRIP ?= llvm-strip
BPFTOOL ?= $(firstword $(wildcard /usr/sbin/bpftool /usr/bin/bpftool) bpftool)
VERSION := 0.1

# What each kind of work needs, as Debian packages. `make deps` installs what is missing.
LIBRARY_PACKAGES := libbpf-dev libelf-dev zlib1g-dev libmd-dev libcap-dev libjson-c-dev libseccomp-dev
OPTIONAL_PACKAGES := libmicrohttpd-dev libsystemd-dev librdkafka-dev libncurses-dev
BUILD_PACKAGES := gcc libc6-dev make pkg-config clang llvm bpftool libjs-d3 openssl \
	$(LIBRARY_PACKAGES) $(OPTIONAL_PACKAGES)
TEST_PACKAGES := libcmocka-dev python3 iproute2 nftables curl netcat-openbsd nginx-light \
	redis-server redis-tools procps libfaketime tshark prometheus systemd tmux
KERNEL_PACKAGES := qemu-system-x86 busybox-static kmod debian-archive-keyring util-linux openssl
ARM64_PACKAGES := gcc-aarch64-linux-gnu libc6-dev-arm64-cross debian-archive-keyring python3
ARM64_KERNEL_PACKAGES := qemu-system-arm busybox-static kmod
LINT_PACKAGES := clang-format cppcheck shellcheck man-db groff bash-completion fish zsh dpkg-dev \
	python3
CHECKER_PACKAGES := valgrind clang-tidy

# File names are unique across the folders of user/: an object and an #include need no path.
USER_DIRS := user $(patsubst %/,%,$(wildcard user/*/))
USER_SOURCES := $(wildcard $(addsuffix /*.c,$(USER_DIRS)))

LIBRARIES := libbpf libmd libcap json-c libseccomp
# What is found is used, and `rstwhy --version` tells it; without it its sources are left out.
OPTIONAL_LIBRARIES := libmicrohttpd libsystemd rdkafka ncursesw
SOURCES_OF_libmicrohttpd := http.c http_answer.c http_clients.c http_events.c http_landing.c http_library.c \
	http_live.c http_metrics.c http_routes.c http_server.c
SOURCES_OF_libsystemd := journal.c notify.c systemd_library.c
SOURCES_OF_rdkafka := kafka.c kafka_library.c kafka_settings.c
SOURCES_OF_ncursesw := top.c terminal.c screen.c table_screen.c list_screen.c text_screen.c input.c keys.c save.c
# Loaded by the program itself, and only when it is asked for; its headers are enough to build.
LOADED := libmicrohttpd libsystemd rdkafka
# A static program loads nothing; there are no such libraries for the cross compiler.
ifeq ($(SYSROOT),)
FOUND := $(foreach l,$(if $(STATIC),$(filter-out $(LOADED),$(OPTIONAL_LIBRARIES)),$(OPTIONAL_LIBRARIES)),\
	$(shell pkg-config --exists $(l) 2>/dev/null && echo $(l)))
endif
LINKED := $(filter-out $(LOADED),$(FOUND))
upper = $(shell echo $(1) | tr a-z A-Z)
FEATURES := $(foreach l,$(OPTIONAL_LIBRARIES),-DHAVE_$(call upper,$(l))=$(if $(filter $(l),$(FOUND)),1,0))
LEFT_OUT := $(foreach l,$(filter-out $(FOUND),$(OPTIONAL_LIBRARIES)),$(SOURCES_OF_$(l))) $(if $(filter $(LOADED),$(FOUND)),,loaded.c)
OBJECTS := $(patsubst %.c,$(BUILD)/%.o,$(filter-out $(LEFT_OUT),$(notdir $(USER_SOURCES))))
CFLAGS ?= -O2 -g
WARN := -Wall -Wextra -Wshadow -Wmissing-prototypes -Wno-unused-parameter
USER_CFLAGS = -std=gnu11 $(WARN) $(TARGET_FLAGS) -Ibpf $(addprefix -I,$(USER_DIRS)) -I$(BUILD) \
	-DVERSION='"$(VERSION)"' $(FEATURES) $(SAN_FLAGS) -MMD -MP
BPF_CFLAGS := -g -O2 -target bpf -mcpu=v3 -D__TARGET_ARCH_$(ARCH) -D__bpf__ $(WARN) \
	-Wno-missing-prototypes -Ivmlinux -Ibpf -MMD -MP
# The program is hardened; CPPFLAGS, CFLAGS and LDFLAGS of a packager come behind and win. What is
# said of _FORTIFY_SOURCE there stands alone: it needs an optimizer, and hides calls from sanitizers.
HARDENED := -fPIE -fstack-protector-strong -fstack-clash-protection -Wformat -Wformat-security \
	$(if $(filter arm64,$(ARCH)),-mbranch-protection=standard,-fcf-protection) \
	$(if $(findstring _FORTIFY_SOURCE,$(CPPFLAGS) $(CFLAGS))$(filter -O0 -Og,$(CFLAGS))$(SAN),,\
	-D_FORTIFY_SOURCE=2)
LINK_FLAGS = $(if $(STATIC)$(SYSROOT),-static-pie,-pie) -Wl,-z,relro,-z,now,-z,noexecstack \
	$(LIBRARY_DIRS) $(SAN_FLAGS)
LIBS = $(shell pkg-config --libs $(LIBRARIES) $(LINKED)) -lelf -lz -lm

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
	$(Q)$(MAKE) --no-print-directory all unit test-deploy
	$(Q)$(MAKE) --no-print-directory e2e

E2E_PROGRAMS := $(if $(filter rdkafka,$(FOUND)),$(BUILD)/kafka_mock) $(BUILD)/failmalloc.so \
	$(BUILD)/bench/flood $(BUILD)/bench/hold
e2e: $(BUILD)/rstwhy $(E2E_PROGRAMS) ## real resets, real programs, in namespaces of their own (ONLY=names)
	$(Q)/usr/bin/python3 -B tests/e2e/run.py --binary $(TESTED) $(if $(CI),--again) \
		$(CHECKED) $(ONLY)

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
	$(Q)$(MAKE) --no-print-directory all
	$(Q)tests/lint.sh $(BUILD)

# Nothing is installed when nothing is missing; test daemons are not started.
deps: ## install the Debian packages that are missing (PACKAGES: default all)
	$(Q)tests/deps.sh $(or $(PACKAGES),$(BUILD_PACKAGES) $(TEST_PACKAGES) $(KERNEL_PACKAGES) \
		$(LINT_PACKAGES) $(CHECKER_PACKAGES) $(if $(SYSROOT),$(ARM64_PACKAGES)))

clean: ## remove what was built
	$(Q)rm -rf $(BUILD)

help: ## this list
	$(Q)sed -n 's/^\([a-z0-9-]*\):[^#]*## /  \1\t/p' $(MAKEFILE_LIST) | expand -t 16

$(BUILD):
	$(Q)mkdir -p $@

BPF_OBJECTS := $(BUILD)/loaded.bpf.o $(BUILD)/probed.bpf.o $(BUILD)/naming.bpf.o

ifdef SYSROOT
$(OBJECTS) $(BPF_OBJECTS): | $(SYSROOT)/packages
$(SYSROOT)/packages: Makefile
	$(Q)tests/deps.sh $(BUILD_PACKAGES) $(ARM64_PACKAGES)
	$(Q)tests/kernels/sysroot arm64 $(SYSROOT) $(LIBRARY_PACKAGES)
endif

# The same programs twice: bpf/read.bpf.h tells why.
$(BUILD)/probed.bpf.o: BPF_CFLAGS += -DPROBED
$(BUILD)/loaded.bpf.o $(BUILD)/probed.bpf.o: bpf/rstwhy.bpf.c
$(BUILD)/naming.bpf.o: bpf/naming.bpf.c
# It relocates nothing. libbpf 1.1 goes on without memory for these, and falls.
$(BUILD)/naming.bpf.o: LLVM_STRIP += --remove-section=.BTF.ext --remove-section=.rel.BTF.ext
$(BPF_OBJECTS): | $(BUILD)
	$(say) BPF $@
	$(Q)$(CLANG) $(BPF_CFLAGS) -MT $@ -MF $(@:.o=.d) -c $(source) -o $@.unlinked
	$(Q)$(LLVM_STRIP) -g $@.unlinked
	$(Q)$(BPFTOOL) gen object $@ $@.unlinked

# They say which of the skeletons they have.
SKELETON = rstwhy_bpf
$(BUILD)/naming.skel.h: SKELETON = naming_bpf
# clang-tidy cannot know that libbpf frees what it is given there.
$(BUILD)/%.skel.h: $(BUILD)/%.bpf.o
	$(say) SKEL $@
	$(Q)$(BPFTOOL) gen skeleton $< name $(SKELETON) > $@
	$(Q)sed -i 's|^\tbpf_object__destroy_skeleton(s);$$|& /* NOLINTNEXTLINE(clang-analyzer-unix.Malloc) */|' $@

# Named one by one: a search would believe the .d file of a build from before a source moved.
$(foreach s,$(USER_SOURCES),$(eval $(BUILD)/$(notdir $(s:.c=.o)): $(s)))
# Other prerequisites may have been said before it.
source = $(firstword $(filter %.c,$^))
$(OBJECTS): | $(BUILD)
	$(say) CC $(source)
	$(Q)$(CC) $(HARDENED) $(CPPFLAGS) $(CFLAGS) $(USER_CFLAGS) -c $(source) -o $@

$(BUILD)/probe.o: $(BUILD)/loaded.skel.h
$(BUILD)/probed.o: $(BUILD)/probed.skel.h
$(BUILD)/naming.o: $(BUILD)/naming.skel.h

# Three columns become the rows of an array in C.
$(BUILD)/timeouts.inc: user/judge/timeouts.tsv | $(BUILD)
	$(say) TABLE $@
	$(Q)sed -e '/^#/d' -e '/^$$/d' -e 's/["\\]/\\&/g' -e 's/\t/, "/' -e 's/\t/", "/' -e 's/.*/{&"},/' $< > $@

$(BUILD)/timeouts.o: $(BUILD)/timeouts.inc

$(BUILD)/rstwhy: $(OBJECTS)
	$(say) LINK $@
	$(Q)$(CC) $(HARDENED) $(CFLAGS) $(LINK_FLAGS) $(LDFLAGS) $^ $(LIBS) -o $@

# What the scenarios of --kafka write to.
$(BUILD)/kafka_mock: tests/e2e/kafka_mock.c | $(BUILD)
	$(say) CC $<
	$(Q)$(CC) $(CFLAGS) $(WARN) -std=gnu11 $(LINK_FLAGS) $(LDFLAGS) $< \
		$(shell pkg-config --libs rdkafka) -o $@

$(BUILD)/failmalloc.so: tests/e2e/failmalloc.c | $(BUILD)
	$(say) CC $<
	$(Q)$(CC) $(CFLAGS) $(WARN) -std=gnu11 -shared -fPIC $< -o $@

-include user/page/page.mk
-include tests/checkers.mk
# Where a source stood before it moved, a .d file still says: that is no error.
user/%.c: ;

-include tests/unit/unit.mk
-include tests/bench/bench.mk
-include tests/soak/soak.mk
-include tests/fuzz/fuzz.mk
-include tests/deploy/package.mk
-include tests/deploy/deploy.mk
-include tests/ui/ui.mk
-include $(wildcard $(BUILD)/*.d)
