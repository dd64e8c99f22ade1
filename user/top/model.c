// SPDX-License-Identifier: GPL-2.0
/* What `top` knows. */
#include "model.h"

#include <stdlib.h>

#include "causes.h"
#include "only_counted.h"
#include "output.h"
#include "read_record.h"

/* One table a view. */
struct tables {
	struct table *of[VIEWS];
};

struct model {
	uint64_t start_ns, tick_ns; /* CLOCK_MONOTONIC */
	struct rates rates;
	/* Only counted, by the cause's place in the catalogue. */
	uint64_t only[CAUSES_MAX][DIRECTION_MAX];
	struct only_counted *only_counted;
	struct tables all, wanted;
	const struct filter_words *filter; /* NULL: none, and `wanted` is not in use */
	struct keep *keep;
	struct record_reader *reader;
	struct out *line; /* never flushed: it has no descriptor */
	uint64_t shown, filtered;
	bool paused;
	struct face face;
};

static bool tables_open(struct tables *t, uint64_t now_ns)
{
	bool fine = true;

	for (unsigned i = 0; i < VIEWS; i++)
		fine &= (t->of[i] = table_new(now_ns)) != NULL;
	return fine;
}

static void tables_close(struct tables *t)
{
	for (unsigned i = 0; i < VIEWS; i++)
		table_free(t->of[i]);
}

static void draw_tables(struct face *f, const struct tables *t)
{
	for (unsigned i = 0; i < VIEWS; i++) {
		f->tables[i].len = table_rows(t->of[i], f->tables[i].rows);
		f->tables[i].is_complete = table_is_complete(t->of[i]);
	}
	f->sum = 0; /* of the causes, which all have a row of their own */
	for (unsigned i = 0; i < f->tables[VIEW_CAUSE].len; i++)
		f->sum += f->tables[VIEW_CAUSE].rows[i].total;
}

struct model *model_new(size_t room, uint64_t time_ns, uint64_t now_ns)
{
	struct model *m = calloc(1, sizeof(*m));
	bool fine;

	if (!m)
		return NULL;
	m->start_ns = m->tick_ns = now_ns;
	m->face.time_ns = time_ns;
	m->only_counted = only_counted_new();
	m->keep = keep_new(room);
	m->reader = record_reader_new();
	m->line = out_new(-1);
	fine = tables_open(&m->all, now_ns) && tables_open(&m->wanted, now_ns);
	if (!fine || !m->only_counted || !m->keep || !m->reader || !m->line) {
		model_free(m);
		return NULL;
	}
	draw_tables(&m->face, &m->all);
	return m;
}

void model_free(struct model *m)
{
	if (!m)
		return;
	tables_close(&m->all);
	tables_close(&m->wanted);
	only_counted_free(m->only_counted);
	keep_free(m->keep);
	record_reader_free(m->reader);
	out_free(m->line);
	free(m);
}

static void tables_add(struct tables *t, const struct brief *b)
{
	char key[RANKING_KEY_LEN];

	for (unsigned i = 0; i < VIEWS; i++) {
		view_key(i, b, key);
		table_add(t->of[i], key, b->direction, 1, b->time_ns);
	}
}

static void keep_event(struct model *m, const struct brief *b, bool wanted, const struct record *r,
		       const struct verdict *v)
{
	static const struct style plain;

	if (!keep_wants(m->keep, b))
		return;
	out_rewind(m->line, 0);
	json_put(m->line, &plain, r, v);
	keep_add(m->keep, b, wanted, out_data(m->line), out_mark(m->line));
}

void model_put(struct model *m, const struct record *r, const struct verdict *v)
{
	struct brief b;
	bool wanted = !m->filter || filter_words_want(m->filter, r, v);

	if (r->suppressed)
		return; /* model_take_kind() tells of them, and of those that were lost, too */
	b = brief_of(r, v);
	m->shown++;
	only_counted_note(m->only_counted, &r->e.kind, v->cause);
	tables_add(&m->all, &b);
	if (m->filter && wanted)
		tables_add(&m->wanted, &b);
	if (!m->paused)
		keep_event(m, &b, wanted, r, v);
}

void model_filtered(struct model *m, const struct record *r)
{
	m->filtered++;
	only_counted_note(m->only_counted, &r->e.kind, NULL);
}

static unsigned index_of(const struct cause *cause)
{
	unsigned i = 0;

	while (i < CAUSES_MAX - 1 && cause_at(i) && cause_at(i) != cause)
		i++;
	return i;
}

static void add_counted(struct tables *t, enum answer certain, const struct cause *cause,
			enum direction d, uint64_t n, uint64_t time_ns)
{
	if (certain == ANSWER_NO)
		return;
	for (unsigned i = 0; i < VIEWS; i++) {
		bool is_told = i == VIEW_CAUSE && certain == ANSWER_YES;

		table_add(t->of[i], is_told ? cause->id : ONLY_COUNTED, d, n, time_ns);
	}
}

void model_take_kind(struct model *m, const struct kind *kind, const struct kind_counts *counts,
		     uint64_t time_ns)
{
	struct counted_only more = only_counted_take(m->only_counted, kind, counts);
	const struct cause *cause = more.cause ? more.cause : cause_find("unknown");
	enum direction d = kind->direction;
	uint64_t n = more.suppressed + more.lost;

	if (!n)
		return;
	m->only[index_of(cause)][d] += n;
	add_counted(&m->all, ANSWER_YES, cause, d, n, time_ns);
	if (m->filter)
		add_counted(&m->wanted, filter_words_want_counted(m->filter, cause, d), cause, d, n,
			    time_ns);
}

static const struct tables *tables_of(const struct model *m)
{
	return m->filter ? &m->wanted : &m->all;
}

/* A phantom was received, and was no reset. */
static void directions(const __u64 counts[COUNT_MAX], uint64_t ret[DIRECTION_MAX])
{
	ret[DIRECTION_SENT] = counts[COUNT_SENT];
	ret[DIRECTION_RECEIVED] = counts[COUNT_RECEIVED] - counts[COUNT_PHANTOM];
	ret[DIRECTION_NONE] = counts[COUNT_SILENT];
}

static void draw_face(struct model *m, const __u64 counts[COUNT_MAX], uint64_t time_ns)
{
	struct face *f = &m->face;

	f->time_ns = time_ns;
	f->seconds = (double)(m->tick_ns - m->start_ns) / 1e9;
	directions(counts, f->counted);
	f->shown = m->shown;
	f->filtered = m->filtered;
	f->suppressed = counts[COUNT_SUPPRESSED];
	f->lost = counts[COUNT_LOST] - counts[COUNT_MISSED];
	f->skipped = counts[COUNT_MISSED];
	f->rates = m->rates;
	draw_tables(f, tables_of(m));
}

void model_tick(struct model *m, const __u64 counts[COUNT_MAX], uint64_t time_ns, uint64_t now_ns)
{
	uint64_t counted[DIRECTION_MAX];

	directions(counts, counted);
	rates_add(&m->rates, (double)(now_ns - m->tick_ns) / 1e9, counted);
	m->tick_ns = now_ns;
	for (unsigned i = 0; i < VIEWS; i++) {
		table_tick(m->all.of[i], now_ns);
		table_tick(m->wanted.of[i], now_ns);
	}
	if (!m->paused)
		draw_face(m, counts, time_ns);
}

void model_pause(struct model *m, bool paused)
{
	m->paused = paused;
}

bool model_is_paused(const struct model *m)
{
	return m->paused;
}

const struct face *model_face(const struct model *m)
{
	return &m->face;
}

bool model_read(struct model *m, const struct kept *kept, struct record *r, struct verdict *v,
		char error[READ_ERROR_LEN])
{
	enum read got = read_record(m->reader, kept->json, kept->len, r, v, error);

	if (got == READ_FACTS)
		judge(r, v);
	return got != READ_ERROR;
}

/* For keep_each(). */
struct choice {
	struct model *model;
	unsigned view;
	const char *key; /* NULL: any */
	size_t len;
	struct brief *list;
};

static void apply_filter(void *context, struct kept *kept)
{
	struct model *m = context;
	char error[READ_ERROR_LEN];
	struct record r;
	struct verdict v;

	kept->wanted = !m->filter ||
		       (model_read(m, kept, &r, &v, error) && filter_words_want(m->filter, &r, &v));
}

static void choose(void *context, struct kept *kept)
{
	struct choice *c = context;
	char key[RANKING_KEY_LEN];

	if (!kept->wanted)
		return;
	view_key(c->view, &kept->brief, key);
	if (!c->key || !strcmp(c->key, key))
		c->list[c->len++] = kept->brief;
}

/* Of one moment: as their ids are, so that the order does not change. */
static int latest_first(const void *a, const void *b)
{
	const struct brief *x = a, *y = b;

	if (x->time_ns != y->time_ns)
		return x->time_ns < y->time_ns ? 1 : -1;
	return strcmp(x->id, y->id);
}

struct brief *model_list(struct model *m, unsigned view, const char *key, size_t *ret_len)
{
	struct choice c = {.model = m, .view = view, .key = key};

	c.list = malloc((keep_len(m->keep) + 1) * sizeof(c.list[0]));
	if (!c.list)
		return NULL;
	keep_each(m->keep, choose, &c);
	qsort(c.list, c.len, sizeof(c.list[0]), latest_first);
	*ret_len = c.len;
	return c.list;
}

const struct kept *model_find(const struct model *m, const char *id)
{
	return keep_find(m->keep, id);
}

/* Oldest first: the tables note when a key came last. */
static void feed_kept(struct model *m)
{
	size_t len;
	struct brief *list = model_list(m, VIEW_CAUSE, NULL, &len);

	while (list && len)
		tables_add(&m->wanted, &list[--len]);
	free(list);
}

static void feed_counted(struct model *m)
{
	for (unsigned i = 0; i < CAUSES_MAX && cause_at(i); i++)
		for (int d = 0; d < DIRECTION_MAX; d++)
			if (m->only[i][d])
				add_counted(&m->wanted,
					    filter_words_want_counted(m->filter, cause_at(i), d),
					    cause_at(i), d, m->only[i][d], m->face.time_ns);
}

void model_filter(struct model *m, const struct filter_words *f, uint64_t now_ns)
{
	m->filter = f;
	keep_each(m->keep, apply_filter, m);
	for (unsigned i = 0; f && i < VIEWS; i++)
		table_clear(m->wanted.of[i], now_ns);
	if (f) {
		feed_kept(m);
		feed_counted(m);
	}
	for (unsigned i = 0; f && i < VIEWS; i++)
		table_settle(m->wanted.of[i], now_ns);
	draw_tables(&m->face, tables_of(m));
}
