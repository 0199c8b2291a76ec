"""How a long-running process treats the memory it holds."""

import gc

GC_THRESHOLDS = (100_000, 20, 100)
"""Allocations that outlive their makers before the young are looked at; its multiples for the older."""


def collect_rarely() -> None:
    """Look for reference cycles seldom, and never among what the program was built of.

    What a request makes is freed by its reference counts. A collection over tens of thousands of cached states stops
    every request of the process for as long as it lasts.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GC_THRESHOLDS)
