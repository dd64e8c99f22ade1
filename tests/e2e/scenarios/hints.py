# SPDX-License-Identifier: GPL-2.0-only
"""Hints beside a cause. The other files check causes; here a scenario is right by its hint."""

from expect import has_hint
from play import scenario

HINTS = "reset.hints"


@scenario("hint")
def hint_same_host(play):
    """Both ends of a reset are on this host: each event names the other."""
    client, server = play.connection()
    server.close(linger=0)
    client.await_error("ECONNRESET")
    play.sent(server, "close-linger-zero", {HINTS: has_hint("same-host")})
    play.received(client, "peer-aborted", {HINTS: has_hint("same-host")})
