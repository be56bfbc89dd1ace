"""Several people on the same orders: what they agree on, and how well they agree."""

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations


@dataclass(frozen=True)
class Answer:
    """What one person said about one order; ``None`` where nothing was filled in."""

    order_key: str
    annotator: str
    category: str
    subcategory: str | None = None
    request_type: str | None = None


@dataclass(frozen=True)
class Agreement:
    """Two people on the categories of the orders both labelled; kappa is ``None`` when it is undefined."""

    first: str
    second: str
    orders: int
    same: int
    kappa: float | None


def cohens_kappa(first: Sequence[Hashable], second: Sequence[Hashable]) -> float | None:
    """Agreement beyond chance (Cohen 1960), -1 to 1.

    ``None`` without a common item, or when both gave one and the same answer throughout (0 ÷ 0).
    """
    items = len(first)
    if not items:
        return None
    observed = sum(a == b for a, b in zip(first, second, strict=True)) / items
    left, right = Counter(first), Counter(second)
    expected = sum(left[name] * right[name] for name in left) / items**2
    return None if expected == 1 else (observed - expected) / (1 - expected)


def agreements(answers: Sequence[Answer]) -> list[Agreement]:
    """Every two people who labelled at least one common order."""
    by_person: dict[str, dict[str, str]] = {}
    for answer in answers:
        by_person.setdefault(answer.annotator, {})[answer.order_key] = answer.category
    found = []
    for first, second in combinations(sorted(by_person), 2):
        common = sorted(by_person[first].keys() & by_person[second].keys())
        one, other = ([by_person[name][key] for key in common] for name in (first, second))
        if common:
            same = sum(a == b for a, b in zip(one, other, strict=True))
            found.append(Agreement(first, second, len(common), same, cohens_kappa(one, other)))
    return found


def by_order(answers: Sequence[Answer]) -> dict[str, list[Answer]]:
    """The answers to each order, in the order they came."""
    found: dict[str, list[Answer]] = {}
    for answer in answers:
        found.setdefault(answer.order_key, []).append(answer)
    return found


def settled(answers: Sequence[Answer], *, majority: bool) -> Answer | None:
    """What counts for one order: its people agree, or with ``majority`` more than half of them do.

    The category is settled first, then the subcategory and the request type among those who gave that
    category; a field left empty is no vote. ``None`` when any field stays in conflict.
    """
    category = _one([answer.category for answer in answers], majority)
    if category is None:
        return None
    agreed = [answer for answer in answers if answer.category == category]
    fields: dict[str, str | None] = {}
    for name in ("subcategory", "request_type"):
        given = [value for answer in agreed if (value := getattr(answer, name)) is not None]
        fields[name] = _one(given, majority)
        if given and fields[name] is None:
            return None
    people = "、".join(sorted({answer.annotator for answer in agreed}))
    return Answer(answers[0].order_key, people, category, **fields)


def _one(values: Sequence[str], majority: bool) -> str | None:
    counts: Mapping[str, int] = Counter(values)
    if not counts:
        return None
    best = max(counts, key=lambda name: (counts[name], name))
    is_clear = len(counts) == 1 or (majority and counts[best] * 2 > len(values))
    return best if is_clear else None
