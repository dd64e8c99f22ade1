// SPDX-License-Identifier: GPL-2.0
/* Bytes of the fuzzer as texts, numbers and files. */
#define _GNU_SOURCE /* memfd_create() */
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz.h"

static int file = -1;

void input_bytes(struct input *in, void *to, size_t size)
{
	size_t len = size < in->size ? size : in->size;

	memset(to, 0, size);
	if (len)
		memcpy(to, in->data, len);
	in->data += len;
	in->size -= len;
}

uint8_t input_byte(struct input *in)
{
	uint8_t byte;

	input_bytes(in, &byte, 1);
	return byte;
}

unsigned input_below(struct input *in, unsigned max)
{
	return input_byte(in) % max;
}

void input_string(struct input *in, char *to, size_t size)
{
	size_t len = input_byte(in);

	memset(to, 0, size);
	input_bytes(in, to, len < size ? len : size - 1);
}

char *text_of_input(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);

	must(text);
	memcpy(text, data, size);
	text[size] = '\0';
	return text;
}

int file_of_input(const uint8_t *data, size_t size)
{
	if (file < 0)
		file = memfd_create("input", MFD_CLOEXEC);
	must(file >= 0 && !ftruncate(file, 0) && !lseek(file, 0, SEEK_SET));
	must(write(file, data, size) == (ssize_t)size && !lseek(file, 0, SEEK_SET));
	return file;
}

const char *file_path(void)
{
	static char path[32];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", file);
	return path;
}
