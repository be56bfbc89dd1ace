"""What footers tell: the ends of columns, else the rows' own, and how many rows there are."""

from datetime import datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from hotline_tools.errors import StoreError
from hotline_tools.parquet import column_names, extremes, files_sql

DAYS = [datetime(2025, 6, day) for day in range(1, 10)]


def _file(path: Path, times: list[datetime | None], **options: object) -> Path:
    pq.write_table(pa.table({"at": pa.array(times, pa.timestamp("us"))}), path, **options)
    return path


@pytest.mark.parametrize(
    "statistics", [True, False], ids=["with statistics", "a writer that leaves them out"]
)
def test_the_ends_are_those_of_all_rows_of_all_files(tmp_path: Path, statistics: bool) -> None:
    options = {"row_group_size": 2, "write_statistics": statistics}
    files = [
        _file(tmp_path / "a", [DAYS[4], None, DAYS[2], DAYS[8], None, None], **options),
        _file(tmp_path / "b", [None, None], **options),
        _file(tmp_path / "c", [DAYS[3], DAYS[5]], **options),
    ]
    assert extremes(files, ["at"]) == {"at": (DAYS[2], DAYS[8])}


def test_what_no_file_says_has_no_ends(tmp_path: Path) -> None:
    files = [_file(tmp_path / "a", [None])]
    assert extremes(files, ["at", "closed"]) == {"at": (None, None), "closed": (None, None)}
    assert extremes([], ["at"]) == {"at": (None, None)}


def test_neighbours_of_different_columns_are_each_read_as_they_are(tmp_path: Path) -> None:
    whole = {
        "ids": pa.array([["A1", "A2"], []], pa.list_(pa.string())),
        "who": pa.array([{"name": "甲"}, None]),
        "at": pa.array(DAYS[:2], pa.timestamp("us")),
    }
    tables = [
        pa.table({"at": whole["at"]}),
        pa.table(whole),
        pa.table(whole),
        pa.table({"ids": whole["ids"]}),
    ]
    files = [tmp_path / str(number) for number in range(len(tables))]
    for file, table in zip(files, tables, strict=True):
        pq.write_table(table, file)
    assert column_names(files) == [("at",), ("ids", "who", "at"), ("ids", "who", "at"), ("ids",)]
    assert extremes(files, ["at"]) == {"at": (DAYS[0], DAYS[1])}


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"PAR1 not a table PAR1")
    with pytest.raises(StoreError) as caught:
        extremes([tmp_path / "a"], ["at"])
    assert str(tmp_path / "a") in str(caught.value)


def test_duckdb_knows_how_many_rows_files_of_different_sizes_have(tmp_path: Path) -> None:
    """By itself it takes each for as large as the first, and a join holds the wrong side."""
    files = [_file(tmp_path / "small", DAYS[:1]), _file(tmp_path / "large", DAYS * 400)]
    with duckdb.connect() as database:
        ((_, plan),) = database.execute(f"EXPLAIN SELECT * FROM {files_sql(files)}").fetchall()
    assert "3,601 rows" in plan
