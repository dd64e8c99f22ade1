/* SPDX-License-Identifier: GPL-2.0 */
/* Texts of other people: what of them is valid UTF-8. Pure. */
#ifndef RSTWHY_UTF8_H
#define RSTWHY_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Length of the valid sequence at s, of `len` (> 0) bytes (RFC 3629: no overlong forms, no
 * surrogates); 0: none. */
size_t utf8_sequence(const unsigned char *s, size_t len);

/*
 * Whether the valid sequence at s, of n bytes, commands who shows it: control characters (C0, DEL,
 * C1), what ends a line or turns the direction of writing around (Unicode Standard Annex 9).
 */
bool utf8_is_command(const unsigned char *s, size_t n);

/* The number of the character at s, a valid sequence of n bytes. */
uint32_t utf8_character(const unsigned char *s, size_t n);

#endif
