"""Issue ids that stay the same over reruns and months: new groups take the id of the issue they hold."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

PREFIX = "R"


@dataclass(frozen=True)
class IssueChange:
    """``kind``: new, joined (``others`` went into ``issue_id``), split (``others`` came out of it), gone."""

    kind: str
    issue_id: str
    others: tuple[str, ...] = ()


@dataclass
class Identified:
    """``issue_of``: order key → issue id, of grouped orders only."""

    issue_of: dict[str, str] = field(default_factory=dict)
    changes: list[IssueChange] = field(default_factory=list)


def identify(
    groups: Sequence[Sequence[str]],
    known: Mapping[str, str],
    last_number: int,
    preferred: Mapping[str, str] | None = None,
) -> Identified:
    """Give each group of order keys an issue id.

    ``known`` maps the order keys of the last run to their issues, ``last_number`` is the highest number
    ever given. The group that holds most of a known issue keeps its id; of several issues in one group
    the one with most orders there stays, unless ``preferred`` (order key → issue id, a person's choice)
    says another. New ids are given in the order of the groups.
    """
    nothing: Counter[str] = Counter()  # one for all: a city's first run has a million groups
    held = [Counter(known[key] for key in group if key in known) if known else nothing for group in groups]
    wanted = [_preferred(group, preferred or {}) for group in groups]
    claims = sorted(
        (wanted[number] != issue, -count, issue, number)
        for number, issues in enumerate(held)
        for issue, count in issues.items()
    )
    id_of: dict[int, str] = {}
    taken: set[str] = set()
    for _, _, issue, number in claims:
        if number not in id_of and issue not in taken:
            id_of[number] = issue
            taken.add(issue)
    found = Identified()
    for number, group in enumerate(groups):
        if number not in id_of:
            last_number += 1
            id_of[number] = f"{PREFIX}{last_number:06d}"
        for key in group:
            found.issue_of[key] = id_of[number]
    found.changes = _changes(id_of, held, known)
    return found


def _preferred(group: Sequence[str], preferred: Mapping[str, str]) -> str:
    for key in group:
        if key in preferred:
            return preferred[key]
    return ""


def _changes(
    id_of: Mapping[int, str], held: Sequence[Counter[str]], known: Mapping[str, str]
) -> list[IssueChange]:
    changes = []
    parts: defaultdict[str, list[str]] = defaultdict(list)
    staying = set(id_of.values())
    for number, issues in enumerate(held):
        own = id_of[number]
        joined = tuple(sorted(issue for issue in issues if issue != own and issue not in staying))
        if own not in issues:
            changes.append(IssueChange("new", own))
        if joined:
            changes.append(IssueChange("joined", own, joined))
        for issue in issues:
            if issue != own:
                parts[issue].append(own)
    for issue in sorted(set(known.values())):
        if issue in staying and parts[issue]:
            changes.append(IssueChange("split", issue, tuple(sorted(parts[issue]))))
        elif issue not in staying and not parts[issue]:
            changes.append(IssueChange("gone", issue))
    return changes
