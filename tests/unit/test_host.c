// SPDX-License-Identifier: GPL-2.0
/* The name of this host. */
#include "host.h"

#include <string.h>
#include <sys/utsname.h>

#include "unit.h"

static void test_words(void **state)
{
	char name[HOST_LEN + 1];

	assert_null(host_error("web1"));
	assert_null(host_error("ip-10-0-0-1.eu-central-1.compute.internal"));
	assert_non_null(strstr(host_error(""), "missing"));
	memset(name, 'a', sizeof(name));
	name[HOST_LEN - 1] = '\0';
	assert_null(host_error(name));
	name[HOST_LEN - 1] = 'a';
	name[HOST_LEN] = '\0';
	assert_non_null(strstr(host_error(name), "longer than 253"));
}

/* As uname(2) tells it; of a host without a name, nothing. */
static void test_own(void **state)
{
	struct utsname uts;

	assert_int_equal(uname(&uts), 0);
	if (!uts.nodename[0] || !strcmp(uts.nodename, "(none)"))
		assert_null(host_own());
	else
		assert_string_equal(host_own(), uts.nodename);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_own),
	};

	return cmocka_run_group_tests_name("host", tests, NULL, NULL);
}
