"""Rules of a report that a city may want to change: shipped as TOML, replaced by a file of the same shape."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from hotline_tools.errors import DataFileError

_COPY = "可先复制内置规则再改（见 docs/reports.md）。"


@dataclass(frozen=True)
class Rules:
    """``values`` as in the TOML file; ``report`` is whose rules they are, ``name`` where they come from."""

    report: str
    name: str
    values: Mapping[str, Any]

    def __str__(self) -> str:
        """Return where the rules come from, for the table's head."""
        return self.name


@cache
def shipped_rules(report: str) -> Rules:
    """Return the rules that come with the toolkit for ``report``."""
    text = files("hotline_tools.reports").joinpath("defaults", f"{report}.toml").read_text(encoding="utf-8")
    return Rules(report, "内置", tomllib.loads(text))


def rules_for(report: str, given: Rules | None) -> Rules:
    """Return the rules given, or the shipped ones; raise ``DataFileError`` when they are another's."""
    if given is None:
        return shipped_rules(report)
    if given.report != report:
        raise DataFileError(
            f"这是报表 {given.report} 的规则，不能用于 {report}",
            where=given.name,
            remedy=f'请换成以 report = "{report}" 开头的规则文件。',
        )
    return given


def load_rules(path: Path) -> Rules:
    """Read a rule file; what it leaves out is as shipped.

    Raises ``DataFileError`` for what is not TOML, names no report, or has an unknown or ill-typed key.
    """
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise DataFileError(
            "读不到规则文件", where=str(path), remedy="请检查路径与编码（UTF-8）。"
        ) from error
    except tomllib.TOMLDecodeError as error:
        raise DataFileError(f"不是有效的 TOML：{error}", where=str(path), remedy="请改正后重试。") from error
    report = values.get("report")
    if not isinstance(report, str) or not _is_shipped(report):
        raise DataFileError(
            "规则文件没有写明用于哪张报表", where=str(path), remedy=f'第一行写 report = "报表名"；{_COPY}'
        )
    shipped = shipped_rules(report).values
    for key, value in values.items():
        _check(key, value, shipped, str(path))
    return Rules(report, path.name, {**shipped, **values})


def _is_shipped(report: str) -> bool:
    return (
        report.isidentifier()
        and files("hotline_tools.reports").joinpath("defaults", f"{report}.toml").is_file()
    )


def _check(key: str, value: object, shipped: Mapping[str, Any], where: str) -> None:
    """Refuse a key that the shipped rules do not have, or one of another type."""
    if key not in shipped:
        close = get_close_matches(key, shipped, n=1)
        hint = f"是不是 {close[0]}？" if close else ""
        raise DataFileError(f"没有 {key} 这条规则", where=where, remedy=f"{hint}{_COPY}")
    kind = type(shipped[key])
    numeric = kind in (int, float) and type(value) in (int, float)
    if not numeric and type(value) is not kind:
        raise DataFileError(f"{key} 的值类型不对：{value}", where=where, remedy=_COPY)
