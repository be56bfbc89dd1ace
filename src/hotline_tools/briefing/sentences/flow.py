"""Orders carried over, closed and still open; and the rates of handling."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hotline_tools.briefing.numbers import percent, points
from hotline_tools.briefing.words import LocalWords
from hotline_tools.document import Sentence
from hotline_tools.table import Cell


def carry_over(
    flows: Mapping[str, int],
    this: str,
    words: LocalWords,
    source: str = "",
    *,
    left_out: int = 0,
    untimed: int = 0,
    untold: int = 0,
) -> Sentence:
    """Say what was carried in, came in, was closed, and is open; ``flows`` as in ``kpi.carry_over``.

    ``left_out``: the orders received that the profile does not count, such as withdrawn ones.
    ``untimed``: the closings of which nobody can tell whether they were late. ``untold``: the orders received
    of which nobody tells the closing, and which are in none of the other counts.
    """
    said = f"上期结转{flows['carried_in']}件，" if "carried_in" in flows else ""
    said += f"{this}新{words.receive}{flows['orders']}件"
    said += f"（另有{left_out}件按口径不纳入考核，如已撤销）" if left_out > 0 else ""
    said += f"（其中{untold}件所在的来源不填写办结情况，以下各数不含）" if untold else ""
    said += f"，办结{flows['closed']}件"
    if flows["closed"] and "closed_late" in flows:
        said += f"（{_late(flows['closed_late'], untimed)}）"
    if flows["withdrawn"]:
        said += f"，撤销{flows['withdrawn']}件"
    left = f"期末未办结、结转下期{flows['open_at_end']}件"
    if flows["open_at_end"]:
        late = flows["overdue_at_end"]
        left += f"，其中已超期{late}件" if late else "，均未超期"
    if "carried_in" not in flows:
        left += "；库中没有本期以前的工单，上期结转不详"
    facts = dict(flows) | ({"left_out": left_out} if left_out > 0 else {})
    facts |= {"untimed": untimed} if untimed else {}
    facts |= {"n_untold": untold} if untold else {}
    return Sentence(f"{said}；{left}。", facts, source)


def _late(closed_late: int, untimed: int) -> str:
    late = f"其中超时办结{closed_late}件" if closed_late else ""
    if not untimed:
        return late or "无超时办结"
    untold = f"{untimed}件办结时间缺或早于受理，是否超时无从判断"
    return f"{late}，另有{untold}" if late else f"其中{untold}，其余无超时"


def none_counted(label: str, counted: str, source: str = "") -> Sentence:
    """Say that nothing is in the denominator of a rate whose column the export fills."""
    return Sentence(f"{counted}0件，不计{label}。", {f"{label}分母": 0}, source)


@dataclass(frozen=True)
class RateFacts:
    """A rate and its counts; ``base`` is what the period before is called, empty where there is none."""

    label: str
    numerator: int
    denominator: int
    counted: str
    """What the denominator counts: 应办结, 有效评价."""
    hits: str
    """What the numerator counts: 按时办结, 满意."""
    left_out: str = ""
    """What is not in the denominator."""
    base: str = ""
    then: float | None = None
    change: float | None = None
    """In percentage points."""
    is_noise: bool = True
    least: int = 10


def rate(facts: RateFacts, source: str = "") -> Sentence:
    """Say a rate with its denominator, and its change in percentage points where that is no chance."""
    named = {f"{facts.label}分子": facts.numerator, f"{facts.label}分母": facts.denominator}
    cells: dict[str, Cell] = dict(named)
    said = f"{facts.counted}{facts.denominator}件"
    if facts.denominator < facts.least:
        text = f"{said}，其中{facts.hits}{facts.numerator}件（件数少，不计{facts.label}）"
        return Sentence(f"{text}。", cells, source)
    value = facts.numerator / facts.denominator
    cells[facts.label] = value
    said += f"，其中{facts.hits}{facts.numerator}件，{facts.label}{percent(value)}"
    if facts.base and facts.then is not None and facts.change is not None:
        said += f"，{_change(facts, facts.then, facts.change)}"
        cells |= {f"{facts.base}{facts.label}": facts.then, f"{facts.label}变化": facts.change}
    if facts.left_out:
        said += f"；{facts.left_out}"
    return Sentence(f"{said}。", cells, source)


def _change(facts: RateFacts, then: float, change: float) -> str:
    if not change:
        return f"与{facts.base}持平"
    if facts.is_noise:
        return f"{facts.base}为{percent(then)}，差别未超出偶然波动"
    return f"比{facts.base}（{percent(then)}）{'提高' if change > 0 else '降低'}{points(change)}个百分点"


def below_target(label: str, target: float, names: Sequence[str], judged: int, where: str) -> Sentence:
    """Name the units below a target; ``judged`` is the number of units that have orders enough."""
    facts: dict[str, Cell] = {
        "target": target,
        "n_below": len(names),
        "n_judged": judged,
        "units": list(names),
    }
    goal = f"{label}目标{percent(target, 0)}"
    if not names:
        every = "全部" if judged > 1 else ""
        return Sentence(f"{goal}，参加比较的{judged}个单位{every}达到。", facts)
    if len(names) == judged:
        every = "均" if judged > 1 else ""
        return Sentence(f"{goal}，参加比较的{judged}个单位{every}未达到（{where}）。", facts)
    if len(names) > _MOST_NAMED:
        return Sentence(f"{goal}，参加比较的{judged}个单位中{len(names)}个未达到（{where}）。", facts)
    listed, listed_as = "、".join(names), "依次为" if len(names) > 1 else "即"
    return Sentence(f"{goal}，{judged}个单位中{len(names)}个未达到，{listed_as}{listed}（{where}）。", facts)


_MOST_NAMED = 8
"""More names than these are left to the attached table."""
