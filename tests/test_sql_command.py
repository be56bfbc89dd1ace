"""``hotline sql`` runs what ``hotline report NAME --sql`` shows, from a file, a pipe or the command line."""

import codecs
import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

import hotline_tools as ht
from cli import hotline
from hotline_tools.errors import UsageError
from hotline_tools.reports.registry import reports
from hotline_tools.reports.shown import with_views

PERIOD = "2021-06"
SEVERAL = {"agenda": 2, "alerts": 8, "reconcile": 11}
"""Reports of several statements, each of which runs by itself."""


def rows_of(out: str) -> list[dict[str, Any]]:
    return list(json.loads(out)["rows"])


def shown(folder: Path, *line: str) -> str:
    ran = hotline("report", *line, "--sql", cwd=folder)
    assert ran.code == 0, ran.err
    return ran.out


@pytest.mark.parametrize("name", [name for name in reports() if name not in SEVERAL])
def test_what_a_report_shows_runs(name: str, briefing_year: Path, tmp_path: Path) -> None:
    (tmp_path / "q.sql").write_text(shown(briefing_year, name, "--period", PERIOD), "utf-8")
    ran = hotline("sql", "-f", tmp_path / "q.sql", "--format", "json", cwd=briefing_year)
    assert (ran.code, ran.err) == (0, "")


def test_each_of_several_statements_runs_and_all_at_once_are_counted(briefing_year: Path) -> None:
    text = shown(briefing_year, "agenda", "--period", PERIOD)
    whole = hotline("sql", text, cwd=briefing_year)
    assert whole.code == 2 and "这里有 2 条" in whole.err
    for part in text.split(";\n\n"):
        assert hotline("sql", part, cwd=briefing_year).code == 0


@pytest.mark.parametrize(
    ("line", "columns"),
    [
        (("categories",), ("category", "orders", "share", "satisfied_rate_numerator")),
        (("categories", "--period", PERIOD, "--by", "subcategory"), ("category", "subcategory", "orders")),
        (("channels", "--period", PERIOD), ("channel", "orders", "closed")),
        (("callers",), ("orders", "dissatisfied_rate_numerator")),
        (("supervise", "--period", PERIOD), ()),
    ],
)
def test_the_rows_are_the_reports(
    line: tuple[str, ...], columns: tuple[str, ...], briefing_year: Path
) -> None:
    own = rows_of(hotline("sql", shown(briefing_year, *line), "--format", "json", cwd=briefing_year).out)
    told = rows_of(hotline("report", *line, "--format", "json", cwd=briefing_year).out)
    assert len(own) == len(told) > 1
    for column in columns:
        assert [row[column] or "" for row in own] == [row[column] or "" for row in told]


def test_a_comparison_shows_each_period(briefing_year: Path) -> None:
    text = shown(briefing_year, "categories", "--period", PERIOD, "--compare", "previous")
    now, then, history = text.split(";\n\n")
    assert "2021-06-01" in now and "2021-05-01" in then
    for part in (now, then, history):
        assert hotline("sql", part, cwd=briefing_year).code == 0


@pytest.mark.parametrize(
    ("what", "data"),
    [
        ("UTF-8", b"-- \xe6\xb3\xa8\nSELECT 1 AS n;\n"),
        ("what PowerShell writes", codecs.BOM_UTF16_LE + "-- 注\r\nSELECT 1 AS n\r\n".encode("utf-16-le")),
    ],
)
def test_a_pipe_and_a_file(
    what: str, data: bytes, briefing_year: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "q.sql").write_bytes(data)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    for place in (tmp_path / "q.sql", "-"):
        ran = hotline("sql", "-f", place, "--format", "json", cwd=briefing_year)
        assert (ran.code, rows_of(ran.out)) == (0, [{"n": 1}])


def test_a_query_is_given_once(briefing_year: Path) -> None:
    for line in ((), ("SELECT 1", "-f", "q.sql")):
        ran = hotline("sql", *line, cwd=briefing_year)
        assert (ran.code, "二者取一" in ran.err) == (2, True)
    assert hotline("sql", "-f", "无.sql", cwd=briefing_year).code == 1
    assert "--nonsense" in hotline("sql", "--nonsense", cwd=briefing_year).err


def test_without_a_store_the_statement_is_shown_and_what_it_lacks(tmp_path: Path) -> None:
    ran = hotline("report", "pareto", "--sql", cwd=tmp_path)
    assert ran.code == 0 and "FROM scope" in ran.out and "没有工单库" in ran.err
    assert list(tmp_path.iterdir()) == []


MISTAKES = [
    ("a column", "SELECT strete FROM orders", "没有列 strete。是不是 street"),
    ("a column of a table", "SELECT o.x FROM orders AS o", "没有列 x"),
    ("a view", "SELECT * FROM nosuch", "没有视图 nosuch"),
    ("a function", "SELECT foo(street) FROM orders", "没有函数 foo"),
    ("types", "SELECT sum(street) FROM orders", "函数 sum(VARCHAR) 不接受"),
    ("a word", "SELECT 1\nFROM FROM orders", "第 2 行，语法有误，在 FROM 附近"),
    ("a quotation mark", "SELECT 'x", "语句不完整"),
    ("no group", "SELECT street, count(*) FROM orders", "GROUP BY ALL"),
    ("a value", "SELECT CAST('甲' AS INTEGER)", "值 甲 不能转换"),
]


@pytest.mark.parametrize(("what", "query", "said"), MISTAKES, ids=[case[0] for case in MISTAKES])
def test_mistakes_are_told_in_chinese_with_the_engines_words_after(
    what: str, query: str, said: str, briefing_year: Path
) -> None:
    with pytest.raises(UsageError) as raised:
        ht.sql(ht.Store.open(briefing_year / "hotline-store"), query)
    text = str(raised.value)
    assert said in text and text.index(said) < text.index("引擎原话：")
    assert "pg_" not in text


def test_values_of_every_type_have_a_form(briefing_year: Path) -> None:
    query = (
        "SELECT sum(2) AS whole, 1.50 AS decimal, [TIMESTAMP '2021-01-01'] AS times, INTERVAL 1 DAY AS days, "
        "{'a': 1} AS structure, [NULL, 1] AS gaps, 'b'::BLOB AS bytes, 'inf'::DOUBLE AS endless"
    )
    (row,) = rows_of(hotline("sql", query, "--format", "json", cwd=briefing_year).out)
    assert (row["whole"], row["decimal"], row["endless"]) == (2, 1.5, None)
    for form in ("csv", "parquet", "xlsx", "md"):
        assert hotline("sql", query, "-o", f"a.{form}", cwd=briefing_year).code == 0


def test_views_come_before_the_statement_that_reads_them() -> None:
    views = {"scope": "SELECT * FROM orders", "active": "SELECT * FROM scope", "unused": "SELECT 1"}
    assert with_views("-- c\nWITH x AS (SELECT 1)\nFROM active", views) == (
        "-- c\nWITH\nscope AS (\nSELECT * FROM orders\n),\nactive AS (\nSELECT * FROM scope\n),\n"
        "x AS (SELECT 1)\nFROM active"
    )
    assert with_views("SELECT 1", views) == "SELECT 1"
