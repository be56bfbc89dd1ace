"""The assessment cycle of a KPI profile: from a day of the month to the day before it in the next."""

from typing import Annotated

from pydantic import AfterValidator, ConfigDict, Field
from pydantic.dataclasses import dataclass


def _in_every_month(day: int) -> int:
    if not 1 <= day <= 28:
        raise ValueError(f"须在 1 到 28 之间，不能是 {day}（29 至 31 日不是每月都有）")
    return day


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class Cycle:
    """Every month's cycle starts on ``start_day``; it is named after the month in which it ends."""

    start_day: Annotated[int, Field(strict=True), AfterValidator(_in_every_month)]
