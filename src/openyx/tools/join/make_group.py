"""Make Group."""

from __future__ import annotations

from openyx.document.config import text
from openyx.errors import WorkflowError
from openyx.fields import Family
from openyx.relation import Pick, Relation
from openyx.relation.components import components
from openyx.tools.base import Tool, field_of, tool
from openyx.tools.shared.widening import common


@tool("AlteryxBasePluginsGui.MakeGroup.MakeGroup")
class MakeGroup(Tool):
    """Finds what hangs together: each record says that two keys do, and what hangs together with one does with both.

    There is one record for every key: the name of its group, which is the group's smallest key, and the key. They come
    sorted by both; text goes by character code. A null is no key, and the key beside it may be alone in its group.
    """

    first: str = text("Key1st")
    second: str = text("Key2nd")

    def lower(self, records: Relation) -> Relation:
        for name in (self.first, self.second):
            field_of(records, name)
        types = [records.schema[name].type for name in (self.first, self.second)]
        for name, type_ in zip((self.first, self.second), types, strict=True):
            if type_.family in (Family.BLOB, Family.SPATIAL):
                raise WorkflowError(f'The field "{name}" is a {type_}: it cannot be a key')
        both = common(types)
        pairs = records.select([Pick(self.first, "first", both), Pick(self.second, "second", both)])
        return components(pairs, "Group", "Key")
