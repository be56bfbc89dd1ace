"""Find every mistake in a layout file at once, with "did you mean" for names."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

from hotline_tools.layouts.reading import read_toml
from hotline_tools.schema import MAPPABLE

DATE_HINTS = ("roc", "epoch_seconds", "epoch_millis", "month_first", "day_first", "compact", "excel_serial")
FIELD_TABLE_KEYS = ("headers", "parts", "combine", "joiner", "dates", "placeholders", "split")
TOP_KEYS = (
    "id", "name", "source", "version", "min_score", "time_zone", "channel", "required", "placeholders",
    "signature", "fields", "values", "drop", "keep", "sister",
)  # fmt: skip
_ZONES = ("Asia/Shanghai", "Asia/Taipei", "Asia/Hong_Kong", "UTC")
VALUE_FIELDS = ("status", "satisfaction", "resolved", "responded", "request_type")


def check_layout(path: Path) -> list[str]:
    """The mistakes in the file, in Chinese; none when it is right. Raises ``DataFileError``."""
    return mistakes_in(read_toml(path))


def mistakes_in(data: Mapping[str, Any]) -> list[str]:
    """The mistakes in a layout's data."""
    wrong = [_unknown("设置", key, TOP_KEYS) for key in data if key not in TOP_KEYS]
    for key in ("id", "name"):
        if not isinstance(data.get(key), str) or not data[key].strip():
            wrong.append(f"缺少 {key}")
    wrong += _scalars(data)
    wrong += _fields(data.get("fields", {}))
    wrong += _signature(data)
    wrong += _values(data.get("values", {}))
    sister = data.get("sister")
    if sister is not None and not (
        isinstance(sister, dict) and isinstance(sister.get("layout"), str) and _texts(sister.get("keys"))
    ):
        wrong.append("sister 需要 layout（版式 id）和 keys（可作键的表头列表）")
    return wrong


def _unknown(what: str, name: str, known: Iterable[str]) -> str:
    near = get_close_matches(str(name), list(known), n=1, cutoff=0.5)
    return f"不认识的{what} {name}" + (f"，是不是 {near[0]}？" if near else f"（可用：{'、'.join(known)}）")


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) and item.strip() for item in value)


def _scalars(data: Mapping[str, Any]) -> list[str]:
    wrong = []
    zone = data.get("time_zone")
    if zone is not None and zone not in available_timezones():
        wrong.append(_unknown("时区", str(zone), _ZONES))
    score = data.get("min_score", 0.6)
    if not isinstance(score, int | float) or not 0 < score <= 1:
        wrong.append("min_score 应在 0 和 1 之间")
    for key in ("required", "placeholders"):
        if not _texts(data.get(key, [])):
            wrong.append(f"{key} 应是文本的列表")
    for key in ("drop", "keep"):
        value = data.get(key, [])
        if not _texts(value.get("headers") if isinstance(value, dict) else value):
            wrong.append(f"{key} 应是表头的列表")
    return wrong


def _fields(fields: Any) -> list[str]:
    if not isinstance(fields, dict):
        return ["fields 应是一个表：字段 = [表头, …]"]
    wrong = []
    for name, value in fields.items():
        if name not in MAPPABLE:
            wrong.append(_unknown("字段", name, MAPPABLE))
        if isinstance(value, list):
            wrong += [] if _texts(value) else [f"fields.{name} 应是表头的列表"]
        elif isinstance(value, dict):
            wrong += _field_table(name, value)
        else:
            wrong.append(f"fields.{name} 应是表头的列表或一个表")
    return wrong


def _field_table(name: str, table: Mapping[str, Any]) -> list[str]:
    where = f"fields.{name}"
    wrong = [
        f"{where}：{_unknown('设置', key, FIELD_TABLE_KEYS)}" for key in table if key not in FIELD_TABLE_KEYS
    ]
    if ("headers" in table) == ("parts" in table):
        wrong.append(f"{where} 需要 headers 或 parts 之一")
    if "headers" in table and not _texts(table["headers"]):
        wrong.append(f"{where}.headers 应是表头的列表")
    parts = table.get("parts")
    if parts is not None and not (
        isinstance(parts, list) and parts and all(_texts(part) and part for part in parts)
    ):
        wrong.append(f'{where}.parts 应是列表的列表，如 [["日期"], ["时间"]]')
    if table.get("combine", "join") not in ("join", "first"):
        wrong.append(f"{where}.combine 只能是 join 或 first")
    for hint in table.get("dates", []):
        if hint not in DATE_HINTS:
            wrong.append(f"{where}.dates：{_unknown('日期提示', hint, DATE_HINTS)}")
    if table.get("dates") and name in MAPPABLE and MAPPABLE[name].kind != "time":
        wrong.append(f"{where} 不是时间字段，不能写 dates")
    return wrong


def _signature(data: Mapping[str, Any]) -> list[str]:
    signature = data.get("signature", {})
    if not isinstance(signature, dict) or not signature:
        return ["缺少 signature：写出能认出这种导出的表头和权重"]
    return [
        f"signature.{name} 的权重应是正数"
        for name, weight in signature.items()
        if isinstance(weight, bool) or not isinstance(weight, int | float) or weight <= 0
    ]


def _values(values: Any) -> list[str]:
    if not isinstance(values, dict):
        return ["values 应是一个表"]
    wrong = []
    for field, codes in values.items():
        if field not in VALUE_FIELDS:
            wrong.append(f"values：{_unknown('取值字段', field, VALUE_FIELDS)}")
            continue
        allowed = MAPPABLE[field].codes or ("true", "false")
        if not isinstance(codes, dict):
            wrong.append(f"values.{field} 应写成 代码 = [原文, …]")
            continue
        for code, texts in codes.items():
            if code not in allowed:
                wrong.append(f"values.{field}：{_unknown('代码', code, allowed)}")
            if not _texts(texts):
                wrong.append(f"values.{field}.{code} 应是原文的列表")
    return wrong
