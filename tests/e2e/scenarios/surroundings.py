# SPDX-License-Identifier: GPL-2.0-only
"""Bad input and bad surroundings: the exit status, one clear line, and numbers that add up."""

import os
import resource
import shutil
import signal

from play import scenario
from refusals import refused, start, told
from scenarios.runs import whole_events
from shortrun import hide
from waiting import until

NOBODY = 65534
FULL = "/dev/full"


def expect_numbers(run, **wanted):
    numbers = run.numbers()
    if not wanted.items() <= numbers.items():
        raise AssertionError("expected %s, got %s" % (wanted, numbers))


def silent(run):
    if run.output:
        raise AssertionError("output: " + run.output[:300])


@scenario("wrong usage", alone=True, plain="valgrind cannot give it a name of its own")
def bad_input(play):
    """What makes no sense is told before anything is tried; tests/unit/options.sh has them all."""
    for options, word in ((["--port=0"], "port=0"), (["--cause=nosuch"], "nosuch"),
                          (["--nosuch"], "nosuch"), (["frobnicate"], "frobnicate"),
                          (["--sent", "--received"], "--sent"), (["--format=xml"], "xml"),
                          (["--address=10.0.0.0/33"], "10.0.0.0/33"), (["--count"], "count")):
        silent(play.run(*options).finished(2, word))
        play.bad_input()


@scenario("surroundings", alone=True)
def not_root(play):
    """A user without rights runs it."""
    directory = play.directory()
    os.chmod(directory, 0o755)
    copy = shutil.copy(play.binary, directory)
    os.chmod(copy, 0o755)
    silent(play.run("--format=json", binary=copy, user=NOBODY).finished(1, "run as root"))


@scenario("surroundings", alone=True)
def no_btf(play):
    """The kernel tells nothing of its types."""
    for options in ((), ("doctor",)):
        run = play.run(*options, before=hide("/sys/kernel/btf"))
        silent(run.finished(1, "/sys/kernel/btf/vmlinux"))
        play.fault()


@scenario("surroundings", alone=True)
def no_bpffs(play):
    """Neither bpffs nor tracefs is mounted: nobody needs them."""
    host = play.host()
    hidden = hide("/sys/fs/bpf", "/sys/kernel/tracing", "/sys/kernel/debug")
    run = start(play, host, before=hidden)
    both = refused(host)
    run.end()
    if sorted(told(run.events())) != sorted(both):
        raise AssertionError("told: " + run.output)
    expect_numbers(run, counted=2, shown=2)


@scenario("output", alone=True)
def reader_goes(play):
    """Who reads the pipe has enough after one line."""
    host = play.host()
    read_end, write_end = os.pipe()
    run = start(play, host, stdout=write_end)
    os.close(write_end)
    refused(host)
    line = b""
    while not line.endswith(b"\n"):
        line += os.read(read_end, 1)
    os.close(read_end)
    run.finished(1, "write to stdout: Broken pipe")
    expect_numbers(run, counted=2)
    play.fault()


@scenario("output", alone=True)
def reader_gone_early(play):
    """Who reads the pipe goes before there was an event."""
    read_end, write_end = os.pipe()
    run = start(play, play.host(), stdout=write_end)
    os.close(write_end)
    os.close(read_end)
    run.finished(1, "write to stdout: Broken pipe")
    expect_numbers(run, counted=0)
    play.fault()


def full(play, where, *options, **how):
    host = play.host()
    run = start(play, host, *options, **how)
    run.freeze()
    refused(host)
    run.wake()
    run.finished(1, "write to %s: No space left on device; 2 events were not written" % where)
    silent(run)
    expect_numbers(run, counted=2, shown=0, lost=2)
    play.fault()


@scenario("output", alone=True)
def full_stdout(play):
    """The disk is full; in text already the heading fails."""
    with open(FULL, "w") as file:
        full(play, "stdout", stdout=file)
        run = play.run(stdout=file).finished(1, "write to stdout: No space left on device; 0 ")
    run.numbers()


@scenario("output", alone=True)
def full_file(play):
    """The disk of -o is full."""
    full(play, FULL, "-o", FULL)


@scenario("output", alone=True)
def full_in_the_middle(play):
    """A disk that takes some events and then no more: the file ends with a whole line."""
    host, path = play.host(), play.directory() + "/events"
    run = start(play, host, "-o", path, before=lambda: limit_file(16384))
    refused(host)
    until(lambda: len(run.events(path)) == 2, "two events in the file")
    run.freeze()
    for _ in range(20):
        refused(host)
    run.wake()
    run.finished(1, "write to %s: File too large" % path)
    expect_numbers(run, counted=42)
    lines, numbers = len(whole_events(path)), run.numbers()
    if lines != numbers["shown"] or lines < 2:
        raise AssertionError("%d lines in the file, %s" % (lines, numbers))
    play.fault()


def limit_file(size):
    """For `before`: files end here, and that is an error of write(), not a signal."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


@scenario("output", alone=True)
def no_directory(play):
    """-o into a directory that does not exist."""
    path = play.directory() + "/missing/events"
    silent(play.run("-o", path).finished(1, "open %s for writing: No such file" % path))


@scenario("output", alone=True)
def stdout_closed(play):
    """stdout is closed from the start; with -o nobody needs it."""
    play.run(before=lambda: os.close(1)).finished(1, "open stdout for writing: Bad file descriptor")
    host, path = play.host(), play.directory() + "/events"
    run = start(play, host, "-o", path, before=lambda: os.close(1))
    both = refused(host)
    run.end()
    if sorted(told(run.events(path))) != sorted(both):
        raise AssertionError("told: %s" % run.events(path))
