"""The text of an expression and how its errors are told: the vendor's words, then the line and a caret."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from openyx.errors import FormulaError

_WIDEST = 100
_LONGEST = 300


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of an expression's text: characters counted from 0, the end excluded."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Source:
    """The text of an expression; ``number`` is its line in the tool, ``inside`` the function whose body it is."""

    text: str
    number: int = 1
    inside: str = ""

    def problem(self, words: str, at: Span, *, advice: str = "", hint: str = "") -> FormulaError:
        """The error *words* about the stretch *at*, to be raised; *advice* stands beside the caret."""
        where = f"in {self.inside}" if self.inside else f"Expression #{self.number}"
        told = f"Parse Error at char({at.start}): {_short(words)} ({where})"
        shown = self._shown(at, _short(advice))
        return FormulaError("\n".join([told, *shown]), position=at.start, hint=_short(hint or advice))

    def _shown(self, at: Span, advice: str) -> list[str]:
        if not self.text.strip():
            return []
        first = self.text.rfind("\n", 0, at.start) + 1
        last = self.text.find("\n", at.start)
        line = self.text[first : last if last >= 0 else len(self.text)].rstrip("\r").replace("\t", " ")
        column = at.start - first
        cut = max(0, column - _WIDEST // 2)
        shown = ("…" if cut else "") + line[cut : cut + _WIDEST]
        place = column - cut + (1 if cut else 0)
        width = max(1, min(at.end - at.start, len(shown) - place))
        return [f"    {shown}", f"    {' ' * place}{'^' * width} {advice}".rstrip()]


def _short(words: str) -> str:
    return words if len(words) <= _LONGEST else f"{words[:_LONGEST]}…"


def meant(name: str, known: Iterable[str]) -> str:
    """``did you mean "Costs"?`` when one of *known* is near *name*, else nothing.

    >>> meant("Cots", ["Revenue", "Costs"])
    'did you mean "Costs"?'
    """
    folded = {candidate.casefold(): candidate for candidate in known}
    near = get_close_matches(name.casefold(), folded, n=1, cutoff=0.6)
    return f'did you mean "{folded[near[0]]}"?' if near else ""
