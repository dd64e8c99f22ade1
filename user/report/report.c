// SPDX-License-Identifier: GPL-2.0
/*
 * The command `report`: recorded events are judged again, added up, and written as one page that
 * needs nothing else. All is kept in memory until it is whole, which is little: a summary is of
 * bounded size, whatever was recorded.
 */
#include "report.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "catalogue.h"
#include "log.h"
#include "new_file.h"
#include "page.h"
#include "recording.h"
#include "sandbox.h"
#include "summary.h"

#define SAMPLE 1000 /* events that are kept: 3 MB, as they are written */

struct session {
	const struct options *options;
	struct summary *summary;
	struct summary_source source;
	bool failed; /* something could not be read; it was told */
	bool unusable; /* so that there is nothing to report on */
};

static void take(struct session *s, const struct record *r, const struct verdict *v)
{
	if (recording_wants(s->options, r, v))
		summary_take(s->summary, r, v);
	else
		s->source.filtered += r->suppressed ? r->suppressed : 1;
}

static void take_all(struct session *s, struct recording *rec)
{
	enum recording_step step;
	struct record r;
	struct verdict v;

	while ((step = recording_next(rec, &r, &v)) != RECORDING_END) {
		if (step == RECORDING_WAITS)
			recording_read(rec);
		else
			take(s, &r, &v);
	}
}

static void note_end(struct session *s, const struct recording *rec)
{
	recording_report(rec);
	s->source.bad_lines += rec->bad_lines;
	s->source.without_facts += rec->without_facts;
	s->failed |= rec->failed;
	s->unusable |= recording_is_none(rec) || (rec->failed && !rec->bad_lines);
	if (!recording_is_none(rec))
		log_info("%s: %llu events", rec->name, (unsigned long long)rec->events);
}

static void read_file(struct session *s, const char *path)
{
	struct recording rec = {.fd = -1};

	if (recording_open(&rec, path, s->options->host) ||
	    recording_is_output(&rec, s->options->output)) {
		s->failed = s->unusable = true;
	} else {
		take_all(s, &rec);
		note_end(s, &rec);
	}
	recording_close(&rec);
}

static int write_page(struct session *s, struct out *page)
{
	struct out *json = out_new(-1);
	int err;

	if (!json)
		return -ENOMEM;
	out_string(json, "{\"summary\":");
	summary_put(s->summary, &s->source, json);
	out_string(json, ",\"catalogue\":");
	catalogue_put(json);
	out_string(json, ",\"events\":");
	summary_put_events(s->summary, json);
	out_char(json, '}');
	page_put_report_head(page);
	page_begin_data(page);
	page_put_json(page, out_data(json), out_mark(json));
	page_end_data(page);
	page_put_report_tail(page);
	err = summary_error(s->summary);
	if (!err)
		err = out_error(json);
	out_free(json);
	return err ? err : out_flush(page);
}

static int write_file(struct session *s)
{
	const char *name = s->options->output ? s->options->output : "stdout";
	struct new_file file;
	struct out *page;
	int err = new_file_open(&file, s->options->output);

	if (err)
		return err;
	page = out_new(file.fd);
	err = page ? write_page(s, page) : -ENOMEM;
	out_free(page);
	if (!err)
		return new_file_finish(&file);
	log_error("write %s: %s", name, strerror(-err));
	new_file_drop(&file);
	return err;
}

static bool is_for_people(const struct options *o)
{
	return !o->output && isatty(STDOUT_FILENO);
}

/* Before hours of reading: can the page be written where it is wanted? */
static bool can_write(const struct options *o)
{
	struct new_file file;

	if (new_file_open(&file, o->output))
		return false;
	new_file_drop(&file);
	return true;
}

static int make(struct session *s)
{
	const struct options *o = s->options;

	for (unsigned i = 0; i < o->files_len; i++)
		read_file(s, o->files[i]);
	if (s->unusable && o->files_len > 1)
		log_error("no report was written: leave that file out");
	if (s->unusable)
		return 1;
	return write_file(s) || s->failed;
}

int report(const struct options *o)
{
	struct session s = {
		.options = o,
		.source = {.kind = "report",
			   .version = VERSION,
			   .files = o->files,
			   .files_len = o->files_len},
	};
	int status = 1;

	if (is_for_people(o)) {
		log_error("a page is nothing for a terminal: --output=FILE, or a pipe");
		return 2;
	}
	if (sandbox_give_up_rights(o, NULL) || !can_write(o) || sandbox_give_up_calls(o, NULL))
		return 1;
	s.summary = summary_new(SAMPLE);
	if (!s.summary)
		log_error("prepare to report: %s", strerror(ENOMEM));
	else
		status = make(&s);
	summary_free(s.summary);
	return status;
}
