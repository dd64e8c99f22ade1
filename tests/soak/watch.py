# SPDX-License-Identifier: GPL-2.0-only
"""What a process holds over time, whether that is flat, and its graph. Sizes in KiB."""

import os
import time
from dataclasses import dataclass

GRAPH_WIDTH, GRAPH_HEIGHT = 60, 12

# Of the run, at its begin. The tables are of a fixed size, and their pages are taken as they are used:
# fast at first, then ever more slowly, most slowly those of a timeline and of a count for each cause
# and label. In half of two minutes nearly all of that is over; a leak goes on as it was.
WARM_UP = 0.5
# Allowed after that: what still fills, and a step of the heap, which grows by 132 KiB. A leak is
# more: in that half a run of two minutes shows some 70,000 events, and 8 bytes of each are 560 KiB.
GROWTH_KB = 400
# A single step in the middle makes the straight line half as steep again as it is high.
STEP = 1.5
# Open for a moment: a file of /proc, the iterator that looks for owners, clients of the metrics.
PASSING_FDS = 8


@dataclass
class Sample:
    seconds: float      # since the watch began
    rss: int            # all resident memory: also the program, and the ring buffer
    anon: int           # of it the heap and the stack
    fds: int
    threads: int
    cpu: float          # seconds used so far


def sample(pid, begun):
    with open("/proc/%d/status" % pid) as file:
        words = dict(line.split(":", 1) for line in file)
    return Sample(time.monotonic() - begun, int(words["VmRSS"].split()[0]),
                  int(words["RssAnon"].split()[0]), len(os.listdir("/proc/%d/fd" % pid)),
                  int(words["Threads"]), time.clock_gettime((~pid << 3) | 2))


def warm(samples):
    """Those after the warm-up."""
    since = samples[0].seconds + WARM_UP * (samples[-1].seconds - samples[0].seconds)
    return [s for s in samples if s.seconds >= since]


def slope(points):
    """Of the straight line nearest to (x, y) points: y per x."""
    mean_x = sum(x for x, _ in points) / len(points)
    mean_y = sum(y for _, y in points) / len(points)
    spread = sum((x - mean_x) ** 2 for x, _ in points)
    return sum((x - mean_x) * (y - mean_y) for x, y in points) / spread if spread else 0.0


@dataclass
class Flatness:
    first: int      # after the warm-up
    most: int       # from then on
    per_hour: float
    growth: float   # of the straight line, from first to last

    def __str__(self):
        return "%d KiB after the warm-up, %d at most, %+.0f KiB an hour" % (
            self.first, self.most, self.per_hour)

    @property
    def is_flat(self):
        return self.most - self.first <= GROWTH_KB and self.growth <= STEP * GROWTH_KB


def flatness(samples, what):
    """Of `rss` or `anon`."""
    points = [(s.seconds, getattr(s, what)) for s in warm(samples)]
    per_second = slope(points)
    return Flatness(points[0][1], max(y for _, y in points), per_second * 3600,
                    per_second * (points[-1][0] - points[0][0]))


def lowest_fds(samples):
    """In the first third after the warm-up and in the last: what is open for good."""
    fds = [s.fds for s in warm(samples)]
    third = max(1, len(fds) // 3)
    return min(fds[:third]), min(fds[-third:])


def are_fds_flat(samples):
    first, last = lowest_fds(samples)
    return first == last and max(s.fds for s in samples) <= first + PASSING_FDS


def graph(series):
    """Lines of text. series: {letter: samples}; where several are, *. The scale begins at 0."""
    top = max(s.rss for samples in series.values() for s in samples) * 1.1
    end = max(samples[-1].seconds for samples in series.values()) or 1
    rows = [[" "] * GRAPH_WIDTH for _ in range(GRAPH_HEIGHT)]
    for letter, samples in series.items():
        for s in samples:
            x = min(GRAPH_WIDTH - 1, int(s.seconds / end * GRAPH_WIDTH))
            row = rows[GRAPH_HEIGHT - 1 - int(s.rss / top * GRAPH_HEIGHT)]
            row[x] = letter if row[x] in (" ", letter) else "*"
    step = top / GRAPH_HEIGHT / 1024
    lines = ["%7.1f MiB |%s" % (step * (GRAPH_HEIGHT - n), "".join(row))
             for n, row in enumerate(rows)]
    lines.append("%7.1f     +%s" % (0, "-" * GRAPH_WIDTH))
    lines.append("%12s0%*s" % ("", GRAPH_WIDTH, "%.0f s" % end))
    return lines


def write(path, series):
    """All samples, to be plotted by other programs. series: {name: samples}"""
    with open(path, "w") as file:
        file.write("tracer\tseconds\trss_kib\tanon_kib\tfds\tthreads\tcpu_seconds\n")
        for name, samples in series.items():
            for s in samples:
                file.write("%s\t%.1f\t%d\t%d\t%d\t%d\t%.2f\n" % (
                    name, s.seconds, s.rss, s.anon, s.fds, s.threads, s.cpu))
