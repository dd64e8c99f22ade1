# SPDX-License-Identifier: GPL-2.0-only
"""--pcapng: what Wireshark's own programs read in it, and what becomes of the file."""

import ctypes
import json
import os
import re
import signal
import struct
import subprocess

import netns
import pcapng
from expect import lookup
from play import scenario
from programs import find_program
from refusals import refused, refused_program, start
from shortrun import CLONE_NEWNS, MS_PRIVATE, MS_REC, need_own_mounts
from waiting import until

FIELDS = ("frame.comment", "frame.packet_id", "frame.packet_flags_direction",
          "frame.interface_name", "frame.time_epoch", "frame.len", "frame.cap_len", "ip.src",
          "ip.dst", "ipv6.src", "ipv6.dst", "ip.checksum.status", "tcp.srcport", "tcp.dstport",
          "tcp.flags.reset", "tcp.seq_raw", "tcp.checksum.status")
GOOD = "1"      # of a checksum
OUTBOUND = "0x00000002"
OLD_MAX = 9


def tool(name, *arguments):
    """What a program of Wireshark's prints; it must not complain."""
    done = subprocess.run([find_program(name), *arguments], text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE)
    complaints = [line for line in done.stderr.splitlines() if "Running as user" not in line]
    if done.returncode or complaints:
        raise AssertionError("%s %s: %d %s" % (name, arguments, done.returncode, complaints))
    return done.stdout


def packets(path):
    """The packets with a comment, as tshark sees them."""
    wanted = [word for field in FIELDS for word in ("-e", field)]
    text = tool("tshark", "-n", "-r", path, "-o", "tcp.check_checksum:TRUE", "-o",
                "ip.check_checksum:TRUE", "-Y", "frame.comment", "-T", "json", *wanted)
    return [{field: values[0] for field, values in packet["_source"]["layers"].items()}
            for packet in json.loads(text)]


def ends_of(packet):
    family = "ip" if "ip.src" in packet else "ipv6"
    return tuple((packet["%s.%s" % (family, side)], int(packet["tcp.%sport" % side]))
                 for side in ("src", "dst"))


def check_packet(event, packet):
    """The packet tells what the event tells."""
    ends = [(lookup(event, "network.%s.address" % side), lookup(event, "network.%s.port" % side))
            for side in ("local", "peer")]
    outbound = packet["frame.packet_flags_direction"] == OUTBOUND
    comment = packet["frame.comment"].split("\n")
    reset = event["reset"]
    is_trigger = lookup(event, "segment.role") == "trigger"
    first = "%s [%s]: %s" % (reset["cause"], reset["confidence"], reset["summary"])
    whole = packet["frame.len"] == packet["frame.cap_len"]
    wrong = {
        "id": int(packet["frame.packet_id"]) != int(event["event"]["id"], 16),
        "time": not event["time"].endswith(packet["frame.time_epoch"].split(".")[1] + "Z"),
        "interface": packet["frame.interface_name"] != "netns %d" % event["linux"]["netns"],
        "direction": outbound != (reset["direction"] == "sent" and not is_trigger),
        "ends": ends_of(packet) != tuple(ends if outbound else ends[::-1]),
        "RST": (packet["tcp.flags.reset"] in ("1", "True")) == is_trigger,
        "IP checksum": packet.get("ip.checksum.status", GOOD) != GOOD,
        "TCP checksum": whole and packet["tcp.checksum.status"] != GOOD,
        "length": not is_trigger and not whole or is_trigger and event["segment"]["length"] != int(
            packet["frame.len"]) - int(packet["frame.cap_len"]),
        "comment": comment[0] != first,
        "evidence": not set("- " + e for e in reset["evidence"]) <= set(comment),
        "hints": not set("%(id)s: %(text)s" % h for h in reset.get("hints", ())) <= set(comment),
        "process": "process" in event and not any(
            line.startswith("process: %s (%d), " % (event["process"]["executable"]["name"],
                                                    event["process"]["pid"])) for line in comment),
    }
    if any(wrong.values()):
        raise AssertionError("%s: %s; %s" % ([k for k in wrong if wrong[k]], packet, event))


def check_numbers(packet, wire):
    """A reset has the numbers that were on the wire; flags beside RST were not always seen."""
    same = [s for s in wire.sent + wire.received
            if ((s.src, s.sport), (s.dst, s.dport)) == ends_of(packet)]
    number = int(packet["tcp.seq_raw"])
    if not any(s.seq == number for s in same):
        raise AssertionError("%s is none of %s" % (packet, [str(s) for s in same]))


@scenario("pcapng", family=("v4", "v6", "mapped"), alone=True)
def pcapng_packets(play):
    """Data unread, data after close, a closed port, seen from both ends: each reset is a packet
    with its verdict, and tshark agrees with all that JSON says."""
    path, (left, right) = play.directory() + "/resets.pcapng", play.two_hosts()
    run = play.run("--format=json", "--pcapng=" + path).ready()
    client, server = play.connection((left, right))
    client.send(5000)
    server.wait_unread(5000)
    server.read(4096)
    server.close()
    client.await_error("ECONNRESET")
    client, server = play.connection((left, right), port=8080)
    server.close()
    client.read_end()
    client.send(100)
    client.await_error("EPIPE")
    left.program("client").connect(right.address(play.family), 81, fails="ECONNREFUSED")
    for host in (left, right):
        host.wire.wait(lambda wire: len(wire.sent + wire.received) >= 3)
    run.end()
    wires = {host.inode: host.wire for host in (left, right)}
    by_id = {"%016x" % int(packet["frame.packet_id"]): packet for packet in packets(path)}
    events = [event for event in run.events() if event["linux"]["netns"] in wires]
    if len(events) != 6:
        raise AssertionError("not six events: %s" % events)
    for event in events:
        packet = by_id[event["event"]["id"]]
        check_packet(event, packet)
        if lookup(event, "segment.role") != "trigger":
            check_numbers(packet, wires[event["linux"]["netns"]])


@scenario("pcapng", alone=True)
def pcapng_tools(play):
    """tshark -V finds nothing malformed; capinfos, editcap, reordercap and mergecap take the file,
    and what they write still has the comments."""
    host, place = play.host(), play.directory()
    path, copies = place + "/resets.pcapng", [place + "/%s" % n for n in ("edit", "order", "merge")]
    run = start(play, host, "--pcapng=" + path)
    refused(host)
    refused(host, address="::1")
    run.end()
    if "Malformed" in tool("tshark", "-V", "-r", path):
        raise AssertionError("malformed")
    infos = tool("capinfos", path)
    for line in ("Number of packets:   4", "Number of interfaces in file: 2",
                 "Capture application: rstwhy "):
        if line not in infos:
            raise AssertionError("no '%s': %s" % (line, infos))
    tool("editcap", path, copies[0])
    tool("mergecap", "-w", copies[2], path, copies[0])
    subprocess.run([find_program("reordercap"), path, copies[1]], check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    comments = [packet["frame.comment"] for packet in packets(path)]
    for copy, times in zip(copies, (1, 1, 2)):
        if sorted(p["frame.comment"] for p in packets(copy)) != sorted(comments * times):
            raise AssertionError("comments of " + copy)


@scenario("pcapng", alone=True)
def pcapng_hostile_name(play):
    """A name made of escapes and line ends stays within its line of the comment."""
    host, path = play.host(), play.directory() + "/resets.pcapng"
    run = start(play, host, "--pcapng=" + path)
    refused_program(host, "\x1b[2J\n- client")
    run.end()
    comments = [packet["frame.comment"] for packet in packets(path)]
    if not any("\nprocess: \ufffd[2J\ufffd- client (" in c for c in comments) or any(
            re.search(r"[\x00-\x09\x0b-\x1f\x7f]", c) for c in comments):
        raise AssertionError(comments)


def event_ids(run):
    return [event["event"]["id"] for event in run.events() if "id" in event["event"]]


def files_of(path):
    """The one being written and those before it, the oldest first."""
    old = ["%s.%d" % (path, n) for n in range(OLD_MAX, 0, -1)]
    return [name for name in old if os.path.exists(name)] + [path]


@scenario("pcapng", alone=True)
def pcapng_size(play):
    """--pcapng-size: nothing is lost and nothing twice as one file follows the other, and each can
    be read alone. When there are ten, the oldest goes."""
    host, path = play.host(), play.directory() + "/resets.pcapng"
    run = start(play, host, "--rate=0", "--pcapng=" + path, "--pcapng-size=64K")

    def refuse_until(done):
        while not done():
            for _ in range(20):
                refused(host)
    refuse_until(lambda: os.path.exists("%s.%d" % (path, OLD_MAX)))
    oldest = pcapng.ids("%s.%d" % (path, OLD_MAX))[0]
    refuse_until(lambda: pcapng.ids("%s.%d" % (path, OLD_MAX))[:1] != [oldest])
    run.end()
    files, written = files_of(path), event_ids(run)
    kept = [one for name in files for one in pcapng.ids(name)]
    if kept != written[-len(kept):] or written[0] in kept or os.path.exists(path + ".10"):
        raise AssertionError("%d kept of %d" % (len(kept), len(written)))
    for name in files:
        counts, size = pcapng.statistics(name), os.stat(name).st_size
        if counts["written"] != len(packets(name)) or size > (64 << 10) + 4096:
            raise AssertionError("%s: %d bytes, %s" % (name, size, counts))
        if name != path and size < 64 << 10:
            raise AssertionError("%s: only %d bytes" % (name, size))


def has_packets(path, count):
    """While it is being written, half a block may be seen."""
    try:
        return len(pcapng.ids(path)) >= count
    except (FileNotFoundError, AssertionError, struct.error):
        return False


def wait_packets(path, count):
    until(lambda: has_packets(path, count), "packets in " + path)


@scenario("pcapng", alone=True)
def pcapng_hup(play):
    """mv, SIGHUP: a new file that can be read alone; what was before is complete, with its sums.
    SIGHUP without mv changes nothing."""
    host, path = play.host(), play.directory() + "/resets.pcapng"
    run = start(play, host, "--pcapng=" + path)
    refused(host)
    wait_packets(path, 2)
    run.process.send_signal(signal.SIGHUP)
    refused(host)
    wait_packets(path, 4)
    os.rename(path, path + ".old")
    run.process.send_signal(signal.SIGHUP)
    until(lambda: os.path.exists(path), "the second file")
    refused(host)
    run.end()
    if pcapng.ids(path + ".old") + pcapng.ids(path) != event_ids(run):
        raise AssertionError("%s" % event_ids(run))
    sums = [pcapng.statistics(name) for name in (path + ".old", path)]
    if [s["written"] for s in sums] != [4, 2] or sum(s["counted"] for s in sums) != 6:
        raise AssertionError("%s" % sums)
    if len(pcapng.of_kind(path + ".old", pcapng.SECTION)) != 1:
        raise AssertionError("SIGHUP began a section in the same file")


@scenario("pcapng", alone=True)
def pcapng_copytruncate(play):
    """Somebody empties the file: it begins anew."""
    host, path = play.host(), play.directory() + "/resets.pcapng"
    run = start(play, host, "--pcapng=" + path)
    refused(host)
    wait_packets(path, 2)
    os.truncate(path, 0)
    refused(host)
    run.end()
    if pcapng.ids(path) != event_ids(run)[2:] or len(packets(path)) != 2:
        raise AssertionError("%s of %s" % (pcapng.ids(path), event_ids(run)))


@scenario("pcapng", alone=True)
def pcapng_suppressed(play):
    """What --rate has suppressed is no packet, but it is counted in the file."""
    host, path = play.host(), play.directory() + "/resets.pcapng"
    run = start(play, host, "--rate=20", "--pcapng=" + path)
    for _ in range(200):
        refused(host)
    run.end()
    numbers, counts = run.numbers(), pcapng.statistics(path)
    if not numbers["suppressed"] or counts != {
            "counted": numbers["counted"], "suppressed": numbers["suppressed"],
            "lost": numbers["lost"], "written": numbers["shown"]}:
        raise AssertionError("%s, %s" % (counts, numbers))


def small_disk(directory):
    """For `before`: a disk of 32 KB there, which only the process sees."""
    need_own_mounts()

    def mount(source, target, kind, flags, data):
        netns.check(netns.libc.mount(source, target, kind, ctypes.c_ulong(flags), data), "mount")

    def act():
        netns.check(netns.libc.unshare(CLONE_NEWNS), "unshare(CLONE_NEWNS)")
        mount(b"none", b"/", None, MS_REC | MS_PRIVATE, None)
        mount(b"tmpfs", directory.encode(), b"tmpfs", 0, b"size=32k")
    return act


def ended(run, *complaints):
    """It ends with status 1, having said these, in this order, beside its usual talk."""
    run.process.send_signal(signal.SIGINT)
    status = run.process.wait(60)
    said = [line for line in run.talk if any(c in line for c in complaints)]
    right = len(said) == len(complaints) and all(map(str.__contains__, said, complaints))
    if status != 1 or not right:
        raise AssertionError("status %d: %s" % (status, " | ".join(run.talk)))


@scenario("pcapng", alone=True)
def pcapng_full_disk(play):
    """The disk is full: one line, the run goes on, the file ends with a whole packet. When there is
    room again, it goes on with it; what was not written is counted."""
    host, place = play.host(), play.directory()
    run = start(play, host, "--rate=0", "--pcapng=%s/resets" % place, before=small_disk(place))
    path = "/proc/%d/root%s/resets" % (run.pid, place)
    count = 0

    def refuse_until(word):
        nonlocal count
        while word not in run._said(1):
            refused(host)
            count += 2
            until(lambda: len(event_ids(run)) == count, "the events")
    refuse_until("No space left")
    before = pcapng.ids(path)
    os.truncate(path, 0)
    refuse_until("works again; ")
    lost = int(re.search(r"works again; (\d+) events", run._said(1)).group(1))
    refused(host)
    count += 2
    wait_packets(path, count - len(before) - lost)
    written = before + pcapng.ids(path)
    tool("capinfos", path)
    ended(run, "write to %s/resets: No space left on device; the run goes on" % place,
          "works again; ", "write to %s/resets: %d events were not written" % (place, lost))
    if not before or not lost or len(written) + lost != count or not (
            set(written) < set(event_ids(run))):
        raise AssertionError("%d written, %d lost" % (len(written), lost))


@scenario("pcapng", alone=True)
def pcapng_size_no_rights(play):
    """The directory takes no other name: that is told, the file grows on, and nothing is lost."""
    host, place = play.host(), play.directory()
    path = place + "/resets"
    run = start(play, host, "--rate=0", "--pcapng=" + path, "--pcapng-size=64K")
    os.chmod(place, 0o555)
    while "begin a new" not in run._said(1):
        for _ in range(5):
            refused(host)
    os.chmod(place, 0o755)
    run.process.send_signal(signal.SIGINT)
    until(lambda: run.process.poll() is not None, "it to end")
    if "begin a new %s: Permission denied; what" % path not in run._said(1) or run.process.poll():
        raise AssertionError(run.talk)
    if [one for name in files_of(path) for one in pcapng.ids(name)] != event_ids(run):
        raise AssertionError("not all is there")


@scenario("pcapng", alone=True)
def pcapng_no_directory(play):
    """The file cannot be opened: one line, the run goes on, and SIGHUP tries again."""
    host, place = play.host(), play.directory() + "/not-yet"
    run = start(play, host, "--pcapng=%s/resets" % place)
    refused(host)
    until(lambda: len(event_ids(run)) == 2, "the events")
    os.mkdir(place)
    run.process.send_signal(signal.SIGHUP)
    wait_packets(place + "/resets", 0)
    refused(host)
    ended(run, "open %s/resets for writing: No such file or directory; the run goes on without it"
          % place, "works again; 2 events", ": 2 events were not written")
    if pcapng.ids(place + "/resets") != event_ids(run)[2:]:
        raise AssertionError("%s" % pcapng.ids(place + "/resets"))


@scenario("pcapng", alone=True)
def pcapng_live(play):
    """A pipe, for a live view: read while the run goes on. When its reader has gone, that is told,
    and the run goes on."""
    host, fifo = play.host(), play.directory() + "/fifo"
    os.mkfifo(fifo)
    reader = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
    run = start(play, host, "--pcapng=" + fifo)
    os.set_blocking(reader, True)
    with subprocess.Popen([find_program("tshark"), "-l", "-n", "-i", "-", "-T", "fields", "-e",
                           "frame.comment"], stdin=reader, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, text=True) as shark:
        os.close(reader)
        refused(host)
        first = shark.stdout.readline()
        shark.kill()
    until(lambda: refused(host) and "Broken pipe" in run._said(1), "the complaint")
    ended(run, "write to %s: Broken pipe; the run goes on without it" % fifo,
          "events were not written")
    if not first.startswith("port-closed [certain]: "):
        raise AssertionError(first)
