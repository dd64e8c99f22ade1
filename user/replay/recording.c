// SPDX-License-Identifier: GPL-2.0
/* A recording: the lines of a file or pipe, each a record that is judged again. */
#include "recording.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "causes.h"
#include "flow_filter.h"
#include "lines.h"
#include "log.h"

#define BAD_LINES_MAX 10 /* are told one by one */

static bool is_stdin(const char *path)
{
	return !strcmp(path, "-");
}

/* Above the standard ones: a closed stdout must not become the number of the input. */
static int open_input(const char *path)
{
	int fd, high;

	if (is_stdin(path))
		return fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || fd > STDERR_FILENO)
		return fd;
	high = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	close(fd);
	return high;
}

int recording_open(struct recording *rec, const char *path, const char *host)
{
	*rec = (struct recording){
		.name = is_stdin(path) ? "stdin" : path,
		.host = host,
		.fd = open_input(path),
	};
	if (rec->fd < 0) {
		int err = -errno;

		log_error("open %s: %s", rec->name, strerror(errno));
		return err;
	}
	rec->lines = lines_new(rec->fd);
	rec->reader = record_reader_new();
	if (rec->lines && rec->reader)
		return 0;
	log_error("prepare to read %s: %s", rec->name, strerror(ENOMEM));
	return -ENOMEM;
}

void recording_close(struct recording *rec)
{
	record_reader_free(rec->reader);
	lines_free(rec->lines);
	if (rec->fd >= 0)
		close(rec->fd);
	rec->reader = NULL;
	rec->lines = NULL;
	rec->fd = -1;
}

bool recording_is_output(const struct recording *rec, const char *output)
{
	struct stat in, out;
	int err = output ? stat(output, &out) : fstat(STDOUT_FILENO, &out);

	if (err || fstat(rec->fd, &in) || !S_ISREG(in.st_mode) || in.st_dev != out.st_dev ||
	    in.st_ino != out.st_ino)
		return false;
	log_error("%s is also where the output goes; choose another --output", rec->name);
	return true;
}

static void tell_bad_line(struct recording *rec, uint64_t line, const char *why)
{
	log_error("%s: line %llu: %s; left out", rec->name, (unsigned long long)line, why);
	rec->told_lines++;
}

/*
 * A recording may begin in the middle of a line, as after a rotation. While nothing was an event
 * only the first of the bad lines is kept, and after some of them the whole is something else.
 */
static void complain(struct recording *rec, const char *why)
{
	rec->failed = true;
	rec->bad_lines++;
	if (rec->events && rec->told_lines < BAD_LINES_MAX)
		tell_bad_line(rec, lines_number(rec->lines), why);
	if (rec->events)
		return;
	rec->ended |= rec->bad_lines == BAD_LINES_MAX;
	if (rec->bad_lines > 1)
		return;
	rec->first_bad_line = lines_number(rec->lines);
	snprintf(rec->first_why, sizeof(rec->first_why), "%s", why);
}

/* No rest of an event is so long: what begins with that is something else, however much of it. */
static void complain_of_length(struct recording *rec)
{
	complain(rec, "longer than 256 KiB");
	rec->ended |= !rec->events;
}

static bool is_blank(const char *line, size_t len)
{
	while (len && strchr(" \t\r", line[len - 1]) && line[len - 1])
		len--;
	return !len;
}

/* false: the line is no event. */
static bool take_line(struct recording *rec, const char *line, size_t len, bool is_cut,
		      struct record *r, struct verdict *v)
{
	char error[READ_ERROR_LEN], cut[READ_ERROR_LEN];

	if (is_blank(line, len))
		return false;
	switch (read_record(rec->reader, line, len, r, v, error)) {
	case READ_FACTS:
		judge(r, v);
		break;
	case READ_VERDICT:
		rec->without_facts += !r->suppressed;
		break;
	case READ_ERROR:
		snprintf(cut, sizeof(cut), "cut off after %zu bytes", len);
		complain(rec, is_cut && rec->events ? cut : error);
		return false;
	}
	if (!r->host || !*r->host)
		r->host = rec->host;
	if (!rec->events++ && rec->bad_lines)
		tell_bad_line(rec, rec->first_bad_line, rec->first_why);
	return true;
}

enum recording_step recording_next(struct recording *rec, struct record *r, struct verdict *v)
{
	const char *line;
	size_t len;

	while (!rec->ended) {
		enum line kind = lines_next(rec->lines, &line, &len);

		if (kind == LINE_NONE)
			return RECORDING_WAITS;
		if (kind == LINE_END)
			break;
		if (kind == LINE_TOO_LONG)
			complain_of_length(rec);
		else if (take_line(rec, line, len, kind == LINE_CUT, r, v))
			return RECORDING_EVENT;
	}
	return RECORDING_END;
}

void recording_read(struct recording *rec)
{
	int err = lines_read(rec->lines);

	if (!err)
		return;
	log_error("read %s: %s", rec->name, strerror(-err));
	rec->failed = rec->ended = true;
}

bool recording_wants(const struct options *o, const struct record *r, const struct verdict *v)
{
	return flow_filter_wants(&o->config, r) && filter_wants(&o->filter, r, v);
}

bool recording_is_none(const struct recording *rec)
{
	return rec->bad_lines && !rec->events;
}

void recording_report(const struct recording *rec)
{
	if (recording_is_none(rec))
		log_error("%s: line %llu: %s; not a recording of rstwhy --format=json", rec->name,
			  (unsigned long long)rec->first_bad_line, rec->first_why);
	else if (rec->bad_lines > rec->told_lines)
		log_error("%s: %llu more lines left out", rec->name,
			  (unsigned long long)(rec->bad_lines - rec->told_lines));
	if (rec->without_facts)
		log_info("%llu events carry no facts: shown with the verdict they were recorded "
			 "with",
			 (unsigned long long)rec->without_facts);
}
