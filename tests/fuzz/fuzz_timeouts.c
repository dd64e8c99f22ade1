// SPDX-License-Identifier: GPL-2.0
/* Files of --timeouts. */
#include "fuzz.h"
#include "timeouts.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char error[TIMEOUTS_ERROR_LEN] = "";
	const struct timeout *t;

	file_of_input(data, size);
	must(!timeouts_read(file_path(), error) == !error[0]);
	must(strlen(error) < sizeof(error));
	for (size_t i = 0; (t = timeout_at(i)); i++) {
		must(t->seconds > 0 && t->who && t->source);
		must(timeout_matches(t, t->seconds));
	}
	timeouts_forget();
	return 0;
}
