# SPDX-License-Identifier: GPL-2.0-only
"""What must be gone when a tracer, or the whole soak, has ended."""

import contextlib
import glob
import json
import os
import re
import subprocess

from programs import find_program

PR_SET_CHILD_SUBREAPER = 36


def bpf_of(pid):
    """The programs and maps that a process holds: {("prog", id), ("map", id)}."""
    found = set()
    for path in glob.glob("/proc/%d/fdinfo/*" % pid):
        with contextlib.suppress(OSError), open(path) as file:     # closed meanwhile
            found.update((kind, int(number)) for kind, number in
                         re.findall(r"^(prog|map)_id:\s*(\d+)", file.read(), re.M))
    return found


def bpf_loaded():
    """All that the kernel has, in the same form."""
    found = set()
    for kind in ("prog", "map"):
        said = subprocess.run([find_program("bpftool"), "-j", kind, "show"], check=True,
                              stdout=subprocess.PIPE).stdout
        found.update((kind, entry["id"]) for entry in json.loads(said))
    return found


def namespaces():
    """Network namespaces that the kernel has memory for, of anybody; None: it does not tell."""
    with contextlib.suppress(OSError), open("/proc/slabinfo") as file:
        for line in file:
            if line.startswith("net_namespace "):
                return int(line.split()[1])
    return None


def has_children():
    """Also those whose parent ended: this process adopts them."""
    with contextlib.suppress(ChildProcessError):
        while True:
            pid, _ = os.waitpid(-1, os.WNOHANG)
            if not pid:
                return True
    return False
