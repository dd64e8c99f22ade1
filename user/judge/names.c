// SPDX-License-Identifier: GPL-2.0
/* Names of the kernel's and our numbers, as the user reads them. */
#define _GNU_SOURCE /* strerrorname_np(), sigabbrev_np() */
#include "names.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "print.h"

#define LENGTH(a) (sizeof(a) / sizeof((a)[0]))
#define NAME_OF(table, i) ((size_t)(i) < LENGTH(table) ? (table)[i] : NULL)

const char *direction_name(enum direction d)
{
	static const char *const names[] = {
		[DIRECTION_NONE] = "none",
		[DIRECTION_SENT] = "sent",
		[DIRECTION_RECEIVED] = "received",
	};

	return NAME_OF(names, d);
}

const char *state_name(enum tcp_state s)
{
	static const char *const names[] = {
		[STATE_ESTABLISHED] = "established",
		[STATE_SYN_SENT] = "syn_sent",
		[STATE_SYN_RECV] = "syn_received",
		[STATE_FIN_WAIT1] = "fin_wait_1",
		[STATE_FIN_WAIT2] = "fin_wait_2",
		[STATE_TIME_WAIT] = "time_wait",
		[STATE_CLOSE] = "closed",
		[STATE_CLOSE_WAIT] = "close_wait",
		[STATE_LAST_ACK] = "last_ack",
		[STATE_LISTEN] = "listen",
		[STATE_CLOSING] = "closing",
		[STATE_NEW_SYN_RECV] = "syn_received",
	};

	return NAME_OF(names, s);
}

const char *confidence_name(enum confidence c)
{
	static const char *const names[] = {
		[POSSIBLE] = "possible",
		[LIKELY] = "likely",
		[CERTAIN] = "certain",
	};

	return NAME_OF(names, c);
}

const char *role_name(enum role r)
{
	static const char *const names[] = {
		[ROLE_OWNER] = "owner",         [ROLE_CLOSER] = "closer",
		[ROLE_CONNECTOR] = "connector", [ROLE_LISTENER] = "listener",
		[ROLE_KILLER] = "killer",
	};

	return NAME_OF(names, r);
}

const char *error_name(int error)
{
	return error ? strerrorname_np(error) : NULL;
}

const char *signal_name(int signal, char buf[16])
{
	const char *name = sigabbrev_np(signal);

	if (name)
		snprintf(buf, 16, "SIG%s", name);
	else
		snprintf(buf, 16, "signal %d", signal);
	return buf;
}

const char *end_words(enum end end)
{
	static const char *const words[] = {
		[END_UNKNOWN] = "ended",
		[END_CLOSED] = "was closed",
		[END_RESET_SENT] = "was reset by this host",
		[END_RESET_RECEIVED] = "was reset by the peer",
		[END_ERROR] = "died of an error",
		[END_REPAIR] = "was taken away in TCP_REPAIR",
	};

	return NAME_OF(words, end);
}

/* "47,500 days": such a time is of a clock that was set, or of no time at all. */
static void days_text(double days, char buf[DURATION_LEN])
{
	unsigned scale = 1, n;

	if (days < 999.5 || days >= 999500) {
		snprintf(buf, DURATION_LEN, "%.3g days", days);
		return;
	}
	while (days / scale >= 1000)
		scale *= 10;
	n = (unsigned)(days / scale + 0.5) * scale;
	snprintf(buf, DURATION_LEN, "%u,%03u days", n / 1000, n % 1000);
}

const char *duration(double seconds, char buf[DURATION_LEN])
{
	if (seconds < 0)
		snprintf(buf, DURATION_LEN, "an unknown time");
	else if (seconds < 0.1)
		snprintf(buf, DURATION_LEN, "%.3g ms", seconds * 1e3);
	else if (seconds < 600)
		snprintf(buf, DURATION_LEN, "%.3g s", seconds);
	else if (seconds < 10000)
		snprintf(buf, DURATION_LEN, "%.0f min", seconds / 60);
	else if (seconds < 200000)
		snprintf(buf, DURATION_LEN, "%.3g h", seconds / 3600);
	else
		days_text(seconds / 86400, buf);
	return buf;
}

static char *put_octet(char *to, unsigned n)
{
	if (n >= 100)
		*to++ = '0' + n / 100;
	if (n >= 10)
		*to++ = '0' + n / 10 % 10;
	*to++ = '0' + n % 10;
	return to;
}

/* What inet_ntop() writes, without its detour by printf(): every event has two addresses. */
static void ipv4_text(const __u8 octets[4], char *to)
{
	for (int i = 0; i < 4; i++) {
		to = put_octet(to, octets[i]);
		*to++ = i < 3 ? '.' : '\0';
	}
}

const char *address_text(const __u8 address[16], char buf[ADDRESS_LEN])
{
	static const __u8 mapped[12] = {[10] = 0xff, [11] = 0xff};

	if (memcmp(address, mapped, sizeof(mapped)))
		inet_ntop(AF_INET6, address, buf, ADDRESS_LEN);
	else
		ipv4_text(address + 12, buf);
	return buf;
}

const char *endpoint_text(const __u8 address[16], unsigned port, char buf[ENDPOINT_LEN])
{
	char text[ADDRESS_LEN];

	address_text(address, text);
	print_text(buf, ENDPOINT_LEN, strchr(text, ':') ? "[%s]:%u" : "%s:%u", text, port);
	return buf;
}

const char *flags_text(__u8 flags, char buf[FLAGS_LEN])
{
	static const char letters[] = "SFPRAUEC"; /* the order people say them in: SA, PA, FA */
	static const __u8 bits[] = {2, 1, 8, 4, 16, 32, 64, 128};
	size_t n = 0;

	for (size_t i = 0; i < LENGTH(bits); i++)
		if (flags & bits[i])
			buf[n++] = letters[i];
	buf[n] = '\0';
	return buf;
}

enum reason reason_of(const char *name)
{
#define REASON_NAME(name) [REASON_##name] = #name,
	static const char *const names[REASON_OTHER] = {REASONS(REASON_NAME)};
#undef REASON_NAME

	for (enum reason i = REASON_NONE + 1; i < REASON_OTHER; i++)
		if (!strcmp(names[i], name))
			return i;
	return REASON_OTHER;
}
