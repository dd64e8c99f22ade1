/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One block of a pcapng file (draft-ietf-opsawg-pcapng), in this host's byte order. Fixed fields
 * first, then options, then block_end(). Pure. What has no room is left out, never half written.
 */
#ifndef RSTWHY_BLOCK_H
#define RSTWHY_BLOCK_H

#include "out.h"

#define BLOCK_MAX 32768 /* bytes: every event fits, were all its letters to be replaced */

enum block_type {
	BLOCK_SECTION = 0x0a0d0d0a,
	BLOCK_INTERFACE = 1,
	BLOCK_STATISTICS = 5,
	BLOCK_PACKET = 6,
};

#define BLOCK_COMMENT 1 /* an option of any block */

struct block {
	size_t len;
	size_t text; /* where the option begins that is being written */
	uint8_t bytes[BLOCK_MAX];
};

void block_begin(struct block *b, enum block_type type);
void block_u16(struct block *b, uint16_t n);
void block_u32(struct block *b, uint32_t n);
void block_time(struct block *b, uint64_t ns); /* as high and low half */
void block_bytes(struct block *b, const void *bytes, size_t len); /* and the padding behind them */

void block_option(struct block *b, uint16_t code, const void *value, uint16_t len);
void block_option_u64(struct block *b, uint16_t code, uint64_t value);
void block_option_time(struct block *b, uint16_t code, uint64_t ns);
void block_option_string(struct block *b, uint16_t code, const char *text);

/*
 * An option of text in pieces. Of other people's bytes what would end a line, command a terminal or
 * turn the direction of writing around, and what is not UTF-8 become U+FFFD.
 */
void block_text_begin(struct block *b, uint16_t code);
void block_text(struct block *b, const char *s, size_t max); /* up to a NUL, at most `max` */
void block_format(struct block *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
void block_line_end(struct block *b);
void block_text_end(struct block *b);

void block_end(struct block *b, struct out *o);

#endif
