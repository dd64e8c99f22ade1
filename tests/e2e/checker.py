# SPDX-License-Identifier: GPL-2.0-only
"""What valgrind says of the runs: it writes a log per process, beside the binary."""

import glob
import os


class Checker:
    """The logs of one directory. Those of an earlier run are removed; None: there are none."""

    def __init__(self, directory):
        self.directory, self.read = directory, {}
        for path in self._logs():
            os.unlink(path)

    def _logs(self):
        return glob.glob(os.path.join(self.directory, "*.log")) if self.directory else []

    def news(self):
        """The lines of errors since the last call. A line --PID-- is no error: it tells of a
        system call that valgrind does not know."""
        found = []
        for path in self._logs():
            with open(path, "rb") as log:
                log.seek(self.read.get(path, 0))
                text = log.read()
            self.read[path] = self.read.get(path, 0) + len(text)
            found += [line for line in text.decode(errors="replace").splitlines()
                      if line.startswith("==")]
        return found
