// SPDX-License-Identifier: GPL-2.0
/* The options and their words. What is wrong leaves the option, and the next one has its turn. */
#include "options.c"

#include "fuzz.h"

static void take(struct argp_state *state, int key, char *word)
{
	char error[OPTIONS_ERROR_LEN];

	if (!setjmp(*usage_error_to(error)))
		parse(key, word, state);
}

/* An option a line: the number of its row, then its word. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const size_t len = sizeof(rows) / sizeof(rows[0]) - 1;
	struct options o = {.format = format_find("text")};
	char *argv[] = {"rstwhy", "a.json", NULL}; /* what stands behind `report` */
	struct argp_state state = {.input = &o, .argv = argv, .argc = 2, .next = 1};
	char *text = text_of_input(data, size), *rest = text, *line;

	while ((line = strsep(&rest, "\n"))) {
		const struct argp_option *row = &rows[(uint8_t)*line % len];
		char *word = *line ? line + 1 : line;

		if (row->key == KEY_TIMEOUTS) /* a path */
			take(&state, ARGP_KEY_ARG, word);
		else
			take(&state, row->key, row->arg ? word : NULL);
	}
	take(&state, ARGP_KEY_END, NULL);
	must(!o.buffer || !(o.buffer & (o.buffer - 1)));
	must(!(o.duration < 0));
	free(text);
	return 0;
}
