"""A city's own days: a TOML or CSV file laid over the State Council's calendar.

TOML: ``working = ["2027-02-06"]`` and ``holidays = ["2027-02-08"]``. CSV: two columns, the day and
whether it is worked (班/休, 是/否, 1/0); a header line is allowed.
"""

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator

from hotline_tools.datafile import DataModel, parsed, read_rows, read_toml
from hotline_tools.errors import DataFileError

_WORKED = {"班": True, "是": True, "1": True, "true": True, "working": True, "上班": True}
_OFF = {"休": False, "否": False, "0": False, "false": False, "holiday": False, "放假": False}
_WHAT = "工作日覆盖文件"
_REMEDY = "日期写作 2027-02-06；TOML 用 working 与 holidays 两个列表，CSV 第二列写 班 或 休。"


def _as_day(value: Any) -> date:
    day = value if isinstance(value, date) else _day(str(value))
    if day is None:
        raise ValueError(f"“{value}”不是日期")
    return day


_Day = Annotated[date, BeforeValidator(_as_day)]


class _Days(DataModel):
    working: tuple[_Day, ...] = ()
    holidays: tuple[_Day, ...] = ()


def read_overrides(path: Path) -> dict[date, bool]:
    """Read day → is it worked; raise ``DataFileError`` with every mistake of the file at once."""
    wrong: list[str] = []
    if path.suffix.lower() == ".csv":
        days = list(_from_csv(read_rows(path, what=_WHAT, remedy=_REMEDY), wrong))
    else:
        data = read_toml(path, what=_WHAT, remedy=_REMEDY)
        file = parsed(_Days, data, where=str(path), what=_WHAT, remedy=_REMEDY)
        days = [("", day, True) for day in file.working] + [("", day, False) for day in file.holidays]
    found: dict[date, bool] = {}
    for place, day, worked in days:
        if found.setdefault(day, worked) is not worked:
            wrong.append(f"{place}{day} 既写成上班又写成放假")
    if wrong:
        raise DataFileError(f"{_WHAT}有误：{'；'.join(wrong)}", where=str(path), remedy=_REMEDY)
    return found


def _from_csv(rows: Iterable[tuple[int, list[str]]], wrong: list[str]) -> Iterable[tuple[str, date, bool]]:
    for number, row in rows:
        cells = [cell.strip() for cell in row]
        if not any(cells) or (number == 1 and cells[0] in {"日期", "date", "day"}):
            continue
        worked = {**_WORKED, **_OFF}.get(cells[1].lower() if len(cells) > 1 else "")
        day = _day(cells[0])
        if day is None or worked is None:
            wrong.append(f"第 {number} 行“{','.join(cells)}”看不懂")
        else:
            yield f"第 {number} 行 ", day, worked


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.replace("/", "-"))
    except ValueError:
        return None
