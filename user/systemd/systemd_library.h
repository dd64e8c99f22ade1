/* SPDX-License-Identifier: GPL-2.0 */
/*
 * libsystemd, loaded when the journal or a service manager is to be spoken to: linked, it would
 * bring cryptography and compression into every run, almost a megabyte of resident memory.
 *
 * To call one more of its functions, add it to the list.
 */
#ifndef RSTWHY_SYSTEMD_LIBRARY_H
#define RSTWHY_SYSTEMD_LIBRARY_H

#define SD_JOURNAL_SUPPRESS_LOCATION /* the lines of our source are of no use to anybody */
#include <systemd/sd-daemon.h>
#include <systemd/sd-journal.h>

#define SYSTEMD_FUNCTIONS(FUNCTION) \
	FUNCTION(sd_journal_sendv)  \
	FUNCTION(sd_notify)         \
	FUNCTION(sd_notifyf)        \
	FUNCTION(sd_watchdog_enabled)

struct systemd_library {
#define SYSTEMD_POINTER(name) __typeof__(name) *name;
	SYSTEMD_FUNCTIONS(SYSTEMD_POINTER)
#undef SYSTEMD_POINTER
};

const struct systemd_library *systemd_library(void); /* NULL: dlerror() tells why */

#endif
