/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the fuzz targets share. A target is a file fuzz_NAME.c with LLVMFuzzerTestOneInput(); its
 * corpus is corpus/NAME/. What must hold is said with must(): false ends the program, and the input
 * is kept.
 */
#ifndef RSTWHY_FUZZ_H
#define RSTWHY_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "verdict.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define must(condition)                                                                         \
	do {                                                                                    \
		if (!(condition)) {                                                             \
			fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition); \
			abort();                                                                \
		}                                                                               \
	} while (0)

/* The input, taken piece by piece; zeros where it has ended. */
struct input {
	const uint8_t *data;
	size_t size;
};

void input_bytes(struct input *in, void *to, size_t size);
uint8_t input_byte(struct input *in);
unsigned input_below(struct input *in, unsigned max); /* max: at most 256 */
void input_string(struct input *in, char *to,
		  size_t size); /* a length, then bytes; ends at a NUL */

/* A copy with a NUL behind it: reading beyond that is seen. To be freed. */
char *text_of_input(const uint8_t *data, size_t size);

/* A descriptor of a file in memory that holds just this, read from its beginning. */
int file_of_input(const uint8_t *data, size_t size);
const char *file_path(void); /* of the same file */

/*
 * Writes the event in every format, and each must be what its readers take: JSON that parses, text
 * without a control character, whole blocks and so on.
 */
void outputs_check(const struct record *r, const struct verdict *v);

/* One line that is one JSON value. */
void json_check(const char *text, size_t len);

#endif
