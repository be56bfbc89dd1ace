"""A row is read alike whatever stands beside it: in which batch, in how long a file, and by which command."""

import csv
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

import hotline_tools as ht
from cli import hotline
from hotline_tools.layouts import load_layouts, match_layout
from hotline_tools.normalise import Normaliser
from hotline_tools.privacy import Masker
from hotline_tools.sources import RawBatch, RawTable

HEADER = ("受理时间", "诉求内容", "诉求渠道", "主办单位", "问题分类", "区县", "应办结时间", "办结时间")
PLAIN = (
    "2025-06-01 08:00:00",
    "春晖路路灯不亮",
    "电话",
    "城管局",
    "市政/照明",
    "东区",
    "2025-06-09",
    "2025-06-08",
)
FILL = [(f"2025-06-{n % 28 + 1:02} 08:00:00", f"春晖路{n}号路灯不亮", *PLAIN[2:]) for n in range(60)]


def table_of(rows: Sequence[Sequence[str]], batch: int, kind: str = "csv") -> RawTable:
    def read(counts: Counter[str]) -> Iterator[RawBatch]:
        for start in range(0, len(rows), batch):
            part = rows[start : start + batch]
            columns = [
                pa.array([cell or None for cell in cells], pa.string()) for cells in zip(*part, strict=True)
            ]
            numbers = pa.array(range(start + 2, start + 2 + len(part)), pa.int64())
            yield RawBatch(pa.table(columns, names=list(HEADER)), numbers)

    return RawTable("a", HEADER, HEADER, 1, kind, read, lambda: "")


def orders_of(table: RawTable) -> list[dict[str, object]]:
    match = match_layout(table.header, table_of([PLAIN, *FILL], 100).sample(), load_layouts())
    normaliser = Normaliser(match, table, import_id="i", masker=Masker(bytes(32)))
    return [row for raw in table.batches() for row in normaliser.batch(raw).orders.to_pylist()]


@pytest.mark.parametrize("kind", ["xlsx", "xls"])
@pytest.mark.parametrize("clocked", [1, 45])
def test_a_date_in_a_workbook_is_a_day_or_a_midnight_in_all_batches(kind: str, clocked: int) -> None:
    rows = [
        (*row[:6], "2025-06-09 15:30:00" if n < clocked else "2025-06-09", row[7])
        for n, row in enumerate(FILL)
    ]
    due = {order["due_at"] for order in orders_of(table_of(rows, 20, kind))[clocked:]}
    assert due == {datetime(2025, 6, 9, 23, 59, 59) if clocked == 1 else datetime(2025, 6, 9)}


CELLS = st.sampled_from(
    [
        "'电话",
        "’0012",
        '="网站"',
        "微信\n公众号",
        " 电话 ",
        "A&amp;B",
        "\ufeff电话",
        "（电话）",
        "市城管局(东)",
        "无",
        "—",
        "12.0",
    ]
)


@settings(max_examples=25, deadline=None)
@given(st.tuples(*[CELLS] * 5))
def test_a_row_is_read_alike_alone_and_among_others(cells: tuple[str, ...]) -> None:
    row = (PLAIN[0], *cells, *PLAIN[6:])
    (alone,) = orders_of(table_of([row], 10))
    among = orders_of(table_of([*FILL[:20], row, *FILL[20:]], 1000))[20]
    last = orders_of(table_of([*FILL, row], 20))[-1]
    for other in (among, last):
        assert {k: v for k, v in other.items() if k != "row_number"} == {
            k: v for k, v in alone.items() if k != "row_number"
        }


def test_a_file_and_its_store_are_classified_alike(tmp_path: Path) -> None:
    rows = [["工单编号", "受理时间", "标题", "内容", "问题分类"]]
    texts = [
        ("", "无"),
        ("—", "/"),
        ("路灯不亮", "无"),
        ("'路灯不亮", '="小区电梯坏了"'),
        ("", "噪声大\n影响休息"),
    ]
    rows += [[f"T{n}", "2025-06-01", *text, "噪声扰民"] for n, text in enumerate(texts)]
    file = tmp_path / "六月.xlsx"
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                sheet.write_string(number, column, cell)
    hotline("classify", str(file), "-o", str(tmp_path / "out.csv"), cwd=tmp_path)
    store = ht.Store.open(tmp_path / "库", create=True)
    ht.import_files(store, [file])
    ht.classify(store)
    stored = ht.sql(store, "SELECT category FROM orders ORDER BY order_id").rows
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as lines:
        tagged = [row["category"] or None for row in csv.DictReader(lines)]
    assert tagged == [row["category"] for row in stored]
    assert len(set(tagged)) > 1
