// SPDX-License-Identifier: GPL-2.0
/* How far a pcapng file can be read. */
#include "whole.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <unistd.h>

#include "block.h"

#define BYTE_ORDER_MAGIC 0x1a2b3c4d
#define BLOCK_MIN 12 /* type and twice the length */

static bool read_at(int fd, uint64_t offset, void *to, size_t len)
{
	return pread(fd, to, len, offset) == (ssize_t)len;
}

/* The length of the whole block that begins there; 0: none does. */
static uint32_t block_at(int fd, uint64_t offset, uint64_t size)
{
	struct {
		uint32_t type, len;
	} head;
	uint32_t len;

	if (size - offset < BLOCK_MIN || !read_at(fd, offset, &head, sizeof(head)))
		return 0;
	if (head.len < BLOCK_MIN || head.len % 4 || head.len > size - offset)
		return 0;
	if (!read_at(fd, offset + head.len - sizeof(len), &len, sizeof(len)))
		return 0;
	return len == head.len ? len : 0;
}

static bool begins_section(int fd)
{
	uint32_t head[3]; /* type, length, magic */

	return read_at(fd, 0, head, sizeof(head)) && head[0] == BLOCK_SECTION &&
	       head[2] == BYTE_ORDER_MAGIC;
}

/* A block tells its length at both ends: as a rule there is no need to read all. */
static bool ends_whole(int fd, uint64_t size)
{
	uint32_t len;

	return read_at(fd, size - sizeof(len), &len, sizeof(len)) && len >= BLOCK_MIN &&
	       len <= size && block_at(fd, size - len, size) == len;
}

int pcapng_whole(int fd, uint64_t size, uint64_t *ret)
{
	uint64_t whole = 0;
	uint32_t len;

	if (size && (size < BLOCK_MIN || !begins_section(fd)))
		return -EINVAL;
	if (size && ends_whole(fd, size))
		whole = size;
	while ((len = block_at(fd, whole, size)))
		whole += len;
	*ret = whole;
	return 0;
}
