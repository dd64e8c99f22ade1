// SPDX-License-Identifier: GPL-2.0
/* The ladder: which of the programs this kernel takes, and why not the others. */
#define _GNU_SOURCE /* strerrorname_np() */
#include "hooks.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define NO_SOCKET_V4 "resets sent without a full socket, IPv4"
#define NO_SOCKET_V6 "resets sent without a full socket, IPv6"
#define LEFT "that such a reset really left"
#define FIREWALL_V4 "resets sent by firewall rules, IPv4"
#define FIREWALL_V6 "resets sent by firewall rules, IPv6"
#define RECEIVED "resets received, with their segment"
#define REQUEST "resets of half-open connections"
#define TIMEWAIT "resets of connections in TIME_WAIT"
#define OBEYED "that such a reset was obeyed"

/* In the order of enum hook: name, program, what it sees, symbol, path, kind, module, resets only. */
const struct hook_row hook_rows[HOOK_MAX] = {
	[HOOK_SEND_RESET_TP] = {"raw_tp/tcp_send_reset", "send_reset_tp", "resets sent",
				"tcp_send_reset", PATH_SENT, HOOK_RAW_TP, NULL, true},
	[HOOK_V4_SEND_RESET_FENTRY] = {"fentry/tcp_v4_send_reset", "v4_send_reset_fentry",
				       NO_SOCKET_V4, "tcp_v4_send_reset", PATH_SENT_V4, HOOK_FENTRY,
				       NULL, false},
	[HOOK_V4_SEND_RESET_KPROBE] = {"kprobe/tcp_v4_send_reset", "v4_send_reset_kprobe",
				       NO_SOCKET_V4, "tcp_v4_send_reset", PATH_SENT_V4, HOOK_KPROBE,
				       NULL, false},
	[HOOK_V6_SEND_RESET_FENTRY] = {"fentry/tcp_v6_send_reset", "v6_send_reset_fentry",
				       NO_SOCKET_V6, "tcp_v6_send_reset", PATH_SENT_V6, HOOK_FENTRY,
				       NULL, false},
	[HOOK_V6_SEND_RESET_KPROBE] = {"kprobe/tcp_v6_send_reset", "v6_send_reset_kprobe",
				       NO_SOCKET_V6, "tcp_v6_send_reset", PATH_SENT_V6, HOOK_KPROBE,
				       NULL, false},
	[HOOK_V4_REPLY_KPROBE] = {"kprobe/ip_send_unicast_reply", "v4_reply_kprobe", LEFT,
				  "ip_send_unicast_reply", PATH_REPLY_V4, HOOK_KPROBE, NULL, false},
	[HOOK_V6_REPLY_KPROBE] = {"kprobe/tcp_v6_send_response", "v6_reply_kprobe", LEFT,
				  "tcp_v6_send_response", PATH_REPLY_V6, HOOK_KPROBE, NULL, false},
	[HOOK_NF_V4_KPROBE] = {"kprobe/nf_send_reset", "nf_v4_kprobe", FIREWALL_V4, "nf_send_reset",
			       PATH_FIREWALL_V4, HOOK_KPROBE, "nf_reject_ipv4", true},
	[HOOK_NF_V4_FENTRY] = {"fentry/nf_send_reset", "nf_v4_fentry", FIREWALL_V4, "nf_send_reset",
			       PATH_FIREWALL_V4, HOOK_FENTRY, NULL, true},
	[HOOK_NF_V6_KPROBE] = {"kprobe/nf_send_reset6", "nf_v6_kprobe", FIREWALL_V6,
			       "nf_send_reset6", PATH_FIREWALL_V6, HOOK_KPROBE, "nf_reject_ipv6",
			       true},
	[HOOK_NF_V6_FENTRY] = {"fentry/nf_send_reset6", "nf_v6_fentry", FIREWALL_V6,
			       "nf_send_reset6", PATH_FIREWALL_V6, HOOK_FENTRY, NULL, true},
	[HOOK_RESET_FENTRY] = {"fentry/tcp_reset", "reset_fentry", RECEIVED, "tcp_reset",
			       PATH_RECEIVED, HOOK_FENTRY, NULL, true},
	[HOOK_RESET_KPROBE] = {"kprobe/tcp_reset", "reset_kprobe", RECEIVED, "tcp_reset",
			       PATH_RECEIVED, HOOK_KPROBE, NULL, true},
	[HOOK_RECEIVE_RESET_TP] = {"raw_tp/tcp_receive_reset", "receive_reset_tp",
				   "resets received, without their segment", "tcp_receive_reset",
				   PATH_RECEIVED, HOOK_RAW_TP, NULL, true},
	[HOOK_CHECK_REQ_FENTRY] = {"fentry/tcp_check_req", "check_req_fentry", REQUEST,
				   "tcp_check_req", PATH_REQUEST, HOOK_FENTRY, NULL, false},
	[HOOK_CHECK_REQ_KPROBE] = {"kprobe/tcp_check_req", "check_req_kprobe", REQUEST,
				   "tcp_check_req", PATH_REQUEST, HOOK_KPROBE, NULL, false},
	[HOOK_REQ_DROP_FENTRY] = {"fentry/inet_csk_reqsk_queue_drop", "req_drop_fentry", OBEYED,
				  "inet_csk_reqsk_queue_drop", PATH_REQUEST_DROP, HOOK_FENTRY, NULL,
				  false},
	[HOOK_REQ_DROP_KPROBE] = {"kprobe/inet_csk_reqsk_queue_drop", "req_drop_kprobe", OBEYED,
				  "inet_csk_reqsk_queue_drop", PATH_REQUEST_DROP, HOOK_KPROBE, NULL,
				  false},
	[HOOK_TIMEWAIT_FENTRY] = {"fentry/tcp_timewait_state_process", "timewait_fentry", TIMEWAIT,
				  "tcp_timewait_state_process", PATH_TIMEWAIT, HOOK_FENTRY, NULL,
				  false},
	[HOOK_TIMEWAIT_KPROBE] = {"kprobe/tcp_timewait_state_process", "timewait_kprobe", TIMEWAIT,
				  "tcp_timewait_state_process", PATH_TIMEWAIT, HOOK_KPROBE, NULL,
				  false},
	[HOOK_TIMEWAIT_KILL_FENTRY] = {"fentry/inet_twsk_deschedule_put", "timewait_kill_fentry",
				       OBEYED, "inet_twsk_deschedule_put", PATH_TIMEWAIT_KILL,
				       HOOK_FENTRY, NULL, false},
	[HOOK_TIMEWAIT_KILL_KPROBE] = {"kprobe/inet_twsk_deschedule_put", "timewait_kill_kprobe",
				       OBEYED, "inet_twsk_deschedule_put", PATH_TIMEWAIT_KILL,
				       HOOK_KPROBE, NULL, false},
	[HOOK_KFREE_SKB_TP] = {"raw_tp/kfree_skb", "kfree_skb_tp", "resets that were dropped",
			       "kfree_skb", PATH_DROPPED, HOOK_RAW_TP, NULL, false},
	[HOOK_MODULE_LOAD_TP] = {"raw_tp/module_load", "module_load_tp",
				 "modules that bring functions to hook", "module_load",
				 PATH_MODULES, HOOK_RAW_TP, NULL, false},
	[HOOK_SET_STATE_TP] = {"tp_btf/inet_sock_set_state", "set_state_tp",
			       "who connects, listens and closes; what ended",
			       "inet_sock_set_state", PATH_CONTEXT, HOOK_RAW_TP, NULL, false},
};

/* Functions of modules are not in the kernel's own BTF. */
static bool may_come_and_go(const struct hooks *h, const struct kernel *k, enum hook hook)
{
	return (h->status[hook].attached || h->status[hook].waits) &&
	       kernel_function_args(k, hook_rows[hook].symbol) < 0;
}

/* What must hold before a hook of the path is tried; false: why not. */
static bool path_wanted(const struct hooks *h, const struct kernel *k, enum path path,
			const struct config *wanted, char why[128])
{
	int kfree_args = kernel_tracepoint_args(k, "kfree_skb");
	const char *not = NULL;

	switch (path) {
	case PATH_SENT_V4:
	case PATH_SENT_V6:
	case PATH_REPLY_V4:
	case PATH_REPLY_V6:
		if (kernel_tracepoint_args(k, "tcp_send_reset") >= 3)
			not = "not needed: tcp_send_reset shows every reset on this kernel";
		break;
	case PATH_DROPPED:
		if (kfree_args < 3)
			not = "kfree_skb of this kernel gives no drop reason";
		else if (!wanted->received)
			not = "not needed for resets sent";
		else if (kfree_args < 4 && !wanted->ignored)
			not = "not needed without --ignored";
		else if (!wanted->ignored && h->shown[PATH_REQUEST_DROP] &&
			 h->shown[PATH_TIMEWAIT_KILL])
			not = "not needed without --ignored";
		break;
	case PATH_MODULES:
		if (!may_come_and_go(h, k, HOOK_NF_V4_KPROBE) &&
		    !may_come_and_go(h, k, HOOK_NF_V6_KPROBE))
			not = "not needed: no hooked function is in a module";
		break;
	default:
		break;
	}
	if (not )
		snprintf(why, 128, "%s", not );
	return !not ;
}

static int try_hook(const struct kernel *k, const struct hook_row *row)
{
	switch (row->kind) {
	case HOOK_FENTRY:
		return kernel_try_fentry(k, row->symbol);
	case HOOK_KPROBE:
		return kernel_try_kprobe(row->symbol);
	case HOOK_RAW_TP:
		break;
	}
	if (kernel_tracepoint_args(k, row->symbol) < 0)
		return -ENOENT;
	return kernel_try_raw_tp();
}

/* tcp_reset(sk) of 5.10 does not get the segment: the tracepoint is as good. */
static bool arguments_fit(const struct kernel *k, const struct hook_row *row)
{
	return row->path != PATH_RECEIVED || row->kind == HOOK_RAW_TP ||
	       kernel_function_args(k, row->symbol) >= 2;
}

/* The kernel's own, with no name in any C library: fentry on arm64 without direct calls (6.1). */
#define ENOTSUPP 524

static void say_refusal(struct hook_status *status, const struct hook_row *row, int err)
{
	if (err == -EOPNOTSUPP && row->kind == HOOK_KPROBE)
		snprintf(status->why, sizeof(status->why), "kprobes are off in this kernel");
	else if (err == -EACCES && row->kind == HOOK_KPROBE)
		snprintf(status->why, sizeof(status->why),
			 "refused: kernel.perf_event_paranoid reserves kprobes for CAP_SYS_ADMIN");
	else if (err == -ENOENT)
		snprintf(status->why, sizeof(status->why), "this kernel has no %s", row->symbol);
	else if (err == -ENOTSUPP)
		snprintf(status->why, sizeof(status->why), "this kernel does not support it");
	else
		snprintf(status->why, sizeof(status->why), "refused: %s (%s)", strerror(-err),
			 strerrorname_np(-err));
}

/* Says nothing of the kernel: a moment later the answer may be another. */
static bool is_shortage(int err)
{
	return err == -EMFILE || err == -ENFILE || err == -ENOMEM;
}

static int decide(struct hooks *h, const struct kernel *k, enum hook hook)
{
	const struct hook_row *row = &hook_rows[hook];
	struct hook_status *status = &h->status[hook];
	int err;

	if (!arguments_fit(k, row)) {
		snprintf(status->why, sizeof(status->why), "%s() of this kernel has no segment",
			 row->symbol);
		return 0;
	}
	err = try_hook(k, row);
	if (is_shortage(err))
		return err;
	if (err == -ENOENT && row->module && !kernel_try_kprobe("tcp_v4_rcv")) {
		status->waits = true;
		snprintf(status->why, sizeof(status->why), "waits for the module that has it");
	} else if (err) {
		say_refusal(status, row, err);
	}
	status->attached = !err;
	h->shown[row->path] |= !err || status->waits;
	return 0;
}

int hooks_choose(struct hooks *h, const struct kernel *k, const struct config *wanted)
{
	memset(h, 0, sizeof(*h));
	for (int i = 0; i < HOOK_MAX; i++) {
		enum path path = hook_rows[i].path;
		int err = 0;

		if (!path_wanted(h, k, path, wanted, h->status[i].why))
			h->needless[path] = !strncmp(h->status[i].why, "not needed", 10);
		else if (h->shown[path])
			snprintf(h->status[i].why, sizeof(h->status[i].why), "not needed");
		else
			err = decide(h, k, i);
		if (err)
			return err;
	}
	return 0;
}
