"""From a document to the tools that will run, in order, with their settings; what is missing is found here."""

from __future__ import annotations

from openyx.document import Document
from openyx.engine.macros import Macros
from openyx.engine.scope import Scope
from openyx.engine.sheet import Ledger, Sheet
from openyx.engine.steps import Arriving, Inner, Plan, Problem, Step

__all__ = ["Arriving", "Inner", "Plan", "Problem", "Step", "plan"]


def plan(document: Document, scope: Scope, macros: Macros) -> Plan:
    """What will run of a document; what its *scope* names is put into its settings.

    Tools in disabled containers are not there, nor are those whose every required input came from one. Tools without a
    meaning for the records are left out. Macros are replaced by their tools.
    """
    ledger = Ledger(
        macros=macros,
        free=max((node.id for node in document.nodes), default=0) + 1,
        world=macros.places.world(),
        loud=document.properties.show_macro_messages,
    )
    steps = tuple(Sheet(document, scope, ledger).steps())
    return Plan(
        steps=steps,
        messages=tuple(ledger.messages),
        problems=tuple(ledger.problems),
        inner=dict(ledger.inner),
        aside=tuple(ledger.aside),
        absent=tuple(ledger.absent),
    )
