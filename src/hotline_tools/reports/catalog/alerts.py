"""``report alerts`` (未诉先办): what rises beyond its own history, weekdays and season.

Windows of 7 days, tested by a Farrington-type quasi-Poisson method (``alerts/detection.py`` names the
sources). An alert names its orders; it says that something is unusual, not why.
"""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hotline_tools.reports.alerts.events import Event, events
from hotline_tools.reports.alerts.evidence import Evidence
from hotline_tools.reports.alerts.scan import Alert, Scan
from hotline_tools.reports.alerts.series import (
    DEPARTMENT,
    REGION,
    TERM,
    TOTAL,
    WEEK,
    Yardstick,
    series_of,
    whole_weeks,
)
from hotline_tools.reports.alerts.terms import own_alerts, read_terms
from hotline_tools.reports.common import empty_notes, filled, level_of, missing_notes, period_label
from hotline_tools.reports.coverage import covered_sql, source_labels
from hotline_tools.reports.covered_days import extent
from hotline_tools.reports.period import Period
from hotline_tools.reports.query import LEVELS, Database, Query, midnight, scope
from hotline_tools.reports.registry import Report, sql_text
from hotline_tools.reports.rules import AlertRules, rules_for
from hotline_tools.sql import literal
from hotline_tools.table import Cell, ChartHint, Field, Note, NoteKind, ReportTable

_LEVELS = ("street", "district", "community", "grid", "department")
_FAMILIES = {
    TOTAL: "总量",
    DEPARTMENT: "单位",
    REGION: "区域",
    "category": "类别",
    "subcategory": "子类",
    "area": "类别 × 区域",
    "place": "子类 × 地点",
    TERM: "热词",
}


_OWN_COLUMNS: dict[str, tuple[str | None, str | None, str | None]] = {
    TOTAL: (None, None, None),
    DEPARTMENT: (None, "department", None),
    REGION: (None, "{level}", None),
    "category": ("category", "category", None),
    "subcategory": ("category", "subcategory", None),
    "area": ("category", "category", "{level}"),
    "place": ("category", "subcategory", "place"),
}
"""The columns of each family's category, item and area."""


def sql(query: Query) -> str:
    """Return the statements of weekly counts and of titles; ``history`` is the scope without its period."""
    start = query.period.start if query.period else date(1970, 1, 1)
    return ";\n\n".join([*(_counts(query, family) for family in _OWN_COLUMNS), _terms(start)])


def _counts(query: Query, family: str) -> str:
    """Return one family's statement: one for all would hold the labels of all orders seven times over."""
    level = level_of(query, "street", _LEVELS)
    category, item, area = (name and name.format(level=level) for name in _OWN_COLUMNS[family])
    own = list(dict.fromkeys(name for name in (category, item, area) if name))
    return sql_text(
        "alerts",
        what=f"the family {family}",
        category=category or "''",
        item=item or "'全部工单'",
        area=area or "CAST(NULL AS VARCHAR)",
        source="history" if category else "unlabelled_history",
        filled=" AND ".join(f"{name} IS NOT NULL" for name in own) or "TRUE",
        grouped=", ".join([*own, "week"]),
    )


def _terms(start: date) -> str:
    return sql_text("terms", "alerts", start=midnight(start))


def compute(database: Database, query: Query) -> ReportTable:
    """Return one row an alert, the most surprising first.

    Tests the last 7 days of the data, or with a period every whole 7 days back from its end.
    """
    database.define("scope", scope(query))
    database.define("whole", scope(replace(query, period=None)))
    rules = rules_for(AlertRules, query.rules)
    level = level_of(query, "street", _LEVELS)
    counts = filled(database, ("received_at", "category", level, "place"))
    days = extent(database, query)
    scan = Scan(_windows(days, query) if days else [], rules)
    young = _young_sources(database, scan) if scan.windows else ()
    alerts, evidence = _found(database, query, scan, level, young) if scan.windows else ([], Evidence([]))
    found = events(alerts, lambda alert: {order["order_key"] for order in evidence.of(alert)})
    lacking = missing_notes(counts, {"received_at": "预警", "category": "预警", level: "按区域的预警"})
    if scan.windows and scan.unjudged == len(scan.windows):
        weeks = rules.minimum_baseline_weeks
        lacking.append(Note(NoteKind.MISSING, f"无法预警：之前的数据不足 {weeks} 周。"))
    return ReportTable(
        report="alerts",
        title="异常上升预警",
        period=_watched(query, scan.windows),
        filters=query.described(),
        columns=_columns(level),
        rows=[_row(event, evidence.of(event.alert), rules.evidence) for event in found[: query.top]],
        totals={
            "alerts": len(found),
            "raised": scan.raised,
            "tests": scan.tests,
            "windows": len(scan.windows),
        },
        notes=[*empty_notes(counts[""]), *lacking, *_notes(scan, found), *_too_young(young, rules)],
        chart=ChartHint(
            "bands",
            "subject",
            "weekly_orders",
            series="kind",
            expected="weekly_expected",
            limit="weekly_limit",
            last="end",
        ),
        incomplete=bool(lacking),
    )


def _columns(level: str) -> tuple[Field, ...]:
    return (
        Field("kind", "预警对象"),
        Field("subject", "内容"),
        Field("start", "自", "date", detail=True),
        Field("end", "截至", "date", decides=True),
        Field("orders", "7天工单数", "integer", "件", decides=True),
        Field("expected", "按历史应有", "number", "件", comparable=False, decides=True),
        Field("limit", "预警线", "integer", "件"),
        Field("times", "倍数", "number", decides=True),
        Field("p_value", "偶然概率", "number", digits=4),
        Field("callers", "不同来电人", "integer", "人", decides=True),
        Field("related", "同一事件的其他预警", "list", detail=True),
        Field("category", "类别", detail=True),
        Field("item", "类别、子类或热词", machine=True),
        Field("area", f"{LEVELS[level]}或地点", machine=True),
        Field("order_ids", "工单编号", "list", detail=True),
        Field("weekly_orders", "每周件数", "list", machine=True),
        Field("weekly_expected", "每周应有", "list", machine=True),
        Field("weekly_limit", "每周预警线", "list", machine=True),
    )


def _watched(query: Query, windows: list[date]) -> str:
    """Return the days that are looked at: those of the period, or the last 7 of the data."""
    if query.period is not None or not windows:
        return period_label(query)
    start, end = windows[-1] - timedelta(days=WEEK - 1), windows[0] + timedelta(days=1)
    return Period(start, end, "").label


def _windows(days: tuple[date, date], query: Query) -> list[date]:
    """Return the last days of the windows to test, newest first."""
    first, last = days[0], days[1] - timedelta(days=1)
    if query.period is None:
        return [last]
    number = max(1, ((last - first).days + 1) // WEEK)
    return [last - timedelta(days=WEEK * n) for n in range(number)]


def _young_sources(database: Database, scan: Scan) -> tuple[str, ...]:
    """Return the sources that begin too late for a baseline where others do not: all would rise."""
    spans: list[dict[str, Any]] = database.query(
        "SELECT coalesce(source, '') AS source, min(day) AS first FROM received_days GROUP BY 1 ORDER BY 1"
    ).to_pylist()
    weeks = scan.rules.guard_weeks + scan.rules.minimum_baseline_weeks + 1
    latest = scan.windows[-1] - timedelta(days=WEEK * weeks - 1)
    young = tuple(span["source"] for span in spans if span["first"] > latest)
    return young if len(young) < len(spans) else ()


def _too_young(sources: tuple[str, ...], rules: AlertRules) -> list[Note]:
    if not sources:
        return []
    called = "、".join(source_labels(sources).values())
    text = f"{called}在此之前的数据不足 {rules.minimum_baseline_weeks} 周，其工单不参加预警。"
    return [Note(NoteKind.EXCLUDED, text)]


def _found(
    database: Database, query: Query, scan: Scan, level: str, left_out: tuple[str, ...]
) -> tuple[list[Alert], Evidence]:
    """Return the alerts, the most surprising first, and the orders they are about."""
    after = scan.windows[0] + timedelta(days=1)
    within = f"WHERE received_at >= {midnight(scan.oldest)} AND received_at < {midnight(after)}"
    within += f" AND {covered_sql(left_out)}" if left_out else ""
    last = scan.windows[0]
    back = f"date_diff('day', CAST(received_at AS DATE), {literal(last)}) // {WEEK}"
    database.define("history", f"SELECT *, {back} AS week FROM whole {within}")
    unlabelled = scope(replace(query, period=None), columns=("received_at", "department", "source", level))
    database.define("unlabelled_history", f"SELECT *, {back} AS week FROM ({unlabelled}) AS o {within}")
    earliest = database.query("SELECT min(received_at) AS first FROM unlabelled_history")
    span: dict[str, Any] = earliest.to_pylist()[0]
    weeks = whole_weeks(span["first"].date(), last)
    # by department each area is a department, which is watched already
    watched = [family for family in _OWN_COLUMNS if query.by != "department" or family != REGION]
    counted = (series_of(family, database.query(_counts(query, family)), weeks, last) for family in watched)
    found = [series for series in counted if series.keys]
    by_family = {series.family: series for series in found}
    if "category" not in by_family:
        return [], Evidence([])
    against = Yardstick(by_family["category"], by_family[TOTAL])
    plain = list(scan.alerts(found, against))
    terms = read_terms(database.query(_terms(scan.baseline_start)), last)
    words = terms.series(weeks, scan.rules.minimum_orders)
    risen = list(scan.alerts([words], against)) if words.keys else []
    evidence = Evidence(_orders(database, query, plain), terms)
    known: dict[date, set[str]] = {}
    for alert in plain:
        known.setdefault(alert.last, set()).update(order["order_key"] for order in evidence.of(alert))
    alerts = [*plain, *own_alerts(terms, risen, known)]
    return sorted(alerts, key=lambda a: (a.p_value, -a.orders, a.key[1], a.key[2] or "")), evidence


def _orders(database: Database, query: Query, alerts: list[Alert]) -> list[dict[str, Any]]:
    """Return the orders of all windows that have an alert."""
    if not alerts:
        return []
    ends = [alert.last for alert in alerts]
    start, end = min(ends) - timedelta(days=WEEK - 1), max(ends) + timedelta(days=1)
    places = {"level": level_of(query, "street", _LEVELS), "start": midnight(start), "end": midnight(end)}
    orders: list[dict[str, Any]] = database.query(sql_text("evidence", "alerts", **places)).to_pylist()
    return orders


def _row(event: Event, orders: list[dict[str, Any]], most: int) -> dict[str, Cell]:
    alert = event.alert
    callers = {order["caller_key"] for order in orders if order["caller_key"]}
    category, item, area = alert.key
    return {
        "kind": _FAMILIES[alert.family],
        "subject": _subject(alert),
        "start": alert.last - timedelta(days=WEEK - 1),
        "end": alert.last,
        "orders": alert.orders,
        "expected": alert.expected,
        "limit": alert.limit,
        # Nine orders where a tenth of one was expected are not 90 times anything.
        "times": alert.orders / alert.expected if alert.expected >= 1 else None,
        "p_value": alert.p_value,
        "callers": len(callers) or None,
        "related": [
            f"{_FAMILIES[other.family]} {_subject(other)}（{other.orders:,} 件，应有 {other.expected:,.1f}）"
            for other in event.related
        ],
        "category": category or None,
        "item": item,
        "area": area,
        "order_ids": [order["order_id"] for order in orders[:most] if order["order_id"]],
        "order_keys": [order["order_key"] for order in orders[:most]],
        "weekly_orders": alert.history.orders,
        "weekly_expected": alert.history.expected,
        "weekly_limit": alert.history.limit,
    }


def _subject(alert: Alert) -> str:
    _, item, area = alert.key
    return f"{item} · {area}" if area else item


def _notes(scan: Scan, found: list[Event]) -> list[Note]:
    rules = scan.rules
    if not scan.tests:
        return []
    cut = f"最早的 {scan.unjudged} 个窗口之前不足 {rules.minimum_baseline_weeks} 周，没有判断。"
    judged, chance = len(scan.windows) - scan.unjudged, scan.false_alarms
    basis = "并按去年同期的季节变化折算" if scan.last_year else "尚无去年同期数据，按其他类别的总量变化折算"
    return [
        *([Note(NoteKind.EMPTY, "没有一个序列达到预警线。")] if not found else []),
        Note(
            NoteKind.DEFINITION,
            f"方法：7 天的件数与之前 {rules.baseline_weeks} 周相比，作准泊松检验（{basis}）。",
        ),
        Note(
            NoteKind.QUALITY,
            f"共检验 {scan.tests:,} 个序列·窗口，{scan.raised:,} 个达到预警线，并为 {len(found):,} 个事件；"
            f"按各类序列的波动模拟，其中纯属偶然的约 {chance:.1f} 个（每周 {chance / judged:.1f} 个）。",
        ),
        Note(
            NoteKind.SHOWN,
            "同 7 天内一条预警的工单基本都在另一条里、且后者离了它们就达不到预警线的，是同一事件，只列一行。",
        ),
        Note(NoteKind.SHOWN, "按历史应有不足 1 件的不列倍数，只看件数。"),
        Note(NoteKind.SHOWN, "热词：标题里的词（不含工单所在的地名）；与其他预警多半是同一批工单的不另列。"),
        Note(NoteKind.SHOWN, f"少于 {rules.minimum_orders} 件不预警；预警只说明异常，原因须看所列工单。"),
        *([Note(NoteKind.EXCLUDED, cut)] if scan.unjudged else []),
    ]


REPORT = Report(
    name="alerts",
    title="异常上升预警",
    summary="未诉先办：哪些类别、区域、地点、热词超出自身历史地上升，附工单",
    compute=compute,
    sql=sql,
    needs_labels=True,
    area_level="street",
    options=("by", "rules"),
)
