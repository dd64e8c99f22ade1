# SPDX-License-Identifier: GPL-2.0-only
"""Several tracers at once: each sees what it shall, whatever the others are told and come to."""

from play import scenario
from refusals import refused, start, told
from scenarios.runs import loaded_programs, programs_of
from waiting import until

TIMES = 20
PORT, OTHER_PORT = 81, 82


def refuse_many(host):
    """What must be told of refused connects to two ports: of the one, of the other."""
    return [sum((refused(host, port) for _ in range(TIMES)), []) for port in (PORT, OTHER_PORT)]


def expect_told(run, wanted, **numbers):
    got = run.numbers()
    if sorted(told(run.events())) != sorted(wanted) or not numbers.items() <= got.items():
        raise AssertionError("%d events of %d, %s" % (len(run.events()), len(wanted), got))


def expect_summed_up(run, counted):
    """Few were shown, the others are in lines that stand for several."""
    numbers, events = run.numbers(), run.events()
    summed = sum(event["reset"].get("suppressed", 0) for event in events)
    if numbers["counted"] != counted or not 0 < numbers["shown"] < counted:
        raise AssertionError("%s of %d" % (numbers, counted))
    if numbers["lost"] or not summed == numbers["suppressed"] == counted - numbers["shown"]:
        raise AssertionError("%d summed up, %s" % (summed, numbers))


@scenario("several", alone=True)
def several_tracers(play):
    """A filter that the kernel decides, one that user space decides, a low rate, and one that is
    killed in the middle: the others do not notice."""
    host = play.host()
    one_port = start(play, host, "--port=%d" % PORT)
    one_cause = start(play, host, "--cause=connection-refused", "--rate=0")
    few = start(play, host, "--rate=3")
    doomed = start(play, host)
    first, other_first = refuse_many(host)
    programs = programs_of(doomed.pid)
    doomed.kill()
    until(lambda: not programs & loaded_programs(), "the programs to go")
    second, other_second = refuse_many(host)
    for run in (one_port, one_cause, few):
        run.end()
    ours, every = first + second, first + second + other_first + other_second
    received = [event for event in every if event[0] == "received"]
    expect_told(one_port, ours, counted=len(ours), lost=0)
    expect_told(one_cause, received, counted=len(every), filtered=len(received), lost=0)
    expect_summed_up(few, len(every))
    if not programs:
        raise AssertionError("the one that was killed held no programs")
