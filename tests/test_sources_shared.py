"""The real files, when HOTLINE_SHARED_DATA names their folder: what comes in, and what is wrong with it."""

import os
from pathlib import Path

import pytest

from hotline_tools.jobs.sisters import find_sisters
from hotline_tools.layouts import KnownHeaders, load_layouts, match_layout
from hotline_tools.sources import RawTable, open_tables

FOLDER = os.environ.get("HOTLINE_SHARED_DATA")
pytestmark = pytest.mark.skipif(not FOLDER, reason="HOTLINE_SHARED_DATA is not set")
LAYOUTS = load_layouts()
KNOWN = KnownHeaders(LAYOUTS)

# rows, rejected, repaired: the repaired and rejected ones are addresses with an unquoted comma
FILES = [
    ("wenzheng/messages_with_replies.xlsx", "wenzheng", "xlsx", None, 2816, 0, 0),
    ("wenzheng/messages_labelled.xlsx", "wenzheng", "xlsx", None, 200, 0, 0),
    ("wenzheng/messages_repeats.xlsx", "wenzheng", "xlsx", None, 2180, 0, 0),
    ("letters-dalian/dalian_detail.csv", "mayor-letters-detail", "csv", "gb18030", 3773, 0, 0),
    ("letters-dalian/dalian_list.csv", "mayor-letters-list", "csv", "gb18030", 3773, 0, 0),
    ("taipei-1999/ids-in-scientific-notation.csv", "taipei-1999", "csv", "utf-8", 12572, 0, 0),
    ("taipei-1999/ids-truncated-and-shifted-columns.csv", "taipei-1999", "csv", "utf-8", 10543, 17, 176),
    ("taipei-1999/utf8-bom-2026-04.csv", "taipei-1999", "csv", "utf-8-sig", 13266, 0, 0),
    ("streetlight/bom-crlf.csv", "streetlight", "csv", "utf-8-sig", 5000, 0, 0),
    ("nyc311/dohmh-41-columns.csv", "nyc311", "csv", "utf-8", 5895, 0, 0),
]


def only(name: str) -> RawTable:
    (table,) = open_tables([Path(FOLDER or "") / name], known_headers=KNOWN)
    return table


@pytest.mark.parametrize("expected", FILES, ids=[f[0] for f in FILES])
def test_every_file_comes_in_without_options(
    expected: tuple[str, str, str, str | None, int, int, int],
) -> None:
    table = only(expected[0])
    match = match_layout(table.header, table.sample(), LAYOUTS)
    assert match.layout is not None
    assert match.score == 1.0
    read = sum(batch.table.num_rows for batch in table.batches())
    counts = table.counts()
    found = (match.layout.id, table.format, table.encoding, read, counts["rejected"])
    assert (*found, counts["columns_repaired"]) == expected[1:]
    assert counts["rows"] == read


def test_shifted_addresses_are_put_back() -> None:
    table = only("taipei-1999/ids-truncated-and-shifted-columns.csv")
    for batch in table.batches():
        assert all("列错位" in reject.reason for reject in batch.rejects)
        if batch.flags is None:
            continue
        for row, flag in zip(batch.table.to_pylist(), batch.flags.to_pylist(), strict=True):
            if flag:
                assert row["案件地址"].count(",") == 1
                assert row["立案日期"].isdigit()
                assert len(row["立案日期"]) == 8
                assert row["立案時間"] is None


def test_line_breaks_in_street_light_reports_are_intact() -> None:
    table = only("streetlight/bom-crlf.csv")
    broken = [
        row["故障情形"]
        for batch in table.batches()
        for row in batch.table.to_pylist()
        if row["故障情形"] and "\n" in row["故障情形"]
    ]
    assert len(broken) > 10


def test_list_and_detail_of_the_letters_join_on_the_link() -> None:
    tables = [only("letters-dalian/dalian_list.csv"), only("letters-dalian/dalian_detail.csv")]
    matches = [(match_layout(t.header, t.sample(), LAYOUTS), t) for t in tables]
    (pair,) = find_sisters(matches)
    assert (pair.primary, pair.key_header_primary, pair.key_header_secondary) == (1, "链接", "链接")
    assert (pair.matched, pair.only_primary, pair.only_secondary) == (3773, 0, 0)
    number = next(e for e in pair.candidates if e.header_primary == "受理编号")
    assert number.filled_primary - number.distinct_primary == 2
