"""Run the benchmarks, all or those that are named: ``python -m bench status_calls``."""

from __future__ import annotations

import importlib
import pkgutil
import sys

import bench
from bench.measuring import Figure

HIDDEN = ("__main__", "measuring", "loopback", "programs", "served")


def main(names: list[str]) -> None:
    """Print the figures of each benchmark; a figure that misses what is wanted of it is marked."""
    known = [info.name for info in pkgutil.iter_modules(bench.__path__) if info.name not in HIDDEN]
    if unknown := set(names) - set(known):
        raise SystemExit(f"no such benchmark: {', '.join(sorted(unknown))}; there are {', '.join(known)}")
    for name in names or known:
        module = importlib.import_module(f"bench.{name}")
        print(f"\n{name}: {(module.__doc__ or '').splitlines()[0]}", flush=True)
        for figure in module.measure():
            assert isinstance(figure, Figure)
            print(f"  {figure}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
