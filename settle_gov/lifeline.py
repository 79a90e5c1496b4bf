"""Ties a process to the one that started it, so that nothing keeps running unseen."""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1  # <linux/prctl.h>
_libc = ctypes.CDLL(None)  # loaded before any fork: between fork and exec as little as possible may happen


def die_with(parent: int) -> None:
    """Let the kernel kill this process when `parent` ends, however that ends. Linux only; elsewhere a no-op."""
    if sys.platform == "linux":
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it ended before we could ask
            os._exit(1)
