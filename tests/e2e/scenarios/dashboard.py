# SPDX-License-Identifier: GPL-2.0-only
"""The dashboard of deploy/: a real Prometheus answers its queries."""

import pathlib
import re
import subprocess
import sys

import netns
from play import scenario
from scenarios.metrics import BURST, Prometheus, burst
from scraper import Server
from waiting import until

TOP = pathlib.Path(__file__).resolve().parents[3]
SOON = 30
# There is no yesterday, nothing died silently, --label was not given, nothing was restarted, and a
# kernel may hide nothing.
RIGHTLY_EMPTY = re.compile(r"offset 1|rstwhy_deaths_|rstwhy_resets_by_(unit|container|netns)|"
                           r"rstwhy_blind_spot|Restarts")
# Nothing was filtered, lost ..., a refused connection was never idle, and rate() does not see what a
# series with a state begins with.
RIGHTLY_ZERO = re.compile(r"rstwhy_events_(filtered|suppressed|lost|unwritten)_total|Restarts|"
                          r"idle_seconds|sum by \(state\)")


def answers(server, prometheus):
    """(number or "nothing", query with where it stands) of each query."""
    with netns.inside(server.home.fd):
        said = subprocess.run(
            [sys.executable, "-B", TOP / "tests/deploy/dashboard.py",
             TOP / "deploy/grafana/rstwhy.json", "http://127.0.0.1:%d" % prometheus.PORT],
            stdout=subprocess.PIPE, text=True)
    if said.returncode:
        raise AssertionError(said.stdout)
    return [line.split(maxsplit=1) for line in said.stdout.splitlines()[:-1]]


@scenario("dashboard", alone=True)
def dashboard_queries(play):
    """Each query of the dashboard, run: a first burst of refused connects is in the numbers."""
    server = Server(play)
    prometheus = Prometheus(play, server)
    until(lambda: (prometheus.value("count_over_time(up[1m])") or 0) >= 2, "two scrapes")
    burst(server, BURST)
    until(lambda: prometheus.value("sum(rstwhy_resets_total offset 1s)") == 2 * BURST,
          "all of it, and a second sample", SOON)
    wrong, top = [], 0
    for number, query in answers(server, prometheus):
        if number == "nothing":
            wrong += [] if RIGHTLY_EMPTY.search(query) else ["nothing " + query]
        elif not float(number):
            wrong += [] if RIGHTLY_ZERO.search(query) else ["0 " + query]
        elif query.startswith("Top causes"):
            top = float(number)
    if wrong:
        raise AssertionError("\n".join(wrong))
    if not BURST <= top < 1.5 * BURST:
        raise AssertionError("top causes: %s of %d" % (top, BURST))
    server.run.end()
