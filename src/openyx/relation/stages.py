"""What runs together: a tree whose plan would grow too large is run in stages, with records kept on disk in between."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from openyx.relation.verbs.base import Folding
from openyx.relation.verbs.sources import Values
from openyx.relation.verbs.tap import Tap

if TYPE_CHECKING:
    from openyx.relation.relation import Relation

# The engine walks a plan as a tree, a fork once per branch: each split and union in a row doubles the walk, at some
# 10 microseconds a step.
MOST_STEPS = 3_000

# Every call from the engine into Python waits in a thread of its own, and all of them for one lock: what has nothing in
# common is not run together beyond the first number, and nothing beyond the second.
ENOUGH_TOGETHER = 100
MOST_TOGETHER = 500


class Stages:
    """The relations below *ends* (each with the tool that takes it): whose they are, who uses them, when they run.

    Those that are *held* (by ``id``) are there already: what they are made of is not looked at.
    """

    def __init__(self, ends: Sequence[tuple[Relation, int]], held: frozenset[int] = frozenset()) -> None:
        self._held = held
        self._ends = {id(relation) for relation, _ in ends}
        self.owned = _owned(ends, held)
        self._relations = [relation for relation, _ in self.owned.values()]
        self._uses = Counter(id(relation) for relation, _ in ends)
        self._uses.update(id(source) for relation in self._relations for source in self._sources(relation))
        self._stage: dict[int, int] = {}
        self._walk(self._portions(ends))
        self.count = max(map(self.ready, self._relations), default=0) + 1

    def of(self, relation: Relation) -> int:
        """The stage in which *relation* is computed, from 0."""
        return self._stage[id(relation)]

    def ready(self, relation: Relation) -> int:
        """The first stage that can use *relation*: a later one where it is folded."""
        return self.of(relation) + self.is_folded(relation)

    def is_folded(self, relation: Relation) -> bool:
        """Whether it is made while its records come by."""
        return isinstance(relation.verb, Folding) and relation.verb.folds and not self.is_held(relation)

    def is_fork(self, relation: Relation) -> bool:
        """Whether it has several consumers that want it computed once; what is there already does not."""
        return self._uses[id(relation)] > 1 and not isinstance(relation.verb, Values) and not self.is_held(relation)

    def is_held(self, relation: Relation) -> bool:
        """Whether it is there already."""
        return id(relation) in self._held

    def relations(self, stage: int) -> list[Relation]:
        """What is computed in *stage*, inputs first."""
        return [relation for relation in self._relations if self.of(relation) == stage]

    def carried(self, stage: int) -> list[Relation]:
        """What *stage* computes and a later one needs."""
        later = [relation for relation in self._relations if self.of(relation) > stage]
        used = [source for relation in later for source in self._sources(relation)]
        needed = {id(source) for source in used if not isinstance(source.verb, Values)}
        return [each for each in self.relations(stage) if id(each) in needed or self.is_folded(each)]

    def _sources(self, relation: Relation) -> tuple[Relation, ...]:
        return () if self.is_held(relation) else relation.inputs

    def _portions(self, ends: Sequence[tuple[Relation, int]]) -> dict[int, int]:
        """The earliest stage for each end, so that not too much runs at once: with what it shares most lately."""
        portions: dict[int, int] = {}
        reached: dict[int, int] = {}
        sizes = [0]
        for end, _ in ends:
            new, shared = self._reached(end, reached)
            portion = max(shared, default=len(sizes) - 1)
            if sizes[portion] + len(new) > (MOST_TOGETHER if shared else ENOUGH_TOGETHER) and sizes[-1]:
                portion = len(sizes) if sizes[-1] + len(new) > ENOUGH_TOGETHER else len(sizes) - 1
            if portion == len(sizes):
                sizes.append(0)
            sizes[portion] += len(new)
            reached.update(dict.fromkeys(new, portion))
            portions[id(end)] = max(portion, portions.get(id(end), 0))
        return portions

    def _reached(self, end: Relation, reached: Mapping[int, int]) -> tuple[list[int], set[int]]:
        """What an end is the first to need, and the portions of what it needs with others."""
        new: dict[int, None] = {}
        shared: set[int] = set()
        waiting = [end]
        while waiting:
            relation = waiting.pop()
            if id(relation) in reached:
                if not isinstance(relation.verb, Values):
                    shared.add(reached[id(relation)])
            elif id(relation) not in new:
                new[id(relation)] = None
                waiting.extend(self._sources(relation))
        return list(new), shared

    def _walk(self, portions: Mapping[int, int]) -> None:
        steps: dict[int, int] = {}
        ended: set[int] = set()
        for relation in self._relations:
            inputs = [(id(source), self.of(source) + (id(source) in ended)) for source in self._sources(relation)]
            stage = max([portions.get(id(relation), 0), *(at for _, at in inputs)])
            steps[id(relation)] = 1 + sum(steps[key] if at == stage and key not in ended else 1 for key, at in inputs)
            self._stage[id(relation)] = stage
            may_end = self.is_fork(relation) or isinstance(relation.verb, Tap)
            if self.is_folded(relation) or (steps[id(relation)] > MOST_STEPS and may_end):
                ended.add(id(relation))
        self._put_off(ended)

    def _put_off(self, ended: set[int]) -> None:
        """Compute what only later stages use in the first of those, and not before: then nobody has to keep it."""
        wanted: dict[int, list[int]] = {id(relation): [] for relation in self._relations}
        for relation in self._relations:
            if id(relation) in self._ends:
                wanted[id(relation)].append(self.of(relation))
        for relation in reversed(self._relations):
            stage = self._stage[id(relation)] = min(wanted[id(relation)])
            for source in self._sources(relation):
                wanted[id(source)].append(stage - (id(source) in ended))


def _owned(ends: Sequence[tuple[Relation, int]], held: frozenset[int]) -> dict[int, tuple[Relation, int]]:
    """Every relation with the tool that its conversion errors belong to, inputs before what uses them.

    A tool's own relations are those between its anchors and the anchors that it takes from.
    """
    tools: dict[int, int] = {}
    found: dict[int, tuple[Relation, int]] = {}
    waiting = [(relation, tool, False) for relation, tool in reversed(ends)]
    while waiting:
        relation, tool, inputs_done = waiting.pop()
        if id(relation) in found:
            continue
        if isinstance(relation.verb, Tap):
            tool = relation.verb.anchor.tool
        tool = tools.setdefault(id(relation), tool)
        if inputs_done:
            found[id(relation)] = relation, tool
            continue
        waiting.append((relation, tool, True))
        if id(relation) in held:
            continue
        waiting.extend((source, tool, False) for source in reversed(relation.inputs))
    return found
