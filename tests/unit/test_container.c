// SPDX-License-Identifier: GPL-2.0
/*
 * What the path of a cgroup tells, and what it must not be taken for. A row is a path as a runtime
 * or systemd makes it, and all that follows from it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "container.h"
#include "unit.h"

#define A "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define B "fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210"
#define POD "1a2b3c4d-0000-4111-8222-93a4b5c6d7e8"
#define POD_ "1a2b3c4d_0000_4111_8222_93a4b5c6d7e8"
#define STATIC_POD "00112233445566778899aabbccddeeff"
#define USER "/user.slice/user-1000.slice/user@1000.service"

static const struct row {
	const char *path;
	const char *id, *runtime, *pod, *unit; /* NULL: not known */
} rows[] = {
	/* Docker */
	{"/system.slice/docker-" A ".scope", A, "docker", NULL, "docker-" A ".scope"},
	{"/docker/" A, A, "docker", NULL, NULL},
	{"/docker/" A "/system.slice/nginx.service", A, "docker", NULL, NULL},
	{"/system.slice/docker-" A ".scope/init.scope", A, "docker", NULL, "docker-" A ".scope"},
	{"/docker/" A "/docker/" B, B, "docker", NULL, NULL},
	{"/docker/buildkit/0123456789abcdefghijklmno", NULL, NULL, NULL, NULL},

	/* containerd and nerdctl */
	{"/system.slice/nerdctl-" A ".scope", A, "containerd", NULL, "nerdctl-" A ".scope"},
	{"/default/" A, A, "containerd", NULL, NULL},

	/* podman */
	{"/machine.slice/libpod-" A ".scope", A, "podman", NULL, "libpod-" A ".scope"},
	{"/machine.slice/libpod-" A ".scope/container", A, "podman", NULL, "libpod-" A ".scope"},
	{"/libpod_parent/libpod-" A, A, "podman", NULL, NULL},
	{"/system.slice/web.service/libpod-payload-" A, A, "podman", NULL, "web.service"},
	{"/machine.slice/libpod-conmon-" A ".scope", NULL, NULL, NULL, "libpod-conmon-" A ".scope"},

	/* Kubernetes with systemd: guaranteed, burstable, best effort; a static pod */
	{"/kubepods.slice/kubepods-pod" POD_ ".slice/cri-containerd-" A ".scope", A, "containerd",
	 POD, "cri-containerd-" A ".scope"},
	{"/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod" POD_
	 ".slice/cri-containerd-" A ".scope",
	 A, "containerd", POD, "cri-containerd-" A ".scope"},
	{"/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod" POD_ ".slice/crio-" A
	 ".scope",
	 A, "cri-o", POD, "crio-" A ".scope"},
	{"/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod" STATIC_POD
	 ".slice/cri-containerd-" A ".scope",
	 A, "containerd", STATIC_POD, "cri-containerd-" A ".scope"},
	{"/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod" POD_ ".slice/docker-" A
	 ".scope",
	 A, "docker", POD, "docker-" A ".scope"},
	{"/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod" POD_
	 ".slice/crio-conmon-" A ".scope",
	 NULL, NULL, POD, "crio-conmon-" A ".scope"},
	{"/kubepods.slice/kubepods-pod" POD_ ".slice", NULL, NULL, POD,
	 "kubepods-pod" POD_ ".slice"},
	/* kind: a node that is a container */
	{"/system.slice/docker-" A ".scope/kubelet.slice/kubelet-kubepods.slice/"
	 "kubelet-kubepods-burstable.slice/kubelet-kubepods-burstable-pod" POD_
	 ".slice/cri-containerd-" B ".scope",
	 B, "containerd", POD, "docker-" A ".scope"},

	/* Kubernetes without systemd: it is not told who runs the container */
	{"/kubepods/pod" POD "/" A, A, NULL, POD, NULL},
	{"/kubepods/burstable/pod" POD "/" A, A, NULL, POD, NULL},
	{"/kubepods/besteffort/pod" POD "/" A, A, NULL, POD, NULL},
	{"/kubepods/burstable/pod" STATIC_POD "/" A, A, NULL, STATIC_POD, NULL},
	{"/kubepods/burstable/pod" POD "/crio-" A, A, "cri-o", POD, NULL},
	{"/docker/" A "/kubelet/kubepods/burstable/pod" POD "/" B, B, NULL, POD, NULL},
	{"/docker/" A "/kubelet/kubepods/burstable/pod" POD, NULL, NULL, POD, NULL},
	{"/kubepods/pod" POD "/" A "/docker/" B, B, "docker", POD, NULL},
	/* A name for systemd, taken by a runtime that does without */
	{"/system.slice/containerd.service/kubepods-burstable-pod" POD_ ".slice:cri-containerd:" A,
	 A, "containerd", POD, "containerd.service"},
	{"/kubepods-pod" POD_ ".slice:crio:" A, A, "cri-o", POD, NULL},

	/* systemd */
	{"/system.slice/nginx.service", NULL, NULL, NULL, "nginx.service"},
	{"/system.slice/system-getty.slice/getty@tty1.service", NULL, NULL, NULL,
	 "getty@tty1.service"},
	{"/system.slice/nginx.service/workers/1.scope", NULL, NULL, NULL, "nginx.service"},
	{"/init.scope", NULL, NULL, NULL, "init.scope"},
	{"/user.slice/user-1000.slice/session-3.scope", NULL, NULL, NULL, "session-3.scope"},
	{"/system.slice", NULL, NULL, NULL, "system.slice"},
	{"/system.slice/dev-disk\\x2dby.swap", NULL, NULL, NULL, "dev-disk\\x2dby.swap"},
	{"/system.slice/_cgroup.service", NULL, NULL, NULL, "cgroup.service"},
	{"/machine.slice/systemd-nspawn@web.service/payload/system.slice/nginx.service", NULL, NULL,
	 NULL, "systemd-nspawn@web.service"},
	{"/lxc.payload.web/system.slice/nginx.service", NULL, NULL, NULL, NULL},

	/* A user's manager: below it, names are the user's choice, the names of others too */
	{USER, NULL, NULL, NULL, "user@1000.service"},
	{USER "/init.scope", NULL, NULL, NULL, "user@1000.service"},
	{USER "/app.slice", NULL, NULL, NULL, "user@1000.service"},
	{USER "/app.slice/web.service", NULL, NULL, NULL, "user@1000.service"},
	{USER "/nginx.service", NULL, NULL, NULL, "user@1000.service"},
	{USER "/system.slice/nginx.service", NULL, NULL, NULL, "user@1000.service"},
	{USER "/docker-" A ".scope", NULL, NULL, NULL, "user@1000.service"},
	{USER "/docker/" A, NULL, NULL, NULL, "user@1000.service"},
	{USER "/user.slice/docker-" A ".scope", NULL, NULL, NULL, "user@1000.service"},
	{USER "/user.slice/libpod-" A ".scope/container", NULL, NULL, NULL, "user@1000.service"},
	{USER "/kubepods/pod" POD "/" A, NULL, NULL, NULL, "user@1000.service"},
	{USER "/x:cri-containerd:" A, NULL, NULL, NULL, "user@1000.service"},
	/* In a container, which is root's choice, there can be a user's manager, too */
	{"/system.slice/docker-" A ".scope" USER "/docker-" B ".scope", A, "docker", NULL,
	 "docker-" A ".scope"},
	{"/system.slice/user@.service/docker-" A ".scope", NULL, NULL, NULL, "system.slice"},

	/* From inside a cgroup namespace */
	{"/../nginx.service", NULL, NULL, NULL, "nginx.service"},
	{"/../../system.slice/docker-" A ".scope", A, "docker", NULL, "docker-" A ".scope"},
	{"/../../kubepods-besteffort-pod" POD_ ".slice/cri-containerd-" A ".scope", A, "containerd",
	 POD, "cri-containerd-" A ".scope"},
	{"/../" A, NULL, NULL, NULL, NULL},
	{"/..", NULL, NULL, NULL, NULL},

	/* Nothing, and look-alikes */
	{"", NULL, NULL, NULL, NULL},
	{"/", NULL, NULL, NULL, NULL},
	{"//", NULL, NULL, NULL, NULL},
	{"/" A, NULL, NULL, NULL, NULL},
	{"/mydocker/" A, NULL, NULL, NULL, NULL},
	{"/docker/" A "0", NULL, NULL, NULL, NULL},
	{"/docker/0123456789abcdef", NULL, NULL, NULL, NULL},
	{"/docker/0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF", NULL, NULL,
	 NULL, NULL},
	{"/docker/" A ".scope", NULL, NULL, NULL, NULL},
	{"/system.slice/docker-" A, NULL, NULL, NULL, "system.slice"},
	{"/system.slice/docker\\x2d" A ".scope", NULL, NULL, NULL, "docker\\x2d" A ".scope"},
	{"/system.slice/docker-" A ".service", NULL, NULL, NULL, "docker-" A ".service"},
	{"/system.slice/mydocker-" A ".scope", NULL, NULL, NULL, "mydocker-" A ".scope"},
	{"/system.slice/docker-0123.scope", NULL, NULL, NULL, "docker-0123.scope"},
	{"/docker/" A "/../" B, NULL, NULL, NULL, NULL},
	{"/system.slice/docker-" A ".scope/../x.service", NULL, NULL, NULL, NULL},
	{"/pod" POD "/" A, NULL, NULL, NULL, NULL},
	{"/kubepods/pod" POD_ "/" A, NULL, NULL, NULL, NULL},
	{"/kubepods/pod1234/" A, NULL, NULL, NULL, NULL},
	{"/kubepods/burstable/podXa2b3c4d-0000-4111-8222-93a4b5c6d7e8", NULL, NULL, NULL, NULL},
	{"/kubepods.slice/kubepods-pod" POD ".slice", NULL, NULL, NULL,
	 "kubepods-pod" POD ".slice"},
	{"/kubepods.slice/kubepods-gold-pod" POD_ ".slice", NULL, NULL, NULL,
	 "kubepods-gold-pod" POD_ ".slice"},
	{"/mykubepods-pod" POD_ ".slice", NULL, NULL, NULL, "mykubepods-pod" POD_ ".slice"},
	{"/system.slice/.service", NULL, NULL, NULL, "system.slice"},
	{"/system.slice/web@.service", NULL, NULL, NULL, "system.slice"},
	{"/system.slice/we b.service", NULL, NULL, NULL, "system.slice"},
	{"/system.slice/\033[2J.service", NULL, NULL, NULL, "system.slice"},
	{"/system.slice/gr\303\274n.service", NULL, NULL, NULL, "system.slice"},
	{"/system.slice/_", NULL, NULL, NULL, "system.slice"},
	{"/.slice/pod.slice/-.slice", NULL, NULL, NULL, NULL},
};

static void check(const char *path, const char *what, const char *got, const char *expected)
{
	if (strcmp(got, expected ? expected : ""))
		fail_msg("%s: %s is \"%s\", not \"%s\"", path, what, got, expected ? expected : "");
}

static void test_rows(void **state)
{
	struct container c;

	for (size_t i = 0; i < LENGTH(rows); i++) {
		memset(&c, 'x', sizeof(c));
		container_of(rows[i].path, &c);
		check(rows[i].path, "the id", c.id, rows[i].id);
		check(rows[i].path, "the runtime", c.runtime, rows[i].runtime);
		check(rows[i].path, "the pod", c.pod, rows[i].pod);
		check(rows[i].path, "the unit", c.unit, rows[i].unit);
	}
}

/* Cut anywhere, a path may tell less, never something of another shape. */
static void test_cut(void **state)
{
	struct container c;

	for (size_t i = 0; i < LENGTH(rows); i++)
		for (size_t len = strlen(rows[i].path); len--;) {
			char *path = strndup(rows[i].path, len); /* a sanitizer sees its end */

			container_of(path, &c);
			assert_true(!c.id[0] || strlen(c.id) == 64);
			assert_true(!c.pod[0] || strlen(c.pod) == 36 || strlen(c.pod) == 32);
			free(path);
		}
}

static void test_long(void **state)
{
	static char path[1 << 20];
	char name[300];
	struct container c;

	memset(path, 'a', sizeof(path) - 1);
	container_of(path, &c);
	memset(path, '/', sizeof(path) - 1);
	container_of(path, &c);
	for (size_t i = 0; i < sizeof(path) - 1; i++)
		path[i] = "/a.slice"[i % 8];
	container_of(path, &c);
	assert_string_equal(c.id, "");
	/* The longest unit that is told, and one more. */
	for (int len = UNIT_LEN - 1; len <= UNIT_LEN; len++) {
		snprintf(name, sizeof(name), "/%.*s.service", len - 8, path + sizeof(name));
		memset(name + 1, 'n', len - 8);
		container_of(name, &c);
		assert_string_equal(c.unit, len < UNIT_LEN ? name + 1 : "");
	}
}

static void check_choice(const char *text, const char *expected)
{
	char path[64] = "untouched";

	assert_int_equal(container_choose_cgroup(text, path, sizeof(path)), expected != NULL);
	assert_string_equal(path, expected ? expected : "untouched");
}

static void test_choice(void **state)
{
	check_choice("0::/system.slice/nginx.service\n", "/system.slice/nginx.service");
	check_choice("0::/\n", "/");
	/* Both: what v2 knows goes first. */
	check_choice("2:memory:/m\n1:name=systemd:/s\n0::/u\n", "/u");
	check_choice("2:memory:/m\n1:name=systemd:/s\n0::/\n", "/s");
	check_choice("2:memory:/m\n1:name=systemd:/\n0::/\n", "/m");
	check_choice("2:memory:/\n1:name=systemd:/\n0::/\n", "/");
	check_choice("2:cpu,cpuacct:/c\n1:name=systemd:/s:memory:/x\n", "/s:memory:/x");
	check_choice("0::/gone.service (deleted)\n", "/gone.service");
	check_choice("0::/../../a.service", "/../../a.service");
	check_choice("", NULL);
	check_choice("\n\n", NULL);
	check_choice("0::\n", NULL);
	check_choice("garbage", NULL);
	check_choice("3:cpu:/c\n", NULL);
	/* It does not fit: nothing, rather than half. */
	check_choice("0::/123456789012345678901234567890123456789012345678901234567890123\n", NULL);
	check_choice("0::/12345678901234567890123456789012345678901234567890123456789012\n",
		     "/12345678901234567890123456789012345678901234567890123456789012");
}

static void test_nobody(void **state)
{
	assert_true(container_is_nobody(""));
	assert_true(container_is_nobody("/"));
	assert_true(container_is_nobody("/init.scope"));
	assert_false(container_is_nobody("/init.scope2"));
	assert_false(container_is_nobody("/system.slice"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),   cmocka_unit_test(test_cut),
		cmocka_unit_test(test_long),   cmocka_unit_test(test_choice),
		cmocka_unit_test(test_nobody),
	};

	return cmocka_run_group_tests_name("container", tests, NULL, NULL);
}
