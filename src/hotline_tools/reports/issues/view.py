"""Orders with the issue they belong to: the repeats table when there is one, else place + subcategory."""

from hotline_tools.errors import UsageError
from hotline_tools.reports.query import Database
from hotline_tools.sql import fill
from hotline_tools.table import Note, NoteKind

MEMBERS = "issue_members"
"""The view of ``hotline repeats``: order_key, issue_id."""

_BY_MEMBERS = """
SELECT o.*, m.issue_id AS issue_id
FROM {source} AS o JOIN issue_members AS m ON m.order_key = o.order_key
"""
_BY_PLACE = """
SELECT *, concat(place, ' · ', subcategory) AS issue_id
FROM {source} WHERE place IS NOT NULL AND subcategory IS NOT NULL
"""


def define_issued(database: Database, source: str = "scope") -> Note:
    """Define the view ``issued`` (orders of ``source`` with ``issue_id``) and return a note on its kind."""
    if has_members(database):
        database.define("issued", issued_sql(source, by_place=False))
        return Note(NoteKind.DEFINITION, "同一事项取自 hotline repeats 的识别结果。")
    database.define("issued", issued_sql(source, by_place=True))
    return Note(
        NoteKind.QUALITY,
        "库中还没有重复诉求的识别结果，暂以“同一地点 + 同一子类”为同一事项；运行 hotline repeats 后更准。",
    )


def issued_sql(source: str = "scope", *, by_place: bool) -> str:
    """Return the SELECT of the view ``issued``."""
    return fill((_BY_PLACE if by_place else _BY_MEMBERS).strip(), {"source": source})


def issue_names(database: Database) -> dict[str, str]:
    """Return the names that ``hotline repeats`` and people gave to issues, by id; none without them."""
    try:
        rows = database.query("SELECT issue_id, label FROM issues WHERE label IS NOT NULL").to_pylist()
    except UsageError:
        return {}
    return {row["issue_id"]: row["label"] for row in rows}


def has_members(database: Database) -> bool:
    """Tell whether ``hotline repeats`` has run on this store."""
    try:
        database.query(f"SELECT order_key, issue_id FROM {MEMBERS} LIMIT 0")
    except UsageError:
        return False
    return True
