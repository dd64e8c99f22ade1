// SPDX-License-Identifier: GPL-2.0
/* What happened, in three plain sentences. */
#include "sentences.h"

#include <stdarg.h>
#include <stdio.h>
#include <time.h>

#include "burst.h"
#include "names.h"

#define SECOND 1000000000ULL
#define DAY_S 86400

#define GROUPED_LEN 28

static void add(char text[SENTENCE_LEN], const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void add(char text[SENTENCE_LEN], const char *format, ...)
{
	size_t len = strlen(text);
	va_list args;

	va_start(args, format);
	vsnprintf(text + len, SENTENCE_LEN - len, format, args);
	va_end(args);
}

/* 1234567 as "1,234,567", in `buf`. */
static const char *grouped(uint64_t n, char buf[GROUPED_LEN])
{
	size_t at = GROUPED_LEN - 1;
	int digits = 0;

	buf[at] = '\0';
	do {
		if (digits && digits % 3 == 0)
			buf[--at] = ',';
		buf[--at] = '0' + n % 10;
		digits++;
	} while (n /= 10);
	return &buf[at];
}

static void add_number(char text[SENTENCE_LEN], uint64_t n, const char *one, const char *many)
{
	char buf[GROUPED_LEN];

	add(text, "%s %s", grouped(n, buf), n == 1 ? one : many);
}

static void add_times(char text[SENTENCE_LEN], uint64_t n)
{
	char buf[GROUPED_LEN];

	if (n == 1)
		add(text, "once");
	else
		add(text, "%s times", grouped(n, buf));
}

static unsigned percent(uint64_t part, uint64_t whole)
{
	return whole ? (unsigned)((double)part * 100 / (double)whole + 0.5) : 0;
}

static uint64_t only_counted(const struct summary *s)
{
	return s->suppressed + s->lost;
}

/* "3 resets in 12 s: 2 sent by this host, 1 received." */
static void say_how_much(const struct summary *s, double span_s, char text[SENTENCE_LEN])
{
	uint64_t sent = s->by_direction[DIRECTION_SENT];
	uint64_t received = s->by_direction[DIRECTION_RECEIVED];
	uint64_t died = s->by_direction[DIRECTION_NONE];
	char buf[DURATION_LEN], number[GROUPED_LEN];

	if (sent + received)
		add_number(text, sent + received, "TCP reset", "TCP resets");
	else
		add_number(text, died, "connection died without a reset",
			   "connections died without a reset");
	if (span_s > 0)
		add(text, " in %s", duration(span_s, buf));
	if (sent && received)
		add(text, ": %s sent by this host, ", grouped(sent, number));
	if (sent && received)
		add(text, "%s received", grouped(received, number));
	else if (sent + received)
		add(text, ", %s", sent ? "sent by this host" : "received by this host");
	if (died && sent + received) {
		add(text, "; ");
		add_number(text, died, "connection died without one",
			   "connections died without one");
	}
	if (only_counted(s)) {
		add(text, "; ");
		add_number(text, only_counted(s), "was only counted, not shown",
			   "were only counted, not shown");
	}
	add(text, ".");
}

/* In UTC, as all times. */
static void add_clock(char text[SENTENCE_LEN], uint64_t ns, bool with_date)
{
	time_t t = (time_t)(ns / SECOND);
	char buf[40];
	struct tm tm;

	gmtime_r(&t, &tm);
	strftime(buf, sizeof(buf), with_date ? "%Y-%m-%d %H:%M:%S UTC" : "%H:%M:%S UTC", &tm);
	add(text, "%s", buf);
}

static void add_burst(const struct burst *b, char text[SENTENCE_LEN])
{
	char buf[DURATION_LEN];

	if (!b->n)
		return;
	add(text, "%u %% of them within %s, from ", percent(b->n, b->total),
	    duration((double)b->length_ns / SECOND, buf));
	add_clock(text, b->begin_ns, true);
	add(text, " on");
}

static void add_when(const struct summary *s, char text[SENTENCE_LEN])
{
	struct burst b = burst_of(s->timeline, s->causes_len);
	uint64_t span_ns = s->last_ns - s->first_ns;

	if (b.total == 1) {
		add(text, "It happened at ");
		add_clock(text, s->first_ns, true);
	} else if (span_ns < SECOND) {
		add(text, "All happened within a second, at ");
		add_clock(text, s->first_ns, true);
	} else if (2 * b.n >= b.total) {
		add(text, "They came in a burst, ");
		add_burst(&b, text);
	} else {
		add(text, "They are spread over the time from ");
		add_clock(text, s->first_ns, true);
		add(text, " to ");
		add_clock(text, s->last_ns, span_ns / SECOND >= DAY_S);
		add(text, b.n ? ", with a burst, " : "");
		add_burst(&b, text);
	}
}

/* The first of a sort; NULL: none. */
static const struct ranked *first_of(const struct summary *s, enum whose_key key)
{
	const struct ranked *row = NULL;

	ranking_top(s->whose.by[key], &row, 1);
	return row;
}

/* Units say most, for somebody must answer for them. */
static const struct ranked *most_affected(const struct summary *s, const char **what)
{
	const struct ranked *unit = first_of(s, WHOSE_UNIT), *process = first_of(s, WHOSE_PROCESS);
	const struct ranked *port = first_of(s, WHOSE_PORT);

	*what = unit ? "" : process ? "the process " : "port ";
	return unit ? unit : process ? process : port;
}

static void add_whose(const struct summary *s, char text[SENTENCE_LEN])
{
	const struct ranked *peer = first_of(s, WHOSE_PEER);
	const char *what;
	const struct ranked *row = most_affected(s, &what);
	char buf[GROUPED_LEN];

	if (row)
		add(text, "; most affected is %s%s (%s of %s shown)", what, row->key,
		    grouped(row->total, buf), grouped(s->shown, (char[GROUPED_LEN]){0}));
	/* One peer in many is no news. */
	if (peer && s->shown > 1 && 2 * (peer->total - peer->error) > s->shown)
		add(text, ", and %u %% have to do with the peer %s", percent(peer->total, s->shown),
		    peer->key);
}

static void say_when_and_whose(const struct summary *s, char text[SENTENCE_LEN])
{
	add_when(s, text);
	add_whose(s, text);
	add(text, ".");
}

/*
 * A lost connection tells more than a refused one, a host that ran out of something more than
 * either, and the end that sends a reset knows why.
 */
static double weight(const struct summary_cause *c)
{
	static const double by_severity[] = {
		[SEVERITY_WARNING] = 1000,
		[SEVERITY_NOTICE] = 100,
		[SEVERITY_INFO] = 10,
		[SEVERITY_DEBUG] = 1,
	};
	double n = (double)cause_count(c) * by_severity[c->shown ? c->severity : SEVERITY_INFO];

	return c->direction == DIRECTION_RECEIVED ? n / 2 : n;
}

const struct summary_cause *sentences_most_telling(const struct summary *s)
{
	const struct summary_cause *best = s->causes;

	for (unsigned i = 1; i < s->causes_len; i++)
		if (weight(&s->causes[i]) > weight(best))
			best = &s->causes[i];
	return s->causes_len ? best : NULL;
}

/* Up to its first full stop: what is to be done first stands there. */
static int first_sentence_len(const char *article)
{
	const char *stop = strstr(article, ". "), *line = strchr(article, '\n');
	size_t len = strlen(article);

	if (stop)
		len = stop - article;
	if (line && (size_t)(line - article) < len)
		len = line - article;
	while (len && strchr(".:", article[len - 1]))
		len--;
	return (int)len;
}

static void say_what_to_do(const struct summary *s, char text[SENTENCE_LEN])
{
	const struct summary_cause *c = sentences_most_telling(s);
	const char *advice = c->cause->article.advice;

	add(text, "The %scause is %s, ", s->causes_len > 1 ? "most telling " : "", c->cause->id);
	add_times(text, cause_count(c));
	add(text, " (%s); what to do: %.*s.", c->cause->title, first_sentence_len(advice), advice);
}

unsigned sentences_make(const struct summary *s, uint64_t counted, double span_s,
			char text[SENTENCES][SENTENCE_LEN])
{
	char buf[DURATION_LEN];

	for (int i = 0; i < SENTENCES; i++)
		text[i][0] = '\0';
	if (!s->causes_len) {
		add(text[0], "No TCP reset was %s", counted ? "shown: " : "recorded");
		if (counted)
			add_number(text[0], counted, "was filtered out or lost",
				   "were filtered out or lost");
		if (span_s > 0)
			add(text[0], " in %s", duration(span_s, buf));
		add(text[0], ".");
		return 1;
	}
	say_how_much(s, span_s, text[0]);
	say_when_and_whose(s, text[1]);
	say_what_to_do(s, text[2]);
	return SENTENCES;
}
