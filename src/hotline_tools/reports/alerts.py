"""``report alerts`` (未诉先办): what rises beyond its own history, weekdays and season.

Windows of 7 days, tested by a Farrington-type quasi-Poisson method (``outbreaks.py`` names the
sources). An alert names its orders; it says that something is unusual, not why.
"""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hotline_tools.reports.alert_scan import Alert, Scan
from hotline_tools.reports.alert_series import WEEK, families
from hotline_tools.reports.parts import empty_notes, filled, level_of, missing_notes, period_label
from hotline_tools.reports.query import LEVELS, Database, Query, scope
from hotline_tools.reports.registry import Report, sql_text
from hotline_tools.reports.rules import rules_for
from hotline_tools.reports.span import extent
from hotline_tools.table import Cell, Field, ReportTable

_LEVELS = ("street", "district", "community", "grid", "department")
_FAMILIES = {"category": "类别", "subcategory": "子类", "area": "类别 × 区域", "place": "子类 × 地点"}


def sql(query: Query) -> str:
    """Return the statement of the daily counts; ``history`` is the scope without its period."""
    return sql_text("alerts").replace("{level}", level_of(query, "street", _LEVELS))


def compute(database: Database, query: Query) -> ReportTable:
    """Return one row an alert, the most surprising first.

    Tests the last 7 days of the data, or with a period every whole 7 days back from its end.
    """
    database.define("scope", scope(query))
    database.define("whole", scope(replace(query, period=None)))
    rules = rules_for("alerts", query.rules)
    level = level_of(query, "street", _LEVELS)
    counts = filled(database, ("received_at", "category", level, "place"))
    days = extent(database, query)
    scan = Scan(_windows(days, query) if days else [], rules.values)
    alerts = _scanned(database, query, scan)
    shown = alerts[: query.top]
    lacking = missing_notes(counts, {"received_at": "预警", "category": "预警", level: "按区域的预警"})
    if scan.windows and scan.too_short:
        lacking.append(f"无法预警：之前的数据不足 {rules.values['minimum_baseline_weeks']} 周。")
    return ReportTable(
        report="alerts",
        title="异常上升预警",
        period=period_label(query),
        filters=query.described(),
        columns=_columns(level),
        rows=_rows(database, query, shown),
        totals={"alerts": len(alerts), "tests": scan.tests, "windows": len(scan.windows)},
        notes=[*empty_notes(counts[""]), *lacking, *_notes(scan)],
        incomplete=bool(lacking),
    )


def _columns(level: str) -> tuple[Field, ...]:
    return (
        Field("kind", "预警对象"),
        Field("category", "类别"),
        Field("item", "类别或子类"),
        Field("area", f"{LEVELS[level]}或地点"),
        Field("start", "自", "date"),
        Field("end", "至", "date"),
        Field("orders", "7天工单数", "integer", "件"),
        Field("expected", "按历史应有", "number", "件"),
        Field("limit", "预警线", "integer", "件"),
        Field("times", "倍数", "number", "倍"),
        Field("p_value", "偶然出现的概率", "number"),
        Field("callers", "不同来电人", "integer", "人"),
        Field("order_ids", "工单编号", "list"),
    )


def _windows(days: tuple[date, date], query: Query) -> list[date]:
    """Return the last days of the windows to test, newest first."""
    first, last = days[0], days[1] - timedelta(days=1)
    if query.period is None:
        return [last]
    number = max(1, ((last - first).days + 1) // WEEK)
    return [last - timedelta(days=WEEK * n) for n in range(number)]


def _scanned(database: Database, query: Query, scan: Scan) -> list[Alert]:
    """Return the alerts, the most surprising first."""
    if not scan.windows:
        return []
    after = scan.windows[0] + timedelta(days=1)
    database.define(
        "history",
        f"SELECT * FROM whole WHERE received_at >= TIMESTAMP '{scan.oldest} 00:00:00' "
        f"AND received_at < TIMESTAMP '{after} 00:00:00'",
    )
    span: dict[str, Any] = database.query("SELECT min(received_at) AS first FROM history").to_pylist()[0]
    found = families(database.query(sql(query)), span["first"].date(), scan.windows[0])
    return sorted(scan.alerts(found), key=lambda a: (a.p_value, -a.orders, a.key[1], a.key[2] or ""))


def _rows(database: Database, query: Query, alerts: list[Alert]) -> list[dict[str, Cell]]:
    if not alerts:
        return []
    most = rules_for("alerts", query.rules).values["evidence"]
    ends = [alert.last for alert in alerts]
    start, end = min(ends) - timedelta(days=WEEK - 1), max(ends) + timedelta(days=1)
    text = sql_text("alert_evidence").replace("{level}", level_of(query, "street", _LEVELS))
    orders = database.query(text.replace("{start}", f"{start}").replace("{end}", f"{end}")).to_pylist()
    return [_row(alert, [o for o in orders if _belongs(o, alert)], most) for alert in alerts]


def _belongs(order: dict[str, Any], alert: Alert) -> bool:
    category, item, area = alert.key
    inside = (
        timedelta(0) <= alert.last - order["day"] < timedelta(days=WEEK) and order["category"] == category
    )
    if alert.family == "place":
        return inside and (order["subcategory"], order["place"]) == (item, area)
    if alert.family == "subcategory":
        return inside and bool(order["subcategory"] == item)
    return inside and bool(alert.family == "category" or order["area"] == area)


def _row(alert: Alert, orders: list[dict[str, Any]], most: int) -> dict[str, Cell]:
    callers = {order["caller_key"] for order in orders if order["caller_key"]}
    category, item, area = alert.key
    return {
        "kind": _FAMILIES[alert.family],
        "category": category,
        "item": item,
        "area": area,
        "start": alert.last - timedelta(days=WEEK - 1),
        "end": alert.last,
        "orders": alert.orders,
        "expected": alert.expected,
        "limit": alert.limit,
        "times": alert.orders / alert.expected,
        "p_value": alert.p_value,
        "callers": len(callers) or None,
        "order_ids": [order["order_id"] for order in orders[:most] if order["order_id"]],
    }


def _notes(scan: Scan) -> list[str]:
    values = scan.values
    if not scan.tests:
        return []
    chance = scan.tests * values["alpha"]
    basis = "并按去年同期的季节变化折算" if scan.last_year else "尚无去年同期数据，按其他类别的总量变化折算"
    return [
        f"方法：Farrington 型准泊松检验（7 天窗口对之前 {values['baseline_weeks']} 周，{basis}）。",
        f"共检验 {scan.tests} 个序列·窗口，名义误报率 {values['alpha']:g}，"
        f"纯属偶然的预警预计约 {chance:.1f} 条。",
        f"少于 {values['minimum_orders']} 件不预警；预警只说明异常，原因须看所列工单。",
    ]


REPORT = Report(
    name="alerts",
    title="异常上升预警",
    summary="未诉先办：哪些类别、区域、地点超出自身历史地上升，附工单",
    compute=compute,
    sql=sql,
    needs_labels=True,
    heeds=("by", "rules"),
)
