"""The samples do what they say, with the numbers that plain Python gets."""

from __future__ import annotations

import csv
import math
from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from openyx.cli.shell import shipped

if TYPE_CHECKING:
    from tests.cli.conftest import Yx


def typed_in(folder: Path, name: str, tool: int) -> list[dict[str, str]]:
    """The records of a Text Input as the file holds them."""
    node = ET.parse(folder / name).find(f".//Node[@ToolID='{tool}']/Properties/Configuration")
    assert node is not None
    names = [field.get("name", "") for field in node.iterfind("Fields/Field")]
    return [dict(zip(names, [cell.text or "" for cell in row], strict=True)) for row in node.iterfind("Data/r")]


def records(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as source:
        return list(csv.reader(source))


@pytest.fixture
def samples(tmp_path: Path) -> Path:
    shipped.write(tmp_path / "samples")
    return tmp_path / "samples"


def test_the_command_writes_them_and_their_data(yx: Yx, tmp_path: Path) -> None:
    done = yx("samples", tmp_path / "s", "--json")
    assert done.code == 0
    assert {Path(path).name for path in done.json} >= {
        "Best customers.yxmd",
        "Monthly sales.yxmd",
        "Price list.yxwz",
        "Stock check.yxmd",
        "Till receipts.yxmd",
        "sales.csv",
        "receipts.csv",
    }
    assert all(Path(path).is_file() for path in done.json)


def test_nothing_is_written_over_unless_asked(yx: Yx, tmp_path: Path) -> None:
    assert yx("samples", tmp_path / "s").code == 0
    mine = tmp_path / "s" / "Best customers.yxmd"
    mine.write_text("mine")
    refused = yx("samples", tmp_path / "s", "--json")
    assert (refused.code, refused.error["code"]) == (2, "conflict")
    assert mine.read_text() == "mine"
    assert yx("samples", tmp_path / "s", "--overwrite").code == 0
    assert mine.read_text() != "mine"


def test_the_large_file_is_the_same_each_time() -> None:
    lines = shipped.receipts().splitlines()
    assert len(lines) == 1 + 120_000
    assert lines == shipped.receipts().splitlines()


def test_best_customers_adds_up_what_was_paid(yx: Yx, samples: Path) -> None:
    paid: dict[str, list[tuple[int, Decimal, str]]] = defaultdict(list)
    for order in typed_in(samples, "Best customers.yxmd", 2):
        if order["Paid"] == "yes":
            kilos = int(order["Kg"])
            paid[order["Customer"]].append((kilos, kilos * Decimal(order["Price"]), order["Date"]))
    expected = [
        (sum(each[1] for each in orders), name, len(orders), sum(each[0] for each in orders), max(o[2] for o in orders))
        for name, orders in paid.items()
    ]
    assert yx("exec", samples / "Best customers.yxmd").code == 0
    heads, *rows = records(samples / "best customers.csv")
    assert heads == ["Customer", "Orders", "Kilos", "Revenue", "Last order"]
    assert rows == [
        [name, str(orders), str(kilos), f"{revenue:.2f}", last]
        for revenue, name, orders, kilos, last in sorted(expected, reverse=True)
    ]


def test_monthly_sales_sets_aside_what_looks_wrong(yx: Yx, samples: Path) -> None:
    _, *sales = records(samples / "data" / "sales.csv")
    good = [sale for sale in sales if Decimal(sale[4]) > 0 and sale[3]]
    groups: dict[tuple[str, str], list[list[str]]] = defaultdict(list)
    for sale in good:
        groups[sale[0][:7], sale[1]].append(sale)
    assert yx("exec", samples / "Monthly sales.yxmd").code == 0
    heads, *rows = records(samples / "monthly sales.csv")
    assert heads == ["Month", "Store", "Sales", "Kilos", "Amount", "Kilos a sale"]
    assert [row[:5] for row in rows] == [
        [*group, str(len(found)), str(sum(int(s[3]) for s in found)), f"{sum(Decimal(s[4]) for s in found):.2f}"]
        for group, found in sorted(groups.items())
    ]
    for row in rows:
        assert float(row[5]) == pytest.approx(int(row[3]) / int(row[2]), rel=1e-14)
    assert records(samples / "sales to check.csv")[1:] == [
        [day, store, coffee, kilos, f"{Decimal(amount):.2f}"]
        for day, store, coffee, kilos, amount in sales
        if not (Decimal(amount) > 0 and kilos)
    ]


def price_list(samples: Path, *, rate: float, discount: float, tax: bool) -> list[tuple[str, str]]:
    prices: list[tuple[float, str]] = []
    for coffee in typed_in(samples, "Price list.yxwz", 2):
        price = float(coffee["Euro"]) * rate * (1 - discount / 100) * (1.07 if tax else 1)
        prices.append((math.floor(price / 0.05 + 0.5) * 0.05, coffee["Coffee"]))
    return [(coffee, f"{price:.2f}") for price, coffee in sorted(prices)]


def test_the_answers_change_the_price_list(yx: Yx, samples: Path) -> None:
    done = yx(
        "exec", samples / "Price list.yxwz", "-a", "Customer=Café O'Brien", "-a", "Currency=USD",
        "-a", "Valid from=2026-07-01", "-a", "Discount=12.5", "-a", "With tax=False",
    )  # fmt: skip
    assert (done.code, done.err.count("Traceback")) == (0, 0)
    heads, *rows = records(samples / "price list.csv")
    assert heads == ["Customer", "Valid from", "Coffee", "Origin", "Price", "Currency", "Tax included"]
    assert {(row[0], row[1], row[5], row[6]) for row in rows} == {("Café O'Brien", "2026-07-01", "USD", "False")}
    assert [(row[2], row[4]) for row in rows] == price_list(samples, rate=1.08, discount=12.5, tax=False)


def test_the_price_list_has_defaults_for_all_but_the_date(yx: Yx, samples: Path) -> None:
    assert yx("exec", samples / "Price list.yxwz", "-a", "Valid from=2026-01-02").code == 0
    _, *rows = records(samples / "price list.csv")
    assert {(row[0], row[5], row[6]) for row in rows} == {("our guests", "EUR", "True")}
    assert [(row[2], row[4]) for row in rows] == price_list(samples, rate=1, discount=0, tax=True)


def test_without_the_date_nothing_runs(yx: Yx, samples: Path) -> None:
    refused = yx("exec", samples / "Price list.yxwz", "--json")
    assert (refused.code, refused.error["code"]) == (2, "answer_error")
    assert "Valid from" in refused.error["message"]
    assert not (samples / "price list.csv").exists()


def test_the_stock_check_fails_and_says_why(yx: Yx, samples: Path) -> None:
    failed = yx("exec", samples / "Stock check.yxmd", "--json")
    assert (failed.code, failed.error["code"]) == (1, "job_failed")
    assert "Nothing is below its minimum" in failed.error["message"]
    warnings = [message["text"] for message in failed.json["messages"] if message["status"] == 2]
    assert warnings == ["Order Decaf: 8 kg left of at least 15", "Order Single farm: 0 kg left of at least 5"]


def test_till_receipts_adds_up_all_of_them(yx: Yx, samples: Path) -> None:
    groups: dict[tuple[str, int], list[float]] = defaultdict(list)
    for _, store, at, amount in records(samples / "data" / "receipts.csv")[1:]:
        groups[store, int(at[11:13])].append(float(amount))
    assert yx("exec", samples / "Till receipts.yxmd").code == 0
    heads, *rows = records(samples / "busy hours.csv")
    assert heads == ["Store", "Hour", "Receipts", "Amount", "Average", "Largest"]
    assert len(rows) == len(groups)
    for row, (group, amounts) in zip(rows, sorted(groups.items()), strict=True):
        total = 0.0
        for each in amounts:  # in the order of arrival, as the engine adds
            total += each
        assert (row[0], int(row[1]), int(row[2])) == (*group, len(amounts))
        assert (row[3], row[5]) == (f"{total:.15g}", f"{max(amounts):.15g}")
        assert float(row[4]) == pytest.approx(total / len(amounts), rel=1e-14)
