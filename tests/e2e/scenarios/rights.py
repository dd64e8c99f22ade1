# SPDX-License-Identifier: GPL-2.0-only
"""What a run gives up when tracing begins, and that it works with what is left."""

import errno
import os
import shutil
import signal

from expect import lookup
from play import scenario
from refusals import refused, refused_program, start, told
from scenarios.owner import kernel
from syscalls import Syscalls
from waiting import PATIENCE, NotApplicable, until

NOBODY = 65534
BITS = {"CAP_DAC_READ_SEARCH": 2, "CAP_SYS_PTRACE": 19, "CAP_PERFMON": 38, "CAP_BPF": 39}
KEPT = sum(1 << bit for bit in BITS.values())
# Kept where kernel.perf_event_paranoid is above 2 and a function to hook is in a module.
MAYBE = 1 << 21
SETS = ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")


def status(pid, task=None):
    """/proc/PID/status: the words behind each name."""
    with open("/proc/%d/task/%d/status" % (pid, task or pid)) as file:
        return {name: rest.split() for name, rest in (line.split(":", 1) for line in file)}


def capabilities(pid, task=None):
    words = status(pid, task)
    return {name: int(words[name][0], 16) for name in SETS}


def expect_shut_in(pid, task=None):
    """Only what is kept, no new rights, a filter."""
    words, held = status(pid, task), capabilities(pid, task)
    wrong = {name: hex(bits) for name, bits in held.items()
             if bits & ~MAYBE != (KEPT if name in ("CapPrm", "CapEff", "CapBnd") else 0)}
    if wrong or words["NoNewPrivs"] != ["1"] or words["Seccomp"] != ["2"]:
        raise AssertionError("task %s: %s, NoNewPrivs %s, Seccomp %s" % (
            task or pid, wrong, words["NoNewPrivs"], words["Seccomp"]))


def same(events, wanted):
    if sorted(told(events)) != sorted(wanted):
        raise AssertionError("wanted %s, told %s" % (wanted, told(events)))


@scenario("rights", alone=True, kernel=True, plain="it runs without the filter")
def rights_given_up(play):
    """Root's run keeps four capabilities and the calls it needs."""
    host = play.host()
    run = start(play, host)
    expect_shut_in(run.pid)
    both = refused(host)
    run.end()
    same(run.events(), both)


@scenario("rights", alone=True, plain="it runs without the filter")
def rights_of_threads(play):
    """Those of librdkafka have no more than the loop."""
    if "with rdkafka" not in play.run("--version").finished().output:
        raise NotApplicable("built without rdkafka")
    run = play.run("--kafka=127.0.0.1:1/topic", "-o", "/dev/null").ready()
    tasks = [int(name) for name in os.listdir("/proc/%d/task" % run.pid)]
    for task in tasks:
        expect_shut_in(run.pid, task)
    run.process.kill()
    if len(tasks) < 2:
        raise AssertionError("librdkafka has no threads")


@scenario("rights", alone=True)
def rights_kept(play):
    """--no-sandbox: all of them."""
    host = play.host()
    run = start(play, host, "--no-sandbox")
    words, mine = status(run.pid), capabilities(os.getpid())
    if capabilities(run.pid) != mine or words["Seccomp"] != status(os.getpid())["Seccomp"]:
        raise AssertionError("%s, Seccomp %s" % (capabilities(run.pid), words["Seccomp"]))
    run.end()


@scenario("rights", alone=True)
def stack_after_rights(play):
    """The names of kernel functions are had without CAP_SYSLOG, when they are first needed."""
    host = play.host()
    run = start(play, host, "--stack")
    refused(host)
    run.end()
    expect_names(run)


def expect_names(run):
    """In the stacks."""
    names = [name for event in run.events() for name in event.get("stack", {}).get("kernel", [])]
    if "tcp_v4_rcv" not in names:
        raise AssertionError("no tcp_v4_rcv in %s" % names)


@scenario("rights", alone=True)
def owner_after_rights(play):
    """Who holds a socket that was opened later, its executable and its cgroup are found."""
    host = play.host()
    run = start(play, host, "--user=nobody")
    client, server = play.connection((host, host))
    client.close(linger=0)
    server.await_error("ECONNRESET")
    until(lambda: len(run.events()) == 2, "both ends")
    run.end()
    for event in run.events():
        if not lookup(event, "process.executable.path").startswith("/"):
            raise AssertionError(str(event))
    received = [e for e in run.events() if lookup(e, "reset.direction") == "received"]
    if [lookup(e, "process.pid") for e in received] != [server.program.pid]:
        raise AssertionError(str(received))


def expect_few_rights(run, kept=()):
    """No capabilities but these, no new rights, a filter."""
    words, held = status(run.pid), capabilities(run.pid)
    wanted = sum(1 << bit for bit in kept)
    wrong = {name: hex(bits) for name, bits in held.items()
             if bits != (wanted if name in ("CapPrm", "CapEff", "CapBnd") else 0)}
    if wrong or words["NoNewPrivs"] != ["1"] or words["Seccomp"] != ["2"]:
        raise AssertionError("%s, NoNewPrivs %s, Seccomp %s" % (
            wrong, words["NoNewPrivs"], words["Seccomp"]))


def is_shut_in(run):
    """All calls are given up: the last step."""
    return run.process.poll() is not None or status(run.pid)["Seccomp"] == ["2"]


def recorded(play):
    host, path = play.host(), play.directory() + "/recorded.json"
    run = start(play, host, "-o", path)
    refused(host)
    run.end()
    with open(path, "rb") as file:
        return file.read()


@scenario("rights", alone=True, plain="it runs without the filter")
def rights_of_recordings(play):
    """Who reads a recording, which anybody may have written, has no rights while it does so; with
    --user it is that user, too. What comes is the same."""
    data, place = recorded(play), open_to_nobody(play)
    page, events = place + "/page.html", place + "/events.json"
    for options, kept in ((("replay", "-f", "json"), ()),
                          (("replay", "-f", "json", "--user=nobody", "-o", events), ()),
                          (("report",), (2,)),
                          (("report", "-o", page), (1, 2)),
                          (("report", "--user=nobody", "-o", page + "2"), ())):
        read_end, write_end = os.pipe()
        run = play.run(*options, "-", stdin=read_end)
        os.close(read_end)
        until(lambda: is_shut_in(run), "it to be shut in")
        expect_few_rights(run, kept)
        uid = NOBODY if "--user=nobody" in options else 0
        if set(status(run.pid)["Uid"]) != {str(uid)}:
            raise AssertionError("%s: %s" % (options, status(run.pid)["Uid"]))
        os.write(write_end, data)
        os.close(write_end)
        if run.process.wait(PATIENCE):
            raise AssertionError("%s: %s" % (options, run.talk))
        if options == ("replay", "-f", "json") and run.output.encode() != data:
            raise AssertionError(run.output)
    with open(events, "rb") as file:
        if file.read() != data:
            raise AssertionError("another user reads something else")
    if [os.stat(name).st_uid for name in (page, page + "2")] != [0, NOBODY]:
        raise AssertionError("whose are the pages?")


@scenario("rights", alone=True)
def report_of_others(play):
    """Root makes a page of a file that only its owner may read, in a directory of that owner."""
    place, data = open_to_nobody(play), recorded(play)
    with open(place + "/recorded", "wb") as file:
        file.write(data)
    os.chmod(place + "/recorded", 0o600)
    os.chown(place + "/recorded", NOBODY, NOBODY)
    os.chmod(place, 0o755)
    play.run("report", place + "/recorded", "-o", place + "/page.html", "-q").finished()
    if not os.stat(place + "/page.html").st_size:
        raise AssertionError("an empty page")


@scenario("rights", alone=True, plain="it runs without the filter")
def no_filter(play):
    """A service whose rules refuse seccomp(2): that is told, and the run goes on without."""
    calls, host = Syscalls(("seccomp",), lambda call: errno.EPERM), play.host()
    run = start(play, host, before=calls.before)
    both = refused(host)
    run.end(complaint="refuse other system calls (seccomp)")
    calls.close()
    same(run.events(), both)


def open_to_nobody(play):
    directory = play.directory()
    os.chown(directory, NOBODY, NOBODY)
    return directory


@scenario("rights", alone=True, plain="it runs without the filter")
def other_user(play):
    """--user: another user and group, no other groups; the files are that user's, also the new one
    after SIGHUP."""
    host, path = play.host(), open_to_nobody(play) + "/log"
    run = start(play, host, "--user=%d:%d" % (NOBODY, NOBODY), "-o", path)
    expect_shut_in(run.pid)
    words = status(run.pid)
    if {*words["Uid"], *words["Gid"]} != {str(NOBODY)} or words["Groups"]:
        raise AssertionError("%s %s %s" % (words["Uid"], words["Gid"], words["Groups"]))
    both = refused(host)
    until(lambda: len(run.events(path)) == 2, "the first file")
    os.rename(path, path + ".1")
    run.process.send_signal(signal.SIGHUP)
    until(lambda: os.path.exists(path), "the second file")
    later = refused(host)
    run.end()
    same(run.events(path + ".1"), both)
    same(run.events(path), later)
    owners = [os.stat(name).st_uid for name in (path + ".1", path)]
    if owners != [NOBODY, NOBODY]:
        raise AssertionError("the files belong to %s" % owners)


@scenario("rights", alone=True)
def other_user_reopens(play):
    """SIGHUP where nobody has renamed anything: the files go on without a complaint."""
    host, place = play.host(), open_to_nobody(play)
    log, packets = place + "/log", place + "/packets"
    run = start(play, host, "--user=nobody", "-o", log, "--pcapng=" + packets)
    both = refused(host)
    until(lambda: len(run.events(log)) == 2, "the first events")
    run.process.send_signal(signal.SIGHUP)
    both += refused(host)
    until(lambda: len(run.events(log)) == 4, "more events")
    run.end()
    same(run.events(log), both)
    owners = {os.stat(path).st_uid for path in (log, packets)}
    if owners != {NOBODY}:
        raise AssertionError("the files belong to %s" % owners)


@scenario("rights", alone=True)
def other_user_cannot_reopen(play):
    """A directory where that user may not write: told at the start and when it is tried, and the
    old file goes on."""
    host, path = play.host(), play.directory() + "/log"
    run = start(play, host, "--user=nobody", "-o", path)
    if "no new file can begin there" not in run.talk[0]:
        raise AssertionError(run.talk)
    os.rename(path, path + ".1")
    run.process.send_signal(signal.SIGHUP)
    until(lambda: any("reopen %s: Permission denied" % path in line for line in run.talk),
          "the refusal")
    both = refused(host)
    run.process.send_signal(signal.SIGINT)
    if run.process.wait(PATIENCE):
        raise AssertionError(run.talk)
    same(run.events(path + ".1"), both)


@scenario("rights", alone=True)
def no_such_user(play):
    """Told before anything is tried."""
    for user, word in (("nosuch", "no such user"), ("nobody:nosuch", "no such group"),
                       ("4000000", "UID:GID"), ("root", "superuser"), ("", "not NAME")):
        play.run("--user=" + user).finished(2, word)
        play.bad_input()


def run_with(play, names, *options):
    """A run of nobody that has only these capabilities: it, begun."""
    setpriv = shutil.which("setpriv")
    if not setpriv:
        raise NotApplicable("setpriv is missing")
    directory = play.directory()
    os.chmod(directory, 0o755)
    copy = shutil.copy(play.binary, directory)
    os.chmod(copy, 0o755)
    caps = "-all," + ",".join("+" + name for name in names)
    return play.run("--reuid=%d" % NOBODY, "--regid=%d" % NOBODY, "--clear-groups",
                    "--inh-caps=" + caps, "--ambient-caps=" + caps, copy, "--format=json",
                    *options, binary=setpriv)


@scenario("rights", alone=True)
def two_capabilities(play):
    """Not root, CAP_BPF and CAP_PERFMON only: events, the owners of their sockets, and stacks."""
    host = play.host()
    run = run_with(play, ("bpf", "perfmon"), "--stack", "--netns=%d" % host.inode).ready()
    held = capabilities(run.pid)
    wanted = 1 << BITS["CAP_BPF"] | 1 << BITS["CAP_PERFMON"]
    if (held["CapPrm"], held["CapEff"], held["CapAmb"]) != (wanted, wanted, 0):
        raise AssertionError(str(held))
    client, server = play.connection((host, host))
    client.close(linger=0)
    server.await_error("ECONNRESET")
    until(lambda: len(run.events()) == 2, "both ends")
    program, both = refused_program(host, "client")
    until(lambda: len(run.events()) == 4, "the refusal")
    run.end()
    pids = {lookup(e, "reset.cause"): lookup(e, "process.pid") for e in run.events()}
    if (pids["peer-aborted"], pids["close-linger-zero"]) != (server.program.pid,
                                                             client.program.pid):
        raise AssertionError(str(pids))
    same(run.events()[2:], both)
    if kernel() >= (5, 14):     # before, /proc/kallsyms shows no addresses to who lacks CAP_SYSLOG
        expect_names(run)


@scenario("rights", alone=True)
def one_capability(play):
    """CAP_BPF alone is too little, and that is told."""
    run_with(play, ("bpf",)).finished(1, "CAP_PERFMON")


@scenario("rights", alone=True)
def user_without_rights(play):
    """--user of somebody who may not change to another user."""
    run_with(play, ("bpf", "perfmon"), "--user=daemon").finished(1, "CAP_SETUID")
