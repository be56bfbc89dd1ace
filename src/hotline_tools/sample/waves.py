"""Outbreaks: waves of one kind of request in a few days or weeks."""

from functools import lru_cache
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from hotline_tools.datafile import DataModel
from hotline_tools.sample.templates import read_template


def _day(text: Any) -> tuple[int, int]:
    month, _, day = str(text).partition("-")
    if not (month.isdecimal() and day.isdecimal()):
        raise ValueError(f"“{text}” 不是“月-日”，如 07-18")
    return int(month), int(day)


Day = Annotated[tuple[int, int], BeforeValidator(_day)]


class Wave(DataModel):
    """``share`` of a sub-category's orders falls between two (month, day) dates, both included."""

    id: str
    sub: str
    first: Day = Field(alias="from")
    last: Day = Field(alias="to")
    share: float = Field(gt=0, le=1)
    street: str = ""


class OutbreakFile(DataModel):
    """All outbreaks."""

    outbreak: tuple[Wave, ...]


@lru_cache(maxsize=1)
def load_waves() -> dict[str, tuple[Wave, ...]]:
    """Read the outbreaks by sub-category."""
    found: dict[str, tuple[Wave, ...]] = {}
    for wave in read_template("outbreaks.toml", OutbreakFile).outbreak:
        found[wave.sub] = (*found.get(wave.sub, ()), wave)
    return found
