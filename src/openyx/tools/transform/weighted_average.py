"""Weighted Average."""

from __future__ import annotations

from openyx.document.config import attribute, block, many, text
from openyx.errors import WorkflowError
from openyx.fields import DOUBLE, Names
from openyx.formula import bracketed
from openyx.relation import How, Pick, Relation, Summary
from openyx.tools.base import Context, Tool, field_of, tool
from openyx.tools.shared.groups import groups as grouping

DEFAULT_NAME = "WeightedAverage"


@block
class Value:
    """A setting of the tool by its name."""

    name: str = attribute("@name")
    text: str = text("")


@tool(macros=("WeightedAvg.yxmc", "Weighted_Avg.yxmc"))
class WeightedAverage(Tool):
    """The average of a field in which each value counts as much as its weight: the sum of products by that of weights.

    One record for each group, sorted by the groups, nulls first; one in all without groups, and none when no record
    arrives. A value or weight that is null adds nothing to the sum it belongs to. Where the weights add up to 0 there
    is no average: null.
    """

    values: tuple[Value, ...] = many("Value", of=Value, required=True)

    def lower(self, records: Relation, *, context: Context) -> Relation:
        value, weight = self._number(records, "Value"), self._number(records, "Weight")
        groups = grouping(records, _listed(self._setting("GroupFields")))
        name = self._setting("OutputFieldName") or DEFAULT_NAME
        hidden = Names([*records.schema.names, name])
        product, products, weights = hidden.new("Product"), hidden.new("Products"), hidden.new("Weights")
        weighed = records.add(product, context.value(f"{bracketed(value)} * {bracketed(weight)}", records), DOUBLE)
        summed = weighed.aggregate(
            [
                *(
                    Summary(name=each, how=How.GROUP, field=each, source=f"Summarize: GroupBy - {each}")
                    for each in groups
                ),
                Summary(name=products, how=How.SUM, field=product),
                Summary(name=weights, how=How.SUM, field=weight),
            ]
        )
        average = context.value(f"{bracketed(products)} / {bracketed(weights)}", summed)
        source = "Formula: [__Sum___WeightedValue]/[__Sum_Weight]"
        shown = Names(groups).new(name)
        whole = summed.add(shown, average, DOUBLE, source=source)
        return whole.select([*groups, Pick(shown)])

    def _setting(self, name: str) -> str:
        return next((value.text.strip() for value in self.values if value.name == name), "")

    def _number(self, records: Relation, setting: str) -> str:
        name = self._setting(setting)
        if not name:
            raise WorkflowError(f"The setting {setting} is missing")
        field_of(records, name)
        field = records.schema[name]
        if not field.type.is_number:
            raise WorkflowError(f'The field "{field.name}" is a {field.type}, and no number')
        return field.name


def _listed(fields: str) -> list[str]:
    """Field names, each in quotes or bare, with commas between them."""
    return [name.strip().strip('"') for name in fields.split(",") if name.strip()]
