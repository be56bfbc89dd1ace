"""What a report's figures may be too old for or silent about: told beside every report that it touches.

Each look is one statement, and most need none: whether imports came after the labels, or whether an import
met a value that it could not read, is kept in the store.
"""

from dataclasses import dataclass, replace

from hotline_tools.errors import UsageError
from hotline_tools.reports.changed_basis import changed_basis_notes
from hotline_tools.reports.data_gaps import day_notes
from hotline_tools.reports.kpi.facts import ISSUE, rate_needs
from hotline_tools.reports.kpi.statement import profile_of
from hotline_tools.reports.query import LABEL_LEVELS, Database, Query, scope
from hotline_tools.reports.registry import Report, Touched
from hotline_tools.reports.unread_values import CODED, unread_notes
from hotline_tools.schema import TEXT_DIGEST
from hotline_tools.sql import literal
from hotline_tools.table import Note, NoteKind


@dataclass(frozen=True)
class Freshness:
    """``notes`` to put beside the table; ``misleading``: the figures are not to be believed as they are."""

    notes: tuple[Note, ...]
    misleading: bool


def freshness(report: Report, database: Database, query: Query) -> Freshness:
    """Return what is to be said of the orders in scope, whatever the report computes of them."""
    touched = touched_by(report, query)
    found = day_notes(report, database, query)
    if "labels" in touched:
        about_labels = report.needs_labels or query.category is not None or query.by in LABEL_LEVELS
        found += [(note, about_labels) for note in _labels(database, query, whole=about_labels)]
    if "issues" in touched:
        found += [(note, True) for note in _issues(unlooked_orders(database, query))]
    found += unread_notes(database, query, touched)
    found += [(note, False) for note in changed_basis_notes(report, database, query, touched)]
    return Freshness(tuple(note for note, _ in found), any(misleading for _, misleading in found))


def touched_by(report: Report, query: Query) -> set[Touched]:
    """Return what the figures are made of: what the report declares, and its filters and profile add."""
    touched = set(report.touches)
    if report.needs_labels or query.category is not None or query.by in LABEL_LEVELS:
        touched.add("labels")
    if "profile" in touched:
        profile = profile_of(query)
        groups = [group for rate in profile.rates for group in rate_needs(rate, profile)]
        needs = {column for group in groups for need in group for column in need.split("&")}
        touched |= {name for name in CODED if name in needs}
        if ISSUE in needs:
            touched.add("issues")
    return touched


def _labels(database: Database, query: Query, *, whole: bool) -> list[Note]:
    """Orders without a label, and orders whose text is another one than the one labelled.

    Unless the ``whole`` report is about labels, a store that has none is one that nobody classifies.
    """
    notes = []
    if missing := _unlabelled(database, query, least=0 if whole else 1):
        text = f"{missing:,} 件尚未归类，类别数字不含；请运行 hotline classify。"
        notes.append(Note(NoteKind.STALE, text))
    if changed := _relabelled(database, query):
        text = f"{changed:,} 件在归类之后改了标题或内容，类别仍是旧的；请运行 hotline classify。"
        notes.append(Note(NoteKind.STALE, text))
    return notes


def _unlabelled(database: Database, query: Query, least: int) -> int:
    """Count the orders without a label, where at least so many have one."""
    try:
        orders = _count(database, "stored_orders", "TRUE")
        labels = _count(database, "model_labels", "TRUE")
    except UsageError:  # orders that no store holds have no labels of their own
        return 0
    if labels < least or labels >= orders:
        return 0
    # A category that is asked for is one that an order has: among those without, it may be any.
    whole = replace(query, category=None)
    return _count(database, f"({scope(whole)}) AS o", "label_origin IS NULL")


def _relabelled(database: Database, query: Query) -> int:
    later = _later(database, "labels")
    if not later:
        return 0
    from hotline_tools.normalise.classified import (  # noqa: PLC0415 -- long to load, and seldom needed
        CLASSIFIED,
        text_digests,
    )

    texts = database.query(
        f"SELECT {', '.join(f'o.{name}' for name in CLASSIFIED)}, l.text_digest "
        f"FROM ({scope(query, columns=())}) AS o JOIN labels AS l ON l.order_key = o.order_key "
        f"WHERE o.import_id IN ({later}) AND l.text_digest IS NOT NULL"
    )
    digests = text_digests(texts).to_pylist()
    return sum(now != then for now, then in zip(digests, texts["text_digest"].to_pylist(), strict=True))


def _issues(missing: int) -> list[Note]:
    text = (
        f"{missing:,} 件是最近一次重复识别之后导入或改了内容的，尚未参加识别，重复事项的数字偏少；"
        "请重新运行 hotline repeats。"
    )
    return [Note(NoteKind.STALE, text)] if missing else []


def unlooked_orders(database: Database, query: Query) -> int:
    """Return how many orders came, or had their text changed, after repeat issues were last looked for."""
    later = _later(database, "issues")
    if not later:
        return 0
    start, end = TEXT_DIGEST
    digest = f"substr(o.content_hash, {start + 1}, {end - start})"
    known = "SELECT 1 AS one FROM issue_looked_at AS s WHERE s.order_key = o.order_key"
    orders = f"({scope(query, columns=())}) AS o"
    seen = f"o.import_id IN ({later})"
    try:
        return _count(database, orders, f"{seen} AND NOT EXISTS ({known} AND s.text_digest = {digest})")
    except UsageError:  # an older version did not write down which orders it looked at
        return _count(database, orders, seen)


def _later(database: Database, derived: str) -> str:
    """Return the imports that came after a derived table was made, as a list of SQL literals."""
    try:
        found = database.query(f"SELECT import_id FROM later_imports WHERE derived = {literal(derived)}")
    except UsageError:
        return ""
    return ", ".join(literal(name) for name in found["import_id"].to_pylist())


def _count(database: Database, orders: str, condition: str) -> int:
    found = database.query(f"SELECT count(*) AS orders FROM {orders} WHERE {condition}")
    return int(found["orders"][0].as_py())
