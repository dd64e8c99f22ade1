# SPDX-License-Identifier: GPL-2.0
# The program under what finds errors while it runs, or in its text. Included by the top Makefile.
#
#   make test-san                     unit tests and scenarios, ASan and UBSan, built in build/san/
#   make test-valgrind                the same under valgrind: an hour
#   make test-valgrind ONLY=few       with a few scenarios, as .ci/run has time for; test-san as well
#   make e2e VALGRIND=1 ONLY=names    these scenarios; make e2e SAN=address,undefined the same way
#   make tidy                         clang-tidy
#
# All of them look for leaks at the end of every run. Left out are floods and the scenarios that are
# told `plain`: they are about what a checker changes, as the program's speed, size or allocator.

SANITIZERS := address,undefined

ifneq ($(SAN),)
SAN_FLAGS := -fsanitize=$(SAN) -fno-sanitize-recover=all -fno-omit-frame-pointer
# gcc takes an array at the end of a struct for one without a bound, unless told otherwise.
ifneq ($(findstring undefined,$(SAN)),)
SAN_FLAGS += $(shell $(CC) -fsanitize=bounds-strict -E -x c /dev/null >/dev/null 2>&1 && \
	echo -fsanitize=bounds-strict)
endif
# A status of its own: 1 is what the program ends with when it tells a failure. What a scenario
# preloads may stand before the sanitizer's library: libfaketime leaves memory alone.
export ASAN_OPTIONS := exitcode=99:detect_stack_use_after_return=1:strict_string_checks=1:$\
	verify_asan_link_order=0
export LSAN_OPTIONS := exitcode=99
export UBSAN_OPTIONS := print_stacktrace=1
endif

# The sandbox would shut out a checker that works in the same process: tests/e2e/unconfined.c.
UNCONFINED := -Wl,--wrap=seccomp_load,--wrap=seccomp_attr_set,--wrap=prctl
ifneq ($(SAN),)
$(BUILD)/rstwhy: $(BUILD)/unconfined.o
$(BUILD)/rstwhy: LINK_FLAGS += $(UNCONFINED)
endif
$(BUILD)/unconfined.o: tests/e2e/unconfined.c | $(BUILD)
	$(say) CC $<
	$(Q)$(CC) $(HARDENED) $(CPPFLAGS) $(CFLAGS) $(USER_CFLAGS) -c $< -o $@

# It says nothing unless there is an error, and never on behalf of a child that fork() made.
VALGRIND_FLAGS := -q --error-exitcode=98 --leak-check=full --child-silent-after-fork=yes \
	--fair-sched=yes --vgdb=no --suppressions=$(abspath tests/valgrind.supp)
CHECKER := $(if $(VALGRIND),valgrind $(VALGRIND_FLAGS))
CHECKED := $(if $(VALGRIND)$(SAN),--checker) \
	$(if $(VALGRIND),--checker-logs=$(abspath $(BUILD)/valgrind))
# The file that tests start: the program, or a script of that name which runs it under valgrind.
# argp takes its name from the file, so what the script runs is called rstwhy as well.
TESTED := $(BUILD)/$(if $(VALGRIND),valgrind/)rstwhy
# One scenario of each output and of replay; one of each kind of cause, output and end.
FEW_VALGRIND := closed-port close-unread-data hup-text pcapng-packets kafka-arrives journal-hostile \
	metrics-numbers replay-is-the-same
FEW_SAN := closed-port close-linger-zero-v6 disconnect-mapped close-unread-data data-after-close \
	late-segment data-after-shutdown peer-crashed accept-queue-overflow handshake-reset-by-peer \
	connect-abandoned handshake-bad-ack listener-stray-ack unreachable network-cut \
	killed-unread-data firewall-reject listener-closed passed-socket-closed in-docker in-pod \
	hint-port-scan nginx-refuses-upload mptcp-fastclose ignored-challenged early-connection \
	filter-together reader-goes full-file hup-reopens stack fault-bpf-while-tracing \
	fault-memory-full pcapng-hup service-life kafka-arrives kafka-small-queue journal-hostile ecs \
	metrics-pages metrics-bad-requests replay-is-the-same replay-capture replay-bad-input \
	other-user-cannot-reopen hostile-names
ifeq ($(ONLY),few)
override ONLY := $(if $(VALGRIND),$(FEW_VALGRIND),$(FEW_SAN))
endif
# A scenario must wait longer for a slower program.
ifneq ($(VALGRIND),)
export RSTWHY_E2E_PATIENCE ?= 180
endif

.PHONY: test-san test-valgrind tidy hardening

unit e2e: $(TESTED)

$(BUILD)/valgrind/rstwhy: $(BUILD)/valgrind/unconfined/rstwhy tests/checkers.mk
	$(Q)printf '#!/bin/sh\nexec %s "$$@"\n' \
		'$(CHECKER) --log-file=$(abspath $(@D))/%p.log $(abspath $<)' >$@ && chmod +x $@
	$(Q)ln -sf ../kafka_mock ../failmalloc.so $(@D)
	$(Q)chmod 1777 $(@D)

$(BUILD)/valgrind/unconfined/rstwhy: $(OBJECTS) $(BUILD)/unconfined.o
	$(say) LINK $@
	$(Q)mkdir -p $(@D) && $(CC) $(HARDENED) $(CFLAGS) $(LINK_FLAGS) $(UNCONFINED) $(LDFLAGS) \
		$^ $(LIBS) -o $@

test-san: ## unit tests and scenarios with ASan and UBSan (ONLY=names, ONLY=few)
	$(Q)$(MAKE) --no-print-directory deps PACKAGES="$(BUILD_PACKAGES) $(TEST_PACKAGES)"
	$(Q)$(MAKE) --no-print-directory unit SAN=$(SANITIZERS)
	$(Q)$(MAKE) --no-print-directory e2e SAN=$(SANITIZERS)

test-valgrind: ## unit tests and scenarios under valgrind (ONLY=names, ONLY=few)
	$(Q)$(MAKE) --no-print-directory deps PACKAGES="$(BUILD_PACKAGES) $(TEST_PACKAGES) \
		$(CHECKER_PACKAGES)"
	$(Q)$(MAKE) --no-print-directory unit VALGRIND=1
	$(Q)$(MAKE) --no-print-directory e2e VALGRIND=1

# Slower than all of `make lint`, so apart from it. clang-tidy counts on stderr what it does not
# show; its findings go to stdout.
TIDY_FILES = $(USER_SOURCES) $(wildcard tests/unit/*.c tests/e2e/*.c tests/bench/*.c)
tidy: $(BUILD)/loaded.skel.h $(BUILD)/probed.skel.h $(BUILD)/naming.skel.h $(BUILD)/timeouts.inc ## clang-tidy (.clang-tidy tells what of it)
	$(Q)$(MAKE) --no-print-directory deps PACKAGES="$(BUILD_PACKAGES) $(CHECKER_PACKAGES) \
		libcmocka-dev"
	$(Q)printf '%s\n' $(TIDY_FILES) | xargs -P $$(nproc) -I FILE clang-tidy --quiet FILE -- \
		$(filter-out -MMD -MP,$(USER_CFLAGS)) -Itests/unit -Itests/bench -DPAGE_DIR='"$(PAGE)"' 2>$(BUILD)/tidy.log

# Both ways of linking.
hardening: $(BUILD)/rstwhy ## is build/rstwhy, and a static one, linked and compiled hardened?
	$(Q)$(MAKE) --no-print-directory all STATIC=1 BUILD=$(BUILD)/static
	$(Q)tests/hardening.sh $(BUILD)/rstwhy $(BUILD)/static/rstwhy
