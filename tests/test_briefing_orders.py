"""The masked orders behind the figures of a briefing: as many as the figures say, and nobody in them."""

import csv
import re
from pathlib import Path

import pytest

import hotline_tools as ht
from hotline_tools.briefing.orders import MOST, without_places
from hotline_tools.document import Document, OrdersBehind
from hotline_tools.privacy import mask_text
from hotline_tools.table import ROW_KIND

JUNE = "2021-06"
UNIT = "区住房和城乡建设局"


@pytest.fixture(scope="module")
def desk(briefing_year: Path) -> Path:
    return briefing_year


@pytest.fixture(scope="module")
def document(desk: Path) -> Document:
    return ht.brief(ht.Store.open(desk / "hotline-store"), period=JUNE).document


def orders_of(document: Document) -> OrdersBehind:
    assert document.orders is not None
    return document.orders


def test_there_are_as_many_orders_behind_a_row_as_it_counts(document: Document) -> None:
    orders, seen = orders_of(document), set()
    for table in document.tables:
        for row in table.rows:
            found = orders.of(row)
            counted = table.report in ("categories", "channels", "trend", "repeats", "escalations", "alerts")
            if (
                counted
                and row.get(ROW_KIND) is None
                and row.get("orders")
                and not {"span", "since"} & set(row)
            ):
                assert found is not None, (table.title, row)
                assert found.total == row["orders"], table.title
                assert len(found.rows) == min(found.total, MOST)
                seen.add(table.report)
            if table.report == "departments" and "unit" in row and found:
                assert (found.name, found.total) == (row["unit"], row["orders"])
                seen.add(table.report)
    assert {"categories", "channels", "trend", "repeats", "departments"} <= seen


def test_the_latest_orders_are_listed_the_latest_first(document: Document, desk: Path) -> None:
    orders = orders_of(document)
    (row,) = (row for table in document.tables for row in table.rows if row.get("channel") == "12345热线")
    found = orders.of(row)
    assert found is not None
    times = [str(orders.table.rows[place]["received_at"]) for place in found.rows]
    assert found.total > MOST == len(times) and times == sorted(times, reverse=True)
    with (desk / "年度工单.csv").open(encoding="utf-8-sig", newline="") as lines:
        received = [
            row["受理时间"]
            for row in csv.DictReader(lines)
            if row["诉求来源"] == "12345热线" and row["受理时间"].startswith("2021-06")
        ]
    assert found.total == len(received) and times[0] == max(received)


def test_nobody_and_no_place_of_the_store_is_named(document: Document, desk: Path) -> None:
    rows = orders_of(document).table.rows
    with (desk / "年度工单.csv").open(encoding="utf-8-sig", newline="") as lines:
        exported = list(csv.DictReader(lines))
    said = "\n".join(str(row["title"]) for row in rows)
    assert len(rows) > 100 and said.strip()
    assert not {row["来电人电话"] for row in exported} & set(re.findall(r"\d{11}", said))
    assert not re.search(r"[\u4e00-\u9fff](?<!某)(先生|女士)", said)
    assert mask_text(said) == said
    assert set(rows[0]) == {"order_id", "received_at", "subject", "department", "street", "title"}


def test_a_department_opens_its_own_orders_alone(desk: Path) -> None:
    store = ht.Store.open(desk / "hotline-store")
    made = ht.brief(store, period=JUNE, edition="department", department=UNIT)
    assert {row["department"] for row in orders_of(made.document).table.rows} == {UNIT}


@pytest.mark.parametrize(
    ("text", "places", "expected"),
    [
        ("滨河新村有人烧垃圾", {"滨河新村"}, "某处有人烧垃圾"),
        ("投诉滨河新村二期物业", {"滨河新村", "滨河新村二期"}, "投诉某处物业"),
        ("反映噪声", {"滨河新村"}, "反映噪声"),
        ("东街卖菜", {"东街"}, "东街卖菜"),  # too short to be told from a word
        ("", {"滨河新村"}, ""),
    ],
)
def test_places_are_taken_out(text: str, places: set[str], expected: str) -> None:
    assert without_places(text, places) == expected
