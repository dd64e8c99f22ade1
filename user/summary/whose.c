// SPDX-License-Identifier: GPL-2.0
/* Whom events are about. */
#include "whose.h"

#include "names.h"
#include "output.h"
#include "print.h"

#define ROOM 1000 /* keys of a sort: told exactly, unless there are more */
#define ROWS 100 /* of them are written */

static const char *number_text(unsigned n, char buf[RANKING_KEY_LEN])
{
	if (!n)
		return "";
	print_text(buf, RANKING_KEY_LEN, "%u", n);
	return buf;
}

/* Each is in `buf`, or lives as long as record and verdict; "": not known. */
static const char *unit_of(const struct record *r, const struct verdict *v, char *buf)
{
	return r->container.unit;
}

static const char *container_id_of(const struct record *r, const struct verdict *v, char *buf)
{
	return r->container.id;
}

static const char *process_of(const struct record *r, const struct verdict *v, char *buf)
{
	if (!v->who)
		return "";
	print_text(buf, RANKING_KEY_LEN, "%.*s", COMM_LEN, v->who->comm);
	return buf;
}

static const char *peer_of(const struct record *r, const struct verdict *v, char *buf)
{
	return address_text(r->e.flow.peer, buf);
}

static const char *port_of(const struct record *r, const struct verdict *v, char *buf)
{
	return number_text(r->e.flow.local_port, buf);
}

static const char *netns_of(const struct record *r, const struct verdict *v, char *buf)
{
	return number_text(r->e.flow.netns, buf);
}

static const struct {
	const char *name;
	const char *(*key_of)(const struct record *r, const struct verdict *v, char *buf);
} keys[WHOSE_MAX] = {
	[WHOSE_UNIT] = {"unit", unit_of},
	[WHOSE_CONTAINER] = {"container", container_id_of},
	[WHOSE_PROCESS] = {"process", process_of},
	[WHOSE_PEER] = {"peer", peer_of},
	[WHOSE_PORT] = {"port", port_of},
	[WHOSE_NETNS] = {"netns", netns_of},
};

bool whose_open(struct whose *w)
{
	for (int i = 0; i < WHOSE_MAX; i++) {
		w->by[i] = ranking_new(ROOM);
		if (!w->by[i])
			return false;
	}
	return true;
}

void whose_close(struct whose *w)
{
	for (int i = 0; i < WHOSE_MAX; i++)
		ranking_free(w->by[i]);
}

void whose_add(struct whose *w, const struct record *r, const struct verdict *v)
{
	char buf[RANKING_KEY_LEN];

	for (int i = 0; i < WHOSE_MAX; i++) {
		const char *key = keys[i].key_of(r, v, buf);

		if (*key)
			ranking_add(w->by[i], key, r->e.direction, 1, r->time_ns);
	}
}

static void put_row(const struct ranked *row, struct out *o)
{
	out_string(o, "{\"key\":");
	json_string(o, row->key, strlen(row->key));
	out_format(o, ",\"count\":%llu,\"error\":%llu,\"sent\":%llu,\"received\":%llu,\"last\":\"",
		   (unsigned long long)row->total, (unsigned long long)row->error,
		   (unsigned long long)row->count[DIRECTION_SENT],
		   (unsigned long long)row->count[DIRECTION_RECEIVED]);
	out_time(o, row->last_ns);
	out_string(o, "\"}");
}

static void put_ranking(const struct ranking *r, struct out *o)
{
	const struct ranked *rows[ROWS];
	unsigned len = ranking_top(r, rows, ROWS);
	bool is_complete = ranking_is_complete(r) && ranking_len(r) <= ROWS;

	out_format(o, "{\"complete\":%s,\"rows\":[", is_complete ? "true" : "false");
	for (unsigned i = 0; i < len; i++) {
		if (i)
			out_char(o, ',');
		put_row(rows[i], o);
	}
	out_string(o, "]}");
}

void whose_put(const struct whose *w, struct out *o)
{
	for (int i = 0; i < WHOSE_MAX; i++) {
		out_format(o, "%c\"%s\":", i ? ',' : '{', keys[i].name);
		put_ranking(w->by[i], o);
	}
	out_char(o, '}');
}
