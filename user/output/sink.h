/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where judged events go. The first sink is the main one: its failing ends the run, unless there are
 * others and the error may pass. Any other that fails is told once; the run goes on without it.
 *
 * Where the main one is alone, what is "shown" is what it took. Beside others what was given to all
 * is shown, and the end says how much each of them missed.
 *
 * To add a sink: a file with its class, a row in sink_classes.c, an option.
 */
#ifndef RSTWHY_SINK_H
#define RSTWHY_SINK_H

#include <poll.h>

#include "verdict.h"

#define SINKS_MAX 8

struct options;
struct probe;
struct sink_class;
struct sinks;

/* Begins what a class allocates. Everything but `class` and `target` begins at zero. */
struct sink {
	const struct sink_class *class;
	const char *name; /* a word, one of few: "json", "kafka"; NULL: nothing is written */
	const struct sinks *all; /* itself among them; NULL: tracing has not begun */
	const char *target; /* for messages: "stdout", a path, an address; outlives the sink */
	short poll_events; /* beside those of the class, at this time */
	bool eager; /* wants to be flushed after each event: a person looks on, a file is full */
	int error; /* -errno; not 0: it has failed and gets nothing more */
	bool may_pass; /* the error: beside others it is tried again, see resume() */
	struct {
		bool told; /* that it has failed, and not yet that it works again */
		uint64_t told_ns; /* when last */
		uint64_t retry_ns; /* when it is worth another try */
	} pause; /* after an error that may pass; CLOCK_MONOTONIC */
	char why[160]; /* instead of errno's text; "": none */
	uint64_t pending; /* events put since the last flush */
	/*
	 * Events that did not get out, or not whole. A class that learns later what became of an
	 * event it had accepted adds to it, too.
	 */
	uint64_t unwritten;
};

/*
 * All but `open`, `put`, `flush` and `close` may be NULL. None may block for long: the ring buffer
 * fills meanwhile.
 */
struct sink_class {
	/*
	 * The sink that the options ask for; *ret stays NULL when they ask for none. Called before
	 * anything else is opened. `give_up` is to be asked while nobody takes what is written; true:
	 * the run must end. Reports its own errors. 0 or -errno.
	 */
	int (*open)(struct sink **ret, const struct options *o, bool (*give_up)(void));

	/*
	 * What is started here has only the rights that the run keeps: threads above all. 0, or
	 * -errno: reported, and the run must end.
	 */
	int (*launch)(struct sink *s, const struct options *o);

	/* Tracing begins. Of `p`, which outlives the sink's last call but close(), exact counts can
	 * be had at any time: probe_counts(), probe_kinds(); NULL: a replay, which has no probe.
	 * Nothing is to be written before. */
	void (*start)(struct sink *s, const struct probe *p);

	/* Takes one event; with r->suppressed not 0 it stands for so many, and is none itself. May
	 * keep it until flush(), which tells what went wrong. */
	void (*put)(struct sink *s, const struct record *r, const struct verdict *v);

	/* An event that a filter in user space kept from all sinks: for one that counts. */
	void (*filtered)(struct sink *s, const struct record *r);

	/* Gets out what was put: after each batch. 0, or -errno: it has failed, and of what was put
	 * since the last call nothing counts as written. */
	int (*flush)(struct sink *s);

	/* After an error that may pass, as of a full disk: begins anew with what is put from here on.
	 * Wanted of a class that sets `may_pass`. */
	void (*resume)(struct sink *s);

	/* The files may have been renamed (SIGHUP): writes to new ones from here on. All is flushed.
	 * 0, or -errno: that was reported, and it goes on as before. 0 revives one that has failed. */
	int (*reopen)(struct sink *s);

	/* A descriptor to be polled for `poll_events`; -1: none. Of errors poll() tells anyhow. */
	int (*poll_fd)(struct sink *s);
	short poll_events; /* and the sink's own of the same name */

	/* When ready() is wanted at the latest, CLOCK_MONOTONIC; UINT64_MAX: never. */
	uint64_t (*deadline_ns)(struct sink *s);

	/* The descriptor has `revents`, or 0: the deadline has passed. */
	void (*ready)(struct sink *s, short revents);

	/* The last event was put and flushed. Waits, not for long, for what is still on its way. */
	void (*finish)(struct sink *s);

	void (*close)(struct sink *s); /* frees it */
};

/* The classes of this program, the main one first; NULL ends them. */
extern const struct sink_class *const sink_classes[];

struct sinks {
	unsigned len;
	struct sink *list[SINKS_MAX]; /* the main one first */
};

/* Opens what the options ask for. 0 or -errno, reported; sinks_close() is due in any case. */
int sinks_open(struct sinks *s, const struct sink_class *const classes[], const struct options *o,
	       bool (*give_up)(void));
int sinks_launch(struct sinks *s, const struct options *o); /* once; 0 or -errno, reported */
void sinks_start(struct sinks *s, const struct probe *p);

/* false: it is not shown, the only one did not take it. */
bool sinks_put(struct sinks *s, const struct record *r, const struct verdict *v);
void sinks_filtered(struct sinks *s, const struct record *r);
bool sinks_eager(const struct sinks *s); /* one wants a sinks_flush() after each event */

int sinks_flush(struct sinks *s); /* 0, or the only one's error: what was put is not shown */
int sinks_error(const struct sinks *s); /* the main one's error, of which the run must end */
uint64_t sinks_not_shown(const struct sinks *s); /* events that the only one did not get out */
uint64_t sinks_all_unwritten(const struct sinks *s); /* by all of them together */

void sinks_reopen(struct sinks *s); /* flush before */

/* One pollfd a sink, s->len of them, to be given to sinks_ready() after poll(). */
void sinks_poll(struct sinks *s, struct pollfd fds[]);
void sinks_ready(struct sinks *s, const struct pollfd fds[], uint64_t now_ns);
uint64_t sinks_deadline(struct sinks *s); /* CLOCK_MONOTONIC; UINT64_MAX: none */

void sinks_finish(struct sinks *s); /* flush before */

/* Says what did not get out. false: something did not. */
bool sinks_report(const struct sinks *s);
void sinks_close(struct sinks *s);

#endif
