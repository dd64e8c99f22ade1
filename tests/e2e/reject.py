# SPDX-License-Identifier: GPL-2.0-only
"""The modules behind `reject with tcp reset`: the tracer hooks what they bring."""

import subprocess

from hosts import Host
from programs import find_program
from waiting import NotApplicable, until

# Users first.
MODULES = ("nft_reject_netdev", "nft_reject_bridge", "nft_reject_inet", "nft_reject_ipv4",
           "nft_reject_ipv6", "nft_reject", "ipt_REJECT", "ip6t_REJECT",
           "nf_reject_ipv4", "nf_reject_ipv6")
RULE = ("add table inet wall\n"
        "add chain inet wall c { type filter hook %s priority 0; }\n"
        "add rule inet wall c %s reject with tcp reset\n")


def reject(host, hook, match):
    host.nft(RULE % (hook, match))


def drop(host):
    host.nft("delete table inet wall\n")


def bring():
    """Let the kernel load them, if it has them as modules. Failure is no matter here."""
    try:
        host = Host("scratch")
    except OSError:
        return
    try:
        reject(host, "input", "tcp dport 1")
    except NotApplicable:
        pass
    host.stop()
    host.forget()


def loaded():
    with open("/proc/modules") as file:
        here = {line.split()[0] for line in file}
    return [module for module in MODULES if module in here]


def remove():
    """Remove them. Rules that are gone hold them a little longer: it is tried until it works."""
    until(_removed, "the kernel to remove its reject modules")


def _removed():
    for module in loaded():
        subprocess.run([find_program("rmmod"), module], stderr=subprocess.DEVNULL)
    return not loaded()
