# SPDX-License-Identifier: GPL-2.0-only
"""Debian's archive by a private apt, for any architecture and any release.

The system's own package lists, sources and packages are neither read nor changed.
"""

import os
import subprocess
import sys

# The suites that carry kernels; bullseye has 5.10, backports the versions between two releases.
SUITES = [
    ("debian", "bullseye"), ("debian", "bullseye-updates"), ("debian-security", "bullseye-security"),
    ("debian", "bookworm"), ("debian", "bookworm-updates"), ("debian-security", "bookworm-security"),
    ("debian", "trixie"), ("debian", "trixie-updates"), ("debian-security", "trixie-security"),
    ("debian", "trixie-backports"), ("debian", "sid"),
]
MIRROR = os.environ.get("DEBIAN_MIRROR", "http://deb.debian.org")
KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"

# Old suites are no longer signed anew, hence no Valid-Until.
CONFIGURATION = """
Dir::Etc::sourcelist "{root}/sources.list";
Dir::Etc::sourceparts "-";
Dir::State "{root}/state";
Dir::State::status "{root}/status";
Dir::Cache "{root}/cache";
Acquire::Check-Valid-Until "false";
Acquire::Languages "none";
APT::Architecture "{architecture}";
APT::Architectures {{ "{architecture}"; }};
APT::Sandbox::User "root";
"""


class Archive:
    """What the suites hold for one architecture; apt keeps its files in the directory root."""

    def __init__(self, root, architecture, suites):
        self.root = root
        for path in ("state/lists/partial", "cache/archives/partial"):
            (root / path).mkdir(parents=True, exist_ok=True)
        (root / "status").touch()
        (root / "apt.conf").write_text(CONFIGURATION.format(root=root, architecture=architecture))
        (root / "sources.list").write_text("".join(
            f"deb [signed-by={KEYRING}] {MIRROR}/{archive} {suite} main\n"
            for archive, suite in suites))
        # A suite that has left the mirror is told by apt; the others may be enough.
        self._apt("apt-get", "-q=2", "update")

    def names(self, prefix):
        found = self._apt("apt-cache", "pkgnames", prefix, stdout=subprocess.PIPE, check=True)
        return found.stdout.split()

    def unpack(self, packages, directory):
        """Download the packages, and no others, and unpack their newest versions."""
        debs = directory / "debs"
        debs.mkdir(parents=True)
        result = self._apt("apt-get", "-q=2", "download", *packages, cwd=debs)
        if result.returncode:
            sys.exit(f"{os.path.basename(sys.argv[0])}: cannot download {' '.join(packages)}")
        for deb in debs.iterdir():
            subprocess.run(["dpkg-deb", "-x", deb, directory], check=True)
            deb.unlink()
        debs.rmdir()

    def _apt(self, *args, **kwargs):
        environment = dict(os.environ, APT_CONFIG=str(self.root / "apt.conf"))
        return subprocess.run(args, env=environment, stdin=subprocess.DEVNULL, text=True, **kwargs)
