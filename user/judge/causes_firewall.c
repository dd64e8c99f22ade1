// SPDX-License-Identifier: GPL-2.0
/* Sent: a packet filter answered in TCP's place. Kernel site 38. */
#include "causes.h"

#include "answer.h"
#include "facts.h"

/* include/uapi/linux/netfilter.h, enum nf_inet_hooks. */
static const char *chain_name(unsigned nf_hook)
{
	static const char *const names[] = {"prerouting", "input", "forward", "output",
					    "postrouting"};

	return nf_hook < sizeof(names) / sizeof(names[0]) ? names[nf_hook] : "unknown";
}

static bool test_firewall(const struct record *r, struct verdict *v)
{
	const char *chain;

	if (!is_answer(r) || !r->e.nf_hook)
		return false;
	chain = chain_name(r->e.nf_hook - 1);
	v->site = is_ipv4(&r->e.flow) ? "nf_send_reset" : "nf_send_reset6";
	v->confidence = CERTAIN;
	verdict_summary(v, "a firewall rule of this host rejects with tcp-reset (%s chain)", chain);
	say_trigger(r, v);
	verdict_evidence(v, "nf_send_reset() was called from the %s hook", chain);
	return true;
}

const struct cause causes_firewall[] = {
	{
		.id = "firewall-reject",
		.title = "a firewall rule rejects with tcp-reset",
		.direction = DIRECTION_SENT,
		.test = test_firewall,
		.article =
			{
				.what = "A firewall rule answered a packet with a TCP reset: "
					"REJECT --reject-with tcp-reset in iptables, \"reject with "
					"tcp reset\" in nftables. TCP itself was not asked. If the "
					"packet was passing through (forward), the reset is sent "
					"in the name of the real destination. If it was our own "
					"(output), the reset goes to our own program.",
				.know = "The reset came from nf_send_reset() of the kernel's "
					"packet filter: nothing else calls it, so it is certain. "
					"The chain (input, forward, output) is shown. Which rule "
					"it was the kernel does not tell here. TCP's counters do "
					"not count such resets.",
				.confirm = "nft list ruleset | grep -n 'reject with tcp reset'\n"
					   "iptables-save -c | grep tcp-reset  # with the number "
					   "of packets of each rule\n"
					   "ip6tables-save -c | grep tcp-reset\n"
					   "nft monitor trace  # first add a rule with 'meta "
					   "nftrace set 1' before it",
				.advice = "If the client should get through, correct the rule that "
					  "matches. Established connections that are suddenly "
					  "rejected have often lost their connection tracking "
					  "entry (tracking restarted, table full, asymmetric "
					  "routes), so that the rule for \"established\" no longer "
					  "matches. If refusing is meant, nothing is wrong: a "
					  "reset lets the client fail at once.",
				.references = "iptables-extensions(8), REJECT\n"
					      "nft(8), reject statement\n"
					      "kernel functions nf_send_reset(), nf_send_reset6()",
			},
	},
	{0},
};
