/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A descriptor whose reader may sleep, as a pipe's: nobody waits for it. Without O_NONBLOCK, which
 * would be a setting of all who share it: nothing is written unless it is taken at once.
 */
#ifndef RSTWHY_PATIENT_H
#define RSTWHY_PATIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct patient;

struct patient *patient_new(int fd, const char *name); /* NULL: no memory. Both outlive it. */
void patient_free(struct patient *p);

/* false: there is no room for it any more, which is told at most once a minute. */
bool patient_put(struct patient *p, const char *text, size_t len, bool is_event);

int patient_write(struct patient *p); /* what is taken at once. 0 or -errno */
bool patient_waits(const struct patient *p); /* not all is written: worth another try at POLLOUT */
int patient_finish(struct patient *p); /* the same, waiting for a short while. 0 or -errno */
uint64_t patient_drop(struct patient *p); /* what is not written; the number of events */

#endif
