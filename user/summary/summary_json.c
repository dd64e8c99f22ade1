// SPDX-License-Identifier: GPL-2.0
/* A summary as JSON: one function for each key of its object. */
#include "hints.h"
#include "names.h"
#include "output.h"
#include "sentences.h"
#include "summary_store.h"
#include "timeouts.h"

#define SECOND 1000000000ULL

static void put_number(struct out *o, const char *before, uint64_t n)
{
	out_string(o, before);
	out_number(o, n);
}

static void put_time(struct out *o, const char *before, uint64_t ns)
{
	out_string(o, before);
	out_char(o, '"');
	out_time(o, ns);
	out_char(o, '"');
}

static double seconds_of(uint64_t ns)
{
	return (double)ns / SECOND;
}

static void put_numbers(struct out *o, const uint64_t *list, unsigned len)
{
	for (unsigned i = 0; i < len; i++) {
		out_char(o, i ? ',' : '[');
		out_number(o, list[i]);
	}
	out_string(o, len ? "]" : "[]");
}

static void put_source(const struct summary_source *from, struct out *o)
{
	json_member(o, "{\"kind\":", from->kind);
	json_member(o, ",\"version\":", from->version);
	json_member(o, ",\"kernel\":", from->kernel);
	json_member(o, ",\"host\":", from->host);
	for (unsigned i = 0; i < from->files_len; i++)
		json_member(o, i ? "," : ",\"files\":[", from->files[i]);
	if (from->files_len)
		out_char(o, ']');
	put_number(o, ",\"bad_lines\":", from->bad_lines);
	put_number(o, ",\"without_facts\":", from->without_facts);
	put_number(o, ",\"unwritten\":", from->unwritten);
	out_char(o, '}');
}

/* From the first event to the last, or as long as a live run has looked. */
static uint64_t begin_of(const struct summary *s, const struct summary_source *from)
{
	return from->start_ns ? from->start_ns : s->first_ns;
}

static uint64_t end_of(const struct summary *s, const struct summary_source *from)
{
	return from->now_ns ? from->now_ns : s->last_ns;
}

/* The wall clock may have been set meanwhile. */
static uint64_t span_ns(const struct summary *s, const struct summary_source *from)
{
	uint64_t begin = begin_of(s, from), end = end_of(s, from);

	return end > begin ? end - begin : 0;
}

static void put_span(const struct summary *s, const struct summary_source *from, struct out *o)
{
	put_time(o, ",\"span\":{\"first\":", begin_of(s, from));
	put_time(o, ",\"last\":", end_of(s, from));
	if (from->recent_ns)
		put_time(o, ",\"recent\":", from->recent_ns);
	out_format(o, ",\"seconds\":%.9g}", seconds_of(span_ns(s, from)));
}

static uint64_t counted(const struct summary *s, const struct summary_source *from)
{
	return s->shown + from->filtered + s->suppressed + s->lost + from->missed_runs;
}

static void put_totals(const struct summary *s, const struct summary_source *from, struct out *o)
{
	put_number(o, ",\"totals\":{\"counted\":", counted(s, from));
	put_number(o, ",\"shown\":", s->shown);
	put_number(o, ",\"filtered\":", from->filtered);
	put_number(o, ",\"suppressed\":", s->suppressed);
	put_number(o, ",\"lost\":", s->lost + from->missed_runs);
	for (enum direction d = 0; d < DIRECTION_MAX; d++) {
		json_member(o, ",", direction_name(d));
		put_number(o, ":", s->by_direction[d]);
	}
	out_char(o, '}');
}

static void put_sentences(const struct summary *s, const struct summary_source *from, struct out *o)
{
	const struct summary_cause *telling = sentences_most_telling(s);
	char text[SENTENCES][SENTENCE_LEN];
	unsigned len = sentences_make(s, counted(s, from), seconds_of(span_ns(s, from)), text);

	for (unsigned i = 0; i < len; i++)
		json_member(o, i ? "," : ",\"sentences\":[", text[i]);
	out_char(o, ']');
	if (telling)
		json_member(o, ",\"telling\":", telling->cause->id);
}

static void put_cause(const struct summary_cause *c, struct out *o)
{
	json_member(o, "{\"id\":", c->cause->id);
	json_member(o, ",\"direction\":", direction_name(c->direction));
	json_member(o, ",\"title\":", c->cause->title);
	if (c->shown)
		json_member(o, ",\"severity\":", severity_name(c->severity));
	put_number(o, ",\"count\":", cause_count(c));
	put_number(o, ",\"shown\":", c->shown);
	put_time(o, ",\"first\":", c->first_ns);
	put_time(o, ",\"last\":", c->last_ns);
	if (c->example[0])
		json_member(o, ",\"example\":", c->example);
	out_char(o, '}');
}

static void put_causes(const struct summary_cause *const rows[], unsigned len, struct out *o)
{
	out_string(o, ",\"causes\":[");
	for (unsigned i = 0; i < len; i++) {
		if (i)
			out_char(o, ',');
		put_cause(rows[i], o);
	}
	out_char(o, ']');
}

static void put_hints(const struct summary *s, struct out *o)
{
	const struct hint *hint;
	const char *before = "{\"id\":";

	out_string(o, ",\"hints\":[");
	for (unsigned i = 0; i < HINTS_MAX && (hint = hint_at(i)); i++) {
		if (!s->hints[i])
			continue;
		json_member(o, before, hint->id);
		json_member(o, ",\"title\":", hint->title);
		put_number(o, ",\"count\":", s->hints[i]);
		out_char(o, '}');
		before = ",{\"id\":";
	}
	out_char(o, ']');
}

static void put_timeline(const struct summary *s, const struct summary_cause *const rows[],
			 unsigned len, struct out *o)
{
	const struct timeline *t = s->timeline;

	put_time(o, ",\"timeline\":{\"begin\":", timeline_begin_ns(t));
	out_format(o, ",\"step\":%.9g", seconds_of(timeline_step_ns(t)));
	put_number(o, ",\"length\":", timeline_len(t));
	out_string(o, ",\"series\":[");
	for (unsigned i = 0; i < len; i++) {
		json_member(o, i ? ",{\"cause\":" : "{\"cause\":", rows[i]->cause->id);
		json_member(o, ",\"direction\":", direction_name(rows[i]->direction));
		out_string(o, ",\"counts\":");
		put_numbers(o, timeline_counts(t, rows[i] - s->causes), timeline_len(t));
		out_char(o, '}');
	}
	out_string(o, "]}");
}

/* One column of the heat map: a number for each bin. */
static void put_column(const struct timeline *t, unsigned column, struct out *o)
{
	for (unsigned i = 0; i <= fine_seconds.len; i++) {
		out_char(o, i ? ',' : '[');
		out_number(o, timeline_counts(t, i)[column]);
	}
	out_char(o, ']');
}

static void put_known(struct out *o)
{
	const struct timeout *t;

	out_string(o, ",\"known\":[");
	for (size_t i = 0; (t = timeout_at(i)); i++) {
		out_format(o, "%s{\"seconds\":%.9g", i ? "," : "", t->seconds);
		json_member(o, ",\"name\":", t->who);
		out_char(o, '}');
	}
	out_char(o, ']');
}

static void put_idle(const struct summary *s, struct out *o)
{
	out_string(o, ",\"idle\":{\"bounds\":");
	bounds_put(&fine_seconds, o);
	put_time(o, ",\"begin\":", timeline_begin_ns(s->idle));
	out_format(o, ",\"step\":%.9g,\"columns\":[", seconds_of(timeline_step_ns(s->idle)));
	for (unsigned i = 0; i < timeline_len(s->idle); i++) {
		if (i)
			out_char(o, ',');
		put_column(s->idle, i, o);
	}
	out_char(o, ']');
	put_known(o);
	out_char(o, '}');
}

static void put_sample(const struct sample *sample, struct out *o)
{
	put_number(o, ",\"sample\":{\"kept\":", sample_len(sample));
	put_number(o, ",\"of\":", sample_seen(sample));
	put_number(o, ",\"per_cause\":", sample_largest(sample));
	out_char(o, '}');
}

void summary_put(struct summary *s, const struct summary_source *from, struct out *o)
{
	const struct summary_cause *rows[SUMMARY_CAUSES];
	unsigned len = summary_rows(s, rows);

	/* A live run has also looked since its last event: that they stopped must be seen. */
	if (from->now_ns > s->last_ns)
		timeline_reach(s->timeline, from->now_ns);
	out_string(o, "{\"source\":");
	put_source(from, o);
	if (begin_of(s, from))
		put_span(s, from, o);
	put_totals(s, from, o);
	put_sentences(s, from, o);
	put_causes(rows, len, o);
	put_hints(s, o);
	put_timeline(s, rows, len, o);
	out_string(o, ",\"who\":");
	whose_put(&s->whose, o);
	put_idle(s, o);
	out_string(o, ",\"age\":");
	bins_put(&s->age, o);
	out_string(o, ",\"unread\":");
	bins_put(&s->unread, o);
	out_string(o, ",\"pairs\":");
	pairs_put(&s->pairs, o);
	if (s->pairs.others)
		put_number(o, ",\"pairs_others\":", s->pairs.others);
	if (s->sample)
		put_sample(s->sample, o);
	out_char(o, '}');
}

void summary_put_events(struct summary *s, struct out *o)
{
	char before = '[';

	sample_sort(s->sample);
	for (unsigned i = 0; i < sample_len(s->sample); i++) {
		size_t len;
		const char *line = sample_line(s->sample, i, &len);

		if (!len) /* for want of memory: summary_error() */
			continue;
		out_char(o, before);
		out_bytes(o, line, len - 1); /* without its end of line */
		before = ',';
	}
	out_string(o, before == '[' ? "[]" : "]");
}
