"""How things are measured: in pairs, in turn, as medians; a shared machine drifts, a pair drifts together."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

PROGRAMS = Path(__file__).parent / "programs"
PEERS = Path(__file__).parents[1] / ".peers" / "python" / "bin" / "python"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure. ``wanted`` is the bound in words, ``met`` whether it holds (nothing: it is only told)."""

    what: str
    value: str
    wanted: str = "told"
    met: bool | None = None

    def __str__(self) -> str:
        mark = {True: "ok  ", False: "MISS", None: "    "}[self.met]
        return f"{mark} {self.what}: {self.value} ({self.wanted})"


@dataclass(frozen=True, slots=True)
class Paired:
    """The seconds of two things that were run in turn."""

    ours: Sequence[float]
    other: Sequence[float]

    @property
    def ratio(self) -> float:
        """The median of the pairs' ratios, ours to the other."""
        return statistics.median(ours / other for ours, other in zip(self.ours, self.other, strict=True))

    def figure(self, what: str, *, most: float = 0, least_faster: float = 0) -> Figure:
        """The ratio as a figure: at most *most* times the other, or at least *least_faster* times as fast."""
        mine, other = statistics.median(self.ours), statistics.median(self.other)
        detail = f"{mine:.3f} s against {other:.3f} s"
        if least_faster:
            faster = 1 / self.ratio
            return Figure(
                what=what,
                value=f"{faster:.2f}x faster, {detail}",
                wanted=f">= {least_faster}x",
                met=faster >= least_faster,
            )
        bound = {"wanted": f"<= {most}x", "met": self.ratio <= most} if most else {}
        return Figure(what=what, value=f"{self.ratio:.2f}x, {detail}", **bound)  # type: ignore[arg-type]  # words and truth


def paired(ours: Callable[[], float], other: Callable[[], float], *, runs: int = 7) -> Paired:
    """Run both in turn, after one round that does not count; each gives its own seconds."""
    ours()
    other()
    rounds = [(ours(), other()) for _ in range(runs)]
    return Paired([first for first, _ in rounds], [second for _, second in rounds])


def told(program: str, *arguments: str, python: Path | str = sys.executable) -> float:
    """The seconds that a program prints about its own work."""
    done = subprocess.run(
        [python, PROGRAMS / program, *arguments], capture_output=True, text=True, check=False, timeout=600
    )
    if done.returncode:
        raise RuntimeError(done.stdout + done.stderr)
    return float(done.stdout.split()[-1])


def whole(command: Sequence[str | Path], environment: Mapping[str, str] | None = None) -> float:
    """The seconds of a whole process, from its start to its end."""
    start = time.perf_counter()
    subprocess.run(command, capture_output=True, check=True, env={**os.environ, **(environment or {})}, timeout=600)
    return time.perf_counter() - start
