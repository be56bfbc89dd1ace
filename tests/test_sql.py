"""SQL text: quoting and filling, each in one place."""

from datetime import date, datetime

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline_tools.schema import LABELS, ORDERS, REJECTS
from hotline_tools.sql import column_type, fill, identifier, literal


@given(st.text(alphabet=st.characters(exclude_characters="\0", exclude_categories=["Cs"])))
def test_a_text_comes_back_as_it_was(text: str) -> None:
    assert duckdb.sql(f"SELECT {literal(text)}").fetchall() == [(text,)]


@pytest.mark.parametrize(
    "value", [None, True, False, 7, -1, 0.25, date(2025, 6, 1), datetime(2025, 6, 1, 8, 30, 5, 7)], ids=repr
)
def test_a_value_comes_back_as_it_was(value: object) -> None:
    assert duckdb.sql(f"SELECT {literal(value)}").fetchall() == [(value,)]


def test_a_name_with_quotes_is_a_name() -> None:
    name = 'a "b" c'
    assert duckdb.sql(f"SELECT 1 AS {identifier(name)}").columns == [name]


def test_every_column_of_the_store_has_a_type_that_the_engine_gives_back() -> None:
    for schema in (ORDERS, LABELS, REJECTS):
        for field in schema:
            column = f"CAST(NULL AS {column_type(field.type)}) AS c"
            assert duckdb.sql(f"SELECT {column}").to_arrow_table().schema.field("c").type == field.type
    with pytest.raises(KeyError):
        column_type(pa.decimal128(4))


def test_what_is_filled_in_is_not_looked_at_again() -> None:
    assert fill("{a} {b}", {"a": "{b}", "b": "'{a}'"}) == "{b} '{a}'"


@pytest.mark.parametrize(
    "places", [{"a": "1"}, {"a": "1", "b": "2", "c": "3"}], ids=["one too few", "one too many"]
)
def test_a_place_too_few_or_too_many_is_a_slip(places: dict[str, str]) -> None:
    with pytest.raises(KeyError, match="places"):
        fill("{a} {b}", places)
