"""Alerts, supervision, and what the data cannot say."""

from collections.abc import Sequence
from dataclasses import dataclass

from hotline_tools.briefing.numbers import amount
from hotline_tools.document import Sentence
from hotline_tools.table import Cell


@dataclass(frozen=True)
class AlertFacts:
    """Seven days of a subject that reached the line of its own history."""

    kind: str
    subject: str
    first: str
    last: str
    orders: int
    expected: float
    limit: int


def alert_totals(alerts: int, tests: int, where: str, source: str = "") -> Sentence:
    """Say how many series were tested, and how many reached their line."""
    tested = f"对各类别、区域、单位和地点的每周件数作了{tests}次检验"
    if not alerts:
        return Sentence(f"{tested}，未发现达到预警线的上升。", {"n_tests": tests}, source)
    found = f"{tested}，发现达到预警线的上升{alerts}处（{where}）"
    text = f"{found}，其中一部分可能纯属偶然（见口径说明），须核实工单后再作判断。"
    return Sentence(text, {"n_alerts": alerts, "n_tests": tests}, source)


def alert(facts: AlertFacts, source: str = "") -> Sentence:
    """Say one alert: what its history led to expect, and the least count that alarms; the cause is open."""
    least = "不足1" if facts.expected < 1 else f"约{amount(facts.expected)}"
    text = (
        f"{facts.first}—{facts.last}{facts.kind}“{facts.subject}”{facts.orders}件，"
        f"按历史预计{least}件、预警线{facts.limit}件；原因待核实。"
    )
    cells: dict[str, Cell] = {
        "first": facts.first, "last": facts.last, "subject": facts.subject,
        "orders": facts.orders, "expected": facts.expected, "limit": facts.limit,
    }  # fmt: skip
    if facts.expected < 1:
        cells["least_expected"] = 1
    return Sentence(text, cells, source)


def supervision(
    moment: str, reasons: Sequence[tuple[str, int]], listed: int, where: str = "", source: str = ""
) -> Sentence:
    """Say what has to be supervised at a moment; ``reasons`` with their orders, none of them empty."""
    facts: dict[str, Cell] = {"moment": moment, "listed": listed, **dict(reasons)}
    if not listed:
        return Sentence(f"截至{moment}，没有须督办的工单。", facts, source)
    said = "、".join(f"{reason}{number}件" for reason, number in reasons if number)
    together = f"；一单可兼有数项，合计{listed}件" if len(reasons) > 1 else ""
    cited = f"（{where}）" if where else ""
    return Sentence(f"截至{moment}，须督办的工单：{said}{together}{cited}。", facts, source)


def lacking(columns: Sequence[str], figures: Sequence[str]) -> Sentence:
    """Say which columns no order in scope fills, and which figures are left out for it."""
    named = "、".join(f"“{column}”" for column in columns)
    return Sentence(f"所涉工单都没有填{named}，本期不列{'、'.join(figures)}。")
