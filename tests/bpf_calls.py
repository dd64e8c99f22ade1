# SPDX-License-Identifier: GPL-2.0-only
"""Does .github/SECURITY.md list the kernel's functions that the BPF programs call, and the types of
the programs, all of them and no others?

    bpf_calls.py SECURITY.md OBJECT...
"""

import re
import subprocess
import sys

# The numbers of the helpers, of the libbpf that the programs are compiled with.
HELPERS = "/usr/include/bpf/bpf_helper_defs.h"
HELPER = re.compile(r"\(\*(bpf_\w+)\)\(.*\) = \(void \*\) (\d+);")
# "  12:  85 00 00 00 01 00 00 00  call 1"; the source register is 0 for a helper, 1 for our own
# function or a kfunc.
CALL = re.compile(r"^\s*\d+:\s+85 ([0-9a-f])0 00 00 .*call (-?\d+)", re.M)
ROW = re.compile(r"^\| `(\w+)` \|", re.M)


def said(*command):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def helper_names():
    with open(HELPERS) as file:
        return {int(number): name for name, number in HELPER.findall(file.read())}


def called(path, names):
    """Helpers by their numbers, kfuncs as the symbols that the kernel has to give."""
    numbers = {int(n) for source, n in CALL.findall(said("llvm-objdump", "-d", path))
               if source == "0"}
    kfuncs = {line.split()[-1] for line in said("llvm-nm", "-u", path).splitlines()}
    return {names[n] for n in numbers} | kfuncs


def types(path):
    """What libbpf makes of the names of the sections."""
    return {name.split("/")[0] for name in re.findall(r"^\s*\d+ (\w+/\S+|syscall) ", said("llvm-objdump", "-h", path), re.M)}


def main(page, *objects):
    names, found = helper_names(), set()
    for path in objects:
        calls, kinds = called(path, names), types(path)
        if not calls or not kinds:
            sys.exit("%s: no calls or no programs were found" % path)
        found |= calls | kinds
    with open(page) as file:
        listed = set(ROW.findall(file.read()))
    for name in sorted(found - listed):
        print("%s does not list %s, which the programs use" % (page, name))
    for name in sorted(listed - found):
        print("%s lists %s, which no program uses" % (page, name))
    return int(found != listed)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
