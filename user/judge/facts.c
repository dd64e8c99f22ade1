// SPDX-License-Identifier: GPL-2.0
/* What follows from the raw facts of a record by arithmetic alone. */
#include "facts.h"

#include <string.h>

enum tcp_option { OPTION_END = 0, OPTION_NOP = 1, OPTION_TIMESTAMP = 8 };

enum tcp_state state_before(const struct record *r)
{
	if (r->e.state != STATE_CLOSE)
		return r->e.state;
	return has(r, HAVE_LIFE) ? r->e.life.last_state : STATE_UNKNOWN;
}

bool is_ipv4(const struct flow *flow)
{
	static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};

	return !memcmp(flow->peer, mapped, sizeof(mapped));
}

uint32_t unread_bytes(const struct record *r)
{
	uint32_t n = r->e.sock.rcv_nxt - r->e.sock.copied_seq;

	if (!has(r, HAVE_SOCK))
		return 0;
	if (n && r->e.sock.bits & SOCK_BIT_DONE)
		n--;
	return n;
}

uint64_t payload_received(const struct record *r)
{
	const struct sock_facts *s = &r->e.sock;

	if (!has(r, HAVE_SOCK))
		return 0;
	return s->bytes_received && s->bits & SOCK_BIT_DONE ? s->bytes_received - 1
							    : s->bytes_received;
}

uint64_t payload_sent(const struct record *r)
{
	const struct sock_facts *s = &r->e.sock;

	return s->bytes_sent > s->bytes_retrans ? s->bytes_sent - s->bytes_retrans : 0;
}

/* Our SYN or FIN takes a sequence number, too: write_seq counts it, the application does not. */
uint32_t unacked_bytes(const struct record *r)
{
	return r->e.sock.snd_nxt - r->e.sock.snd_una;
}

uint32_t unsent_bytes(const struct record *r)
{
	return r->e.sock.write_seq - r->e.sock.snd_nxt;
}

double jiffies_to_seconds(const struct record *r, uint32_t jiffies)
{
	return r->hz ? (double)jiffies / r->hz : -1;
}

double seconds_since(const struct record *r, uint32_t jiffies)
{
	return jiffies ? jiffies_to_seconds(r, (uint32_t)r->e.jiffies - jiffies) : -1;
}

double seconds_between(uint64_t from_ns, uint64_t to_ns)
{
	return from_ns && to_ns >= from_ns ? (double)(to_ns - from_ns) / 1e9 : -1;
}

static double smaller_known(double a, double b)
{
	if (a < 0)
		return b;
	return b < 0 || a < b ? a : b;
}

double idle_seconds(const struct record *r)
{
	const struct sock_facts *s = &r->e.sock;

	if (!has(r, HAVE_SOCK))
		return -1;
	return smaller_known(seconds_since(r, s->lsnd_jiffies), seconds_since(r, s->lrcv_jiffies));
}

double silence_seconds(const struct record *r)
{
	const struct sock_facts *s = &r->e.sock;

	if (!has(r, HAVE_SOCK))
		return -1;
	return smaller_known(seconds_since(r, s->rcv_jiffies), seconds_since(r, s->lrcv_jiffies));
}

double age_seconds(const struct record *r)
{
	return has(r, HAVE_LIFE) ? seconds_between(r->e.life.born_ns, r->e.time_ns) : -1;
}

static uint32_t be32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | p[1] << 16 | p[2] << 8 | p[3];
}

const uint8_t *segment_option(const struct record *r, uint8_t kind)
{
	const struct segment *s = &r->e.segment;

	for (unsigned i = 0; i < s->options_len && s->options[i] != OPTION_END;) {
		unsigned len = 1;

		if (s->options[i] != OPTION_NOP) {
			if (i + 1 >= s->options_len)
				return NULL;
			len = s->options[i + 1];
			if (len < 2 || i + len > s->options_len)
				return NULL;
			if (s->options[i] == kind && len > 2)
				return s->options + i;
		}
		i += len;
	}
	return NULL;
}

bool segment_timestamp(const struct record *r, uint32_t *tsval, uint32_t *tsecr)
{
	const uint8_t *option = segment_option(r, OPTION_TIMESTAMP);

	if (!option || option[1] != 10)
		return false;
	*tsval = be32(option + 2);
	*tsecr = be32(option + 6);
	return true;
}

bool frame_is(const char *frame, const char *name)
{
	size_t len = strlen(name);

	return !strncmp(frame, name, len) && (!frame[len] || frame[len] == '.');
}

const char *decisive_frame(const struct record *r, const char *const names[])
{
	for (unsigned i = 0; i < r->stack_len; i++)
		for (const char *const *name = names; *name; name++)
			if (frame_is(r->stack[i], *name))
				return *name;
	return NULL;
}
