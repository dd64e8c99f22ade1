// SPDX-License-Identifier: GPL-2.0
/* Writes metrics as OpenMetrics or in the text format of Prometheus. */
#include "exposition.h"

#include "utf8.h"

#define REPLACEMENT "\xef\xbf\xbd" /* U+FFFD */

/* OpenMetrics names a family without the suffix that its samples get from their type. */
static size_t name_len(const struct exposition *x, const char *name, enum metric_type type)
{
	static const char *const suffixes[] = {
		[METRIC_COUNTER] = "_total",
		[METRIC_GAUGE] = "",
		[METRIC_HISTOGRAM] = "",
		[METRIC_INFO] = "_info",
	};

	return strlen(name) - (x->openmetrics ? strlen(suffixes[type]) : 0);
}

static const char *type_name(const struct exposition *x, enum metric_type type)
{
	static const char *const names[] = {
		[METRIC_COUNTER] = "counter",
		[METRIC_GAUGE] = "gauge",
		[METRIC_HISTOGRAM] = "histogram",
		[METRIC_INFO] = "info",
	};

	return type == METRIC_INFO && !x->openmetrics ? "gauge" : names[type];
}

void exposition_family(struct exposition *x, const char *name, enum metric_type type,
		       const char *help)
{
	int len = name_len(x, name, type);

	x->family = name;
	out_format(x->out, "# HELP %.*s %s\n", len, name, help);
	out_format(x->out, "# TYPE %.*s %s\n", len, name, type_name(x, type));
}

void exposition_end(struct exposition *x)
{
	if (x->openmetrics)
		out_string(x->out, "# EOF\n");
}

void sample_begin(struct exposition *x, const char *suffix)
{
	out_string(x->out, x->family);
	out_string(x->out, suffix);
	x->labels = 0;
}

/* One character of a label's value; the bytes it took of `len`. */
static size_t escape(struct out *out, const unsigned char *s, size_t len)
{
	size_t n = utf8_sequence(s, len);

	if (*s == '"' || *s == '\\') {
		out_char(out, '\\');
		out_char(out, *s);
	} else if (*s == '\n') {
		out_string(out, "\\n");
	} else if (!n || utf8_is_command(s, n)) {
		out_string(out, REPLACEMENT);
	} else {
		out_bytes(out, (const char *)s, n);
	}
	return n ? n : 1;
}

void sample_label(struct exposition *x, const char *name, const char *value)
{
	const unsigned char *s = (const unsigned char *)value;
	size_t len = strlen(value);

	out_char(x->out, x->labels++ ? ',' : '{');
	out_string(x->out, name);
	out_string(x->out, "=\"");
	while (len) {
		size_t n = escape(x->out, s, len);

		s += n;
		len -= n;
	}
	out_char(x->out, '"');
}

static void end_labels(struct exposition *x)
{
	if (x->labels)
		out_char(x->out, '}');
	out_char(x->out, ' ');
}

void sample_number(struct exposition *x, uint64_t value)
{
	end_labels(x);
	out_number(x->out, value);
	out_char(x->out, '\n');
}

void sample_real(struct exposition *x, double value)
{
	end_labels(x);
	out_format(x->out, "%.17g\n", value);
}
