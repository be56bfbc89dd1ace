"""SQL as text: literals, identifiers, column types, and statements filled from their files.

Every value that gets into a statement passes here, so that quoting is right in one place.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from importlib.resources import files

import pyarrow as pa

_PLACE = re.compile(r"\{(\w+)\}")
_TYPES: tuple[tuple[str, str], ...] = (
    ("is_string", "VARCHAR"),
    ("is_boolean", "BOOLEAN"),
    ("is_int64", "BIGINT"),
    ("is_float64", "DOUBLE"),
    ("is_timestamp", "TIMESTAMP"),
    ("is_date", "DATE"),
)
"""Test of ``pyarrow.types`` → the engine's type; the column types that the store has."""


def literal(value: str | bool | int | float | date | datetime | None) -> str:
    """Return ``value`` as an SQL literal."""
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, datetime):
        return f"TIMESTAMP '{value.isoformat(sep=' ')}'"
    if isinstance(value, date):
        return f"DATE '{value.isoformat()}'"
    return "'" + value.replace("'", "''") + "'"


def identifier(name: str) -> str:
    """Return ``name`` as a quoted SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def column_type(kind: pa.DataType) -> str:
    """Return the engine's type of an Arrow type; lists become arrays. Raises ``KeyError`` for another."""
    if pa.types.is_list(kind):
        return f"{column_type(kind.value_type)}[]"
    for test, name in _TYPES:
        if getattr(pa.types, test)(kind):
            return name
    raise KeyError(str(kind))


@cache
def template(package: str, name: str) -> str:
    """Return the statement stored in ``package`` as ``name``.sql; its ``{places}`` are for ``fill``."""
    return files(package).joinpath(f"{name}.sql").read_text(encoding="utf-8").strip()


def fill(text: str, places: Mapping[str, str]) -> str:
    """Return ``text`` with every ``{place}`` replaced, all at once: what is filled in is not looked at again.

    Raises ``KeyError`` for a place that is not given, or that the text does not have: both are slips.
    """
    wanted = set(_PLACE.findall(text))
    if wanted != places.keys():
        raise KeyError(f"places {sorted(wanted ^ places.keys())} are missing or not in the statement")
    return _PLACE.sub(lambda found: places[found[1]], text)


def statement(package: str, name: str, **places: str) -> str:
    """Return the statement ``name``.sql of ``package``, filled."""
    return fill(template(package, name), places)
