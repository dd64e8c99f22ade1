/* SPDX-License-Identifier: GPL-2.0 */
/*
 * An event in one line among those of other programs, where nothing else tells that it is about a
 * reset, of which connection, and why: the journal's MESSAGE, the `message` of ECS. Pure.
 */
#ifndef RSTWHY_MESSAGE_H
#define RSTWHY_MESSAGE_H

#include "names.h"
#include "verdict.h"

#define MESSAGE_LEN (TEXT_LEN + 2 * ENDPOINT_LEN + 96)

/* Names in it are as their owners chose them: to be escaped as the place asks. */
void message_text(char to[MESSAGE_LEN], const struct record *r, const struct verdict *v);

#endif
