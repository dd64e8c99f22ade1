#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Checks a Grafana dashboard, and runs every query in it against a real Prometheus.

    dashboard.py DASHBOARD          its shape only
    dashboard.py DASHBOARD URL      also the queries: http://127.0.0.1:9090

Fails when the shape is wrong or a query is refused. Each query is listed with the largest number in
its answer, or with "nothing": whether that is right depends on what was scraped. Standard library
only.
"""

import argparse
import json
import math
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

COLUMNS = 24
RANGE_SECONDS = 600
# What Grafana puts in: the range shown is short here, and "All" is chosen.
VARIABLES = {"$__rate_interval": "1m", "$__interval": "15s", "$__range": "10m",
             "${__range}": "10m", "$instance": ".+"}


def panels_of(dashboard):
    """All panels, those in collapsed rows too."""
    for panel in dashboard["panels"]:
        yield panel
        yield from panel.get("panels") or []


def queries_of(dashboard):
    """(where, query, over a range) of all panels, annotations and variables."""
    for panel in panels_of(dashboard):
        for target in panel.get("targets") or []:
            yield panel["title"], target["expr"], target.get("range", False)
    for annotation in dashboard["annotations"]["list"]:
        yield annotation["name"], annotation["expr"], True
    for variable in dashboard["templating"]["list"]:
        if variable["type"] == "query":
            metric = variable["definition"].removeprefix("label_values(").split(",")[0]
            yield "variable " + variable["name"], metric, False


def overlaps(panels):
    """Pairs of panels that share a place."""
    taken = {}
    for panel in panels:
        place = panel["gridPos"]
        for x in range(place["x"], place["x"] + place["w"]):
            for y in range(place["y"], place["y"] + place["h"]):
                other = taken.setdefault((x, y), panel["title"])
                if other is not panel["title"]:
                    yield "%s and %s overlap" % (other, panel["title"])
                    return


def wrong_panel(panel):
    if not panel.get("title"):
        yield "a panel has no title"
    if panel["gridPos"]["x"] + panel["gridPos"]["w"] > COLUMNS:
        yield "%s is out of the grid" % panel["title"]
    if panel["type"] == "row":
        return
    if not panel.get("description"):
        yield "%s has no description" % panel["title"]
    for what in [panel, *panel["targets"]]:
        if what.get("datasource", {}).get("uid") != "${datasource}":
            yield "%s has a data source of its own" % panel["title"]
    for target in panel["targets"]:
        if "$instance" not in target["expr"]:
            yield "%s does not ask for $instance: %s" % (panel["title"], target["expr"])


def wrong_shape(dashboard):
    """What Grafana would stumble over, or would make a second copy of the dashboard."""
    if dashboard.get("id") is not None:
        yield "an id is the database's of one Grafana: leave it out"
    if not dashboard.get("uid"):
        yield "no uid: each import would be a new dashboard"
    if not isinstance(dashboard.get("schemaVersion"), int):
        yield "no schemaVersion"
    names = [variable["name"] for variable in dashboard["templating"]["list"]]
    if names != ["datasource", "instance"]:
        yield "the variables are %s" % names
    panels = list(panels_of(dashboard))
    ids = [panel["id"] for panel in panels]
    if len(set(ids)) != len(ids):
        yield "two panels have the same id"
    for panel in panels:
        yield from wrong_panel(panel)
    yield from overlaps(panels)


def filled(query):
    for name in sorted(VARIABLES, key=len, reverse=True):
        query = query.replace(name, VARIABLES[name])
    if "$" in query:
        raise ValueError("a variable that is not known")
    return query


def ask(url, query, is_range):
    """The series that Prometheus answers with; ValueError when it refuses."""
    now = time.time()
    words = {"query": query, "start": now - RANGE_SECONDS, "end": now, "step": 15}
    path = "/api/v1/query_range" if is_range else "/api/v1/query"
    data = urllib.parse.urlencode(words).encode()
    try:
        with urllib.request.urlopen(url.rstrip("/") + path, data, timeout=30) as answer:
            return json.load(answer)["data"]["result"]
    except urllib.error.HTTPError as error:
        raise ValueError(json.load(error).get("error", str(error))) from error


def largest(series):
    """Of all samples; None: there is none, or none is a number (0/0)."""
    numbers = [float(text) for one in series
               for _, text in one.get("values") or [one["value"]]]
    return max((number for number in numbers if not math.isnan(number)), default=None)


def run_queries(dashboard, url):
    """(queries, of which refused); says what each is answered with."""
    count = refused = 0
    for where, query, is_range in queries_of(dashboard):
        count += 1
        try:
            number = largest(ask(url, filled(query), is_range))
            print("%-8s %s: %s" % ("nothing" if number is None else "%.6g" % number, where, query))
        except ValueError as error:
            refused += 1
            print("FAIL     %s: %s\n    %s" % (where, query, error))
    return count, refused


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("dashboard")
    parser.add_argument("url", nargs="?")
    arguments = parser.parse_args()
    with open(arguments.dashboard, encoding="utf-8") as file:
        dashboard = json.load(file)
    wrong = list(wrong_shape(dashboard))
    for text in wrong:
        print("FAIL     " + text)
    refused = 0
    if arguments.url:
        count, refused = run_queries(dashboard, arguments.url)
        print("dashboard: %d queries, %d refused" % (count, refused))
    return 1 if wrong or refused else 0


if __name__ == "__main__":
    sys.exit(main())
