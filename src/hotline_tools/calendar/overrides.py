"""A city's own days: a TOML or CSV file laid over the State Council's calendar.

TOML: ``working = ["2027-02-06"]`` and ``holidays = ["2027-02-08"]``. CSV: two columns, the day and
whether it is worked (班/休, 是/否, 1/0); a header line is allowed.
"""

import csv
import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from hotline_tools.errors import DataFileError

_WORKED = {"班": True, "是": True, "1": True, "true": True, "working": True, "上班": True}
_OFF = {"休": False, "否": False, "0": False, "false": False, "holiday": False, "放假": False}
_REMEDY = "日期写作 2027-02-06；TOML 用 working 与 holidays 两个列表，CSV 第二列写 班 或 休。"


def read_overrides(path: Path) -> dict[date, bool]:
    """Read day → is it worked; raise ``DataFileError`` with every mistake of the file at once."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise DataFileError(
            "读不了工作日覆盖文件", where=str(path), remedy="请检查路径，文件须为 UTF-8。"
        ) from error
    found, wrong = _from_csv(text) if path.suffix.lower() == ".csv" else _from_toml(text, path)
    if wrong:
        raise DataFileError(f"工作日覆盖文件有误：{'；'.join(wrong)}", where=str(path), remedy=_REMEDY)
    return found


def _from_csv(text: str) -> tuple[dict[date, bool], list[str]]:
    found: dict[date, bool] = {}
    wrong = []
    for number, row in enumerate(csv.reader(text.splitlines()), 1):
        cells = [cell.strip() for cell in row]
        if not any(cells) or (number == 1 and cells[0] in {"日期", "date", "day"}):
            continue
        worked = {**_WORKED, **_OFF}.get(cells[1].lower() if len(cells) > 1 else "")
        day = _day(cells[0])
        if day is None or worked is None:
            wrong.append(f"第 {number} 行“{','.join(cells)}”看不懂")
        elif found.setdefault(day, worked) is not worked:
            wrong.append(f"第 {number} 行 {day} 既写成上班又写成放假")
    return found, wrong


def _from_toml(text: str, path: Path) -> tuple[dict[date, bool], list[str]]:
    try:
        data: Mapping[str, object] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise DataFileError(f"不是有效的 TOML：{error}", where=str(path), remedy=_REMEDY) from error
    found: dict[date, bool] = {}
    wrong = [f"不认识 {key}" for key in data if key not in {"working", "holidays"}]
    for key, worked in (("working", True), ("holidays", False)):
        days = data.get(key, [])
        for item in days if isinstance(days, list) else [days]:
            day = item if isinstance(item, date) else _day(str(item))
            if day is None:
                wrong.append(f"{key} 里的“{item}”不是日期")
            elif found.setdefault(day, worked) is not worked:
                wrong.append(f"{day} 既写成上班又写成放假")
    return found, wrong


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.replace("/", "-"))
    except ValueError:
        return None
