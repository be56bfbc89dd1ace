"""Whatever is written in any format and encoding is read back; whatever is damaged is never lost silently."""

import csv
import io
import json
import tempfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from fuzzing import damaged, judge
from hotline_tools.layouts import KnownHeaders, load_layouts
from hotline_tools.sources import RawTable, open_tables

KNOWN = KnownHeaders(load_layouts())
HEADER = ["工单编号", "受理时间", "诉求标题", "诉求内容", "主办单位", "工单状态"]
CHINESE = "的是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说"
WORDS = st.text(st.sampled_from(CHINESE + "ABC019 ,;\t\"'\n，。|（）"), min_size=1, max_size=30)


@st.composite
def orders(draw: st.DrawFn) -> list[list[str]]:
    """Rows as a platform might hold them: ids, times, and text with everything that hurts a CSV."""
    count = draw(st.integers(1, 30))
    texts = [draw(st.lists(WORDS, min_size=3, max_size=3)) for _ in range(count)]
    found = []
    for number, (title, content, unit) in enumerate(texts):
        when = f"2025-06-{number % 28 + 1:02d} 08:{number:02d}:00"
        cells = [title.strip(), content.strip(), unit.strip()]
        found.append([f"GD{number:05d}", when, *cells, "办理中"])
    return found


def as_csv(rows: list[list[str]], encoding: str, delimiter: str, end: str) -> bytes:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=delimiter, lineterminator=end).writerows([HEADER, *rows])
    return buffer.getvalue().encode(encoding)


def as_xlsx(rows: list[list[str]]) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate([HEADER, *rows]):
            for column, cell in enumerate(row):
                sheet.write_string(number, column, cell)
    return buffer.getvalue()


def as_json(rows: list[list[str]], lines: bool) -> bytes:
    objects = [dict(zip(HEADER, row, strict=True)) for row in rows]
    text = "\n".join(map(json.dumps, objects)) if lines else json.dumps(objects, ensure_ascii=False)
    return text.encode()


def as_parquet(rows: list[list[str]]) -> bytes:
    buffer = io.BytesIO()
    pq.write_table(pa.Table.from_pylist([dict(zip(HEADER, r, strict=True)) for r in rows]), buffer)
    return buffer.getvalue()


def read(data: bytes) -> list[RawTable]:
    with tempfile.NamedTemporaryFile(suffix=".csv") as file:
        file.write(data)
        file.flush()
        tables = list(open_tables([Path(file.name)], known_headers=KNOWN))
        for table in tables:
            table.keep_alive = list(table.batches())
        return tables


def values(table: RawTable) -> list[list[str]]:
    assert isinstance(table.keep_alive, list)
    rows = [list(row.values()) for batch in table.keep_alive for row in batch.table.to_pylist()]
    return [[cell or "" for cell in row] for row in rows]


ENCODINGS = st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16"])


@settings(max_examples=100, deadline=None)
@given(orders(), ENCODINGS, st.sampled_from([",", "\t", ";"]), st.sampled_from(["\n", "\r\n"]))
def test_delimited_text_comes_back(rows: list[list[str]], encoding: str, delimiter: str, end: str) -> None:
    (table,) = read(as_csv(rows, encoding, delimiter, end))
    assert table.header == tuple(HEADER)
    assert values(table) == rows


@settings(max_examples=60, deadline=None)
@given(orders(), st.sampled_from(["xlsx", "json", "jsonl", "parquet"]))
def test_other_formats_come_back(rows: list[list[str]], kind: str) -> None:
    data = {
        "xlsx": as_xlsx,
        "json": lambda r: as_json(r, lines=False),
        "jsonl": lambda r: as_json(r, lines=True),
        "parquet": as_parquet,
    }[kind](rows)
    (table,) = read(data)
    assert values(table) == rows


@settings(max_examples=250, deadline=None)
@given(st.integers(0, 1 << 32))
def test_damaged_files_are_read_or_refused_and_every_row_is_counted(seed: int) -> None:
    _, data = damaged(seed)
    judge(data, normalise=seed % 7 == 0)
