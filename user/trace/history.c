// SPDX-License-Identifier: GPL-2.0
/* What earlier records say about this one. */
#include "history.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "facts.h"
#include "thresholds.h"

#define WAYS 4
#define SETS 1024
#define ENTRIES (WAYS * SETS)
#define SCAN_MEMORY (SCAN_PORTS + 1) /* ports remembered of one peer */

enum touch { TOUCH_NONE, TOUCH_CLOSED, TOUCH_HALF_OPEN };

/* Begins every entry. Among the WAYS entries a key can have, the one used last is kept longest. */
struct entry {
	struct flow key; /* what does not matter is zero */
	uint64_t used_ns; /* 0: free */
};

/* A local port that a peer found closed, or left half-open. */
struct port {
	uint64_t time_ns;
	uint16_t number;
	uint8_t touch; /* enum touch */
};

struct peer {
	struct entry entry; /* key: namespace, peer */
	uint64_t ttl_ns; /* when the TTL was seen last; 0: never */
	uint8_t ttl_low, ttl_high; /* of its segments that were no resets */
	struct port ports[SCAN_MEMORY];
};

/* Resets received on one flow, each within FORGERY_WINDOW_NS of the one before. */
struct burst {
	struct entry entry;
	struct reset_seen first; /* the one that ended the connection, if that still lived */
	struct reset_seen last;
	uint32_t rcv_nxt; /* before the first */
	bool rcv_nxt_known; /* and neither side had sent a FIN */
	bool shifted;
	bool sender_known;
	uint16_t resets;
};

/* Connections to one local port that the same peer reset without a byte exchanged. */
struct service {
	struct entry entry; /* key: namespace, peer, local port */
	double period_s;
	uint16_t times; /* in a row, at that period */
};

struct history {
	struct peer peers[ENTRIES];
	struct burst bursts[ENTRIES];
	struct service services[ENTRIES];
};

struct history *history_new(void)
{
	return calloc(1, sizeof(struct history)); /* a page is taken when it is used */
}

void history_free(struct history *h)
{
	free(h);
}

/* Who guesses collisions makes us forget, and nothing worse. */
static unsigned set_of(const struct flow *key)
{
	uint64_t words[sizeof(*key) / sizeof(uint64_t)], hash = 0;

	_Static_assert(sizeof(words) == sizeof(*key), "a flow is whole words");
	memcpy(words, key, sizeof(words));
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		hash = (hash ^ words[i] ^ hash >> 32) * 0x9e3779b97f4a7c15ULL;
	return (hash ^ hash >> 32) % SETS;
}

/*
 * The entry of `key` in a table of ENTRIES entries of `size` bytes. Without one: NULL, or, with
 * `now_ns`, a new one, zero but for the key, in place of the one not used for longest.
 */
static void *find(void *table, size_t size, const struct flow *key, uint64_t now_ns)
{
	char *set = (char *)table + set_of(key) * WAYS * size;
	struct entry *oldest = NULL;

	for (unsigned i = 0; i < WAYS; i++) {
		struct entry *entry = (struct entry *)(set + i * size);

		if (entry->used_ns && !memcmp(&entry->key, key, sizeof(*key)))
			return entry;
		if (!oldest || entry->used_ns < oldest->used_ns)
			oldest = entry;
	}
	if (!now_ns)
		return NULL;
	memset(oldest, 0, size);
	oldest->key = *key;
	return oldest;
}

/* Several CPUs write events: two of nearly the same time can come in either order. */
static uint64_t elapsed(uint64_t from_ns, uint64_t to_ns)
{
	return to_ns > from_ns ? to_ns - from_ns : 0;
}

/* A new namespace gets the inode of one that has gone, at once; a cookie is never used again. */
static uint32_t netns_of(const struct record *r)
{
	return r->e.netns_cookie ? r->e.netns_cookie : r->e.flow.netns;
}

static void peer_key(const struct record *r, struct flow *key)
{
	memset(key, 0, sizeof(*key));
	memcpy(key->peer, r->e.flow.peer, sizeof(key->peer));
	key->netns = netns_of(r);
}

static void flow_key(const struct record *r, struct flow *key)
{
	*key = r->e.flow;
	key->netns = netns_of(r);
}

/* Where no hook shows request sockets, a reset that one obeyed shows as dropped at the listener. */
static bool is_half_open(const struct record *r)
{
	if (r->e.direction != DIRECTION_RECEIVED)
		return false;
	if (r->e.state == STATE_LISTEN)
		return r->drop_reason && !strcmp(r->drop_reason, "NOT_SPECIFIED");
	return r->e.state == STATE_SYN_RECV || r->e.state == STATE_NEW_SYN_RECV;
}

static enum touch touch_of(const struct record *r)
{
	if (r->e.direction == DIRECTION_SENT && !r->e.sk && has(r, HAVE_SEGMENT) &&
	    (r->e.segment.flags & (TCP_SYN | TCP_ACK)) == TCP_SYN)
		return TOUCH_CLOSED;
	return is_half_open(r) ? TOUCH_HALF_OPEN : TOUCH_NONE;
}

/* Where the port stands, or the one that was touched longest ago. */
static struct port *place_of(struct peer *peer, uint16_t number)
{
	struct port *oldest = peer->ports;

	for (unsigned i = 0; i < SCAN_MEMORY; i++) {
		struct port *port = &peer->ports[i];

		if (port->touch && port->number == number)
			return port;
		if (port->time_ns < oldest->time_ns)
			oldest = port;
	}
	return oldest;
}

static void add_touch(struct peer *peer, enum touch touch, struct record *r)
{
	uint64_t now = r->e.time_ns;

	*place_of(peer, r->e.flow.local_port) =
		(struct port){now, r->e.flow.local_port, (uint8_t)touch};
	for (unsigned i = 0; i < SCAN_MEMORY; i++) {
		const struct port *port = &peer->ports[i];

		if (elapsed(port->time_ns, now) >= SCAN_WINDOW_NS)
			continue;
		r->history.closed_ports += port->touch == TOUCH_CLOSED;
		r->history.half_open_ports += port->touch == TOUCH_HALF_OPEN;
	}
}

/* A reset may be forged: only other segments tell the peer's TTL. */
static bool shows_ttl(const struct record *r)
{
	return has(r, HAVE_SEGMENT) && r->e.segment.ttl && !(r->e.segment.flags & TCP_RST);
}

static void tell_ttl(const struct peer *peer, struct record *r)
{
	if (!peer->ttl_ns || elapsed(peer->ttl_ns, r->e.time_ns) >= FORGERY_TTL_MEMORY_NS)
		return;
	r->history.ttl_known = true;
	r->history.ttl_low = peer->ttl_low;
	r->history.ttl_high = peer->ttl_high;
}

static void add_ttl(struct peer *peer, const struct record *r)
{
	uint8_t ttl = r->e.segment.ttl;

	if (!r->history.ttl_known || ttl < peer->ttl_low)
		peer->ttl_low = ttl;
	if (!r->history.ttl_known || ttl > peer->ttl_high)
		peer->ttl_high = ttl;
	peer->ttl_ns = r->e.time_ns;
}

static void add_to_peer(struct history *h, struct record *r)
{
	enum touch touch = touch_of(r);
	bool news = touch || shows_ttl(r);
	struct flow key;
	struct peer *peer;

	peer_key(r, &key);
	peer = find(h->peers, sizeof(*peer), &key, news ? r->e.time_ns : 0);
	if (!peer)
		return;
	peer->entry.used_ns = r->e.time_ns;
	tell_ttl(peer, r);
	if (touch)
		add_touch(peer, touch, r);
	if (shows_ttl(r))
		add_ttl(peer, r);
}

/* Linux obeys a reset only at the very next sequence number, so an obeyed one shows its own. */
static struct reset_seen reset_of(const struct record *r)
{
	const struct segment *s = &r->e.segment;
	struct reset_seen seen = {.time_ns = r->e.time_ns};

	if (has(r, HAVE_SEGMENT)) {
		seen.visible = seen.seq_known = true;
		seen.seq = s->seq;
		seen.window = s->window;
		seen.ip_id = s->ip_id;
		seen.flags = s->flags;
		seen.ttl = s->ttl;
		seen.dont_fragment = s->dont_fragment;
	} else if (has(r, HAVE_SOCK)) {
		seen.seq_known = true;
		seen.seq = r->e.sock.rcv_nxt;
	}
	return seen;
}

static void begin_burst(struct burst *b, const struct record *r)
{
	b->first = reset_of(r);
	b->rcv_nxt = r->e.sock.rcv_nxt;
	b->rcv_nxt_known = has(r, HAVE_SOCK) && r->e.state == STATE_ESTABLISHED;
	b->shifted = b->sender_known = false;
	b->resets = 0;
}

/* RST_SEQ_CHANGE: a stack's next reset is in sequence, or answers an ACK of ours. */
static bool is_shifted(const struct burst *b, const struct reset_seen *next)
{
	return b->resets && b->rcv_nxt_known && b->last.seq_known && next->seq_known &&
	       (int32_t)(next->seq - b->last.seq) > FORGERY_SEQ_SLACK &&
	       (int32_t)(next->seq - b->rcv_nxt) > FORGERY_SEQ_SLACK;
}

static void add_reset(struct burst *b, struct record *r)
{
	struct reset_seen seen = reset_of(r);

	if (!b->resets || elapsed(b->last.time_ns, r->e.time_ns) >= FORGERY_WINDOW_NS)
		begin_burst(b, r);
	b->shifted |= is_shifted(b, &seen);
	b->sender_known |= r->pair[0] != '\0';
	r->history.resets_before = b->resets;
	r->history.seq_shifted = b->shifted && !b->sender_known;
	b->last = seen;
	if (b->resets < UINT16_MAX)
		b->resets++;
}

/*
 * RST_SEQ_DATA: what was behind the reset, or began where it stood, was sent by a peer that knows
 * nothing of it. What was before it was merely overtaken.
 */
static bool is_after(const struct segment *s, const struct reset_seen *reset)
{
	return s->flags & TCP_ACK && !(s->flags & (TCP_SYN | TCP_RST)) && reset->seq_known &&
	       (int32_t)(s->seq + s->length - reset->seq) >= 0;
}

static bool finds_no_connection(const struct record *r)
{
	return !r->e.sk || r->e.state == STATE_LISTEN;
}

static void tell_talk(const struct burst *b, struct record *r)
{
	if (!b->resets || b->sender_known ||
	    elapsed(b->last.time_ns, r->e.time_ns) >= FORGERY_WINDOW_NS || !has(r, HAVE_SEGMENT) ||
	    !finds_no_connection(r) || !is_after(&r->e.segment, &b->first))
		return;
	r->history.peer_talks = true;
	r->history.resets_before = b->resets;
	r->history.seq_shifted = b->shifted;
	r->history.reset = b->last;
}

static void add_to_burst(struct history *h, struct record *r)
{
	bool received = r->e.direction == DIRECTION_RECEIVED;
	struct flow key;
	struct burst *b;

	flow_key(r, &key);
	b = find(h->bursts, sizeof(*b), &key, received ? r->e.time_ns : 0);
	if (!b)
		return;
	b->entry.used_ns = r->e.time_ns;
	if (received)
		add_reset(b, r);
	else if (r->e.direction == DIRECTION_SENT)
		tell_talk(b, r);
}

/* Opened by the peer, and reset by it before a byte went either way. */
static bool is_empty_visit(const struct record *r)
{
	const struct sock_facts *s = &r->e.sock;

	if (is_half_open(r))
		return true;
	return r->e.direction == DIRECTION_RECEIVED && has(r, HAVE_SOCK) &&
	       (r->e.state == STATE_ESTABLISHED || r->e.state == STATE_CLOSE_WAIT) &&
	       !payload_received(r) && !s->bytes_sent && !r->e.life.opener.pid;
}

/* Written so that a period that is no number is not regular. */
static bool is_regular(double period_s, double since_s)
{
	return fabs(since_s - period_s) <= fmax(period_s * CHECK_JITTER_SHARE, CHECK_JITTER_MIN_S);
}

static void add_visit(struct service *s, uint64_t last_ns, uint64_t now_ns)
{
	double since_s = (double)elapsed(last_ns, now_ns) / 1e9;

	if (!last_ns || since_s < CHECK_PERIOD_MIN_S) {
		s->times = 1;
	} else if (s->times < 2 || !is_regular(s->period_s, since_s)) {
		s->times = 2;
		s->period_s = since_s;
	} else {
		/* The mean, so that the jitter of the first does not count for all. */
		s->period_s += (since_s - s->period_s) / s->times;
		if (s->times < UINT16_MAX)
			s->times++;
	}
}

static void add_to_service(struct history *h, struct record *r)
{
	struct flow key;
	struct service *s;

	if (!is_empty_visit(r))
		return;
	peer_key(r, &key);
	key.local_port = r->e.flow.local_port;
	s = find(h->services, sizeof(*s), &key, r->e.time_ns);
	if (!s)
		return;
	add_visit(s, s->entry.used_ns, r->e.time_ns);
	s->entry.used_ns = r->e.time_ns;
	r->history.visits = s->times;
	r->history.period_s = s->times > 1 ? s->period_s : 0;
}

void history_add(struct history *h, struct record *r)
{
	memset(&r->history, 0, sizeof(r->history));
	add_to_peer(h, r);
	add_to_burst(h, r);
	add_to_service(h, r);
}
