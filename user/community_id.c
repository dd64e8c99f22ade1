// SPDX-License-Identifier: GPL-2.0
/* Community ID v1. */
#include "community_id.h"

#include <sha1.h>
#include <stdio.h>
#include <string.h>

#include "facts.h"

#define PROTOCOL_TCP 6

struct side {
	const __u8 *address;
	__u16 port;
};

static size_t put_port(uint8_t *to, __u16 port)
{
	to[0] = port >> 8;
	to[1] = port & 0xff;
	return 2;
}

/* RFC 4648, with padding. */
static void base64(const uint8_t *in, size_t len, char *out)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < len; i += 3) {
		uint32_t n = in[i] << 16 | (i + 1 < len ? in[i + 1] << 8 : 0) |
			     (i + 2 < len ? in[i + 2] : 0);

		*out++ = digits[n >> 18];
		*out++ = digits[n >> 12 & 63];
		*out++ = i + 1 < len ? digits[n >> 6 & 63] : '=';
		*out++ = i + 2 < len ? digits[n & 63] : '=';
	}
	*out = '\0';
}

void community_id(const struct flow *flow, char ret[COMMUNITY_ID_LEN])
{
	size_t skip = is_ipv4(flow) ? 12 : 0, len = 16 - skip, n = 0;
	struct side a = {flow->local + skip, flow->local_port};
	struct side b = {flow->peer + skip, flow->peer_port};
	int order = memcmp(a.address, b.address, len);
	uint8_t input[2 + 16 + 16 + 2 + 2 + 2] = {0}; /* starts with the seed: 0 */
	uint8_t digest[SHA1_DIGEST_LENGTH];
	SHA1_CTX sha;

	if (order > 0 || (!order && a.port > b.port)) {
		struct side smaller = b;

		b = a;
		a = smaller;
	}
	n = 2;
	memcpy(input + n, a.address, len);
	n += len;
	memcpy(input + n, b.address, len);
	n += len;
	input[n++] = PROTOCOL_TCP;
	input[n++] = 0;
	n += put_port(input + n, a.port);
	n += put_port(input + n, b.port);

	SHA1Init(&sha);
	SHA1Update(&sha, input, n);
	SHA1Final(digest, &sha);
	ret[0] = '1';
	ret[1] = ':';
	base64(digest, sizeof(digest), ret + 2);
}
