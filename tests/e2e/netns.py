# SPDX-License-Identifier: GPL-2.0-only
"""Network namespaces without names: held by a file descriptor, gone with the last one.

Nothing stays on the machine, however the runner ends.
"""

import contextlib
import ctypes
import os
import threading

CLONE_NEWNET = 0x40000000
PR_SET_PDEATHSIG = 1
PR_SET_NAME = 15

libc = ctypes.CDLL(None, use_errno=True)


def check(result, what):
    """Raise the OSError of a libc call that returned -1."""
    if result == -1:
        code = ctypes.get_errno()
        raise OSError(code, "%s: %s" % (what, os.strerror(code)))
    return result


def open_own():
    """A descriptor of the calling thread's network namespace."""
    return os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)


def new():
    """A descriptor of a fresh network namespace; the caller stays in its own."""
    made = []

    def make():
        try:
            check(libc.unshare(CLONE_NEWNET), "unshare(CLONE_NEWNET)")
            made.append(open_own())
        except OSError as error:
            made.append(error)

    thread = threading.Thread(target=make)
    thread.start()
    thread.join()
    if isinstance(made[0], OSError):
        raise made[0]
    return made[0]


def enter(fd):
    check(libc.setns(fd, CLONE_NEWNET), "setns")


@contextlib.contextmanager
def inside(fd):
    """Be in the namespace; sockets and children made meanwhile belong to it."""
    own = open_own()
    enter(fd)
    try:
        yield
    finally:
        enter(own)
        os.close(own)


def set_name(name):
    """Name the calling thread, as ps and the tracer show it."""
    name = name if isinstance(name, bytes) else name.encode()
    check(libc.prctl(PR_SET_NAME, name, 0, 0, 0), "prctl(PR_SET_NAME)")


def die_with_parent(signal):
    check(libc.prctl(PR_SET_PDEATHSIG, int(signal), 0, 0, 0), "prctl(PR_SET_PDEATHSIG)")
