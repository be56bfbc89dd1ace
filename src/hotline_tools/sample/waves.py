"""Outbreaks: waves of one kind of request in a few days or weeks."""

from dataclasses import dataclass
from functools import lru_cache

from hotline_tools.sample.templates import load_common


@dataclass(frozen=True)
class Wave:
    """``share`` of a sub-category's orders falls between two (month, day) dates, both included."""

    id: str
    sub: str
    first: tuple[int, int]
    last: tuple[int, int]
    share: float
    street: str = ""


@lru_cache(maxsize=1)
def load_waves() -> dict[str, tuple[Wave, ...]]:
    """Read the outbreaks by sub-category."""
    found: dict[str, tuple[Wave, ...]] = {}
    for item in load_common("outbreaks")["outbreak"]:
        wave = Wave(
            item["id"],
            item["sub"],
            _day(item["from"]),
            _day(item["to"]),
            float(item["share"]),
            item.get("street", ""),
        )
        found[wave.sub] = (*found.get(wave.sub, ()), wave)
    return found


def _day(text: str) -> tuple[int, int]:
    month, day = text.split("-")
    return int(month), int(day)
