/* SPDX-License-Identifier: GPL-2.0 */
/* The object `facts` into a record: what json/json_facts.c writes. */
#ifndef RSTWHY_READ_FACTS_H
#define RSTWHY_READ_FACTS_H

#include "read_record.h"

struct json_object;

/* To be called after all other keys were read: what it says counts. false: `error` says why. */
bool read_facts(struct json_object *facts, struct record *r, char error[READ_ERROR_LEN]);

#endif
