/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What systemd units that come and go have in common: sessions, systemd-run's, containers. A number
 * in their names is of use to nobody, and there is no end of them. Pure.
 */
#ifndef RSTWHY_UNIT_FAMILY_H
#define RSTWHY_UNIT_FAMILY_H

#include "container.h"

/* "session-17.scope" is "session-*.scope", in `room`; any other unit is itself. */
const char *unit_family(const char *unit, char room[UNIT_LEN]);

#endif
