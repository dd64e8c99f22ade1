// SPDX-License-Identifier: GPL-2.0
/* What a service manager is told of the run, by libsystemd. */
#include "notify.h"

#include <dlfcn.h>
#include <inttypes.h>
#include <stdlib.h>

#include "log.h"
#include "systemd_library.h"

#define STATUS_NS 30000000000ULL /* between two words when no watchdog asks for more */

static const struct systemd_library *systemd; /* NULL: not loaded, nobody is to be told */

/* Half of what the watchdog waits, as sd_watchdog_enabled(3) wants it. */
void notify_open(struct notify *n, uint64_t now_ns)
{
	uint64_t watchdog_us;

	if (!getenv("NOTIFY_SOCKET"))
		return;
	systemd = systemd_library();
	if (!systemd) {
		log_error("tell the service manager that tracing has begun: %s; install libsystemd",
			  dlerror());
		return;
	}
	n->watchdog = systemd->sd_watchdog_enabled(0, &watchdog_us) > 0;
	n->interval_ns = n->watchdog ? watchdog_us * 1000 / 2 : STATUS_NS;
	n->due_ns = now_ns;
}

/* A manager that is gone is no reason to end: what went wrong here is passed over. */
void notify_ready(const struct notify *n)
{
	if (n->interval_ns)
		systemd->sd_notify(0, "READY=1");
}

/* The time lets the manager of Type=notify-reload tell this reload from an earlier one. */
void notify_reloading(const struct notify *n, uint64_t now_ns)
{
	if (n->interval_ns)
		systemd->sd_notifyf(0, "RELOADING=1\nMONOTONIC_USEC=%" PRIu64, now_ns / 1000);
}

void notify_stopping(const struct notify *n)
{
	if (n->interval_ns)
		systemd->sd_notify(0, "STOPPING=1");
}

uint64_t notify_deadline(const struct notify *n)
{
	return n->interval_ns ? n->due_ns : UINT64_MAX;
}

void notify_alive(struct notify *n, uint64_t now_ns, uint64_t shown, uint64_t lost)
{
	systemd->sd_notifyf(0, "%sSTATUS=tracing; %" PRIu64 " events shown, %" PRIu64 " lost",
			    n->watchdog ? "WATCHDOG=1\n" : "", shown, lost);
	n->due_ns = now_ns + n->interval_ns;
}
