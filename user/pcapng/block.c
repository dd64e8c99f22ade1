// SPDX-License-Identifier: GPL-2.0
/* One block of a pcapng file. */
#include "block.h"

#include <stdarg.h>

#include "print.h"
#include "utf8.h"

#define ALIGNMENT 4
#define REPLACEMENT "\xef\xbf\xbd" /* U+FFFD */
#define OPTION_HEADER 4 /* code and length */
#define RESERVED 16 /* for what ends the text, the options and the block */

/* false: no room. */
static bool append(struct block *b, const void *bytes, size_t len)
{
	if (b->len + len + RESERVED > sizeof(b->bytes))
		return false;
	memcpy(b->bytes + b->len, bytes, len);
	b->len += len;
	return true;
}

static void pad(struct block *b)
{
	while (b->len % ALIGNMENT)
		b->bytes[b->len++] = 0;
}

void block_begin(struct block *b, enum block_type type)
{
	b->len = 0;
	block_u32(b, type);
	block_u32(b, 0); /* the length of the block: block_end() */
}

void block_u16(struct block *b, uint16_t n)
{
	append(b, &n, sizeof(n));
}

void block_u32(struct block *b, uint32_t n)
{
	append(b, &n, sizeof(n));
}

void block_time(struct block *b, uint64_t ns)
{
	block_u32(b, ns >> 32);
	block_u32(b, ns);
}

void block_bytes(struct block *b, const void *bytes, size_t len)
{
	append(b, bytes, len);
	pad(b);
}

void block_option(struct block *b, uint16_t code, const void *value, uint16_t len)
{
	if (b->len + OPTION_HEADER + len + RESERVED > sizeof(b->bytes))
		return;
	block_u16(b, code);
	block_u16(b, len);
	block_bytes(b, value, len);
}

void block_option_u64(struct block *b, uint16_t code, uint64_t value)
{
	block_option(b, code, &value, sizeof(value));
}

void block_option_time(struct block *b, uint16_t code, uint64_t ns)
{
	uint32_t halves[] = {ns >> 32, ns};

	block_option(b, code, halves, sizeof(halves));
}

void block_option_string(struct block *b, uint16_t code, const char *text)
{
	block_text_begin(b, code);
	block_text(b, text, SIZE_MAX);
	block_text_end(b);
}

void block_text_begin(struct block *b, uint16_t code)
{
	b->text = b->len;
	block_u16(b, code);
	block_u16(b, 0); /* the length: block_text_end() */
}

void block_text(struct block *b, const char *s, size_t max)
{
	const unsigned char *p = (const unsigned char *)s, *end = p + strnlen(s, max);

	while (p < end) {
		size_t n = utf8_sequence(p, end - p);

		if (n && !utf8_is_command(p, n))
			append(b, p, n);
		else
			append(b, REPLACEMENT, strlen(REPLACEMENT));
		p += n ? n : 1;
	}
}

void block_format(struct block *b, const char *format, ...)
{
	char text[256];
	va_list args;

	va_start(args, format);
	print_args(text, sizeof(text), format, args);
	va_end(args);
	block_text(b, text, sizeof(text));
}

void block_line_end(struct block *b)
{
	append(b, "\n", 1);
}

void block_text_end(struct block *b)
{
	uint16_t len = b->len - b->text - OPTION_HEADER;

	memcpy(b->bytes + b->text + sizeof(uint16_t), &len, sizeof(len));
	pad(b);
}

void block_end(struct block *b, struct out *o)
{
	uint32_t len = b->len + OPTION_HEADER + sizeof(len);

	memset(b->bytes + b->len, 0, OPTION_HEADER); /* opt_endofopt */
	memcpy(b->bytes + len - sizeof(len), &len, sizeof(len));
	memcpy(b->bytes + sizeof(uint32_t), &len, sizeof(len));
	out_bytes(o, (const char *)b->bytes, len);
}
