# SPDX-License-Identifier: GPL-2.0-only
"""Whose cgroup it is: containers, pods and units, told by cgroups with the names runtimes give."""

import contextlib
import pathlib
import secrets

from expect import ABSENT
from play import scenario
from waiting import NotApplicable

POD = "1a2b3c4d-0000-4111-8222-93a4b5c6d7e8"
ROOT = "/rstwhy-e2e.slice"


def mount():
    """Where cgroup v2 is mounted."""
    for line in pathlib.Path("/proc/self/mountinfo").read_text().splitlines():
        if " - cgroup2 " in line:
            return pathlib.Path(line.split()[4])
    raise NotApplicable("cgroup v2 is not mounted")


@contextlib.contextmanager
def cgroup(path):
    """A cgroup; what had to be made for it is removed at the end, who is in it goes to the root."""
    top, made = mount(), []
    try:
        try:
            for part in [*reversed(pathlib.PurePath(path).parents), pathlib.PurePath(path)]:
                directory = top / str(part)[1:]
                if not directory.exists():
                    directory.mkdir()
                    made.insert(0, directory)
        except OSError as error:
            raise NotApplicable("make a cgroup: %s" % error)
        yield directory
    finally:
        for directory in made:
            with contextlib.suppress(OSError):      # another run may be in one above
                leave(directory, top)
                directory.rmdir()


def leave(directory, top):
    for pid in (directory / "cgroup.procs").read_text().split():
        (top / "cgroup.procs").write_text(pid)


def own_cgroup():
    """The path of this process in cgroup v2."""
    lines = pathlib.Path("/proc/self/cgroup").read_text().splitlines()
    return next(line[3:] for line in lines if line.startswith("0::"))


def move(program, directory):
    try:
        (directory / "cgroup.procs").write_text(str(program.pid))
    except OSError as error:
        raise NotApplicable("move a process to a cgroup: %s" % error)


def reset_in(play, path, facts, late=False):
    """A server in this cgroup is reset. late: it came there when its socket was open already."""
    left, right = play.two_hosts()
    program = right.program("server")
    facts = dict(facts, **{"linux.cgroup": path})
    directory = play.at_end.enter_context(cgroup(path))
    if not late:
        move(program, directory)
    listener = program.listen("0.0.0.0", 80)
    client = left.program("client").connect(right.v4, 80)
    server = listener.accept()
    if late:
        move(program, directory)
    client.send(3)
    server.wait_unread(3)
    server.close()
    client.await_error("ECONNRESET")
    play.sent(server, "close-unread-data", facts)
    play.received(client, "peer-aborted", {"container.id": ABSENT, "k8s.pod.uid": ABSENT})


def container_facts(identity, runtime, pod=ABSENT, unit=ABSENT):
    return {"container.id": identity, "container.runtime.name": runtime, "k8s.pod.uid": pod,
            "linux.unit": unit}


@scenario("containers")
def in_docker(play):
    """Docker by way of systemd."""
    identity = secrets.token_hex(32)
    unit = "docker-%s.scope" % identity
    reset_in(play, "%s/%s" % (ROOT, unit), container_facts(identity, "docker", unit=unit))


@scenario("containers")
def in_pod(play):
    """Kubernetes with containerd and systemd; processes sit deeper than the container."""
    identity = secrets.token_hex(32)
    unit = "cri-containerd-%s.scope" % identity
    path = "%s/rstwhy-kubepods-burstable-pod%s.slice/%s" % (ROOT, POD.replace("-", "_"), unit)
    reset_in(play, path + "/init", container_facts(identity, "containerd", POD, unit))


@scenario("containers")
def in_pod_without_systemd(play):
    """Kubernetes with the cgroupfs driver: who runs the container is not told."""
    identity = secrets.token_hex(32)
    path = "/rstwhy-e2e/kubepods/besteffort/pod%s/%s" % (POD, identity)
    reset_in(play, path, container_facts(identity, ABSENT, POD))


@scenario("containers")
def in_service(play):
    """A service of systemd."""
    reset_in(play, ROOT + "/web@1.service", container_facts(ABSENT, ABSENT, unit="web@1.service"))


@scenario("containers")
def beside_container(play):
    """podman's monitor is not in the container."""
    unit = "libpod-conmon-%s.scope" % secrets.token_hex(32)
    reset_in(play, "%s/%s" % (ROOT, unit), container_facts(ABSENT, ABSENT, unit=unit))


@scenario("containers")
def moved_to_container(play):
    """The socket is of the root, as all are on a host with cgroup v1: its process tells."""
    if own_cgroup() not in ("/", "/init.scope"):
        raise NotApplicable("the tests do not run in the root cgroup")
    identity = secrets.token_hex(32)
    reset_in(play, "/rstwhy-e2e/docker/" + identity, container_facts(identity, "docker"),
             late=True)
