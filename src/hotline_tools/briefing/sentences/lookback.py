"""What became of the issues, alerts and orders that the issue before pointed at."""

from collections.abc import Sequence
from dataclasses import dataclass

from hotline_tools.document import Sentence
from hotline_tools.table import Cell


@dataclass(frozen=True)
class FollowedIssue:
    """An issue that the issue before advised to look at higher up; ``name`` may be printed."""

    name: str
    since: int
    """Orders received in this period."""
    open: int | None
    """Its orders that are open at the end of this period; None where closing is not known."""
    is_raised_again: bool


def issues_followed(issues: Sequence[FollowedIssue], source: str = "") -> Sentence:
    """Say how many of the issues that were to be raised came up again, and how many still meet the rules."""
    again = [one for one in issues if one.since]
    orders = sum(one.since for one in issues)
    raised = sum(one.is_raised_again for one in issues)
    facts: dict[str, Cell] = {
        "flagged": len(issues),
        "again": len(again),
        "n_orders": orders,
        "still": raised,
    }
    if not again:
        return Sentence(f"上期建议提级的{len(issues)}个事项，本期{_all(issues)}没有新的来件。", facts, source)
    text = f"上期建议提级的{len(issues)}个事项中，本期又有来件的{len(again)}个、涉及{orders}件"
    if len(again) < len(issues):
        facts["n_quiet"] = len(issues) - len(again)
        text += f"，没有来件的{len(issues) - len(again)}个"
    text += f"；本期仍符合提级规则的{raised}个" if raised else f"；本期{_all(issues)}不再符合提级规则"
    return Sentence(f"{text}。", facts, source)


def _all(issues: Sequence[FollowedIssue]) -> str:
    return "均" if len(issues) > 1 else ""


def issue_followed(issue: FollowedIssue, source: str = "") -> Sentence:
    """Say what became of one issue."""
    facts: dict[str, Cell] = {"name": issue.name, "since": issue.since}
    text = f"上期建议提级的“{issue.name}”，" + (
        f"本期又来{issue.since}件" if issue.since else "本期没有新的来件"
    )
    if issue.open is not None:
        facts["open"] = issue.open
        text += f"，连同此前受理的期末未办结{issue.open}件" if issue.open else "，期末均已办结"
    text += "，仍符合提级规则" if issue.is_raised_again else ""
    return Sentence(f"{text}。", facts, source)


def alerts_followed(subjects: Sequence[str], again: Sequence[str], source: str = "") -> Sentence:
    """Say which subjects of alerts reached their line again; each names its kind and subject."""
    facts: dict[str, Cell] = {"flagged": len(subjects), "again": len(again), "subjects": list(again)}
    head = f"上期预警的{len(subjects)}个对象中" if len(subjects) > 1 else f"上期预警的{len(subjects)}个对象"
    if not again:
        return Sentence(f"{head}，本期没有再达到预警线的。", facts, source)
    return Sentence(f"{head}，本期再次达到预警线的{len(again)}个：{'、'.join(again)}。", facts, source)


def orders_followed(flagged: int, open_now: int, moment: str, source: str = "") -> Sentence:
    """Say how many of the orders that were to be pushed are closed by a moment."""
    closed = flagged - open_now
    facts: dict[str, Cell] = {
        "flagged": flagged, "closed": closed, "open": open_now, "moment": moment
    }  # fmt: skip
    text = f"上期末须督办的未办结工单{flagged}件，截至{moment}"
    if not open_now:
        return Sentence(f"{text}均已办结。", facts, source)
    return Sentence(f"{text}，已办结{closed}件，仍未办结{open_now}件。", facts, source)
