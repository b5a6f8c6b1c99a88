"""Which parts of a run wait for others: what hangs on the second output of a tool that serves them in turn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from openyx.engine.steps import Step


def rounds(steps: Sequence[Step], ends: Iterable[int]) -> dict[int, int]:
    """For each tool among *ends* the round in which it runs, counted from 0.

    What is fed by two outputs that are served in turn waits for the later one.
    """
    below = _below(steps)
    gates = [step for step in steps if step.tool.outputs_in_turn]
    found = dict.fromkeys(ends, 0)
    for _ in gates:
        for gate in gates:
            places = {end: below[end][gate.node.id] for end in found if gate.node.id in below.get(end, {})}
            for place in range(1, len(gate.tool.outputs)):
                earlier = [found[end] + 1 for end in places if places[end] < place]
                for end in places:
                    if places[end] == place:
                        found[end] = max(found[end], *earlier, 0)
    return found


def _below(steps: Sequence[Step]) -> Mapping[int, Mapping[int, int]]:
    """For each tool the gates above it, with the place of the last of their outputs that it hangs on."""
    gates = {step.node.id: step.tool.outputs for step in steps if step.tool.outputs_in_turn}
    below: dict[int, dict[int, int]] = {}
    for step in steps if gates else ():
        here = below.setdefault(step.node.id, {})
        for line in (line for lines in step.arriving.values() for line in lines):
            above = dict(below.get(line.tool, {}))
            if line.tool in gates:
                names = gates[line.tool]
                above[line.tool] = names.index(line.anchor) if line.anchor in names else 0
            for gate, place in above.items():
                here[gate] = max(here.get(gate, 0), place)
    return below
