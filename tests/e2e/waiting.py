# SPDX-License-Identifier: GPL-2.0-only
"""How long to wait for what must come. Nothing waits that long unless it is broken."""

import os
import time

PATIENCE = float(os.environ.get("RSTWHY_E2E_PATIENCE", "60"))


class NotApplicable(Exception):
    """This machine or kernel cannot play the scenario; the text says what is missing."""


def until(condition, what, patience=PATIENCE):
    """Poll until condition() is true and return its value."""
    deadline = time.monotonic() + patience
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise TimeoutError("waited %g s for %s" % (patience, what))
        time.sleep(0.003)
