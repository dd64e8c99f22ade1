// SPDX-License-Identifier: GPL-2.0
/* The events shown, as JSON in a file of its own. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "print.h"
#include "screen.h"

#define TRIES 100 /* files of one second */

/* Never over a file that exists, nor through a link that somebody put there. */
static int open_new(char name[64])
{
	char stamp[32];
	time_t now = time(NULL);
	struct tm tm;
	int fd = -1;

	localtime_r(&now, &tm);
	strftime(stamp, sizeof(stamp), "%Y%m%d-%H%M%S", &tm);
	for (int i = 0; i < TRIES && fd < 0; i++) {
		char number[8] = "";

		if (i)
			snprintf(number, sizeof(number), "-%d", i);
		snprintf(name, 64, "rstwhy-%s%s.json", stamp, number);
		fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
		if (fd < 0 && errno != EEXIST)
			break;
	}
	return fd;
}

/* Those of the screen: all, those of a row, or one. */
static struct brief *shown(struct screen *s, size_t *len)
{
	struct brief *list;

	if (s->mode == MODE_TABLE)
		return model_list(s->model, s->view, NULL, len);
	list = model_list(s->model, s->view, s->list_key, len);
	for (size_t i = 0; list && s->mode == MODE_EVENT && i < *len; i++) {
		if (strcmp(list[i].id, s->id))
			continue;
		list[0] = list[i];
		*len = 1;
		return list;
	}
	if (s->mode == MODE_EVENT)
		*len = 0;
	return list;
}

/* Oldest first, as they came. 0 or -errno. */
static int write_events(struct screen *s, int fd, const struct brief list[], size_t len)
{
	struct out *out = out_new(fd);
	int err;

	if (!out)
		return -ENOMEM;
	while (len) {
		const struct kept *kept = model_find(s->model, list[--len].id);

		if (kept)
			out_bytes(out, kept->json, kept->len);
	}
	err = out_flush(out);
	out_free(out);
	return err;
}

void save_shown(struct screen *s)
{
	size_t len = 0;
	struct brief *list = shown(s, &len);
	char name[64] = "";
	int fd, err = 0;

	if (!list || !len) {
		screen_say(s, true, "no event to write%s", list ? "" : ": no memory");
		free(list);
		return;
	}
	fd = open_new(name);
	if (fd < 0)
		err = -errno;
	else
		err = write_events(s, fd, list, len);
	if (fd >= 0 && close(fd) && !err)
		err = -errno;
	if (err)
		screen_say(s, true, "write %s: %s", name, strerror(-err));
	else
		screen_say(s, false, "%zu event%s written to %s", len, plural(len), name);
	free(list);
}
