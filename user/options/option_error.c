// SPDX-License-Identifier: GPL-2.0
/* What is said of a word that makes no sense. */
#include "option_error.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "printable.h"

static struct {
	jmp_buf back;
	char *text; /* OPTIONS_ERROR_LEN bytes; NULL: the command line itself is parsed */
} complaint;

void usage_error(struct argp_state *state, const char *format, ...)
{
	char text[1024];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	make_printable(text);
	if (complaint.text) {
		snprintf(complaint.text, OPTIONS_ERROR_LEN, "%.*s", OPTIONS_ERROR_LEN - 1, text);
		make_printable(complaint.text); /* it may be cut within a character */
		longjmp(complaint.back, 1);
	}
	argp_error(state, "%s", text);
	exit(argp_err_exit_status);
}

jmp_buf *usage_error_to(char text[OPTIONS_ERROR_LEN])
{
	complaint.text = text;
	return &complaint.back;
}
