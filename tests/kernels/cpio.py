# SPDX-License-Identifier: GPL-2.0-only
"""Write archives in cpio's "newc" format, the one the kernel unpacks as its first root."""

import os
import stat


class Writer:
    """An archive at path; use as a context manager. Parent directories are added when missing.

    In the guest /bin, /sbin, /lib and /lib64 are links into /usr, as on any Debian. The kernel
    would replace such a link by a directory of that name, so entries are put where it points.
    """

    def __init__(self, path):
        self.file = open(path, "wb")
        self.inode = 0
        self.names = set()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._entry("TRAILER!!!", 0, b"", 0)
        self.file.close()

    def directory(self, name, mode=0o755):
        name = self._place(name)
        if name and name not in self.names:
            self.directory(os.path.dirname(name))
            self._entry(name, stat.S_IFDIR | mode, b"", 0)

    def data(self, name, data, mode=0o644, mtime=0):
        self._add(name, stat.S_IFREG | mode, data, mtime)

    def link(self, name, target):
        self._add(name, stat.S_IFLNK | 0o777, os.fsencode(target), 0)

    def file_from(self, name, source):
        """Whatever source links to; its time is kept, for Python's compiled files depend on it."""
        status = os.stat(source)
        with open(source, "rb") as file:
            self.data(name, file.read(), stat.S_IMODE(status.st_mode), status.st_mtime)

    def tree_from(self, name, source, wanted=lambda path: True):
        """A file or a directory with everything wanted below it; links inside stay links."""
        if not os.path.isdir(source):
            self.file_from(name, source)
            return
        self.directory(name)
        for entry in sorted(os.scandir(source), key=lambda entry: entry.name):
            inside = os.path.join(name, entry.name)
            if not wanted(entry.path):
                continue
            if entry.is_symlink():
                self.link(inside, os.readlink(entry.path))
            elif entry.is_dir() or entry.is_file():
                self.tree_from(inside, entry.path, wanted)

    @staticmethod
    def _place(name):
        name = os.path.normpath(name).strip("/").removeprefix(".")
        first, _, rest = name.partition("/")
        return "usr/" + name if rest and first in ("bin", "sbin", "lib", "lib64") else name

    def _add(self, name, mode, data, mtime):
        name = self._place(name)
        if name not in self.names:
            self.directory(os.path.dirname(name))
            self._entry(name, mode, data, mtime)

    def _entry(self, name, mode, data, mtime):
        self.names.add(name)
        self.inode += 1
        raw = os.fsencode(name) + b"\0"
        fields = (self.inode, mode, 0, 0, 1, int(mtime), len(data), 0, 0, 0, 0, len(raw), 0)
        header = b"070701" + b"".join(b"%08x" % field for field in fields) + raw
        self.file.write(header + bytes(-len(header) % 4) + data + bytes(-len(data) % 4))
