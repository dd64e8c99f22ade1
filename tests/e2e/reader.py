# SPDX-License-Identifier: GPL-2.0-only
"""A reader of /events, as a browser's EventSource is one."""

import json
from dataclasses import dataclass


@dataclass
class Message:
    """event: "message" unless the server names another; data: its text."""

    event: str
    id: str
    data: str

    @property
    def json(self):
        return json.loads(self.data)

    @property
    def number(self):
        """What the id ends with: the events of a run are numbered from 1 on."""
        return int(self.id.rsplit("-", 1)[1])


class Reader:
    """server: scraper.Server. last: the id of the last message got, as a header; or `path`."""

    def __init__(self, server, last=None, path="/events"):
        connection = server.connect()
        connection.request("GET", path, headers={"Last-Event-ID": last} if last else {})
        self.answer = connection.getresponse()
        self.connection = connection
        if self.answer.status != 200:
            raise AssertionError("%d: %s" % (self.answer.status, self.answer.read()))

    def message(self):
        """The next one; None: the stream has ended."""
        fields = {}
        while True:
            line = self.answer.readline().decode()
            if not line:
                return None
            if line != "\n":
                self._take(fields, line)
            elif "data" in fields:
                return Message(fields.get("event", "message"), fields.get("id"), fields["data"])

    def _take(self, fields, line):
        name, colon, value = line[:-1].partition(": ")
        if line.startswith(":"):
            return
        if not line.endswith("\n") or not colon or name in fields or name not in (
                "event", "id", "data", "retry"):
            raise AssertionError("no line of a stream: %r" % line)
        fields[name] = value

    def await_comment(self):
        """A sign of life, before any message."""
        for line in self.answer:
            if line.startswith(b":"):
                return
            if line not in (b"\n", b"retry: 1000\n"):
                break
        raise AssertionError("no comment, but the end or %r" % line)

    def messages(self, count):
        return [self.message() for _ in range(count)]

    def close(self):
        self.answer.close()
        self.connection.close()
