// SPDX-License-Identifier: GPL-2.0
/* Every format, and whether its readers could take what it writes. */
#include <json-c/json.h>

#include "fuzz.h"
#include "journal_fields.h"
#include "metrics.h"
#include "output.h"
#include "pcapng.h"
#include "utf8.h"

static struct out *out;

/* Valid UTF-8 and, but for line ends, nothing that a terminal obeys. */
static void check_tame(const char *text, size_t len)
{
	const unsigned char *p = (const unsigned char *)text, *end = p + len;

	while (p < end) {
		size_t n = utf8_sequence(p, end - p);

		must(n);
		must(*p == '\n' || !utf8_is_command(p, n));
		p += n;
	}
}

void json_check(const char *text, size_t len)
{
	struct json_tokener *tokener = json_tokener_new();
	struct json_object *object;

	must(tokener && len && text[len - 1] == '\n' && !memchr(text, '\n', len - 1));
	check_tame(text, len);
	json_tokener_set_flags(tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
	object = json_tokener_parse_ex(tokener, text, len - 1);
	if (json_tokener_get_error(tokener) == json_tokener_continue)
		object = json_tokener_parse_ex(tokener, "", 1); /* a number ends here */
	must(json_tokener_get_error(tokener) == json_tokener_success);
	json_object_put(object);
	json_tokener_free(tokener);
}

static void check_json(const struct record *r, const struct verdict *v)
{
	json_put(out, &(struct style){0}, r, v);
	json_check(out->data, out_mark(out));
	out_rewind(out, 0);
	ecs_put(out, &(struct style){0}, r, v);
	json_check(out->data, out_mark(out));
	out_rewind(out, 0);
}

/* As many lines as there are things to tell: nobody's bytes add one. */
static void check_text(const struct record *r, const struct verdict *v)
{
	size_t lines = 2 + v->hints_len + v->evidence_len + r->stack_len;

	text_put(out, &(struct style){.evidence = true, .stack = true}, r, v);
	check_tame(out->data, out_mark(out));
	for (size_t i = 0; i < out_mark(out); i++)
		lines -= out->data[i] == '\n';
	must(!lines);
	out_rewind(out, 0);
}

/* KEY=value: the key is one of ours. */
static void check_journal(const struct record *r, const struct verdict *v)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ_";
	size_t ends[JOURNAL_FIELDS_MAX], begin = 0;
	unsigned len = journal_fields(out, r, v, ends);

	must(len && ends[len - 1] == out_mark(out) && !memchr(out->data, 0, out_mark(out)));
	for (unsigned i = 0; i < len; begin = ends[i++]) {
		size_t key = strspn(out->data + begin, letters);

		must(key && begin + key < ends[i] && out->data[begin + key] == '=');
	}
	check_tame(out->data, ends[0]); /* MESSAGE */
	out_rewind(out, 0);
}

static uint32_t u32(const char *p)
{
	uint32_t n;

	memcpy(&n, p, sizeof(n));
	return n;
}

/* All of them are padded, opt_endofopt ends them, and the comments are tame. */
static void check_options(const char *p, const char *end)
{
	uint16_t code, len;

	for (;; p += 4 + (len + 3) / 4 * 4) {
		must(p + 4 <= end);
		memcpy(&code, p, sizeof(code));
		memcpy(&len, p + 2, sizeof(len));
		if (!code)
			break;
		must(p + 4 + len <= end);
		if (code == 1)
			check_tame(p + 4, len);
	}
	must(p + 4 == end && !len);
}

static void check_blocks(void)
{
	const char *p = out->data, *end = p + out_mark(out);

	while (p < end) {
		uint32_t type = u32(p), len = u32(p + 4);

		must(len >= 12 && len % 4 == 0 && len <= (size_t)(end - p));
		must(u32(p + len - 4) == len);
		if (type == 6)
			check_options(p + 28 + (u32(p + 20) + 3) / 4 * 4, p + len - 4);
		p += len;
	}
}

static void check_pcapng(const struct record *r, const struct verdict *v)
{
	static const struct utsname machine = {.release = "6.1"};
	struct pcapng file;

	pcapng_begin(&file, out, r->host, &machine);
	pcapng_put(&file, out, r, v);
	pcapng_statistics(&file, out, &(struct pcapng_statistics){.counted = 1});
	check_blocks();
	out_rewind(out, 0);
}

/* Begun anew now and then, and printed then only: that is slow. */
static void check_metrics(const struct record *r, const struct verdict *v)
{
	static struct metrics *metrics[LABEL_NETNS + 1];
	static unsigned turn;
	enum label label = turn % (LABEL_NETNS + 1);
	struct exposition x = {.out = out, .openmetrics = turn & 1};

	if (!metrics[label])
		metrics[label] = metrics_new(label, true);
	must(metrics[label]);
	if (r->suppressed)
		metrics_suppressed(metrics[label], r, v);
	else
		metrics_shown(metrics[label], r, v);
	if (turn++ % 64)
		return;
	metrics_print(metrics[label], &(struct metrics_facts){.version = "1", .kernel = "6"}, &x);
	check_tame(out->data, out_mark(out));
	out_rewind(out, 0);
	metrics_free(metrics[label]);
	metrics[label] = NULL;
}

void outputs_check(const struct record *r, const struct verdict *v)
{
	if (!out)
		out = out_new(-1);
	must(out);
	check_json(r, v);
	if (!r->suppressed)
		check_text(r, v);
	check_journal(r, v);
	check_pcapng(r, v);
	check_metrics(r, v);
	must(!out_error(out));
}
