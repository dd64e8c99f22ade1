// SPDX-License-Identifier: GPL-2.0
/* Command lines that make sense. Those that do not end the program: see options.sh. */
#include <string.h>

#include "causes.h"
#include "host.h"
#include "log.h"
#include "options.h"
#include "unit.h"

/* Words are changed while they are taken apart, so they are copied. */
static struct options parse(const char *words)
{
	static char copy[512];
	static char *argv[32];
	struct options o;
	int argc = 0;

	strcpy(copy, words);
	argv[argc++] = "rstwhy";
	for (char *word = strtok(copy, " "); word; word = strtok(NULL, " "))
		argv[argc++] = word;
	argv[argc] = NULL;
	options_parse(&o, argc, argv);
	return o;
}

static void test_defaults(void **state)
{
	struct options o = parse("");

	assert_int_equal(o.command, COMMAND_TRACE);
	assert_string_equal(o.format->name, "text");
	assert_null(o.output);
	assert_true(o.duration == 0);
	assert_int_equal(o.count, 0);
	assert_int_equal(o.verbosity, LOG_NORMAL);
	assert_true(o.config.sent && o.config.received && !o.config.silent);
	assert_false(o.config.has_address);
	assert_null(o.filter.only[0]);
	assert_null(o.filter.except[0]);
}

static void test_output(void **state)
{
	struct options o = parse("-f json -o /tmp/x -d 0.5 -n 3 --stack -v -v");

	assert_string_equal(o.format->name, "json");
	assert_string_equal(o.output, "/tmp/x");
	assert_true(o.duration == 0.5);
	assert_int_equal(o.count, 3);
	assert_true(o.config.stack);
	assert_int_equal(o.verbosity, LOG_LIBRARY);
	assert_int_equal(parse("-q").verbosity, LOG_QUIET);
}

/* A recording has hosts of its own: this one's name is not written into it. */
static void test_host(void **state)
{
	assert_string_equal(parse("--host=node-7").host, "node-7");
	assert_string_equal(parse("replay --host=node-7 -").host, "node-7");
	assert_ptr_equal(parse("").host, host_own());
	assert_ptr_equal(parse("top").host, host_own());
	assert_null(parse("replay -").host);
	assert_null(parse("report -").host);
}

static void check_directions(const char *words, bool sent, bool received, bool silent)
{
	struct options o = parse(words);

	assert_int_equal(o.config.sent, sent);
	assert_int_equal(o.config.received, received);
	assert_int_equal(o.config.silent, silent);
	assert_int_equal(o.filter.direction[DIRECTION_SENT], sent);
	assert_int_equal(o.filter.direction[DIRECTION_RECEIVED], received);
	assert_int_equal(o.filter.direction[DIRECTION_NONE], silent);
}

static void test_directions(void **state)
{
	check_directions("--sent", true, false, false);
	check_directions("--received", false, true, false);
	check_directions("--silent", true, true, true);
	check_directions("--sent --silent", true, false, true);
}

static void test_numbers(void **state)
{
	struct options o = parse("--port=1 --local-port=80 --peer-port=65535 --pid 812 "
				 "--netns=4026531840");

	assert_int_equal(o.config.port, 1);
	assert_int_equal(o.config.local_port, 80);
	assert_int_equal(o.config.peer_port, 65535);
	assert_int_equal(o.filter.pid, 812);
	assert_int_equal(o.config.netns, 4026531840u);
}

static void test_names(void **state)
{
	struct options o = parse("--comm=nginx --cgroup=/system.slice");

	assert_string_equal(o.filter.comm, "nginx");
	assert_string_equal(o.filter.cgroup, "/system.slice");
}

static void check_address(const char *words, const __u8 address[16], const __u8 mask[16])
{
	struct options o = parse(words);

	assert_true(o.config.has_address);
	assert_memory_equal(o.config.address, address, 16);
	assert_memory_equal(o.config.address_mask, mask, 16);
}

#define MAPPED_MASK 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255

static void test_ipv4(void **state)
{
	check_address("--address=10.1.2.3", (__u8[16]){[10] = 255, 255, 10, 1, 2, 3},
		      (__u8[16]){MAPPED_MASK, 255, 255, 255, 255});
	check_address("--address=10.1.2.3/9", (__u8[16]){[10] = 255, 255, 10},
		      (__u8[16]){MAPPED_MASK, 255, 128});
	check_address("--address=10.1.2.3/0", (__u8[16]){[10] = 255, 255}, (__u8[16]){MAPPED_MASK});
}

static void test_ipv6(void **state)
{
	check_address("--address=fe80::1", (__u8[16]){0xfe, 0x80, [15] = 1},
		      (__u8[16]){MAPPED_MASK, 255, 255, 255, 255});
	check_address("--address=fe80::1/10", (__u8[16]){0xfe, 0x80}, (__u8[16]){255, 0xc0});
	check_address("--address=::/0", (__u8[16]){0}, (__u8[16]){0});
}

static void test_causes(void **state)
{
	struct options o = parse("--cause=port-closed,unknown --cause=disconnect "
				 "--exclude-cause=late-segment");

	assert_ptr_equal(o.filter.only[0], cause_find("port-closed"));
	assert_ptr_equal(o.filter.only[1], cause_find("unknown"));
	assert_ptr_equal(o.filter.only[2], cause_find("disconnect"));
	assert_null(o.filter.only[3]);
	assert_ptr_equal(o.filter.except[0], cause_find("late-segment"));
	assert_null(o.filter.except[1]);
}

static void test_commands(void **state)
{
	assert_int_equal(parse("doctor").command, COMMAND_DOCTOR);
	assert_int_equal(parse("top").command, COMMAND_TOP);
	assert_int_equal(parse("explain").command, COMMAND_EXPLAIN);
	assert_null(parse("explain").argument);
	assert_string_equal(parse("explain port-closed").argument, "port-closed");
	assert_string_equal(parse("-f json explain port-closed").format->name, "json");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_defaults), cmocka_unit_test(test_output),
		cmocka_unit_test(test_host),     cmocka_unit_test(test_directions),
		cmocka_unit_test(test_numbers),  cmocka_unit_test(test_names),
		cmocka_unit_test(test_ipv4),     cmocka_unit_test(test_ipv6),
		cmocka_unit_test(test_causes),   cmocka_unit_test(test_commands),
	};

	return cmocka_run_group_tests_name("options", tests, NULL, NULL);
}
