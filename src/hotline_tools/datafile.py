"""Data files that a city may edit: TOML read through pydantic models, all mistakes told at once.

Layouts, taxonomies, profiles, rules and calendars derive from ``DataModel``. A validator that refuses a
value raises ``ValueError`` with a Chinese sentence; it is told with the file and the key.
"""

import codecs
import csv
import io
import tomllib
from collections.abc import Iterable, Mapping
from importlib.resources import files
from pathlib import Path
from textwrap import shorten
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from hotline_tools.disk import reason, remedy
from hotline_tools.errors import DataFileError
from hotline_tools.suggestions import did_you_mean

FIX = "请改正后重试。"
_KINDS = {
    "string_type": "文字",
    "int_type": "整数",
    "int_from_float": "整数",
    "int_parsing": "整数",
    "float_type": "数",
    "float_parsing": "数",
    "bool_type": "真假值（true 或 false）",
    "bool_parsing": "真假值（true 或 false）",
    "finite_number": "有限的数",
    "path_type": "路径",
    "date_type": "日期",
    "date_parsing": "日期",
    "date_from_datetime_parsing": "日期",
    "date_from_datetime_inexact": "日期",
    "time_type": "时刻（如 09:00）",
    "time_parsing": "时刻（如 09:00）",
    "datetime_type": "日期时间",
    "datetime_parsing": "日期时间",
    "set_type": "列表",
    "frozen_set_type": "列表",
    "dataclass_type": "表",
    "list_type": "列表",
    "tuple_type": "列表",
    "dict_type": "表",
    "model_type": "表",
    "mapping_type": "表",
}
"""pydantic's error type → what the value has to be."""
_CLASSES = {"Path": "路径（文字）", "date": "日期", "time": "时刻（如 09:00）", "datetime": "日期时间"}
"""The class that a value has to be an instance of → what people call it."""
_DEEPEST = 32
"""Levels of tables and lists in each other; the deepest file of ours has six."""
_LARGEST = 1 << 63
_MAX_BYTES = 16 << 20
_BOUNDS = {
    "ge": "不小于", "gt": "大于", "le": "不大于", "lt": "小于", "min_length": "至少", "max_length": "至多",
}  # fmt: skip


class DataModel(BaseModel):
    """Base of everything read from a data file: no unknown keys, no silent conversions, not to be changed."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, arbitrary_types_allowed=True)


Model = TypeVar("Model", bound=BaseModel)


def shipped(kind: type[Model], package: str, name: str) -> Model:
    """Return a TOML file that is part of ``package``."""
    return parsed(kind, tomllib.loads(files(package).joinpath(name).read_text(encoding="utf-8")), where=name)


def read_toml(path: Path, *, what: str = "文件", remedy: str = FIX) -> dict[str, Any]:
    """Return the tables of a TOML file; raise ``DataFileError`` when it cannot be read or is none."""
    try:
        data = tomllib.loads(read_text(path, what=what))
    except RecursionError as error:
        raise DataFileError("嵌套得太深", where=str(path), remedy=remedy) from error
    except ValueError as error:  # with a number of thousands of digits it is no TOMLDecodeError
        raise DataFileError(f"不是有效的 TOML：{error}", where=str(path), remedy=remedy) from error
    if wrong := _beyond(data):
        raise DataFileError(wrong, where=str(path), remedy=remedy)
    return data


def _beyond(data: Any) -> str:
    """Say what is deeper than any file of ours, or an integer larger than TOML's; empty when nothing is."""
    level = [data]
    for _ in range(_DEEPEST):
        level = [inner for value in level for inner in _within(value)]
        if any(isinstance(value, int) and not -_LARGEST <= value < _LARGEST for value in level):
            return "有一个整数太大（至多 64 位）"
    return "嵌套得太深" if level else ""


def _within(value: Any) -> Iterable[Any]:
    return value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()


def read_text(path: Path, *, what: str = "文件") -> str:
    """Return the text of a file; raise ``DataFileError`` that says why ``what`` cannot be read."""
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise DataFileError(
                f"{what}大得不合常理（超过 {_MAX_BYTES >> 20} MB）", where=str(path), remedy="请检查路径。"
            )
        return decoded(path.read_bytes())
    except UnicodeDecodeError as error:
        raise DataFileError(
            f"读不了{what}：既不是 UTF-8 也不是 GBK", where=str(path), remedy="请另存为 UTF-8。"
        ) from error
    except OSError as error:
        raise DataFileError(
            f"读不了{what}：{reason(error)}", where=str(path), remedy=remedy(error)
        ) from error


def read_rows(path: Path, *, what: str = "文件", remedy: str = FIX) -> list[tuple[int, list[str]]]:
    """Return the rows of a CSV file with the number of the line each ends at.

    Raises ``DataFileError`` when it cannot be read.
    """
    reader = csv.reader(io.StringIO(read_text(path, what=what), newline=""))
    try:
        return [(reader.line_num, row) for row in reader]
    except csv.Error as error:
        where = f"{path} 第 {reader.line_num} 行"
        raise DataFileError(f"不是能读的 CSV（{error}）", where=where, remedy=remedy) from error


def decoded(raw: bytes) -> str:
    """Return the text of a file that a person wrote: UTF-8 or, with a mark, UTF-16; else GB18030.

    A mark at its start is left out and line ends become ``\\n``. Raises ``UnicodeDecodeError``.
    """
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = raw.decode("utf-16")
    else:
        try:
            text = raw.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = raw.decode("gb18030")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def parsed(
    model: type[Model],
    data: Mapping[str, Any],
    *,
    where: str,
    what: str = "文件",
    remedy: str = FIX,
    context: Any = None,
) -> Model:
    """Return ``data`` as a ``model``; raise ``DataFileError`` naming every key that is wrong.

    Lists become tuples: a model declares ``tuple[str, ...]``. ``context`` is what validators find in their
    ``ValidationInfo``.
    """
    try:
        return model.model_validate(frozen(data), context=context)
    except ValidationError as error:
        raise DataFileError(
            f"{what}有误：{'；'.join(mistakes(error, model))}", where=where, remedy=remedy
        ) from error


def frozen(value: Any) -> Any:
    """Return a value of a TOML file with its lists as tuples."""
    if isinstance(value, Mapping):
        return {key: frozen(inner) for key, inner in value.items()}
    return tuple(map(frozen, value)) if isinstance(value, list) else value


def check(model: type[BaseModel], data: Mapping[str, Any]) -> list[str]:
    """Return each mistake of ``data`` as a Chinese sentence with its key; none when it is a ``model``."""
    try:
        model.model_validate(frozen(data))
    except ValidationError as error:
        return mistakes(error, model)
    return []


def mistakes(
    error: ValidationError, model: type, *, unknown: str = "{key} 不认识", at: str = ""
) -> list[str]:
    """Return each mistake as a Chinese sentence with its key; ``unknown`` is said of a key not known.

    ``at``: where the value stands, of one that is no key of a file.
    """
    return [_sentence(detail, model, unknown, at) for detail in error.errors()]


def _sentence(detail: ErrorDetails, model: type, unknown: str, at: str) -> str:
    key, kind = key_of(detail["loc"]) or at, detail["type"]
    given, context = detail["input"], detail.get("ctx", {})
    if kind == "missing":
        return f"缺 {key}"
    if kind in ("extra_forbidden", "unexpected_keyword_argument"):
        return f"{unknown.format(key=key)}，{_hint(detail['loc'][-1], _keys_at(model, detail['loc'][:-1]))}"
    if kind in ("literal_error", "enum"):
        choices = str(context["expected"]).replace(" or ", ", ").split(", ")
        return f"{key} = “{given}” 不认识，{_hint(given, [choice.strip(chr(39)) for choice in choices])}"
    if kind == "value_error":
        said = str(context["error"])
    elif wanted := _KINDS.get(kind) or _CLASSES.get(str(context.get("class"))):
        said_of = shorten(repr(given), 40, placeholder="…")
        return f"{key} 须是{wanted}，不能是 {said_of}（类型不对）"
    else:
        bound = next((f"须{words} {context[name]}" for name, words in _BOUNDS.items() if name in context), "")
        said_of = shorten(str(given), 40, placeholder="…")
        said = f"{bound}，不能是 {said_of}" if bound else f"不能是 {said_of}（{detail['msg']}）"
    return f"{key}：{said}" if key else said


def _hint(given: object, known: list[str]) -> str:
    return did_you_mean(str(given), known, otherwise=f"可用：{'、'.join(known)}")


def key_of(loc: tuple[str | int, ...]) -> str:
    """Return a place in a file as people write it: ``rate[2].score``, counted from 1."""
    text = ""
    for part in loc:
        if part == "[key]":  # pydantic's mark for a mistake in the key itself
            continue
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def _keys_at(model: type, loc: tuple[str | int, ...]) -> list[str]:
    """Return the keys that the model at ``loc`` knows."""
    for part in loc:
        field = _fields(model).get(part) if isinstance(part, str) else None
        inner = field and _model_in(field.annotation)
        model = inner or model
    return list(_fields(model))


def _fields(model: type) -> dict[str, FieldInfo]:
    """Return the fields of a model or of a pydantic dataclass, by the key that a file has for them."""
    found: dict[str, FieldInfo] = getattr(model, "__pydantic_fields__", {})
    return {str(field.validation_alias or field.alias or name): field for name, field in found.items()}


def _model_in(annotation: Any) -> type | None:
    if isinstance(annotation, type) and hasattr(annotation, "__pydantic_fields__"):
        return annotation
    return next((found for inner in get_args(annotation) if (found := _model_in(inner))), None)
