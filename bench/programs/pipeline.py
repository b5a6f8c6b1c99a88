"""csv → formula → filter → join → summarize → sort → csv, said in one of several ways; tells seconds and megabytes.

``pipeline.py WAY FOLDER`` reads ``orders.csv`` and ``customers.csv`` of the folder and writes ``WAY.csv`` there.
Imports do not count.
"""

from __future__ import annotations

import resource
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

WORKFLOW = """<AlteryxDocument yxmdVer="2021.4"><Nodes>
<Node ToolID="1"><GuiSettings Plugin="AlteryxBasePluginsGui.DbFileInput.DbFileInput"/><Properties><Configuration>
<File FileFormat="0">orders.csv</File></Configuration></Properties></Node>
<Node ToolID="2"><GuiSettings Plugin="AlteryxBasePluginsGui.Formula.Formula"/><Properties><Configuration><FormulaFields>
<FormulaField expression="ToNumber([Amount]) * ToNumber([Quantity])" field="Revenue" type="Double" size="8"/>
</FormulaFields></Configuration></Properties></Node>
<Node ToolID="3"><GuiSettings Plugin="AlteryxBasePluginsGui.Filter.Filter"/><Properties><Configuration>
<Mode>Custom</Mode><Expression>[Revenue] &gt; 100</Expression></Configuration></Properties></Node>
<Node ToolID="4"><GuiSettings Plugin="AlteryxBasePluginsGui.DbFileInput.DbFileInput"/><Properties><Configuration>
<File FileFormat="0">customers.csv</File></Configuration></Properties></Node>
<Node ToolID="5"><GuiSettings Plugin="AlteryxBasePluginsGui.Join.Join"/><Properties>
<Configuration joinByRecordPos="False"><JoinInfo connection="Left"><Field field="Customer"/></JoinInfo>
<JoinInfo connection="Right"><Field field="Customer"/></JoinInfo><SelectConfiguration>
<Configuration outputConnection="Join"><OrderChanged value="False"/><SelectFields>
<SelectField field="*Unknown" selected="True"/></SelectFields></Configuration></SelectConfiguration></Configuration>
</Properties></Node>
<Node ToolID="6"><GuiSettings Plugin="AlteryxSpatialPluginsGui.Summarize.Summarize"/><Properties><Configuration>
<SummarizeFields><SummarizeField field="Region" action="GroupBy" rename="Region"/>
<SummarizeField field="Segment" action="GroupBy" rename="Segment"/>
<SummarizeField field="Revenue" action="Sum" rename="Sum_Revenue"/>
<SummarizeField field="Revenue" action="Max" rename="Max_Revenue"/>
<SummarizeField field="Order" action="Count" rename="Count"/></SummarizeFields></Configuration></Properties></Node>
<Node ToolID="7"><GuiSettings Plugin="AlteryxBasePluginsGui.Sort.Sort"/><Properties><Configuration>
<SortInfo locale="0"><Field field="Sum_Revenue" order="Descending"/></SortInfo></Configuration></Properties></Node>
<Node ToolID="8"><GuiSettings Plugin="AlteryxBasePluginsGui.DbFileOutput.DbFileOutput"/><Properties><Configuration>
<File FileFormat="0">openyx.csv</File><FormatSpecificOptions><LineEndStyle>LF</LineEndStyle></FormatSpecificOptions>
</Configuration></Properties></Node>
</Nodes><Connections>
<Connection><Origin ToolID="1" Connection="Output"/><Destination ToolID="2" Connection="Input"/></Connection>
<Connection><Origin ToolID="2" Connection="Output"/><Destination ToolID="3" Connection="Input"/></Connection>
<Connection><Origin ToolID="3" Connection="True"/><Destination ToolID="5" Connection="Left"/></Connection>
<Connection><Origin ToolID="4" Connection="Output"/><Destination ToolID="5" Connection="Right"/></Connection>
<Connection><Origin ToolID="5" Connection="Join"/><Destination ToolID="6" Connection="Input"/></Connection>
<Connection><Origin ToolID="6" Connection="Output"/><Destination ToolID="7" Connection="Input"/></Connection>
<Connection><Origin ToolID="7" Connection="Output"/><Destination ToolID="8" Connection="Input"/></Connection>
</Connections><Properties/></AlteryxDocument>"""


def openyx(folder: Path, *, counts: bool = True) -> float:
    """The workflow file, as a user runs it."""
    from openyx.engine import run_workflow
    from openyx.engine.check import check

    path = folder / "pipeline.yxmd"
    path.write_text(WORKFLOW)
    assert not check(path).stops
    start = time.perf_counter()
    result = run_workflow(path, counts=counts)
    seconds = time.perf_counter() - start
    assert result.ok, result.messages
    return seconds


def polars(folder: Path) -> float:
    """Polars, as one writes it by hand for the same answer: the join in the order of its keys, sums in that order."""
    import polars as pl

    start = time.perf_counter()
    orders = _orders(folder).sort("Customer", maintain_order=True)
    customers = pl.scan_csv(folder / "customers.csv", infer_schema=False)
    (
        orders.join(customers, on="Customer", maintain_order="left_right")
        .group_by("Region", "Segment", maintain_order=True)
        .agg(
            pl.col("Revenue").cum_sum().last().alias("Sum_Revenue"),
            pl.col("Revenue").max().alias("Max_Revenue"),
            pl.len().alias("Count"),
        )
        .sort("Region", "Segment")
        .sort("Sum_Revenue", descending=True, maintain_order=True)
        .sink_csv(folder / "polars.csv", engine="streaming")
    )
    return time.perf_counter() - start


def unordered(folder: Path) -> float:
    """Polars without any order in between: the last digits of its sums change from run to run."""
    import polars as pl

    start = time.perf_counter()
    (
        _orders(folder)
        .join(pl.scan_csv(folder / "customers.csv", infer_schema=False), on="Customer")
        .group_by("Region", "Segment")
        .agg(
            pl.col("Revenue").sum().alias("Sum_Revenue"),
            pl.col("Revenue").max().alias("Max_Revenue"),
            pl.len().alias("Count"),
        )
        .sort("Sum_Revenue", "Region", "Segment", descending=[True, False, False])
        .sink_csv(folder / "unordered.csv", engine="streaming")
    )
    return time.perf_counter() - start


def _orders(folder: Path) -> pl.LazyFrame:
    import polars as pl

    revenue = pl.col("Amount").cast(pl.Float64) * pl.col("Quantity").cast(pl.Float64)
    orders = pl.scan_csv(folder / "orders.csv", infer_schema=False).with_columns(Revenue=revenue)
    return orders.filter(pl.col("Revenue") > 100)


def duckdb(folder: Path) -> float:
    """DuckDB's SQL, with the orders that the workflow has."""
    import duckdb as db

    start = time.perf_counter()
    db.sql(
        f"""
        COPY (
            SELECT Region, Segment, sum(Revenue) AS Sum_Revenue, max(Revenue) AS Max_Revenue, count(*) AS Count
            FROM (
                SELECT Revenue, Region, Segment
                FROM (
                    SELECT *, CAST(Amount AS DOUBLE) * CAST(Quantity AS DOUBLE) AS Revenue
                    FROM read_csv('{folder / "orders.csv"}', all_varchar = true)
                    WHERE Revenue > 100
                    ORDER BY Customer
                ) JOIN read_csv('{folder / "customers.csv"}', all_varchar = true) USING (Customer)
                ORDER BY Customer
            )
            GROUP BY Region, Segment
            ORDER BY Sum_Revenue DESC, Region, Segment
        ) TO '{folder / "duckdb.csv"}' (HEADER)
        """
    )
    return time.perf_counter() - start


def pandas(folder: Path) -> float:
    """pandas, as one writes it by hand."""
    import pandas as pd

    start = time.perf_counter()
    orders = pd.read_csv(folder / "orders.csv", dtype=str)
    orders["Revenue"] = orders["Amount"].astype(float) * orders["Quantity"].astype(float)
    joined = orders[orders["Revenue"] > 100].merge(pd.read_csv(folder / "customers.csv", dtype=str), on="Customer")
    summary = (
        joined.groupby(["Region", "Segment"], sort=True)
        .agg(Sum_Revenue=("Revenue", "sum"), Max_Revenue=("Revenue", "max"), Count=("Order", "size"))
        .reset_index()
    )
    summary.sort_values("Sum_Revenue", ascending=False, kind="stable").to_csv(folder / "pandas.csv", index=False)
    return time.perf_counter() - start


if __name__ == "__main__":
    way, where = sys.argv[1], Path(sys.argv[2])
    ways = {"openyx": openyx, "polars": polars, "unordered": unordered, "duckdb": duckdb, "pandas": pandas}
    took = openyx(where, counts=False) if way == "uncounted" else ways[way](where)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, took)
