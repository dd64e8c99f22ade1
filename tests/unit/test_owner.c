// SPDX-License-Identifier: GPL-2.0
/* Which process holds a socket: whose files are looked at, and when those of all. */
#include "owner.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "log.h"
#include "unit.h"

#define PIDS 32
#define MS 1000000ULL

/* This host: inodes[pid] is the one socket of that process, 0: it has none. */
static struct {
	uint64_t inodes[PIDS];
	unsigned asked[PIDS]; /* how often for that process; [0]: for all */
	int err; /* what is said of single processes */
	uint64_t now_ns;
	uint64_t cost_ns; /* of a look at all */
} host;
static unsigned said;

int probe_owners(const struct probe *p, unsigned pid, struct owner **ret, size_t *ret_len)
{
	struct owner *owners = calloc(PIDS, sizeof(*owners));
	size_t len = 0;

	host.asked[pid]++;
	host.now_ns += pid ? 1000 : host.cost_ns;
	if (pid && host.err) {
		free(owners);
		return host.err;
	}
	for (unsigned i = 1; i < PIDS; i++)
		if (host.inodes[i] && (!pid || pid == i))
			owners[len++] = (struct owner){.inode = host.inodes[i], .task.pid = i};
	*ret = owners;
	*ret_len = len;
	return 0;
}

bool process_holds(const struct processes *ps, unsigned pid, unsigned fd, uint64_t inode)
{
	return host.inodes[pid] == inode;
}

int clock_gettime(clockid_t id, struct timespec *ret)
{
	*ret = (struct timespec){host.now_ns / (1000 * MS), host.now_ns % (1000 * MS)};
	return 0;
}

static bool count(const char *line)
{
	said++;
	return true;
}

/* Process 5 has socket 500 from the start. */
static int begin(void **state)
{
	memset(&host, 0, sizeof(host));
	host.inodes[5] = 500;
	said = 0;
	log_divert(count);
	*state = owners_new((struct probe *)&host, NULL);
	return !*state;
}

static int end(void **state)
{
	owners_free(*state);
	log_divert(NULL);
	return 0;
}

/* The pid, 0: nobody. */
static unsigned find_now(void *owners, uint64_t inode, struct guesses guesses)
{
	struct task task = {0};

	return owners_find(owners, inode, &guesses, &task) ? task.pid : 0;
}

/* The same when every rest is over. */
static unsigned find(void *owners, uint64_t inode, struct guesses guesses)
{
	host.now_ns += 10000 * MS;
	return find_now(owners, inode, guesses);
}

static void test_known(void **state)
{
	assert_int_equal(find(*state, 500, (struct guesses){1, {7}}), 5);
	assert_int_equal(host.asked[0], 1);
	assert_int_equal(host.asked[7], 0);
}

/* The first guess that holds it is the last that is asked. */
static void test_guessed(void **state)
{
	host.inodes[7] = 700;
	assert_int_equal(find(*state, 700, (struct guesses){4, {0, 6, 7, 8}}), 7);
	assert_int_equal(host.asked[6], 1);
	assert_int_equal(host.asked[8], 0);
	assert_int_equal(host.asked[0], 1);
	assert_int_equal(find(*state, 700, (struct guesses){0}), 7);
	assert_int_equal(host.asked[7], 1);
}

static void test_wrong_guess(void **state)
{
	host.inodes[7] = 700;
	assert_int_equal(find(*state, 700, (struct guesses){2, {6, 6}}), 7);
	assert_int_equal(host.asked[6], 1);
	assert_int_equal(host.asked[0], 2);
}

static void test_nobody(void **state)
{
	assert_int_equal(find(*state, 900, (struct guesses){1, {6}}), 0);
	assert_int_equal(find(*state, 900, (struct guesses){1, {6}}), 0);
	assert_int_equal(host.asked[0], 3);
}

/* Who was found is asked for the next one, too. */
static void test_worker(void **state)
{
	host.inodes[7] = 700;
	find(*state, 700, (struct guesses){1, {7}});
	host.inodes[7] = 701;
	assert_int_equal(find(*state, 701, (struct guesses){1, {6}}), 7);
	assert_int_equal(host.asked[0], 1);
}

/* The new holder is told, now and later, though a snapshot of the old one is kept. */
static void test_passed_on(void **state)
{
	host.inodes[7] = 700;
	find(*state, 700, (struct guesses){1, {7}});
	host.inodes[7] = 0;
	host.inodes[8] = 700;
	assert_int_equal(find(*state, 700, (struct guesses){1, {8}}), 8);
	assert_int_equal(find(*state, 700, (struct guesses){0}), 8);
	host.inodes[8] = 0;
	host.inodes[9] = 700;
	assert_int_equal(find(*state, 700, (struct guesses){0}), 9);
	assert_int_equal(find(*state, 700, (struct guesses){0}), 9);
	host.inodes[9] = 0;
	assert_int_equal(find(*state, 700, (struct guesses){0}), 9); /* it was the last */
}

/* More processes than snapshots are kept of: the oldest one makes room. */
static void test_many(void **state)
{
	for (unsigned pid = 10; pid < PIDS; pid++) {
		host.inodes[pid] = pid * 100;
		assert_int_equal(find(*state, pid * 100, (struct guesses){1, {pid}}), pid);
	}
	assert_int_equal(host.asked[0], 1);
	assert_int_equal(find(*state, (PIDS - 1) * 100, (struct guesses){0}), PIDS - 1);
	assert_int_equal(host.asked[0], 1);
	assert_int_equal(find(*state, 1000, (struct guesses){0}), 10);
	assert_int_equal(host.asked[0], 2);
}

/* Asked once, never again, and nothing is said. */
static void test_old_kernel(void **state)
{
	host.err = -E2BIG;
	host.inodes[7] = 700;
	assert_int_equal(find(*state, 700, (struct guesses){1, {7}}), 7);
	host.inodes[8] = 800;
	assert_int_equal(find(*state, 800, (struct guesses){1, {8}}), 8);
	assert_int_equal(host.asked[7] + host.asked[8], 1);
	assert_int_equal(said, 0);
}

static void test_refused(void **state)
{
	host.err = -EPERM;
	host.inodes[7] = 700;
	assert_int_equal(find(*state, 700, (struct guesses){2, {7, 8}}), 7);
	assert_int_equal(said, 1);
}

/* All are looked at for a tenth of the time at most, and once a second if that takes long. */
static void rest_after(void *owners, uint64_t cost_ns, uint64_t rest_ns)
{
	unsigned before = host.asked[0];

	host.cost_ns = cost_ns;
	find(owners, 900, (struct guesses){0});
	host.now_ns += rest_ns - 1;
	find_now(owners, 900, (struct guesses){0});
	assert_int_equal(host.asked[0], before + 1);
	host.now_ns++;
	find_now(owners, 900, (struct guesses){0});
	assert_int_equal(host.asked[0], before + 2);
}

static void test_rest(void **state)
{
	rest_after(*state, MS, 9 * MS);
	rest_after(*state, 50 * MS, 450 * MS);
	rest_after(*state, 51 * MS, 1000 * MS);
	rest_after(*state, 200 * MS, 1800 * MS);
}

/* Meanwhile single processes are looked at, and rest for themselves. */
static void test_rest_of_guesses(void **state)
{
	host.cost_ns = 200 * MS;
	find(*state, 900, (struct guesses){0});
	host.inodes[7] = 700;
	assert_int_equal(find_now(*state, 700, (struct guesses){1, {7}}), 7);
	host.inodes[8] = 800;
	assert_int_equal(find_now(*state, 800, (struct guesses){1, {8}}), 0);
	host.now_ns += MS;
	assert_int_equal(find_now(*state, 800, (struct guesses){1, {8}}), 8);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_known),  TEST(test_guessed),         TEST(test_wrong_guess),
		TEST(test_nobody), TEST(test_worker),          TEST(test_passed_on),
		TEST(test_many),   TEST(test_old_kernel),      TEST(test_refused),
		TEST(test_rest),   TEST(test_rest_of_guesses),
	};

	return cmocka_run_group_tests_name("owner", tests, NULL, NULL);
}
