"""Stage times and peak memory of this process, told to the harness as JSON lines on stdout."""

from __future__ import annotations

import json
import time
from contextlib import contextmanager
from typing import Iterator


def tell(mark: str, **fields: object) -> None:
    """Writes one line at once: the harness takes the time at which it arrives."""
    print(json.dumps({"mark": mark, **fields}), flush=True)


def peak_memory() -> int:
    """Largest resident memory so far, bytes."""
    with open("/proc/self/status", encoding="ascii") as status:
        for line in status:
            if line.startswith("VmHWM:"):
                return 1024 * int(line.split()[1])
    raise RuntimeError("this kernel does not tell VmHWM")


class Stages:
    """Adds up seconds per stage and notes the peak memory at the end of each."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.peaks: dict[str, int] = {}

    @contextmanager
    def time(self, stage: str) -> Iterator[None]:
        start = time.perf_counter()
        yield
        self.seconds[stage] = self.seconds.get(stage, 0.0) + time.perf_counter() - start
        self.peaks[stage] = peak_memory()

    def done(self, **fields: object) -> None:
        tell("done", seconds=self.seconds, peaks=self.peaks, **fields)
