# SPDX-License-Identifier: GPL-2.0-only
"""What fetch, initramfs, vm and matrix share: the list of kernels and where things are kept."""

import pathlib
import subprocess
import sys

# One name per kernel of the matrix: the beginning of a version. Debian's newest cloud kernel of
# that version is meant, so "7" is the newest 7.x there is. To add a kernel, add a name. Those of
# another architecture are called arm64/6.12; they are kept apart, in build/kernels/arm64.
MATRIX = ["5.10", "6.1", "6.12", "6.18", "7"]

HERE = pathlib.Path(__file__).resolve().parent
TOP = HERE.parents[1]
BUILD = TOP / "build" / "kernels"


def architecture(name):
    """Debian's name of it."""
    return name.rpartition("/")[0] or "amd64"


def version(name):
    return name.rpartition("/")[2]


def directory(name):
    """Where the kernel called name is kept: vmlinuz, release, lib/modules, modules.cpio."""
    return BUILD / name


def root(name):
    """The archive with the root that all kernels of that architecture share."""
    return directory(name).parent / "root.cpio"


def release(name):
    """What `uname -r` will say."""
    return (directory(name) / "release").read_text().strip()


def prepare(tool, *args):
    """Run one of our sibling scripts; it says itself what went wrong."""
    if subprocess.run([HERE / tool, *args]).returncode:
        sys.exit(1)
