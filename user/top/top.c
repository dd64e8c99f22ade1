// SPDX-License-Identifier: GPL-2.0
/* The command `top`: a live run whose main sink is the terminal, all of it. */
#include "top.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "log.h"
#include "options.h"
#include "screen.h"
#include "signals.h"
#include "talk.h"

#define SECOND 1000000000ULL
#define TALK_NS (5 * SECOND)
#define ROOM (8 << 20) /* bytes of events */

struct top {
	struct sink sink; /* first: it is what others know of it */
	const struct probe *probe;
	struct model *model;
	struct screen screen;
	uint64_t tick_ns; /* when the next second is over; UINT64_MAX: not begun */
	char said[160]; /* the latest line of the log that was shown */
};

static struct top *top_of(struct sink *sink)
{
	return (struct top *)sink;
}

/* Before anything is printed behind it. */
static void give_back(void)
{
	terminal_close();
	talk_end();
}

static void top_close(struct sink *sink)
{
	struct top *t = top_of(sink);

	give_back();
	screen_close(&t->screen);
	model_free(t->model);
	free(t);
}

static int top_open(struct sink **ret, const struct options *o, bool (*give_up)(void))
{
	struct top *t;
	int err;

	if (o->command != COMMAND_TOP)
		return 0;
	err = terminal_check();
	if (err)
		return err;
	t = calloc(1, sizeof(*t));
	if (t) {
		t->sink.class = &top_class;
		t->sink.target = "the terminal";
		t->tick_ns = UINT64_MAX;
		t->model = model_new(ROOM, clock_ns(CLOCK_REALTIME), now_ns());
		*ret = &t->sink;
	}
	if (t && screen_open(&t->screen, t->model) && t->model)
		return 0;
	log_error("top: %s", strerror(ENOMEM));
	return -ENOMEM;
}

/* While files can be read: those of the terminal's type, of the locale, of the time zone. */
static int top_launch(struct sink *sink, const struct options *o)
{
	int err = terminal_open();

	if (!err)
		talk_begin();
	return err;
}

static void show(struct top *t)
{
	if (terminal_is_writable())
		screen_draw(&t->screen);
}

static void on_kind(void *context, const struct kind *kind, const struct kind_counts *counts)
{
	struct top *t = context;

	model_take_kind(t->model, kind, counts, clock_ns(CLOCK_REALTIME));
}

static void tick(struct top *t, uint64_t now)
{
	__u64 counts[COUNT_MAX];

	probe_counts(t->probe, counts);
	probe_kinds(t->probe, on_kind, t);
	model_tick(t->model, counts, clock_ns(CLOCK_REALTIME), now);
	screen_refresh(&t->screen);
	screen_expire(&t->screen, now);
	while (t->tick_ns <= now)
		t->tick_ns += SECOND;
}

static void top_start(struct sink *sink, const struct probe *p)
{
	struct top *t = top_of(sink);

	t->probe = p;
	t->tick_ns = now_ns() + SECOND;
	show(t);
}

static void top_put(struct sink *sink, const struct record *r, const struct verdict *v)
{
	model_put(top_of(sink)->model, r, v);
}

static void top_filtered(struct sink *sink, const struct record *r)
{
	model_filtered(top_of(sink)->model, r);
}

static int top_flush(struct sink *sink)
{
	return sink->error;
}

static int top_poll_fd(struct sink *sink)
{
	return STDIN_FILENO;
}

static uint64_t top_deadline(struct sink *sink)
{
	return terminal_must_obey() ? 0 : top_of(sink)->tick_ns;
}

/* false: none came. */
static bool take_keys(struct top *t)
{
	bool any = false;
	uint32_t key;

	while (!t->screen.wants_end && (key = terminal_key()) != TERMINAL_NONE) {
		screen_key(&t->screen, key);
		any = true;
	}
	return any;
}

/* What the program says goes to the footer: for some seconds, since it hides the keys. */
static bool take_talk(struct top *t, uint64_t now)
{
	const char *line = talk_last();

	if (!strncmp(line, t->said, sizeof(t->said) - 1))
		return false;
	t->said[0] = '\0';
	strncat(t->said, line, sizeof(t->said) - 1);
	screen_say(&t->screen, false, "%s", line);
	t->screen.message_end_ns = now + TALK_NS;
	return true;
}

static void top_ready(struct sink *sink, short revents)
{
	struct top *t = top_of(sink);
	uint64_t now = now_ns();
	bool redraw = terminal_must_obey();

	if (revents & (POLLERR | POLLHUP)) {
		sink->error = -EIO;
		return;
	}
	terminal_obey();
	if (now >= t->tick_ns) {
		tick(t, now);
		redraw = true;
	}
	redraw |= take_talk(t, now);
	redraw |= take_keys(t);
	if (t->screen.wants_end)
		signals_ask_end();
	else if (redraw)
		show(t);
}

static void top_finish(struct sink *sink)
{
	give_back();
}

const struct sink_class top_class = {
	.open = top_open,
	.launch = top_launch,
	.start = top_start,
	.put = top_put,
	.filtered = top_filtered,
	.flush = top_flush,
	.poll_fd = top_poll_fd,
	.poll_events = POLLIN,
	.deadline_ns = top_deadline,
	.ready = top_ready,
	.finish = top_finish,
	.close = top_close,
};
