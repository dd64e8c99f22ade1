# SPDX-License-Identifier: GPL-2.0-only
"""Programs as they are found in production: the right name must be told."""

import os
import signal
import subprocess

from expect import has_hint, one_of
from play import scenario

STATE = "network.connection.state"
NAME = "process.executable.name"
GET = b"GET / HTTP/1.1\r\nHost: test\r\n\r\n"

NGINX = """
daemon off; master_process off; pid %(dir)s/pid; error_log /dev/null; user root;
events {}
http {
  access_log off; client_header_buffer_size 1k;
  client_body_temp_path %(dir)s/body; proxy_temp_path %(dir)s/proxy; fastcgi_temp_path %(dir)s/fcgi;
  uwsgi_temp_path %(dir)s/uwsgi; scgi_temp_path %(dir)s/scgi;
  server { listen 80; listen [::]:80; %(server)s }
}
"""


def nginx_and_client(play, server):
    """nginx with these directives in its server block, and a connection to it."""
    here, there = play.two_hosts()
    directory = play.directory()
    config = os.path.join(directory, "nginx.conf")
    with open(config, "w") as file:
        file.write(NGINX % {"dir": directory, "server": server})
    nginx = there.run("nginx", "-p", directory, "-e", "/dev/null", "-c", config)
    there.wait_listening(80)
    client = here.program("client").connect(there.address(play.family), 80)
    return nginx, client, client.far(there, nginx)


@scenario("C3", family=("v4", "v6"))
def nginx_refuses_upload(play):
    """nginx drops a request (444) whose body it has not read to the end."""
    nginx, client, server = nginx_and_client(play, "return 444;")
    head = b"POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 100000\r\n\r\n"
    client.send(head + b"x" * (1400 - len(head)))
    client.await_error("ECONNRESET")
    play.sent(server, "close-unread-data", {
        NAME: "nginx", STATE: "established", "socket.unread": 376})
    play.received(client, "peer-aborted")


@scenario("C3")
def nginx_answers_early(play):
    """nginx answers and closes while a pipelined rest of the request is unread."""
    nginx, client, server = nginx_and_client(
        play, 'keepalive_timeout 0; lingering_close off; return 200 "done";')
    client.send(GET + b"x" * (1400 - len(GET)))
    client.await_error("ECONNRESET")
    play.sent(server, "close-unread-data", {
        NAME: "nginx", "socket.unread": 376, "reset.hints": has_hint("early-response")})
    play.received(client, "peer-aborted")


@scenario("A2")
def nginx_resets(play):
    """nginx aborts on purpose (reset_timedout_connection, 444), nothing unread."""
    nginx, client, server = nginx_and_client(play, "reset_timedout_connection on; return 444;")
    client.send(GET)
    client.await_error("ECONNRESET")
    play.sent(server, "close-linger-zero", {NAME: "nginx", STATE: "established"})
    play.received(client, "peer-aborted")


@scenario("C4")
def nginx_keepalive_race(play):
    """nginx closes an idle connection; the client reuses it all the same."""
    nginx, client, server = nginx_and_client(play, 'keepalive_timeout 1; return 200 "done";')
    client.send(GET)
    client.read_some()
    client.read_end()
    server.host.wait_orphan(server, "FIN_WAIT2")
    client.send(GET)
    client.await_error("EPIPE")
    play.sent(server, "data-after-close", {NAME: "nginx", "process.role": "closer"}, owned=True)
    play.received(client, "write-after-peer-close", {STATE: "close_wait"})


def redis_and_client(play):
    here, there = play.two_hosts()
    redis = there.run("redis-server", "--port", "6379", "--bind", there.v4, "--save", "", "--dir",
                      play.directory(), "--daemonize", "no", "--protected-mode", "no")
    there.wait_listening(6379)
    client = here.program("client").connect(there.v4, 6379)
    client.send(b"PING\r\n")
    client.read(len("+PONG\r\n"))
    return redis, client, client.far(there, redis)


@scenario("D5")
def redis_killed(play):
    """redis-server is killed with requests unread; whichever of its threads ends last."""
    redis, client, server = redis_and_client(play)
    redis.freeze()
    client.send(b"PING\r\n" * 10)
    server.host.wait_unread(6379, 60)
    redis.kill(signal.SIGKILL)
    client.await_error("ECONNRESET")
    play.sent(server, "close-unread-data", {
        NAME: "redis-server", "socket.unread": 60, "reset.hints": has_hint("process-killed"),
        "process.exit_signal": one_of(9, "SIGKILL")})
    play.received(client, "peer-aborted", {STATE: "established"})


@scenario("C4")
def redis_client_kill(play):
    """CLIENT KILL closes a client's connection; the client sends the next command."""
    redis, client, server = redis_and_client(play)
    admin = client.program.connect(server.local[0], 6379)
    admin.send(b"CLIENT KILL TYPE normal SKIPME yes\r\n")
    admin.read(len(":1\r\n"))
    client.read_end()
    server.host.wait_orphan(server, "FIN_WAIT2")
    client.send(b"PING\r\n")
    client.await_error("EPIPE")
    play.sent(server, "data-after-close", {
        NAME: "redis-server", "process.role": "closer"}, owned=True)
    play.received(client, "write-after-peer-close", {STATE: "close_wait"})


@scenario("D5")
def curl_killed(play):
    """curl is killed in the middle of a download."""
    here, there = play.two_hosts()
    listener = there.program("server").listen("0.0.0.0", 80)
    curl = here.run("curl", "-s", "http://10.9.0.2/", stdout=subprocess.PIPE)
    server = listener.accept()
    server.read_some()
    curl.freeze()
    server.send(1000)
    here.wait_unread(server.peer[1], 1000)
    curl.kill(signal.SIGKILL)
    server.await_error("ECONNRESET")
    play.sent(server.far(here, curl), "close-unread-data", {
        NAME: "curl", "socket.unread": 1000, "reset.hints": has_hint("process-killed")})
    play.received(server, "peer-aborted", {STATE: "established"})


@scenario("D5")
def nc_terminated(play):
    """A listening nc is ended by SIGTERM with data unread."""
    here, there = play.two_hosts()
    nc = there.run("nc", "-l", "7000", stdin=subprocess.PIPE)
    there.wait_listening(7000)
    client = here.program("client").connect(there.v4, 7000)
    there.wait_connected(client.local[1])
    nc.freeze()
    client.send(100)
    there.wait_unread(7000, 100)
    nc.kill_frozen(signal.SIGTERM)
    client.await_error("ECONNRESET")
    play.sent(client.far(there, nc), "close-unread-data", {
        NAME: "nc", "socket.unread": 100, "reset.hints": has_hint("process-killed")})
    play.received(client, "peer-aborted", {STATE: "established"})
