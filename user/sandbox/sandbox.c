// SPDX-License-Identifier: GPL-2.0
/* Least rights: the user, the capabilities, what goes with them. */
#define _GNU_SOURCE /* setresuid(), setgroups() */
#include "sandbox.h"

#include <errno.h>
#include <grp.h>
#include <string.h>
#include <sys/capability.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "calls.h"
#include "log.h"
#include "paths.h"
#include "rights.h"

#ifndef PR_SET_MDWE /* Linux 6.3, newer than the C library's headers may be */
#define PR_SET_MDWE 65
#define PR_MDWE_REFUSE_EXEC_GAIN 1
#define PR_GET_MDWE 66
#endif

static int refused(const char *tried, int err)
{
	log_error("%s: %s; --no-sandbox leaves it out", tried, strerror(-err));
	return err;
}

/*
 * None in the bounding set, which only an exec could bring back. Without CAP_SETPCAP it stays, and
 * no_new_privs has the same effect.
 */
static int empty_bounding_set(const struct kept_rights *kept)
{
	if (!CAP_IS_SUPPORTED(CAP_SETPCAP) || !right_is_held(CAP_SETPCAP)) {
		log_verbose("the bounding set of capabilities stays: no CAP_SETPCAP");
		return 0;
	}
	for (cap_value_t c = 0; c < cap_max_bits(); c++)
		if (!kept_rights_have(kept, c) && cap_drop_bound(c))
			return refused("empty the bounding set of capabilities", -errno);
	return 0;
}

/* The capabilities are kept over the change of the user, to be chosen from afterwards. */
static int change_user(const struct identity *who)
{
	if (!who->uid)
		return 0;
	if (prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) || setgroups(0, NULL) ||
	    setresgid(who->gid, who->gid, who->gid) || setresuid(who->uid, who->uid, who->uid)) {
		int err = errno;

		log_error("change to user %u, group %u: %s; --user needs CAP_SETUID and CAP_SETGID",
			  who->uid, who->gid, strerror(err));
		return -err;
	}
	return 0;
}

/* Effective and permitted: those kept of the ones held. Inheritable, ambient: none. */
static int set_capabilities(const struct kept_rights *kept)
{
	cap_t caps = cap_init();
	int err = caps ? 0 : -errno;

	for (unsigned i = 0; !err && i < kept->len; i++) {
		cap_value_t c = kept->list[i]->capability;

		if (cap_set_flag(caps, CAP_PERMITTED, 1, &c, CAP_SET) ||
		    cap_set_flag(caps, CAP_EFFECTIVE, 1, &c, CAP_SET))
			err = -errno;
	}
	if (!err && cap_set_proc(caps))
		err = -errno;
	cap_free(caps);
	if (!err && CAP_AMBIENT_SUPPORTED() && cap_reset_ambient())
		err = -errno;
	return err ? refused("give up capabilities", err) : 0;
}

/* What root's report is to read and to write may be others'; Landlock says where it writes. */
static const struct right of_report[] = {
	{CAP_DAC_READ_SEARCH, "CAP_DAC_READ_SEARCH", "", "recordings of others", NULL},
	{CAP_DAC_OVERRIDE, "CAP_DAC_OVERRIDE", "", "a page in a directory of others", NULL},
};

/* A replay has opened all that it needs. */
static void keep_for_recording(struct kept_rights *ret, const struct options *o)
{
	ret->len = 0;
	for (unsigned i = 0; o->command == COMMAND_REPORT && i < 1U + !!o->output; i++)
		if (!o->user.uid && right_is_held(of_report[i].capability))
			ret->list[ret->len++] = &of_report[i];
}

static void say_kept(const struct kept_rights *kept)
{
	for (unsigned i = 0; i < kept->len; i++)
		log_verbose("keeps %s", kept->list[i]->name);
}

/* A prctl() that says EINVAL is one that this kernel does not know. */
static int ask(const char *tried, int option, unsigned long value)
{
	if (!prctl(option, value, 0, 0, 0))
		return 0;
	if (errno != EINVAL)
		return refused(tried, -errno);
	log_verbose("%s: this kernel cannot", tried);
	return 0;
}

/* What is writable does not become executable. Already so under systemd's MemoryDenyWriteExecute. */
static int refuse_new_code(void)
{
	if (prctl(PR_GET_MDWE, 0, 0, 0, 0) > 0)
		return 0;
	return ask("refuse memory that is written and run (PR_SET_MDWE)", PR_SET_MDWE,
		   PR_MDWE_REFUSE_EXEC_GAIN);
}

static int close_other_paths(const struct options *o)
{
	int err;

	if (!paths_can_be_closed()) {
		log_verbose("write nowhere but beside the outputs (Landlock): this kernel cannot, "
			    "or nobody may ask for it here");
		return 0;
	}
	err = paths_close_others(o);
	return err ? refused("write nowhere but beside the outputs (Landlock)", err) : 0;
}

/*
 * Not dumpable: of two processes of one user the other shall not read the kernel's addresses and
 * the hosts' connections out of this one's memory, nor find them in a core. RLIMIT_CORE would add
 * nothing to that, and --no-sandbox gives the core of a crash. Who reads a recording has no such
 * secret, and may have to open /dev/fd/63, which is another's in a process that is not dumpable.
 */
static int hide_memory(const struct hooks *hooks)
{
	return hooks ? ask("refuse core dumps (PR_SET_DUMPABLE)", PR_SET_DUMPABLE, 0) : 0;
}

int sandbox_give_up_rights(const struct options *o, const struct hooks *hooks)
{
	struct kept_rights kept;
	int err;

	if (o->no_sandbox)
		return 0;
	if (hooks)
		rights_kept(&kept, hooks);
	else
		keep_for_recording(&kept, o);
	err = empty_bounding_set(&kept);
	if (!err)
		err = change_user(&o->user);
	if (!err)
		err = set_capabilities(&kept);
	if (!err)
		err = ask("refuse new rights (PR_SET_NO_NEW_PRIVS)", PR_SET_NO_NEW_PRIVS, 1);
	if (!err)
		err = hide_memory(hooks);
	if (!err)
		err = refuse_new_code();
	if (!err && !hooks)
		err = close_other_paths(o);
	if (err)
		return err;
	say_kept(&kept);
	if (o->command != COMMAND_REPORT)
		paths_say_if_not_renewable(o);
	return 0;
}

/*
 * Said, for who relies on the filter: the run goes on without. ENOSYS comes of a build under a
 * checker, which is shut out by it (tests/e2e/unconfined.c).
 */
static void say_no_filter(int err)
{
	static const char text[] = "refuse other system calls (seccomp): this kernel cannot, or a "
				   "rule of the service or container forbids to ask; all stay "
				   "allowed ('rstwhy doctor' tells)";

	if (err == -ENOSYS)
		log_verbose("%s", text);
	else
		log_info("%s", text);
}

int sandbox_give_up_calls(const struct options *o, const struct hooks *hooks)
{
	int err = o->no_sandbox ? 0 : calls_refuse_others(o, hooks);

	if (err == -ENOSYS || err == -EINVAL || err == -EOPNOTSUPP) {
		say_no_filter(err);
		return 0;
	}
	return err ? refused("refuse other system calls (seccomp)", err) : 0;
}
