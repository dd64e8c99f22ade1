// SPDX-License-Identifier: GPL-2.0
/* In which format a scraper wants the metrics: what those that exist send, and what anybody may. */
#include "accept.h"

#include "unit.h"

static void test_openmetrics(void **state)
{
	static const char *const texts[] = {
		/* Prometheus 2.42, 2.5, 3.0 */
		"application/openmetrics-text;version=1.0.0,application/openmetrics-text;"
		"version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
		"application/openmetrics-text; version=0.0.1,text/plain;version=0.0.4;q=0.5,*/*;"
		"q=0.1",
		"application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,"
		"application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=1.0.0;"
		"escaping=allow-utf-8;q=0.3,text/plain;version=0.0.4;q=0.2,/;q=0.1",
		"application/openmetrics-text",
		"Application/OpenMetrics-Text ; Q=0.001",
		" text/plain;q=0.5 , application/openmetrics-text;q=0.5",
	};

	for (size_t i = 0; i < LENGTH(texts); i++)
		if (!accept_is_openmetrics(texts[i]))
			fail_msg("%s", texts[i]);
}

static void test_text(void **state)
{
	static const char *const texts[] = {
		"",
		"*/*",
		"text/plain;version=0.0.4",
		"text/html,application/xhtml+xml,*/*;q=0.8",
		"application/openmetrics-text;q=0",
		"application/openmetrics-text;q=0.000",
		"application/openmetrics-text;q=",
		"application/openmetrics-text;q=x",
		"application/openmetrics-text;q=0.4,text/plain",
		"application/openmetrics-text;q=0.499,text/plain;q=0.5",
		"application/openmetrics-textual",
		"application/openmetrics",
		",;,;;q=1,=,",
		"q=1;application/openmetrics-text",
	};

	assert_false(accept_is_openmetrics(NULL));
	for (size_t i = 0; i < LENGTH(texts); i++)
		if (accept_is_openmetrics(texts[i]))
			fail_msg("%s", texts[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_openmetrics),
		cmocka_unit_test(test_text),
	};

	return cmocka_run_group_tests_name("accept", tests, NULL, NULL);
}
