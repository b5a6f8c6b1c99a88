"""Records on their way out: JSON in the declared order, without the members that an age does not have."""

from __future__ import annotations

from typing import Any, cast

import msgspec

from openyx.api.wire import Record
from openyx.server.compat import Hidden
from openyx.server.exchange import Reply, json_reply


def shown(value: object, hidden: Hidden) -> Reply:
    """A record, a list of them, or a text, as JSON."""
    return json_reply(_without(value, hidden) if hidden else value)


def _without(value: object, hidden: Hidden) -> object:
    if isinstance(value, list):
        return [_without(each, hidden) for each in cast("list[object]", value)]
    left_out = hidden.get(type(value)) if isinstance(value, Record) else None
    if not left_out:
        return value
    members = cast("dict[str, Any]", msgspec.to_builtins(value))
    return {name: member for name, member in members.items() if name not in left_out}
