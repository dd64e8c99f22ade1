# SPDX-License-Identifier: GPL-2.0-only
"""--listen: what a scraper gets, and what a bad one cannot do."""

import contextlib
import errno
import json
import select
import signal
import socket
import subprocess
import time

import netns
from play import scenario
from programs import find_program
from refusals import refused
from scenarios.runs import RING_FILLING, flood
from scraper import ADDRESS, PORT, Server, need_http
from syscalls import Syscalls
from waiting import PATIENCE, NotApplicable, until

OPENMETRICS = "application/openmetrics-text"
MANY = 100      # connections: more than one address may have
ADDRESS_MAX = 32
HEADER_SECONDS = 10     # from the connection to the end of the header
CROWDED = "has %d connections, which is the most" % ADDRESS_MAX
SOON = 30
BURST = 40
# What a PodMonitor gives a target: a label of ours by the same name becomes exported_...
POD_LABELS = {"namespace": "rstwhy", "pod": "rstwhy-x1", "container": "rstwhy",
              "endpoint": "metrics", "node": "a"}
CPU_MAX = 1.0   # seconds, of a run that starts and waits
WARNING = "who reaches it can read them"


def curl(server, *words):
    return server.home.command("curl", "-sS", "--max-time", "20", *words)


@scenario("metrics", alone=True)
def metrics_pages(play):
    """curl of each page: the live page (live.py has more of it), health, metrics; and of what is
    none."""
    server = Server(play)
    at = "http://%s:%d" % (ADDRESS, PORT)
    landing = curl(server, "-i", at + "/")
    for part in ("HTTP/1.1 200 OK", "text/html", "page.js"):
        if part not in landing:
            raise AssertionError("no %s: %s" % (part, landing))
    if curl(server, at + "/healthz") != "ok\n":
        raise AssertionError("/healthz")
    if "rstwhy_build_info{" not in curl(server, at + "/metrics?a=b"):
        raise AssertionError("/metrics?a=b")
    for status, *words in (("404", at + "/metrics/"), ("404", at + "/../etc/passwd"),
                           ("405", "-XPOST", "-dx", at + "/metrics"),
                           ("405", "-XDELETE", at + "/"), ("200", "-I", at + "/metrics"),
                           ("400", "-HHost:", at + "/metrics"),
                           ("200", "-0", "-HHost:", at + "/metrics")):
        said = curl(server, "-o", "/dev/null", "-w", "%{http_code}", *words)
        if said != status:
            raise AssertionError("%s: %s" % (words, said))
    server.run.end()


@scenario("metrics", alone=True)
def metrics_formats(play):
    """OpenMetrics for who asks for it, else the text of Prometheus; promtool likes that."""
    server = Server(play, "--silent", "--label=unit")
    refused(server.host)
    until(lambda: server.scrape().sum("rstwhy_events_shown_total") == 2, "both events")
    text, openmetrics = server.get(), server.get(Accept=OPENMETRICS + ";version=1.0.0,*/*;q=0.1")
    for answer, kind in ((text, "text/plain; version=0.0.4"), (openmetrics, OPENMETRICS)):
        if not answer.headers["Content-Type"].startswith(kind):
            raise AssertionError(str(answer.headers))
    if "# EOF" in text.text or not openmetrics.text.endswith("\n# EOF\n"):
        raise AssertionError("# EOF")
    checked = subprocess.run([find_program("promtool"), "check", "metrics"], input=text.text,
                             text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if checked.returncode or checked.stdout:
        raise AssertionError("promtool: " + checked.stdout)
    server.run.end()


@scenario("metrics", alone=True)
def metrics_numbers(play):
    """Each reset is in the series of its cause, at once, though the tracer was asleep."""
    server = Server(play, "--label=netns")
    zero = server.scrape()
    if zero.sum("rstwhy_resets_counted_total") or zero.sum("rstwhy_events_shown_total"):
        raise AssertionError(zero.text)
    for _ in range(3):
        refused(server.host)
    refused(server.host, address="::1")
    client, end = play.connection((server.host, server.host))
    client.send(5000)
    end.wait_unread(5000)
    end.close()
    client.await_error("ECONNRESET")
    until(lambda: server.scrape().sum("rstwhy_events_shown_total") == 10, "ten events")
    got = server.scrape()
    inode = str(server.host.inode)
    for want, name, labels in (
            (3, "resets", dict(direction="sent", cause="port-closed", family="ipv4")),
            (1, "resets", dict(direction="sent", cause="port-closed", family="ipv6")),
            (4, "resets", dict(direction="received", cause="connection-refused",
                               state="syn_sent")),
            (1, "resets", dict(direction="sent", cause="close-unread-data",
                               state="established")),
            (5, "resets", dict(direction="received")),
            (5, "resets_counted", dict(direction="sent")),
            (5, "resets_by_netns", dict(direction="sent", netns=inode)),
            (10, "resets_by_netns", {}),
            (10, "hints", dict(hint="same-host"))):
        if got.sum("rstwhy_%s_total" % name, **labels) != want:
            raise AssertionError("%s %s: not %d: %s" % (name, labels, want, got.text))
    if got.sum("rstwhy_received_reset_idle_seconds_count") != 1:
        raise AssertionError(got.text)
    spots = {dict(labels)["spot"] for (name, labels), value in got.samples.items()
             if name == "rstwhy_blind_spot" and value}
    if spots != play.blind:
        raise AssertionError("blind spots: %s, doctor: %s" % (spots, play.blind))
    server.run.end()


@scenario("metrics", alone=True)
def metrics_filtered(play):
    """What a filter of user space keeps back is counted, and is in no cause."""
    server = Server(play, "--cause=port-closed")
    for _ in range(3):
        refused(server.host)
    until(lambda: server.scrape().sum("rstwhy_resets_counted_total") == 6, "six events")
    got = server.scrape()
    if (got.sum("rstwhy_events_filtered_total") != 3 or got.sum("rstwhy_resets_total") != 3
            or got.sum("rstwhy_resets_total", cause="port-closed") != 3):
        raise AssertionError(got.text)
    server.run.end()


def expect_exact(server):
    """So many were sent as the kernel says, and all of them by one cause."""
    sent = server.host.counters()["OutRsts"]
    counted = {"direction": "sent"}
    until(lambda: server.scrape().sum("rstwhy_resets_counted_total", **counted) >= sent,
          "%d resets" % sent)
    got = server.scrape()
    numbers = [got.sum("rstwhy_resets_total", **labels) for labels in (
        dict(direction="sent"), dict(direction="sent", cause="port-closed"),
        dict(direction="received", cause="connection-refused"))]
    if numbers != [sent] * 3:
        raise AssertionError("the kernel sent %d: %s: %s" % (sent, numbers, got.text))
    return got


def expect_growth(before, after):
    """A counter that shrinks is taken for one that began anew."""
    for key, value in before.samples.items():
        if key[0] != "rstwhy_received_reset_idle_seconds_sum" and after.samples[key] < value:
            raise AssertionError("%s: %s, then %s" % (key, value, after.samples[key]))


@scenario("metrics", alone=True, flood=True)
def metrics_in_a_flood(play):
    """In each scrape the sum closes, no series shrinks, and in the end it is what the kernel
    counted."""
    server = Server(play, "-o", play.directory() + "/events", "--rate=20")
    with flood(server.host):
        before = server.scrape()
        for _ in range(20):
            after = server.scrape()
            expect_growth(before, after)
            before = after
        until(lambda: server.scrape().sum("rstwhy_events_suppressed_total"), "suppressed ones")
    got = expect_exact(server)
    expect_growth(before, got)
    server.run.end().numbers()


@scenario("metrics", alone=True)
def metrics_of_lost(play):
    """The tracer sleeps while more resets come than the ring buffer holds."""
    server = Server(play, "-o", play.directory() + "/events", "--rate=0", "--buffer=256K")
    server.run.freeze()
    for _ in range(RING_FILLING):
        refused(server.host)
    server.run.wake()
    if not expect_exact(server).sum("rstwhy_events_lost_total"):
        raise AssertionError("nothing was lost")
    server.run.end()


@scenario("metrics", alone=True)
def metrics_unwritten(play):
    """A disk that is full: which output it was."""
    server = Server(play, "--pcapng=/dev/full")
    play.fault()
    for _ in range(3):
        refused(server.host)
    wanted = {"json": 0, "pcapng": 6}
    until(lambda: {output: server.scrape().sum("rstwhy_events_unwritten_total", output=output)
                   for output in wanted} == wanted, "six events of the capture")
    server.run.process.send_signal(signal.SIGINT)
    if server.run.process.wait(PATIENCE) != 1:
        raise AssertionError("not the status of a run that lost something")


class Prometheus:
    """A real one, beside the run that it scrapes."""

    PORT = 9090

    def __init__(self, play, server):
        place = play.directory()
        with open(place + "/prometheus.yml", "w") as file:
            json.dump({"scrape_configs": [{
                "job_name": "rstwhy", "scrape_interval": "200ms", "scrape_timeout": "200ms",
                "static_configs": [{"targets": ["%s:%d" % (ADDRESS, PORT)],
                                    "labels": POD_LABELS}]}]}, file)
        self.home = server.home
        self.home.run("prometheus", "--config.file=" + place + "/prometheus.yml",
                      "--storage.tsdb.path=" + place + "/data",
                      "--web.listen-address=127.0.0.1:%d" % self.PORT)
        self.home.wait_listening(self.PORT)

    def ask(self, path, *words):
        """Not answered while it begins."""
        try:
            return json.loads(self.home.command(
                "curl", "-sSfG", "http://127.0.0.1:%d/api/v1/%s" % (self.PORT, path), *words))
        except NotApplicable:
            return {"data": {"result": []}}

    def value(self, query):
        """Of a query with one result; None: there is none yet."""
        result = self.ask("query", "--data-urlencode", "query=" + query)["data"]["result"]
        return float(result[0]["value"][1]) if len(result) == 1 else None


@scenario("metrics", alone=True)
def metrics_prometheus(play):
    """A real Prometheus scrapes, and answers with the right numbers."""
    server = Server(play, "--label=container")
    prometheus = Prometheus(play, server)
    until(lambda: prometheus.value("up") == 1, "the first scrape")
    for _ in range(7):
        refused(server.host)
    for query, wanted in (
            ('rstwhy_resets_total{cause="port-closed"}', 7),
            ('sum(rstwhy_resets_total)', 14),
            ('sum(rstwhy_resets_counted_total) - sum(rstwhy_events_shown_total)', 0),
            ('rstwhy_connection_age_seconds_bucket{direction="received",le="1.0"}', 7),
            ('rstwhy_build_info', 1),
            ('sum by (container_id) (rstwhy_resets_by_container_total{container_id!=""})', 14),
            ('time() - rstwhy_start_time_seconds < bool 600', 1),
            ('min_over_time(up[1m])', 1)):
        until(lambda: prometheus.value(query) == wanted, "%s to be %s" % (query, wanted), SOON)
    renamed = [name for name in prometheus.ask("labels")["data"] if name.startswith("exported_")]
    if renamed:
        raise AssertionError("labels that clash with the target's: %s" % renamed)
    kinds = prometheus.ask("metadata")["data"]
    if kinds["rstwhy_resets"][0]["type"] != "counter" or kinds["rstwhy_build"][0]["type"] != "info":
        raise AssertionError(str(kinds))
    server.run.end()


def burst(server, count):
    """So many at once, for all that a scraper can see: the tracer sleeps meanwhile."""
    server.run.freeze()
    for _ in range(count):
        refused(server.host)
    server.run.wake()


@scenario("metrics", alone=True)
def metrics_first_burst(play):
    """A cause that was never there, in one burst between two scrapes: increase() is its size."""
    server = Server(play)
    prometheus = Prometheus(play, server)
    seen = 'count_over_time(rstwhy_resets_by_cause_total{direction="sent",cause="port-closed"}[1m])'
    until(lambda: (prometheus.value(seen) or 0) >= 2, "two scrapes")
    burst(server, BURST)
    until(lambda: prometheus.value("sum(rstwhy_resets_total)") == 2 * BURST, "all of it", SOON)
    for labels in ('direction="sent",cause="port-closed"',
                   'direction="received",cause="connection-refused"'):
        query = "increase(rstwhy_resets_by_cause_total{%s}[1m])" % labels
        # Prometheus adds what may have been between the ends of the minute and the next scrapes.
        until(lambda: BURST <= (prometheus.value(query) or 0) < 1.5 * BURST, query, SOON)
    server.run.end()


def expect_refused(play, listen, complaint, before=None):
    run = play.run("--listen=" + listen, before=before)
    run.finished(status=1, complaint="listen on %s: %s" % (listen, complaint))
    play.fault()
    if run.output:
        raise AssertionError(run.output)


@scenario("metrics", alone=True)
def metrics_port_taken(play):
    """The port is taken, the address is not of this host: one line, and no run."""
    need_http(play)
    host = play.host()

    def inside():
        netns.enter(host.fd)
    with netns.inside(host.fd), socket.create_server((ADDRESS, PORT)):
        expect_refused(play, "%s:%d" % (ADDRESS, PORT), "Address already in use", inside)
    expect_refused(play, "192.0.2.1:80", "Cannot assign requested address", inside)
    expect_refused(play, "[2001:db8::1]:80", "Cannot assign requested address", inside)


@scenario("metrics", alone=True)
def metrics_addresses(play):
    """IPv6; and all addresses, which is told, for there is no password."""
    server = Server(play, listen="[::1]:%d" % PORT)
    server.scrape(address="::1")
    server.run.end()
    server = Server(play, listen=":%d" % PORT)
    server.scrape(address="::1")
    server.scrape()
    server.run.end(complaint=WARNING)
    server = Server(play, listen="0.0.0.0:%d" % PORT)
    server.scrape()
    server.run.end(complaint=WARNING)


@scenario("metrics", alone=True)
def metrics_no_ipv6(play):
    """A host with IPv6 disabled, a kernel without it: all addresses are those of IPv4; one of IPv6
    is an error."""
    need_http(play)
    home = play.host("home")
    for judge in (None, lambda call: errno.EAFNOSUPPORT
                  if call.name == "socket" and call.arguments[0] == socket.AF_INET6 else 0,
                  lambda call: errno.EADDRNOTAVAIL
                  if call.name == "bind" and call.read(call.arguments[1], 1)[0] == socket.AF_INET6
                  else 0):
        calls = Syscalls(("socket", "bind"), judge) if judge else None

        def before():
            netns.enter(home.fd)
            with open("/proc/sys/net/ipv6/conf/all/disable_ipv6", "w") as file:
                file.write("1")
            if calls:
                calls.before()
        run = play.run("--listen=:%d" % PORT, before=before).ready()
        said = home.command("curl", "-sS", "http://%s:%d/healthz" % (ADDRESS, PORT))
        if said != "ok\n":
            raise AssertionError(said)
        run.end(complaint=WARNING)
        if calls:
            calls.close()
    expect_refused(play, "[::1]:%d" % PORT, "Cannot assign requested address",
                   lambda: netns.enter(home.fd))


def traces_on(server):
    """Events come out."""
    before = len(server.run.events())
    refused(server.host)
    until(lambda: len(server.run.events()) == before + 2, "the events")


def read_to_end(sock):
    """Till the server hangs up, be it with a word, a reset or in silence."""
    with sock, contextlib.suppress(ConnectionError):
        while sock.recv(4096):
            pass


@scenario("metrics", alone=True)
def metrics_half_open(play):
    """Connections that never ask: they are ended, they cost no processor, tracing goes on, and
    then there is room again."""
    server = Server(play)
    crowd = [server.connect().sock for _ in range(MANY)]
    crowd[0].sendall(b"GET /metrics HTTP/1.1\r\nHost: ")
    traces_on(server)
    for one in crowd:
        read_to_end(one)
    if server.scrape().sum("rstwhy_events_shown_total") != 2:
        raise AssertionError("not the numbers")
    if server.run.cpu_seconds() > CPU_MAX:
        raise AssertionError("%.2f s of processor" % server.run.cpu_seconds())
    server.run.end(complaint=CROWDED)


def still_there(sock):
    """It takes one more byte, and the server has not hung up. One by one, they make no silence."""
    try:
        sock.sendall(b"x")
        return not select.select([sock], [], [], 0)[0]
    except ConnectionError:
        return False


@scenario("metrics", alone=True)
def metrics_slow_clients(play):
    """As many as one address may have, each of which sends a byte of its header now and then: who
    asks is answered, in place of the oldest; all of them are hung up on in time; and it is told."""
    server = Server(play)
    begun = time.monotonic()
    crowd = [server.connect().sock for _ in range(ADDRESS_MAX)]
    for one in crowd:
        one.sendall(b"GET /healthz HTTP/1.1\r\nX-")
    if server.get("/healthz").text != "ok\n" or server.get("/healthz").text != "ok\n":
        raise AssertionError("/healthz")
    if time.monotonic() - begun > HEADER_SECONDS / 2:
        raise NotApplicable("so slow a machine that nothing can be told")
    until(lambda: not any([still_there(one) for one in crowd]), "all to be hung up on", 30)
    if time.monotonic() - begun < HEADER_SECONDS - 1:
        raise AssertionError("hung up on after %.1f s" % (time.monotonic() - begun))
    got = server.scrape()
    numbers = [got.sum("rstwhy_http_clients_cut_total", reason=reason)
               for reason in ("crowded", "slow")]
    if numbers[0] not in (1, 2) or sum(numbers) != ADDRESS_MAX:
        raise AssertionError("crowded, slow: %s" % numbers)
    for one in crowd:
        one.close()
    server.run.end(complaint=CROWDED)


@scenario("metrics", alone=True)
def metrics_slow_scraper(play):
    """One that asks and asks and reads nothing: the others get their answers."""
    server = Server(play)
    with netns.inside(server.home.fd):
        slow = socket.socket()
    slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    slow.connect((ADDRESS, PORT))
    slow.settimeout(0.2)
    with contextlib.suppress(TimeoutError, ConnectionError):
        while True:
            slow.sendall(b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n" * 100)
    traces_on(server)
    until(lambda: server.scrape().sum("rstwhy_events_shown_total") == 2, "the numbers")
    slow.close()
    server.run.end()


@scenario("metrics", alone=True)
def metrics_bad_requests(play):
    """What is no HTTP, or more of it than fits, changes nothing."""
    server = Server(play)
    crowd = []
    for words in (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"GET\r\n\r\n",
                  b"GET /metrics HTTP/1.1\r\nX: " + b"x" * 100000 + b"\r\n\r\n",
                  b"GET /" + b"a" * 100000 + b" HTTP/1.1\r\n\r\n", b"\r\n" * 1000,
                  b"POST /metrics HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n"):
        crowd.append(server.connect().sock)
        with contextlib.suppress(ConnectionError):
            crowd[-1].sendall(words)
    traces_on(server)
    for one in crowd:
        read_to_end(one)
    server.scrape()
    server.run.end()
