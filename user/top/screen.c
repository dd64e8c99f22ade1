// SPDX-License-Identifier: GPL-2.0
/* The screens of `top`: what they have in common. */
#include "screen.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "keys.h"
#include "names.h"
#include "numbers.h"
#include "print.h"
#include "printable.h"
#include "talk.h"

#define SPARK_SECONDS 180 /* the sparklines reach back so far, or farther on a wide terminal */
#define SPARK_MAX 400
#define RATE_WIDTH 29 /* columns before it */
#define PEAK_WIDTH 14 /* and behind it */
#define KEYS_LEN 512
#define SUM_LEN 160

bool screen_open(struct screen *s, struct model *model)
{
	memset(s, 0, sizeof(*s));
	s->model = model;
	s->sort = COLUMN_RATE;
	s->text = out_new(-1);
	s->help = out_new(-1);
	return s->text && s->help;
}

void screen_close(struct screen *s)
{
	out_free(s->text);
	out_free(s->help);
	free(s->list);
	free(s->event);
}

void screen_expire(struct screen *s, uint64_t now)
{
	if (s->message_end_ns && now >= s->message_end_ns)
		s->message[0] = '\0';
}

void screen_say(struct screen *s, bool is_warning, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(s->message, sizeof(s->message), format, args);
	va_end(args);
	make_printable(s->message);
	s->is_warning = is_warning;
	s->message_end_ns = 0;
}

unsigned screen_body(void)
{
	int lines = terminal_lines() - LINE_BODY - 1;

	return lines > 1 ? lines : 1;
}

const char *screen_filter(const struct screen *s)
{
	return s->filters[s->filter].words;
}

size_t screen_top(size_t top, size_t at, size_t len)
{
	size_t body = screen_body() - 1; /* the head takes one */

	if (at < top)
		top = at;
	if (at >= top + body)
		top = at - body + 1;
	return top < len ? top : 0;
}

void screen_go(struct screen *s, enum mode mode)
{
	s->mode = mode;
	if (mode == MODE_LIST)
		list_refresh(s);
}

void screen_refresh(struct screen *s)
{
	table_refresh(s);
	if (s->mode == MODE_LIST)
		list_refresh(s);
}

/* How many columns the sparklines have, and how many seconds each of them. */
struct spark {
	unsigned width, step;
};

static struct spark spark_of(int columns)
{
	struct spark spark = {.width = 0, .step = 1};
	int width = columns - RATE_WIDTH - PEAK_WIDTH;

	if (width < 5)
		return spark;
	spark.width = width < SPARK_MAX ? width : SPARK_MAX;
	spark.step = (SPARK_SECONDS + spark.width - 1) / spark.width;
	return spark;
}

static void draw_title(const struct screen *s, struct spark spark, int columns)
{
	const struct face *f = model_face(s->model);
	char clock[NUMBER_LEN], step[32] = "", text[256];
	unsigned up = f->seconds;

	if (spark.width)
		snprintf(step, sizeof(step), "  %u s a column", spark.step);
	snprintf(text, sizeof(text), "rstwhy top  %s  up %u:%02u:%02u%s%s",
		 clock_text(f->time_ns, clock), up / 3600, up / 60 % 60, up % 60,
		 model_is_paused(s->model) ? "  PAUSED" : "", step);
	draw(LINE_TITLE, 0, columns, model_is_paused(s->model) ? PAINT_WARNING : PAINT_BOLD, text);
}

/* "sent         1234    12.0/s  <sparkline>  40.0/s peak" */
static void draw_rate(const struct face *f, int line, enum direction d, struct spark spark,
		      int columns)
{
	enum paint paint = d == DIRECTION_SENT ? PAINT_SENT : PAINT_RECEIVED;
	char text[80], rate[NUMBER_LEN], bars[3 * SPARK_MAX + 1];
	double values[SPARK_MAX], max;

	snprintf(text, sizeof(text), "%-8s %10llu %6s/s ", direction_name(d),
		 (unsigned long long)f->counted[d], rate_text(rates_now(&f->rates, d), rate));
	draw(line, 0, columns, paint, text);
	if (!spark.width)
		return;
	max = rates_series(&f->rates, d, spark.step, values, spark.width);
	sparkline(bars, values, spark.width, max, terminal_has_utf8());
	draw(line, RATE_WIDTH, spark.width, paint, bars);
	snprintf(text, sizeof(text), " %6s/s peak", rate_text(max, rate));
	draw(line, RATE_WIDTH + spark.width, columns - RATE_WIDTH - spark.width, PAINT_PLAIN, text);
}

/* The sum; `all`: also what is 0. Returns the length. */
static size_t sum_text(const struct face *f, bool all, char text[SUM_LEN])
{
	const struct {
		const char *name;
		uint64_t n;
	} terms[] = {{"shown", f->shown},
		     {"filtered", f->filtered},
		     {"suppressed", f->suppressed},
		     {"lost", f->lost}};
	size_t len = 0;

	for (size_t i = 0; i < sizeof(terms) / sizeof(terms[0]); i++)
		if (all || terms[i].n || !i)
			len += print_text(text + len, SUM_LEN - len, "%s%s %llu", len ? " + " : "",
					  terms[i].name, (unsigned long long)terms[i].n);
	return len;
}

static void draw_counts(const struct screen *s, int columns)
{
	const struct face *f = model_face(s->model);
	char silent[48] = "", skipped[64] = "", sum[SUM_LEN],
	     text[SUM_LEN + FILTER_WORDS_LEN + 160];
	const char *words = screen_filter(s);
	size_t others;

	if (f->counted[DIRECTION_NONE])
		snprintf(silent, sizeof(silent), "silent deaths %llu   ",
			 (unsigned long long)f->counted[DIRECTION_NONE]);
	if (f->skipped)
		snprintf(skipped, sizeof(skipped), "   skipped runs, of the host: %llu",
			 (unsigned long long)f->skipped);
	others = print_text(text, sizeof(text), "%s%s%s%s", silent, skipped,
			    *words ? "   filter: " : "", words);
	if (others + sum_text(f, true, sum) > (size_t)columns)
		sum_text(f, false, sum);
	snprintf(text, sizeof(text), "%s%s%s%s%s", silent, sum, skipped,
		 *words ? "   filter: " : "", words);
	make_printable(text);
	draw(LINE_COUNTS, 0, columns, f->lost ? PAINT_WARNING : PAINT_PLAIN, text);
}

/* Those of this mode, as far as they fit. */
static void keys_text(const struct screen *s, int columns, char text[KEYS_LEN])
{
	size_t len = 0;

	text[0] = '\0';
	for (const struct key *k = keys; k->name; k++) {
		if (!k->brief || !(k->modes & IN(s->mode)))
			continue;
		if (len + 2 + strlen(k->brief) > (size_t)columns || len + 32 > KEYS_LEN)
			return;
		len += snprintf(text + len, KEYS_LEN - len, "%s%s", len ? "  " : "", k->brief);
	}
}

/* The keys of this mode, or what was said last. */
static void draw_footer(struct screen *s, int line, int columns)
{
	char text[KEYS_LEN];

	if (s->types) {
		input_draw(s, line);
		return;
	}
	if (s->message[0]) {
		draw(line, 0, columns, s->is_warning ? PAINT_WARNING : PAINT_BOLD, s->message);
		return;
	}
	keys_text(s, columns, text);
	draw(line, 0, columns, PAINT_DIM, text);
}

static void draw_all(struct screen *s, int lines, int columns)
{
	static void (*const bodies[])(struct screen *) = {
		[MODE_TABLE] = table_draw,
		[MODE_LIST] = list_draw,
		[MODE_EVENT] = event_draw,
		[MODE_HELP] = help_draw,
	};
	const struct face *f = model_face(s->model);
	struct spark spark = spark_of(columns);

	draw_title(s, spark, columns);
	draw_rate(f, LINE_SENT, DIRECTION_SENT, spark, columns);
	draw_rate(f, LINE_RECEIVED, DIRECTION_RECEIVED, spark, columns);
	draw_counts(s, columns);
	bodies[s->mode](s);
	draw_footer(s, lines - 1, columns);
}

void screen_draw(struct screen *s)
{
	int lines = terminal_lines(), columns = terminal_columns();
	char text[80];

	draw_begin();
	if (lines >= TERMINAL_LINES_MIN && columns >= TERMINAL_COLUMNS_MIN) {
		draw_all(s, lines, columns);
	} else {
		snprintf(text, sizeof(text), "%dx%d is too small", columns, lines);
		draw(0, 0, columns, PAINT_WARNING, text);
		snprintf(text, sizeof(text), "needs %dx%d", TERMINAL_COLUMNS_MIN,
			 TERMINAL_LINES_MIN);
		draw(1, 0, columns, PAINT_PLAIN, text);
	}
	draw_end();
}

static const struct key *find_key(const struct screen *s, uint32_t code)
{
	for (const struct key *k = keys; k->name; k++)
		for (unsigned i = 0; k->modes & IN(s->mode) && k->codes[i]; i++)
			if (k->codes[i] == code)
				return k;
	return NULL;
}

void screen_key(struct screen *s, uint32_t code)
{
	const struct key *k;

	if (s->types) {
		input_key(s, code);
		return;
	}
	k = find_key(s, code);
	s->message[0] = '\0';
	if (k)
		k->act(s, code);
}
