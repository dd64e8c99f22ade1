// SPDX-License-Identifier: GPL-2.0
/* The vectors of the Community ID specification, version 1, seed 0. */
#include <arpa/inet.h>
#include <string.h>

#include "community_id.h"
#include "unit.h"

static const struct vector {
	const char *a;
	unsigned a_port;
	const char *b;
	unsigned b_port;
	const char *id;
} vectors[] = {
	{"1.2.3.4", 1122, "5.6.7.8", 3344, "1:wCb3OG7yAFWelaUydu0D+125CLM="},
	{"128.232.110.120", 34855, "66.35.250.204", 80, "1:LQU9qZlK+B5F3KDmev6m5PMibrg="},
	{"2001:470:e5bf:dead:4957:2174:e82c:4887", 63943, "2607:f8b0:400c:c03::1a", 25,
	 "1:/qFaeAR+gFe1KYjMzVDsMv+wgU4="},
	/* Equal addresses: the smaller port comes first. */
	{"10.0.0.1", 80, "10.0.0.1", 81, "1:tlfFsHe+E3VVycVoOYQhDlTTvRc="},
	{"fe80::1", 80, "fe80::1", 8080, "1:h80DI8p6CP+tKv2BhFWG1qludvQ="},
};

static void address(__u8 to[16], const char *text)
{
	memset(to, 0, 16);
	if (inet_pton(AF_INET6, text, to) == 1)
		return;
	/* As event.h has it, and as an AF_INET6 socket with an IPv4 peer has it. */
	to[10] = to[11] = 0xff;
	assert_int_equal(inet_pton(AF_INET, text, to + 12), 1);
}

static struct flow flow_of(const char *local, unsigned local_port, const char *peer,
			   unsigned peer_port)
{
	struct flow flow = {.local_port = local_port, .peer_port = peer_port, .netns = 5};

	address(flow.local, local);
	address(flow.peer, peer);
	return flow;
}

static void check(const char *local, unsigned local_port, const char *peer, unsigned peer_port,
		  const char *expected)
{
	struct flow flow = flow_of(local, local_port, peer, peer_port);
	char id[COMMUNITY_ID_LEN];

	memset(id, '#', sizeof(id));
	community_id(&flow, id);
	assert_string_equal(id, expected);
}

static void test_vectors(void **state)
{
	for (size_t i = 0; i < LENGTH(vectors); i++) {
		const struct vector *v = &vectors[i];

		check(v->a, v->a_port, v->b, v->b_port, v->id);
	}
}

static void test_both_directions(void **state)
{
	for (size_t i = 0; i < LENGTH(vectors); i++) {
		const struct vector *v = &vectors[i];

		check(v->b, v->b_port, v->a, v->a_port, v->id);
	}
}

static void test_mapped_is_ipv4(void **state)
{
	check("::ffff:1.2.3.4", 1122, "::ffff:5.6.7.8", 3344, vectors[0].id);
}

/* One object for all of them, and so often that what was found before is found again. */
static void test_remembered(void **state)
{
	struct community_ids *ids = community_ids_new();

	assert_non_null(ids);
	for (size_t i = 0; i < 8 * LENGTH(vectors); i++) {
		const struct vector *v = &vectors[i / 2 % LENGTH(vectors)];
		struct flow flow = i % 2 ? flow_of(v->a, v->a_port, v->b, v->b_port)
					 : flow_of(v->b, v->b_port, v->a, v->a_port);

		assert_string_equal(community_ids_find(ids, &flow), v->id);
	}
	community_ids_free(ids);
	community_ids_free(NULL);
}

/* The same ports, and only one side's address is another. */
static void test_not_mistaken(void **state)
{
	struct community_ids *ids = community_ids_new();
	struct flow one = flow_of("10.0.0.1", 80, "10.0.0.2", 80);
	struct flow other = flow_of("10.0.0.1", 80, "10.0.0.3", 80);
	char id[COMMUNITY_ID_LEN];

	assert_non_null(ids);
	strcpy(id, community_ids_find(ids, &one));
	assert_string_not_equal(community_ids_find(ids, &other), id);
	community_ids_free(ids);
}

int main(void)
{
	const struct CMUnitTest ids[] = {
		cmocka_unit_test(test_vectors),        cmocka_unit_test(test_both_directions),
		cmocka_unit_test(test_mapped_is_ipv4), cmocka_unit_test(test_remembered),
		cmocka_unit_test(test_not_mistaken),
	};

	return cmocka_run_group_tests(ids, NULL, NULL);
}
