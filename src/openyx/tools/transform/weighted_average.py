"""Weighted Average."""

from __future__ import annotations

from openyx.document.config import many
from openyx.errors import WorkflowError
from openyx.fields import DOUBLE, Names
from openyx.formula import bracketed
from openyx.relation import How, Pick, Relation, Summary
from openyx.tools.base import Context, Tool, field_of, tool
from openyx.tools.shared.answers import Answer, answer, listed
from openyx.tools.shared.groups import groups as grouping

DEFAULT_NAME = "WeightedAverage"


@tool(macros=("WeightedAvg.yxmc", "Weighted_Avg.yxmc"))
class WeightedAverage(Tool):
    """The average of a field in which each value counts as much as its weight: the sum of products by that of weights.

    One record for each group, sorted by the groups, nulls first; one in all without groups, and none when no record
    arrives. A value or weight that is null adds nothing to the sum it belongs to. Where the weights add up to 0 there
    is no average: null.
    """

    answers: tuple[Answer, ...] = many("Value", of=Answer, required=True)

    def lower(self, records: Relation, *, context: Context) -> Relation:
        value, weight = self._number(records, "Value"), self._number(records, "Weight")
        groups = grouping(records, listed(answer(self.answers, "GroupFields")))
        name = answer(self.answers, "OutputFieldName") or DEFAULT_NAME
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

    def _number(self, records: Relation, setting: str) -> str:
        name = answer(self.answers, setting)
        if not name:
            raise WorkflowError(f"The setting {setting} is missing")
        field_of(records, name)
        field = records.schema[name]
        if not field.type.is_number:
            raise WorkflowError(f'The field "{field.name}" is a {field.type}, and no number')
        return field.name
