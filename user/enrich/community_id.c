// SPDX-License-Identifier: GPL-2.0
/* Community ID v1. */
#include "community_id.h"

#include <sha1.h>
#include <stdlib.h>
#include <string.h>

#include "facts.h"

#define PROTOCOL_TCP 6
#define CACHE 64

struct community_ids {
	struct {
		struct flow flow;
		char id[COMMUNITY_ID_LEN]; /* "": none yet */
	} cache[CACHE]; /* by the ports, as both ends have them */
};

struct side {
	const __u8 *address;
	__u16 port;
};

static size_t put_be16(uint8_t *to, __u16 n)
{
	to[0] = n >> 8;
	to[1] = n & 0xff;
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

/* The specification's input: seed, addresses and ports in order, protocol. Returns its length. */
static size_t put_input(const struct flow *flow, uint8_t *to)
{
	size_t skip = is_ipv4(flow) ? 12 : 0, len = 16 - skip, n = 2; /* the seed: 0 */
	struct side a = {flow->local + skip, flow->local_port};
	struct side b = {flow->peer + skip, flow->peer_port};
	int order = memcmp(a.address, b.address, len);

	if (order > 0 || (!order && a.port > b.port)) {
		struct side smaller = b;

		b = a;
		a = smaller;
	}
	memcpy(to + n, a.address, len);
	n += len;
	memcpy(to + n, b.address, len);
	n += len;
	to[n++] = PROTOCOL_TCP;
	n++; /* padding: 0 */
	n += put_be16(to + n, a.port);
	return n + put_be16(to + n, b.port);
}

/* The input always fits into one block. It is padded here: libmd does it byte by byte. */
void community_id(const struct flow *flow, char ret[COMMUNITY_ID_LEN])
{
	uint8_t block[SHA1_BLOCK_LENGTH] = {0}, digest[SHA1_DIGEST_LENGTH];
	size_t len = put_input(flow, block);
	SHA1_CTX sha;

	block[len] = 0x80;
	put_be16(block + sizeof(block) - 2, len * 8); /* the length in bits */
	SHA1Init(&sha);
	SHA1Update(&sha, block, sizeof(block));
	for (size_t i = 0; i < sizeof(digest); i++)
		digest[i] = sha.state[i / 4] >> (24 - i % 4 * 8);
	ret[0] = '1';
	ret[1] = ':';
	base64(digest, sizeof(digest), ret + 2);
}

struct community_ids *community_ids_new(void)
{
	return calloc(1, sizeof(struct community_ids));
}

void community_ids_free(struct community_ids *ids)
{
	free(ids);
}

static bool is_same(const struct flow *a, const struct flow *b)
{
	return a->local_port == b->local_port && a->peer_port == b->peer_port &&
	       !memcmp(a->local, b->local, sizeof(a->local)) &&
	       !memcmp(a->peer, b->peer, sizeof(a->peer));
}

static bool is_mirrored(const struct flow *a, const struct flow *b)
{
	return a->local_port == b->peer_port && a->peer_port == b->local_port &&
	       !memcmp(a->local, b->peer, sizeof(a->local)) &&
	       !memcmp(a->peer, b->local, sizeof(a->peer));
}

const char *community_ids_find(struct community_ids *ids, const struct flow *flow)
{
	unsigned slot = (flow->local_port + flow->peer_port) % CACHE;

	if (!ids->cache[slot].id[0] || (!is_same(&ids->cache[slot].flow, flow) &&
					!is_mirrored(&ids->cache[slot].flow, flow))) {
		ids->cache[slot].flow = *flow;
		community_id(flow, ids->cache[slot].id);
	}
	return ids->cache[slot].id;
}
