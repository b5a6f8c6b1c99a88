"""Records as answers: JSON in the declared order, without the members that an age does not have."""

from __future__ import annotations

from typing import Any, cast

import msgspec

from openyx.api.wire import Record
from openyx.server.compat import Hidden
from openyx.server.exchange import Reply, json_reply


def answer(value: object, hidden: Hidden) -> Reply:
    """A record, a list of them, or a text, as JSON."""
    return json_reply(_shown(value, hidden) if hidden else value)


def _shown(value: object, hidden: Hidden) -> object:
    if isinstance(value, list):
        return [_shown(each, hidden) for each in cast("list[object]", value)]
    without = hidden.get(type(value)) if isinstance(value, Record) else None
    if not without:
        return value
    members = cast("dict[str, Any]", msgspec.to_builtins(value))
    return {name: member for name, member in members.items() if name not in without}
