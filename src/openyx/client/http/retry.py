"""Whether to send again, and when: decisions only, nothing waits here."""

from __future__ import annotations

from dataclasses import dataclass

from openyx.errors import BadAnswer, OpenYXError, ServerError, TooMany, Unreachable

PASSING = frozenset({500, 502, 503, 504, 507})


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long a call that may be repeated is tried: *total* seconds, in pauses that double from *first* to *longest*.

    ``jitter`` is the part of a pause that is left to chance.
    """

    total: float = 30.0
    first: float = 0.5
    longest: float = 10.0
    jitter: float = 0.5

    def pause(self, attempt: int, chance: float, *, asked: float | None = None) -> float:
        """The pause after the *attempt*-th failure (from 1), in seconds; never shorter than the server *asked* for.

        >>> Patience().pause(3, 1.0), Patience().pause(3, 0.0), Patience().pause(1, 0.0, asked=7)
        (2.0, 1.0, 7)
        """
        whole = min(self.longest, self.first * float(1 << min(attempt - 1, 30)))
        return max(whole * (1 - self.jitter * (1 - chance)), asked or 0)


def passing(problem: OpenYXError) -> bool:
    """A trouble that may be over at the next try: no connection, a server that is ill or busy, a broken answer."""
    match problem:
        case TooMany() | BadAnswer():
            return True
        case Unreachable():
            return problem.passing
        case ServerError():
            return problem.status in PASSING
        case _:
            return False


def again(problem: OpenYXError, attempt: int, *, harmless: bool) -> bool:
    """Whether a call is worth another try after its *attempt*-th failure (from 1).

    *harmless* says that sending it again does nothing that it should not. An answer that is none comes again, from a
    login page or a proxy: two more tries are enough for it.
    """
    if not passing(problem) or not (harmless or unsent(problem)):
        return False
    return attempt < 3 or not isinstance(problem, BadAnswer)


def asked(problem: OpenYXError) -> float | None:
    """The seconds that the server asks to wait."""
    return problem.retry_after if isinstance(problem, ServerError) else None


def unsent(problem: OpenYXError) -> bool:
    """The request certainly did nothing: it never left, or the server refused it before it looked."""
    return isinstance(problem, TooMany) or (isinstance(problem, Unreachable) and not problem.sent)
