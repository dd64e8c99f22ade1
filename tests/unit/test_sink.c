// SPDX-License-Identifier: GPL-2.0
/* What all sinks have in common: who fails, who goes on, and what did not get out. */
#define _GNU_SOURCE /* memfd_create() */
#include "sink.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "unit.h"

#define SOON 1000
#define LATER 2000

static const struct record event, summary = {.suppressed = 7};
static const struct verdict verdict;

struct fake {
	struct sink sink;
	int flush_error, reopen_error; /* what they return from now on */
	unsigned puts, filtered, resumes, readies, finishes;
	short revents; /* of the last ready() */
	uint64_t deadline;
};

static struct fake fakes[2];
static struct fake *const first = &fakes[0], *const second = &fakes[1];

static void fake_put(struct sink *s, const struct record *r, const struct verdict *v)
{
	((struct fake *)s)->puts++;
}

static void fake_filtered(struct sink *s, const struct record *r)
{
	((struct fake *)s)->filtered++;
}

static int fake_flush(struct sink *s)
{
	return ((struct fake *)s)->flush_error;
}

static void fake_resume(struct sink *s)
{
	((struct fake *)s)->resumes++;
}

static int fake_reopen(struct sink *s)
{
	return ((struct fake *)s)->reopen_error;
}

static int fake_poll_fd(struct sink *s)
{
	return STDIN_FILENO;
}

static uint64_t fake_deadline(struct sink *s)
{
	return ((struct fake *)s)->deadline;
}

static void fake_ready(struct sink *s, short revents)
{
	((struct fake *)s)->readies++;
	((struct fake *)s)->revents = revents;
}

static void fake_finish(struct sink *s)
{
	((struct fake *)s)->finishes++;
}

static void fake_close(struct sink *s)
{
}

static int open_none(struct sink **ret, const struct options *o, bool (*give_up)(void))
{
	return 0;
}

static int open_fails(struct sink **ret, const struct options *o, bool (*give_up)(void))
{
	return -EACCES;
}

static int open_first(struct sink **ret, const struct options *o, bool (*give_up)(void));
static int open_second(struct sink **ret, const struct options *o, bool (*give_up)(void));

/* It does what a sink must do. */
static const struct sink_class plain = {.open = open_first,
					.put = fake_put,
					.flush = fake_flush,
					.resume = fake_resume,
					.close = fake_close};

/* It does all that a sink can do. */
static const struct sink_class full = {
	.open = open_second,
	.put = fake_put,
	.filtered = fake_filtered,
	.flush = fake_flush,
	.reopen = fake_reopen,
	.poll_fd = fake_poll_fd,
	.poll_events = POLLIN,
	.deadline_ns = fake_deadline,
	.ready = fake_ready,
	.finish = fake_finish,
	.close = fake_close,
};
static const struct sink_class unwanted = {.open = open_none}, broken = {.open = open_fails};

static int open_first(struct sink **ret, const struct options *o, bool (*give_up)(void))
{
	*first = (struct fake){.sink = {.class = &plain, .target = "first"}};
	*ret = &first->sink;
	return 0;
}

static int open_second(struct sink **ret, const struct options *o, bool (*give_up)(void))
{
	*second =
		(struct fake){.sink = {.class = &full, .target = "second"}, .deadline = UINT64_MAX};
	*ret = &second->sink;
	return 0;
}

static struct sinks opened(void)
{
	static const struct sink_class *const classes[] = {&plain, &unwanted, &full, NULL};
	struct sinks s;

	assert_int_equal(sinks_open(&s, classes, NULL, NULL), 0);
	assert_int_equal(s.len, 2);
	return s;
}

/* stderr goes there until heard(). */
static int before, there;

static void eavesdrop(void)
{
	there = memfd_create("stderr", MFD_CLOEXEC);
	before = dup(STDERR_FILENO);
	fflush(stderr);
	dup2(there, STDERR_FILENO);
}

static const char *heard(void)
{
	static char text[1024];
	ssize_t len;

	fflush(stderr);
	dup2(before, STDERR_FILENO);
	close(before);
	len = pread(there, text, sizeof(text) - 1, 0);
	close(there);
	text[len > 0 ? len : 0] = '\0';
	return text;
}

static void test_filtered(void **state)
{
	struct sinks s = opened();

	sinks_filtered(&s, &event);
	second->sink.error = -EPIPE;
	sinks_filtered(&s, &event);
	assert_int_equal(second->filtered, 1);
	assert_int_equal(second->puts, 0);
}

static void test_start(void **state)
{
	struct sinks s = opened();

	assert_null(first->sink.all);
	sinks_start(&s, NULL);
	assert_ptr_equal(first->sink.all, &s);
}

static void test_open_fails(void **state)
{
	static const struct sink_class *const classes[] = {&plain, &broken, &full, NULL};
	struct sinks s;

	assert_int_equal(sinks_open(&s, classes, NULL, NULL), -EACCES);
	assert_int_equal(s.len, 1);
	sinks_close(&s);
	assert_int_equal(s.len, 0);
}

static void test_all_is_well(void **state)
{
	struct sinks s = opened();

	assert_true(sinks_put(&s, &event, &verdict));
	assert_true(sinks_put(&s, &summary, &verdict));
	assert_int_equal(sinks_flush(&s), 0);
	sinks_finish(&s);
	eavesdrop();
	assert_true(sinks_report(&s));
	assert_string_equal(heard(), "");
	assert_int_equal(first->puts, 2);
	assert_int_equal(second->puts, 2);
	assert_int_equal(second->finishes, 1);
	assert_int_equal(sinks_not_shown(&s), 0);
}

static void test_eager(void **state)
{
	struct sinks s = opened();

	assert_false(sinks_eager(&s));
	second->sink.eager = true;
	assert_true(sinks_eager(&s));
}

/* Its failing ends the run: told at the end, and only then. A summary is no event. */
static void main_fails(struct sinks *s, int flush_returns)
{
	sinks_put(s, &event, &verdict);
	sinks_flush(s);
	first->flush_error = -ENOSPC;
	sinks_put(s, &event, &verdict);
	sinks_put(s, &summary, &verdict);
	eavesdrop();
	assert_int_equal(sinks_flush(s), flush_returns);
	first->flush_error = 0;
	assert_int_equal(sinks_flush(s), flush_returns);
	assert_string_equal(heard(), "");
	assert_int_equal(sinks_error(s), -ENOSPC);
}

static void assert_report(struct sinks *s, const char *wanted)
{
	eavesdrop();
	assert_false(sinks_report(s));
	assert_string_equal(heard(), wanted);
}

/* Beside others: these took what it did not. */
static void test_main_fails(void **state)
{
	struct sinks s = opened();

	main_fails(&s, 0);
	assert_true(sinks_put(&s, &event, &verdict));
	assert_int_equal(sinks_not_shown(&s), 0);
	assert_int_equal(sinks_all_unwritten(&s), 2);
	assert_int_equal(first->puts, 3);
	assert_int_equal(second->puts, 4);
	assert_report(&s, "rstwhy: write to first: No space left on device; "
			  "2 events were not written\n");
}

/* Alone: what it did not take was not shown, even if the error may pass. */
static void test_only_one_fails(void **state)
{
	static const struct sink_class *const classes[] = {&plain, NULL};
	struct sinks s;

	assert_int_equal(sinks_open(&s, classes, NULL, NULL), 0);
	first->sink.may_pass = true;
	main_fails(&s, -ENOSPC);
	assert_false(sinks_put(&s, &event, &verdict));
	assert_int_equal(sinks_not_shown(&s), 2);
	assert_int_equal(first->puts, 3);
	assert_report(&s, "rstwhy: write to first: No space left on device; "
			  "2 events were not written\n");
}

static void put_and_flush(struct sinks *s)
{
	assert_true(sinks_put(s, &event, &verdict));
	assert_int_equal(sinks_flush(s), 0);
	assert_int_equal(sinks_error(s), 0);
}

/* The main one beside others, and an error that may pass: told once; tried again after a while, by
 * the next event; told when it works again. */
static void test_passes(void **state)
{
	struct sinks s = opened();

	first->sink.may_pass = true;
	first->flush_error = -ENOSPC;
	eavesdrop();
	put_and_flush(&s);
	put_and_flush(&s); /* too early */
	assert_int_equal(first->puts, 1);
	first->sink.pause.retry_ns = 0;
	put_and_flush(&s); /* tried in vain */
	assert_int_equal(first->puts, 2);
	assert_int_equal(first->resumes, 1);
	assert_string_equal(heard(), "rstwhy: write to first: No space left on device; the run "
				     "goes on, and its events count as unwritten until it works "
				     "again\n");
	first->flush_error = 0;
	first->sink.pause.retry_ns = 0;
	eavesdrop();
	put_and_flush(&s);
	put_and_flush(&s);
	assert_string_equal(heard(), "rstwhy: first works again; 3 events were not written to "
				     "it\n");
	assert_int_equal(first->puts, 4);
	assert_int_equal(first->sink.unwritten, 3);
	assert_int_equal(second->puts, 5);
	assert_report(&s, "rstwhy: write to first: 3 events were not written\n");
}

/* A disk that has room now and then: what is told does not fill the log, and nothing is uncounted. */
static void test_comes_and_goes(void **state)
{
	struct sinks s = opened();

	first->sink.may_pass = true;
	eavesdrop();
	for (int i = 0; i < 100; i++) {
		first->flush_error = i % 2 ? 0 : -ENOSPC;
		first->sink.pause.retry_ns = 0;
		put_and_flush(&s);
	}
	assert_int_equal(first->sink.unwritten, 50);
	assert_string_equal(heard(), "rstwhy: write to first: No space left on device; the run "
				     "goes on, and its events count as unwritten until it works "
				     "again\nrstwhy: first works again; 1 events were not "
				     "written to it\n");
	first->flush_error = -ENOSPC;
	first->sink.pause.told_ns = 1; /* long ago */
	eavesdrop();
	put_and_flush(&s);
	assert_non_null(strstr(heard(), "No space left"));
}

/* Told at once and at the end; the others go on. */
static void test_other_fails(void **state)
{
	struct sinks s = opened();

	second->flush_error = -EPIPE;
	snprintf(second->sink.why, sizeof(second->sink.why), "the broker is gone");
	sinks_put(&s, &event, &verdict);
	eavesdrop();
	assert_int_equal(sinks_flush(&s), 0);
	assert_true(sinks_put(&s, &event, &verdict));
	assert_int_equal(sinks_flush(&s), 0);
	assert_string_equal(heard(), "rstwhy: write to second: the broker is gone; the run goes "
				     "on without it\n");
	sinks_finish(&s);
	assert_int_equal(second->finishes, 0);
	assert_int_equal(sinks_not_shown(&s), 0);
	assert_int_equal(second->sink.unwritten, 2);
	assert_int_equal(sinks_all_unwritten(&s), 2);
	eavesdrop();
	assert_false(sinks_report(&s));
	assert_string_equal(heard(), "rstwhy: write to second: the broker is gone; 2 events were "
				     "not written\n");
}

/* What an accepted event became is known later. */
static void test_late_loss(void **state)
{
	struct sinks s = opened();

	sinks_put(&s, &event, &verdict);
	sinks_flush(&s);
	second->sink.unwritten++;
	eavesdrop();
	assert_false(sinks_report(&s));
	assert_string_equal(heard(), "rstwhy: write to second: 1 events were not written\n");
}

static void test_revived(void **state)
{
	struct sinks s = opened();

	second->flush_error = -ENOSPC;
	second->reopen_error = -EACCES;
	sinks_put(&s, &event, &verdict);
	eavesdrop();
	sinks_flush(&s);
	sinks_reopen(&s);
	assert_int_equal(second->sink.error, -ENOSPC);
	second->flush_error = second->reopen_error = 0;
	sinks_reopen(&s);
	sinks_reopen(&s);
	assert_non_null(strstr(heard(), "rstwhy: second works again; 1 events were not written"));
	sinks_put(&s, &event, &verdict);
	assert_int_equal(sinks_flush(&s), 0);
	assert_int_equal(second->puts, 2);
	assert_int_equal(second->sink.unwritten, 1);
}

static void test_poll(void **state)
{
	struct sinks s = opened();
	struct pollfd fds[SINKS_MAX];

	sinks_poll(&s, fds);
	assert_int_equal(fds[0].fd, -1);
	assert_int_equal(fds[1].fd, STDIN_FILENO);
	assert_int_equal(fds[1].events, POLLIN);
	sinks_ready(&s, fds, SOON);
	assert_int_equal(second->readies, 0);
	fds[1].revents = POLLIN;
	sinks_ready(&s, fds, SOON);
	assert_int_equal(second->readies, 1);
	assert_int_equal(second->revents, POLLIN);
}

static void test_deadline(void **state)
{
	struct sinks s = opened();
	struct pollfd fds[SINKS_MAX] = {0};

	assert_true(sinks_deadline(&s) == UINT64_MAX);
	second->deadline = LATER;
	assert_true(sinks_deadline(&s) == LATER);
	sinks_ready(&s, fds, SOON);
	assert_int_equal(second->readies, 0);
	sinks_ready(&s, fds, LATER);
	assert_int_equal(second->readies, 1);
	assert_int_equal(second->revents, 0);
}

/* One that has failed keeps nobody awake. */
static void test_failed_rests(void **state)
{
	struct sinks s = opened();
	struct pollfd fds[SINKS_MAX];

	second->sink.error = -EPIPE;
	second->deadline = SOON;
	sinks_poll(&s, fds);
	assert_int_equal(fds[1].fd, -1);
	assert_true(sinks_deadline(&s) == UINT64_MAX);
	sinks_ready(&s, fds, LATER);
	assert_int_equal(second->readies, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_open_fails),     cmocka_unit_test(test_all_is_well),
		cmocka_unit_test(test_eager),          cmocka_unit_test(test_main_fails),
		cmocka_unit_test(test_only_one_fails), cmocka_unit_test(test_passes),
		cmocka_unit_test(test_comes_and_goes), cmocka_unit_test(test_other_fails),
		cmocka_unit_test(test_late_loss),      cmocka_unit_test(test_revived),
		cmocka_unit_test(test_filtered),       cmocka_unit_test(test_start),
		cmocka_unit_test(test_poll),           cmocka_unit_test(test_deadline),
		cmocka_unit_test(test_failed_rests),
	};

	return cmocka_run_group_tests_name("sink", tests, NULL, NULL);
}
