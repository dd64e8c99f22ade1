// SPDX-License-Identifier: GPL-2.0
/* What the path of a cgroup tells: container, Kubernetes pod, systemd unit. */
#include "container.h"

#include <ctype.h>
#include <string.h>

/* A component of a path. */
struct part {
	const char *text;
	size_t len;
};

/*
 * How runtimes name the cgroup of a container: prefix, 64 hexadecimal digits, suffix; where the
 * digits stand alone the part above decides. To add a runtime, add a row. Helpers such as
 * crio-conmon-<id>.scope fit nowhere, because "conmon-" is not hexadecimal.
 */
static const struct runtime {
	const char *name; /* "": it could be several */
	const char *prefix;
	const char *suffix;
	const char *above; /* NULL: anything */
} runtimes[] = {
	{"docker", "docker-", ".scope", NULL},
	{"docker", "", "", "docker"},
	{"containerd", "cri-containerd-", ".scope", NULL},
	{"containerd", "nerdctl-", ".scope", NULL},
	{"containerd", "", "", "default"}, /* its namespace */
	{"cri-o", "crio-", ".scope", NULL},
	{"cri-o", "crio-", "", NULL}, /* without systemd */
	{"podman", "libpod-", ".scope", NULL},
	{"podman", "libpod-", "", NULL}, /* without systemd */
	{"podman", "libpod-payload-", "", NULL}, /* below its service: --cgroups=split */
	/* "SLICE:cri-containerd:<id>": a name for systemd, taken by a runtime without it. */
	{"containerd", "", "", "cri-containerd"},
	{"cri-o", "", "", "crio"},
	{"", "", "", "pod"}, /* any part that is a pod */
};

/* The next part after *path, between the separators; false: the end. */
static bool next_part(const char **path, const char *separators, struct part *ret)
{
	const char *p = *path + strspn(*path, separators);

	ret->text = p;
	ret->len = strcspn(p, separators);
	*path = p + ret->len;
	return ret->len > 0;
}

static bool is(const struct part *part, const char *text)
{
	return part->len == strlen(text) && !memcmp(part->text, text, part->len);
}

static bool begins(const struct part *part, const char *text)
{
	return part->len >= strlen(text) && !memcmp(part->text, text, strlen(text));
}

static bool ends(const struct part *part, const char *text)
{
	size_t len = strlen(text);

	return part->len >= len && !memcmp(part->text + part->len - len, text, len);
}

static struct part without(struct part part, size_t front, size_t back)
{
	part.text += front;
	part.len -= front + back;
	return part;
}

static bool is_hex(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!strchr("0123456789abcdef", text[i]) || !text[i])
			return false;
	return true;
}

static void copy(char *ret, const struct part *part)
{
	memcpy(ret, part->text, part->len);
	ret[part->len] = '\0';
}

/*
 * Seen from inside a cgroup namespace, what lies outside begins with as many "/.." as it takes.
 * Anywhere else ".." is no cgroup's name.
 */
static const char *skip_parents(const char *path)
{
	while (!strncmp(path, "/../", 4))
		path += 3;
	return strstr(path, "/../") ? "" : path;
}

/* 8-4-4-4-12, or the 32 digits of a static pod. */
static bool copy_pod_uid(char *ret, const struct part *uid, char dash)
{
	static const size_t dashes[] = {8, 13, 18, 23};
	char digits[32 + 1];
	size_t n = 0, next = 0;

	if (uid->len != 32 && uid->len != POD_UID_LEN)
		return false;
	for (size_t i = 0; i < uid->len; i++) {
		if (uid->len != POD_UID_LEN || next == 4 || i != dashes[next])
			digits[n++] = uid->text[i];
		else if (uid->text[dashes[next++]] != dash)
			return false;
	}
	if (!is_hex(digits, 32))
		return false;
	copy(ret, uid);
	for (size_t i = 0; i < next; i++)
		ret[dashes[i]] = '-';
	return true;
}

/* pod<uid>, below kubepods: the kubelet without systemd. */
static bool is_plain_pod(const struct part *part, bool in_kubepods, char *ret)
{
	struct part uid;

	if (!in_kubepods || !begins(part, "pod"))
		return false;
	uid = without(*part, 3, 0);
	return copy_pod_uid(ret, &uid, '-');
}

/* [...-]kubepods[-burstable|-besteffort]-pod<uid>.slice, where "-" would mean a slice below. */
static bool is_slice_pod(const struct part *part, char *ret)
{
	static const char *const classes[] = {"kubepods-", "kubepods-burstable-",
					      "kubepods-besteffort-"};
	struct part uid, front;

	if (!ends(part, ".slice"))
		return false;
	uid = without(*part, 0, 6);
	while (uid.len && memchr(uid.text, '-', uid.len))
		uid = without(uid, 1, 0);
	front = without(*part, 0, 6 + uid.len);
	if (!begins(&uid, "pod"))
		return false;
	uid = without(uid, 3, 0);
	for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++) {
		size_t len = strlen(classes[i]);

		if (ends(&front, classes[i]) &&
		    (front.len == len || front.text[front.len - len - 1] == '-'))
			return copy_pod_uid(ret, &uid, '_');
	}
	return false;
}

static const struct runtime *runtime_of(const struct part *part, const struct part *above,
					bool above_is_pod)
{
	for (size_t i = 0; i < sizeof(runtimes) / sizeof(runtimes[0]); i++) {
		const struct runtime *r = &runtimes[i];
		size_t len = strlen(r->prefix);

		if (part->len != len + CONTAINER_ID_LEN + strlen(r->suffix) ||
		    !begins(part, r->prefix) || !ends(part, r->suffix) ||
		    !is_hex(part->text + len, CONTAINER_ID_LEN))
			continue;
		if (!r->above || (strcmp(r->above, "pod") ? is(above, r->above) : above_is_pod))
			return r;
	}
	return NULL;
}

/* user@1000.service: what lies below has the names that this user chose. */
static bool is_user_manager(const struct part *part)
{
	return begins(part, "user@") && ends(part, ".service");
}

/*
 * The innermost one, above a user's own tree. A pod that lies deeper than a container is not in
 * that container's pod.
 */
static void find_container(const char *path, struct container *ret)
{
	struct part part, above = {.text = ""};
	bool in_kubepods = false, above_is_pod = false;

	for (; next_part(&path, "/:", &part) && !is_user_manager(&part); above = part) {
		const struct runtime *r = runtime_of(&part, &above, above_is_pod);

		above_is_pod =
			is_plain_pod(&part, in_kubepods, ret->pod) || is_slice_pod(&part, ret->pod);
		in_kubepods |= is(&part, "kubepods");
		if (above_is_pod) {
			ret->id[0] = '\0';
			ret->runtime[0] = '\0';
		} else if (r) {
			part = without(part, strlen(r->prefix), strlen(r->suffix));
			copy(ret->id, &part);
			strcpy(ret->runtime, r->name);
		}
	}
}

/* systemd's unit_name_is_valid(), of the kinds of units that have processes. */
static bool is_unit(const struct part *part)
{
	static const char *const kinds[] = {".service", ".scope", ".slice",
					    ".socket",  ".mount", ".swap"};

	if (part->len >= UNIT_LEN || part->text[0] == '.' || part->text[0] == '@')
		return false;
	for (size_t i = 0; i < part->len; i++)
		if (!isalnum((unsigned char)part->text[i]) && !strchr(":-_.\\@", part->text[i]))
			return false;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (ends(part, kinds[i]))
			/* A template (foo@.service) is no unit that runs. */
			return part->text[part->len - strlen(kinds[i]) - 1] != '@';
	return false;
}

/* A leading "_" protects a name that cgroupfs could take for one of its files. */
static struct part unescaped(struct part part)
{
	return part.len && part.text[0] == '_' ? without(part, 1, 0) : part;
}

/*
 * As systemd's cg_path_get_unit(): the first part below the slices is the unit, and what lies
 * deeper is the unit's own affair: a user's manager is the unit of all that it runs. Of a process
 * that sits in a slice it is the slice.
 */
static void find_unit(const char *path, char ret[UNIT_LEN])
{
	struct part part;

	while (next_part(&path, "/", &part)) {
		part = unescaped(part);
		if (!part.len || !is_unit(&part))
			return;
		copy(ret, &part);
		if (!ends(&part, ".slice"))
			return;
	}
}

void container_of(const char *cgroup, struct container *ret)
{
	memset(ret, 0, sizeof(*ret));
	cgroup = skip_parents(cgroup);
	find_container(cgroup, ret);
	find_unit(cgroup, ret->unit);
}

bool container_is_nobody(const char *cgroup)
{
	return !cgroup[0] || !strcmp(cgroup, "/") || !strcmp(cgroup, "/init.scope");
}

/* The path in the line of this hierarchy: "1:name=systemd:/system.slice/nginx.service". */
static bool find_line(const char *text, const char *hierarchy, struct part *ret)
{
	struct part line;
	size_t len = strlen(hierarchy);

	while (next_part(&text, "\n", &line)) {
		const char *colon = memchr(line.text, ':', line.len);
		struct part rest = {.text = ""};

		if (colon)
			rest = without(line, colon - line.text, 0);
		if (!begins(&rest, hierarchy))
			continue;
		*ret = without(rest, len, 0);
		if (ends(ret, " (deleted)"))
			*ret = without(*ret, 0, strlen(" (deleted)"));
		return ret->len > 0;
	}
	return false;
}

bool container_choose_cgroup(const char *text, char *ret, size_t size)
{
	static const char *const hierarchies[] = {"::", ":name=systemd:", ":memory:"};
	struct part path, chosen = {.len = 0};

	for (size_t i = 0; i < sizeof(hierarchies) / sizeof(hierarchies[0]); i++) {
		if (!find_line(text, hierarchies[i], &path))
			continue;
		if (!chosen.len || is(&chosen, "/"))
			chosen = path;
	}
	if (!chosen.len || chosen.len >= size)
		return false;
	copy(ret, &chosen);
	return true;
}
