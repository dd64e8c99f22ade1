# SPDX-License-Identifier: GPL-2.0
"""Rows of measurements, as one markdown table."""

import statistics


class Row:
    """One line: samples of one thing; ratios to untraced, each of the same round; what is aimed at.

    `aim` is (how it reads, a test of the median ratio or, without ratios, of the median).
    """

    def __init__(self, part, name, samples, form, ratios=(), aim=None):
        self.part, self.name, self.samples, self.form = part, name, list(samples), form
        self.ratios, self.aim = list(ratios), aim

    def reached(self):
        if not self.aim or not self.samples:
            return None
        return bool(self.aim[1](statistics.median(self.ratios or self.samples)))

    def cells(self):
        if not self.samples:
            return [self.part, self.name, "-", "", "", self.aim[0] if self.aim else "", ""]
        span = "" if len(self.samples) == 1 else "%s - %s" % (
            self.form(min(self.samples)), self.form(max(self.samples)))
        ratio = "%.2f (%.2f - %.2f)" % (statistics.median(self.ratios), min(self.ratios),
                                        max(self.ratios)) if self.ratios else ""
        verdict = {None: "", True: "yes", False: "**no**"}[self.reached()]
        return [self.part, self.name, self.form(statistics.median(self.samples)), span, ratio,
                self.aim[0] if self.aim else "", verdict]


HEAD = ["", "measured", "median", "min - max", "of untraced", "aim", "reached"]


def markdown(rows):
    lines = [HEAD, ["-"] * len(HEAD)] + [row.cells() for row in rows]
    widths = [max(len(line[i]) for line in lines) for i in range(len(HEAD))]
    lines[1] = ["-" * width for width in widths]
    return "\n".join("| %s |" % " | ".join(cell.ljust(width) for cell, width in zip(line, widths))
                     for line in lines)


def at_most(limit, text):
    return text, lambda value: value <= limit


def at_least(limit, text):
    return text, lambda value: value >= limit


def us(value):
    return "%.2f us" % (value / 1000)


def ns(value):
    return "%.0f ns" % value


def ms(value):
    return "%.0f ms" % (value * 1000)


def mb(value):
    return "%.1f MB" % (value / 1024)


def count(value):
    return "{:,.0f}".format(value)


def percent(value):
    return "%.1f %%" % (value * 100)


def times(value):
    return "%.1f x" % value
