"""csv → formula → filter → join → summarize → sort → csv, said in one of several ways; tells seconds and megabytes.

``pipeline.py openyx|uncounted|polars|duckdb|pandas FOLDER``: reads ``orders.csv`` and ``customers.csv`` of the folder
and writes ``<way>.csv`` there. Imports do not count.
"""

from __future__ import annotations

import resource
import sys
import time
from pathlib import Path

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

    path = folder / "pipeline.yxmd"
    path.write_text(WORKFLOW)
    start = time.perf_counter()
    result = run_workflow(path, counts=counts)
    seconds = time.perf_counter() - start
    assert result.ok, result.messages
    return seconds


def polars(folder: Path) -> float:
    """Polars, as one writes it by hand: lazily, on the streaming engine."""
    import polars as pl

    start = time.perf_counter()
    orders = pl.scan_csv(folder / "orders.csv", infer_schema=False).with_columns(
        Revenue=pl.col("Amount").cast(pl.Float64) * pl.col("Quantity").cast(pl.Float64)
    )
    customers = pl.scan_csv(folder / "customers.csv", infer_schema=False)
    (
        orders.filter(pl.col("Revenue") > 100)
        .join(customers, on="Customer")
        .group_by("Region", "Segment")
        .agg(
            pl.col("Revenue").sum().alias("Sum_Revenue"),
            pl.col("Revenue").max().alias("Max_Revenue"),
            pl.len().alias("Count"),
        )
        .sort("Region", "Segment")
        .sort("Sum_Revenue", descending=True, maintain_order=True)
        .sink_csv(folder / "polars.csv", engine="streaming")
    )
    return time.perf_counter() - start


def duckdb(folder: Path) -> float:
    """DuckDB's SQL."""
    import duckdb as db

    start = time.perf_counter()
    db.sql(
        f"""
        COPY (
            SELECT Region, Segment, sum(Revenue) AS Sum_Revenue, max(Revenue) AS Max_Revenue, count(*) AS Count
            FROM (
                SELECT *, CAST(Amount AS DOUBLE) * CAST(Quantity AS DOUBLE) AS Revenue
                FROM read_csv('{folder / "orders.csv"}', all_varchar = true)
            ) JOIN read_csv('{folder / "customers.csv"}', all_varchar = true) USING (Customer)
            WHERE Revenue > 100
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
    ways = {"openyx": openyx, "polars": polars, "duckdb": duckdb, "pandas": pandas}
    took = openyx(where, counts=False) if way == "uncounted" else ways[way](where)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, took)
