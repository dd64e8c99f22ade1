# SPDX-License-Identifier: GPL-2.0
"""What each BPF program of a process has cost, as the kernel counts it."""

import contextlib
import ctypes
import glob
import json
import os
import platform
import re
import shutil
import subprocess

SYS_BPF = {"x86_64": 321, "aarch64": 280}
BPF_ENABLE_STATS = 32
BPFTOOL = shutil.which("bpftool") or "/usr/sbin/bpftool"


@contextlib.contextmanager
def counted():
    """As kernel.bpf_stats_enabled, but held by a descriptor: however this ends, it is off again."""
    libc = ctypes.CDLL(None, use_errno=True)
    run_time = ctypes.create_string_buffer(8)       # BPF_STATS_RUN_TIME is 0
    fd = libc.syscall(SYS_BPF[platform.machine()], BPF_ENABLE_STATS, run_time, 8)
    if fd < 0:
        raise OSError(ctypes.get_errno(), "BPF_ENABLE_STATS: " + os.strerror(ctypes.get_errno()))
    try:
        yield
    finally:
        os.close(fd)


def ids_of(pid):
    found = set()
    for path in glob.glob("/proc/%d/fdinfo/*" % pid):
        with contextlib.suppress(OSError), open(path) as file:
            found.update(map(int, re.findall(r"^prog_id:\s*(\d+)", file.read(), re.M)))
    return found


def usage(pid):
    """{name: (nanoseconds, runs)}"""
    ids = ids_of(pid)
    said = subprocess.run([BPFTOOL, "-j", "prog", "show"], stdout=subprocess.PIPE, check=True)
    return {p["name"]: (p.get("run_time_ns", 0), p.get("run_cnt", 0))
            for p in json.loads(said.stdout) if p["id"] in ids}
