"""Issues that come again, what should be looked at higher up, and typical cases."""

from collections.abc import Sequence
from dataclasses import dataclass

from hotline_tools.briefing.numbers import percent, without_blanks
from hotline_tools.document import Sentence
from hotline_tools.table import Cell

KNOWN_CALLERS = 3
"""A place finer than a community is named only where so many callers are known."""


@dataclass(frozen=True)
class RepeatedIssue:
    """A repeat issue; ``name`` may be printed (see ``KNOWN_CALLERS``)."""

    name: str
    orders: int
    callers: int
    unknown: int
    came_back: int
    level: str = ""
    reasons: tuple[str, ...] = ()


def repeat_totals(issues: int, orders: int, total: int, again: int, source: str = "") -> Sentence:
    """Say how many issues came at least twice, with how many orders; ``again``: after their closing."""
    facts: dict[str, Cell] = {"issues": issues, "orders": orders, "total": total, "share": orders / total}
    text = f"同一事项反映2次以上的{issues}个，涉及{orders}件，占全部{total}件的{percent(orders / total)}"
    if again:
        facts["came_back"] = again
        text += f"；其中办结后再次反映{again}件"
    return Sentence(f"{text}。", facts, source)


def repeat_issues(issues: Sequence[RepeatedIssue], source: str = "") -> Sentence:
    """Name the issues with most orders, and how many callers are known."""
    facts: dict[str, Cell] = {}
    for place, one in enumerate(issues, 1):
        # Two issues of places that must not be named may read alike.
        name = f"{one.name}（{place}）" if one.name in facts else one.name
        facts |= {name: one.orders, f"{name}来电人": one.callers, f"{name}不详": one.unknown}
    said = [f"“{one.name}”{one.orders}件，{_callers(one)}" for one in issues]
    return Sentence(f"反映较多的是：{'；'.join(said)}。", facts, source)


def _callers(issue: RepeatedIssue) -> str:
    """Return how many callers are known; where none is, that is no count of nobody."""
    if not issue.callers:
        return "来电人均不详"
    known = f"已知来电人{issue.callers}人"
    return f"{known}，来电人不详{issue.unknown}件" if issue.unknown else known


def escalation_totals(levels: Sequence[tuple[str, int]], where: str, source: str = "") -> Sentence:
    """Say how many issues meet the rules of each level; ``levels`` from the highest."""
    total = sum(number for _, number in levels)
    facts: dict[str, Cell] = {"n_total": total, **{f"n_{level}": number for level, number in levels}}
    listed = "、".join(f"{level}{number}个" for level, number in levels if number)
    return Sentence(f"符合提级规则的事项{total}个，按建议研究的层级分：{listed}（{where}）。", facts, source)


def escalation(issue: RepeatedIssue, source: str = "") -> Sentence:
    """Advise that an issue be looked at higher up: the rules it meets, with the evidence."""
    shown = [_rule(reason) for reason in issue.reasons[:_MOST_REASONS]]
    more = f"等{len(issue.reasons)}项规则" if len(issue.reasons) > len(shown) else ""
    text = f"“{issue.name}”{issue.orders}件，符合{'、'.join(shown)}{more}，建议由{issue.level}研究。"
    facts: dict[str, Cell] = {issue.name: issue.orders, "n_reasons": len(issue.reasons), "level": issue.level}
    return Sentence(text, facts | {f"reason_{n}": told for n, told in enumerate(shown, 1)}, source)


_MOST_REASONS = 3
"""More reasons than these are left to the attached table."""


def _rule(reason: str) -> str:
    """Return “rule”（evidence） of a reason as reports write it: rule：evidence, figures set apart."""
    rule, _, evidence = without_blanks(reason).partition("：")
    return f"“{rule}”（{evidence}）" if evidence else f"“{rule}”"


@dataclass(frozen=True)
class Case:
    """An order that stands for an issue: what was said and answered, masked."""

    why: str
    """The rule by which it was chosen, with its figure."""
    category: str
    content: str
    reply: str | None
    """None where the export tells no replies."""
    received: str
    """Day of receipt as it is printed."""
    place: str = ""


def case(facts: Case, number: int, people: str, source: str = "") -> Sentence:
    """Tell one case: why it was chosen, what was said, and what was answered."""
    head = f"案例{number}（{facts.category}，{facts.why}）"
    told = f"{head}：{facts.received}，{facts.place}{people}反映：“{facts.content}”"
    answered = f"承办单位答复：“{facts.reply}”" if facts.reply else "承办单位尚无答复内容。"
    if facts.reply is None:
        answered = ""
    cells: dict[str, Cell] = {
        "head": head, "why": facts.why, "received": facts.received, "place": facts.place,
        "content": facts.content, "reply": facts.reply or "", "category": facts.category,
    }  # fmt: skip
    return Sentence(f"{told}{answered}", cells, source)


def not_looked_at(orders: int, source: str = "", *, is_listed: bool = True) -> Sentence:
    """Say that orders came after issues were last looked for, so that those that are listed are not all."""
    behind = "所列事项和件数不全" if is_listed else "有无这类事项待重新识别后确定"
    text = f"本期有{orders}件是最近一次重复识别之后导入或改了内容的，尚未参加识别，{behind}。"
    return Sentence(text, {"n_unlooked": orders}, source)
