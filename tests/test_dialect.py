"""Statements of DuckDB's dialect in Spark's: each rule, on the text that comes out."""

import pytest

from hotline_tools.errors import UsageError

pytest.importorskip("sqlglot", reason="needs hotline-tools[spark]")

from hotline_tools.engine.dialect import to_spark

RULES = [
    (
        "a number with a point is DOUBLE",
        "SELECT a / 3600.0 AS h FROM t",
        "SELECT a / CAST(3600.0 AS DOUBLE) AS h FROM t",
    ),
    (
        "quantiles are exact",
        "SELECT percentile_cont(0.9) WITHIN GROUP (ORDER BY s) AS q FROM t",
        "SELECT PERCENTILE(s, CAST(0.9 AS DOUBLE)) AS q FROM t",
    ),
    (
        "of equally frequent values the lowest",
        "SELECT mode(a ORDER BY a) AS m FROM t",
        "SELECT MODE(a, TRUE) AS m FROM t",
    ),
    (
        "a backslash in LIKE is itself",
        r"SELECT a LIKE 'x\_%' AS m",
        r"SELECT a LIKE 'x\\_%' ESCAPE '\037' AS m",
    ),
    (
        "groups in a replacement",
        r"SELECT regexp_replace(a, '(x)(y)', '\2$\1', 'g') AS r FROM t",
        r"SELECT REGEXP_REPLACE(a, '(x)(y)', '$2\\$$1') AS r FROM t",
    ),
    (
        "the total is there without any row",
        "SELECT unit, grouping(unit) AS is_total, count(*) AS n FROM t GROUP BY GROUPING SETS ((unit), ())",
        "SELECT unit, GROUPING(unit) AS is_total, COUNT(*) AS n FROM t GROUP BY GROUPING SETS ((unit)) "
        "UNION ALL SELECT NULL AS unit, 1 AS is_total, COUNT(*) AS n FROM t",
    ),
]


@pytest.mark.parametrize(("what", "duckdb", "spark"), RULES, ids=[rule[0] for rule in RULES])
def test_what_sqlglot_leaves_to_the_rules(what: str, duckdb: str, spark: str) -> None:
    assert to_spark(duckdb) == spark


NO_QUERIES = [
    "COPY t TO 'x'",
    "SELECT 1; SELECT 2",
    "DROP TABLE t",
    "SELECT FROM WHERE",
    "",
    "SELECT * FROM 'x.parquet'",
    "SELECT * FROM read_parquet('x')",
    "SELECT * FROM read_text('x')",
    "SELECT * FROM parquet.x",
]


@pytest.mark.parametrize("sql", NO_QUERIES)
def test_only_one_query(sql: str) -> None:
    with pytest.raises(UsageError):
        to_spark(sql)


def test_a_replacement_of_the_first_match_is_refused() -> None:
    with pytest.raises(UsageError, match="全部匹配"):
        to_spark("SELECT regexp_replace(a, 'x', 'y') FROM t")
