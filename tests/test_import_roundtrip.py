"""Work orders written in any format, encoding and header spelling come back as the same work orders."""

import datetime as dt
import io
import json
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from formats import WRITERS, as_html, as_text
from fuzzing import KNOWN, LAYOUTS
from hotline_tools.jobs.importing import import_tables
from hotline_tools.jobs.opening import OpenOptions, matched_tables
from hotline_tools.layouts import match_layout
from hotline_tools.layouts.load import common
from hotline_tools.normalise import Normaliser
from hotline_tools.privacy import Masker
from hotline_tools.sources import open_tables
from hotline_tools.store import Store

FIELDS = ("order_id", "received_at", "title", "content", "department", "status", "satisfaction", "extensions")
LOCATORS = ("import_id", "row_number")
"""Where a row was found; everything else is the work order."""
CHINESE = "的是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说"
WORDS = st.text(st.sampled_from(CHINESE + 'ABC ,;|"\n，。（）'), min_size=1, max_size=24)
TIMES = st.datetimes(dt.datetime(2001, 1, 1), dt.datetime(2037, 12, 31)).map(
    lambda t: t.replace(microsecond=0)
)
STATUSES = {"办理中": "open", "已办结": "closed", "已撤销": "cancelled"}
RATINGS = {"满意": "satisfied", "基本满意": "basically", "不满意": "dissatisfied", "": None}
DECORATIONS = ("{}", "*{}", " {}\u3000", "{}（必填）", "{}：", "{}\n", "\t{}")


@dataclass(frozen=True)
class Order:
    order_id: str
    received_at: dt.datetime
    title: str
    content: str | None
    department: str
    status: str
    satisfaction: str
    extensions: int

    def cells(self) -> list[str]:
        times = self.received_at.isoformat(sep=" ")
        return [
            self.order_id, times, self.title, self.content or "", self.department, self.status,
            self.satisfaction, str(self.extensions),
        ]  # fmt: skip

    def expected(self) -> tuple[object, ...]:
        status, rating = STATUSES[self.status], RATINGS[self.satisfaction]
        return (
            self.order_id, self.received_at, self.title, self.content, self.department, status, rating,
            self.extensions,
        )  # fmt: skip


def tidy(text: str) -> str:
    """As a cell stands once its padding is gone; what is left must come back to the letter."""
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


TEXTS = WORDS.map(tidy).filter(lambda t: any(c in CHINESE for c in t))


@st.composite
def orders(draw: st.DrawFn) -> list[Order]:
    count = draw(st.integers(1, 8))
    return [
        Order(
            f"GD{number:06d}",
            draw(TIMES),
            draw(TEXTS),
            draw(st.none() | TEXTS),
            draw(st.sampled_from(["区城管局", "市住建局,房管处", "甲街道"])),
            draw(st.sampled_from(sorted(STATUSES))),
            draw(st.sampled_from(sorted(RATINGS))),
            draw(st.integers(0, 12)),
        )
        for number in range(count)
    ]


@st.composite
def headers(draw: st.DrawFn) -> list[str]:
    """Each field under any of the names that the layouts know, decorated as exports do."""
    return [
        draw(st.sampled_from(DECORATIONS)).format(draw(st.sampled_from(common().fields[name].parts[0][:12])))
        for name in FIELDS
    ]


def normalised(data: bytes) -> pa.Table:
    """The work orders in a file; nothing may be rejected."""
    with tempfile.NamedTemporaryFile(suffix=".dat") as file:
        file.write(data)
        file.flush()
        (table,) = open_tables([Path(file.name)], known_headers=KNOWN)
        match = match_layout(table.header, table.sample(), LAYOUTS)
        normaliser = Normaliser(match, table, import_id="i", masker=Masker(bytes(32)))
        done = [normaliser.batch(batch) for batch in table.batches()]
    assert sum(batch.rejects.num_rows for batch in done) == 0
    return pa.concat_tables([batch.orders for batch in done])


def read_back(data: bytes) -> list[tuple[object, ...]]:
    return [tuple(row[name] for name in FIELDS) for row in normalised(data).select(FIELDS).to_pylist()]


@settings(max_examples=120, deadline=None)
@given(orders(), headers(), st.sampled_from(sorted(WRITERS)))
def test_every_format_and_header_gives_the_orders_back(
    given_orders: list[Order], header: list[str], kind: str
) -> None:
    data = WRITERS[kind]([header, *(order.cells() for order in given_orders)])
    assert read_back(data) == [order.expected() for order in given_orders]


ENCODINGS = ("utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le")


@settings(max_examples=60, deadline=None)
@given(
    orders(), st.sampled_from(ENCODINGS), st.sampled_from([",", "\t", ";"]), st.sampled_from(["\n", "\r\n"])
)
def test_every_encoding_and_delimiter_gives_the_orders_back(
    given_orders: list[Order], encoding: str, delimiter: str, end: str
) -> None:
    header = [common().fields[name].parts[0][0] for name in FIELDS]
    data = as_text([header, *(order.cells() for order in given_orders)], delimiter, encoding, end)
    assert read_back(data) == [order.expected() for order in given_orders]


@settings(max_examples=40, deadline=None)
@given(orders(), st.sampled_from(["utf-8", "gb18030"]))
def test_html_in_any_encoding_gives_the_orders_back(given_orders: list[Order], encoding: str) -> None:
    header = [common().fields[name].parts[0][0] for name in FIELDS]
    data = as_html([header, *(order.cells() for order in given_orders)], encoding)
    assert read_back(data) == [order.expected() for order in given_orders]


MONTH = [
    Order(
        f"GD2025{i:06d}",
        dt.datetime(2025, 6, 1 + i % 30, i % 24, i % 60, i * 7 % 60),
        f"第{i}处路灯不亮",
        f"路灯坏了{i}天，\n电话1381234{i:04d}" if i % 5 else None,
        "区城管局",
        sorted(STATUSES)[i % 3],
        sorted(RATINGS)[i % 4],
        i % 3,
    )
    for i in range(1, 300)
]
HEADER = [common().fields[name].parts[0][0] for name in FIELDS]


def typed_xlsx() -> bytes:
    """As a platform writes it: real dates and numbers, not text."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"default_date_format": "yyyy/m/d h:mm:ss"}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADER)
        for number, order in enumerate(MONTH, start=1):
            row = [order.order_id, order.received_at, order.title, order.content, order.department]
            sheet.write_row(number, 0, [*row, order.status, order.satisfaction or None, order.extensions])
    return buffer.getvalue()


def typed_json() -> bytes:
    """Numbers as numbers, missing values as null, times in ISO 8601."""
    rows = (
        [order.cells()[0], order.received_at.isoformat(), *order.cells()[2:7], order.extensions]
        for order in MONTH
    )
    return json.dumps(
        [{n: v or None if v == "" else v for n, v in zip(HEADER, r, strict=True)} for r in rows]
    ).encode()


def as_bytes(orders_table: pa.Table) -> bytes:
    """The work orders without where they were found, as one Arrow stream."""
    sink = pa.BufferOutputStream()
    plain = orders_table.drop_columns(LOCATORS).combine_chunks()
    with pa.ipc.new_stream(sink, plain.schema) as writer:
        writer.write_table(plain)
    return sink.getvalue().to_pybytes()


def test_the_same_month_in_xlsx_csv_and_json_gives_the_same_bytes(tmp_path: Path) -> None:
    text = as_text([HEADER, *(order.cells() for order in MONTH)], encoding="gb18030")
    files = {"csv": text, "xlsx": typed_xlsx(), "json": typed_json()}
    found = {kind: as_bytes(normalised(data)) for kind, data in files.items()}
    assert found["csv"] == found["xlsx"] == found["json"]
    # and so the second and third import change nothing
    store = Store.open(tmp_path / "store", create=True)
    for kind, data in files.items():
        path = tmp_path / f"六月.{kind}"
        path.write_bytes(data)
        totals = import_tables(matched_tables([path], OpenOptions()), store).totals()
        assert totals["new" if kind == "csv" else "unchanged"] == len(MONTH)


def test_rows_are_numbered_as_their_file_shows_them() -> None:
    """A sheet and a CSV count their header, JSON and Parquet have none: so the numbers differ by one."""
    grid = [HEADER, *(order.cells() for order in MONTH[:3])]
    first = {kind: normalised(write(grid)).column("row_number")[0].as_py() for kind, write in WRITERS.items()}
    assert {kind for kind, number in first.items() if number == 1} == {"json", "jsonl", "parquet"}
    assert {number for kind, number in first.items() if kind not in ("json", "jsonl", "parquet")} == {2}
