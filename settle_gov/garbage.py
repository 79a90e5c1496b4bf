"""How often Python looks for garbage in a process that works through many rows."""

import gc

THRESHOLDS = (50_000, 20, 100)  # new objects until a look at the youngest, and looks until one at the next older


def collect_seldom() -> None:
    """Look for garbage more seldom, and never through what is loaded by now, which stays as long as the process.

    A sweep makes tens of thousands of objects that die with their batch without forming rings. Looking through all of
    Django for each few hundred of them takes a tenth of its time (`benchmarks/sweeps.py`).
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)
