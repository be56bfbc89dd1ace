"""The real files, when HOTLINE_SHARED_DATA says where they are: exact counts, and why."""

import os
from pathlib import Path

import pytest

from hotline_tools.engine import Engine
from hotline_tools.jobs.importing import ImportReport, import_tables
from hotline_tools.jobs.opening import OpenOptions, matched_tables
from hotline_tools.store import Store

DATA = Path(os.environ.get("HOTLINE_SHARED_DATA", "/nonexistent"))
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="HOTLINE_SHARED_DATA is not set")

# file, rows read, new, duplicate, rejected, key origins, flags
CASES = [
    ("wenzheng/messages_with_replies.xlsx", 2816, 2816, 0, 0, {"id": 2816}, {}),
    ("wenzheng/messages_labelled.xlsx", 200, 200, 0, 0, {"id": 200}, {}),
    ("wenzheng/messages_repeats.xlsx", 2180, 2180, 0, 0, {"id": 2180}, {}),
    # two numbers were given to two letters each: all four go by their content
    ("letters-dalian/dalian_detail.csv", 3773, 3773, 0, 0, {"id": 3769, "content:repeated-id": 4},
     {"reply-before-letter": 36}),
    ("letters-dalian/dalian_list.csv", 3773, 3773, 0, 0, {"id": 3769, "content:repeated-id": 4}, {}),
    # every id is one of two texts like 2.02504E+12
    ("taipei-1999/ids-in-scientific-notation.csv", 12572, 12572, 0, 0, {"content:damaged-id": 12572}, {}),
    # 29 different ids; unquoted commas shifted 193 rows, of which 17 cannot be put right for certain
    ("taipei-1999/ids-truncated-and-shifted-columns.csv", 10560, 10543, 0, 17, {"content:damaged-id": 10543},
     {"columns-repaired": 176}),
    ("taipei-1999/utf8-bom-2026-04.csv", 13266, 13266, 0, 0, {"id": 13266}, {}),
    # one report stands twice, word for word, under one number
    ("streetlight/bom-crlf.csv", 5000, 4999, 1, 0, {"id": 5000}, {}),
    # two orders were closed on 01/01/1900
    ("nyc311/dohmh-41-columns.csv", 5895, 5895, 0, 0, {"id": 5895}, {"date-sentinel": 2}),
]  # fmt: skip


def bring_in(path: Path, store: Store) -> ImportReport:
    return import_tables(matched_tables([path], OpenOptions()), store)


@pytest.mark.parametrize("case", CASES, ids=[c[0] for c in CASES])
def test_exact_counts(
    case: tuple[str, int, int, int, int, dict[str, int], dict[str, int]], tmp_path: Path
) -> None:
    name, read, new, duplicate, rejected, origins, flags = case
    store = Store.open(tmp_path / "store", create=True)
    (record,) = bring_in(DATA / name, store).records
    counts = record.counts
    assert (counts.read, counts.new, counts.duplicate, counts.rejected) == (read, new, duplicate, rejected)
    assert record.origins == origins
    found = {k: v for k, v in record.quality["flags"].items() if k not in ("masked", "area-only-district")}
    assert found == flags
    assert store.info().rejects == rejected
    again = bring_in(DATA / name, store).totals()
    assert (again["new"], again["updated"], again["unchanged"]) == (0, 0, new)
    assert store.verify() == []


def test_sister_files_are_joined_on_the_link(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "store", create=True)
    (record,) = bring_in(DATA / "letters-dalian", store).records
    assert record.counts.new == record.counts.read == 3773
    assert "3,773 件对上，0 件只在" in record.notes[-1]
    with Engine(store) as engine:
        (row,) = engine.query(
            "SELECT count(*) AS n, count(request_type) AS types, count(DISTINCT department) AS departments, "
            "count(handling_hours) AS spans, count(*) FILTER (quality_flags LIKE '%reply-before%') AS early "
            "FROM orders"
        ).to_pylist()
    assert row == {"n": 3773, "types": 3772, "departments": 236, "spans": 3737, "early": 36}


def test_line_breaks_inside_cells_stay(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "store", create=True)
    bring_in(DATA / "streetlight/bom-crlf.csv", store)
    with Engine(store) as engine:
        (row,) = engine.query("SELECT count(*) AS n FROM orders WHERE content LIKE '%\n%'").to_pylist()
    assert row["n"] > 0
