/* SPDX-License-Identifier: GPL-2.0 */
/* What is said of a word that makes no sense. */
#ifndef RSTWHY_OPTION_ERROR_H
#define RSTWHY_OPTION_ERROR_H

#include <argp.h>
#include <setjmp.h>

#include "options.h"

/* Ends the program with status 2. Words may come from anybody: a file's name from a script. */
void usage_error(struct argp_state *state, const char *format, ...)
	__attribute__((noreturn, format(printf, 2, 3)));

/*
 * While a run parses words of its own they must not end the program: text, if not NULL, gets what is
 * said, and usage_error() goes back to what is returned, which the caller gives to setjmp() at once.
 * NULL: the command line is parsed again.
 */
jmp_buf *usage_error_to(char text[OPTIONS_ERROR_LEN]);

#endif
