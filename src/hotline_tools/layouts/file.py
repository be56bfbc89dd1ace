"""A layout file as it is written: what each key may hold, so that every mistake is told at once."""

import re
from collections.abc import Iterable
from functools import cache
from typing import Annotated, Any, Literal, get_args
from zoneinfo import available_timezones

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo, field_validator, model_validator

from hotline_tools.datafile import DataModel
from hotline_tools.layouts.model import Combine, Sister
from hotline_tools.schema import MAPPABLE
from hotline_tools.suggestions import did_you_mean

DateHint = Literal[
    "roc", "epoch_seconds", "epoch_millis", "month_first", "day_first", "compact", "excel_serial"
]
_ZONES = ("Asia/Shanghai", "Asia/Taipei", "Asia/Hong_Kong", "UTC")
_TRUTH = ("true", "false")


def _pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(f"不是正则表达式：{error}") from error
    return text


def _filled(text: str) -> str:
    if not text.strip():
        raise ValueError("不能为空")
    return text


def _named(text: Any, info: ValidationInfo) -> Any:
    if not isinstance(text, str) or not text.strip():
        raise ValueError(f"缺少 {info.field_name}")
    return text


def _known(what: str, known: Iterable[str]) -> AfterValidator:
    """Let through the names in ``known`` alone; of any other say which one was meant."""
    names = tuple(known)

    def check(name: str) -> str:
        if name not in names:
            hint = did_you_mean(name, names, otherwise=f"可用：{'、'.join(names)}", cutoff=0.5)
            raise ValueError(f"不认识的{what} {name}，{hint}")
        return name

    return AfterValidator(check)


@cache
def _zones() -> frozenset[str]:
    """Return the names of all zones: the list is read from hundreds of files."""
    return frozenset(available_timezones())


def _zone(name: str) -> str:
    if name and name not in _zones():
        raise ValueError(did_you_mean(name, _ZONES, otherwise=f"不认识的时区，可用：{'、'.join(_ZONES)}"))
    return name


def _positive(weight: float) -> float:
    if weight <= 0:
        raise ValueError("权重应是正数")
    return weight


def _combine(how: Any) -> Any:
    if how not in get_args(Combine):
        raise ValueError(f"只能是 {' 或 '.join(get_args(Combine))}")
    return how


Text = Annotated[str, AfterValidator(_filled)]
Name = Annotated[str, BeforeValidator(_named), Field(validate_default=True)]
Texts = tuple[Text, ...]
FieldName = Annotated[str, _known("字段", MAPPABLE)]
StatusCode = Annotated[str, _known("代码", MAPPABLE["status"].codes)]
SatisfactionCode = Annotated[str, _known("代码", MAPPABLE["satisfaction"].codes)]
ResolvedCode = Annotated[str, _known("代码", MAPPABLE["resolved"].codes)]
RequestTypeCode = Annotated[str, _known("代码", MAPPABLE["request_type"].codes)]
TruthCode = Annotated[str, _known("代码", _TRUTH)]


class Headers(DataModel):
    """Header names: a list, or a table with the list as ``headers``."""

    headers: Texts | None = None

    @model_validator(mode="before")
    @classmethod
    def _from_list(cls, value: Any) -> Any:
        return {"headers": value} if isinstance(value, tuple) else value


class FieldTable(Headers):
    """How one field is filled: ``headers`` (one column) or ``parts`` (several, put together)."""

    parts: Annotated[
        tuple[Annotated[Texts, Field(min_length=1)], ...] | None, Field(validate_default=True)
    ] = None
    combine: Annotated[Combine, BeforeValidator(_combine)] = "join"
    joiner: str = " "
    dates: tuple[DateHint, ...] = ()
    placeholders: Texts = ()
    split: str = ""

    @field_validator("parts")
    @classmethod
    def _one_of_two(cls, parts: tuple[Texts, ...] | None, info: ValidationInfo) -> tuple[Texts, ...] | None:
        if "headers" in info.data and (parts is None) == (info.data["headers"] is None):
            raise ValueError("需要 headers 或 parts 之一")
        if parts == ():
            raise ValueError('应是列表的列表，如 [["日期"], ["时间"]]')
        return parts


class ValueMaps(DataModel):
    """Field → code → texts of the export that mean it."""

    status: dict[StatusCode, Texts] = Field(default_factory=dict)
    satisfaction: dict[SatisfactionCode, Texts] = Field(default_factory=dict)
    resolved: dict[ResolvedCode, Texts] = Field(default_factory=dict)
    responded: dict[TruthCode, Texts] = Field(default_factory=dict)
    request_type: dict[RequestTypeCode, Texts] = Field(default_factory=dict)

    def texts(self) -> Iterable[tuple[str, dict[str, Texts]]]:
        """Return (field, code → texts) of the fields that the file says something about."""
        return ((name, getattr(self, name)) for name in ValueMaps.model_fields if getattr(self, name))


class LayoutRules(DataModel):
    """What common.toml and every layout may say."""

    fields: dict[FieldName, FieldTable] = Field(default_factory=dict)
    values: ValueMaps = ValueMaps()
    placeholders: Texts = ()
    drop: Headers = Headers(headers=())
    keep: Headers = Headers(headers=())

    @field_validator("fields")
    @classmethod
    def _dates_of_times_only(cls, fields: dict[str, FieldTable]) -> dict[str, FieldTable]:
        wrong = [name for name, table in fields.items() if table.dates and MAPPABLE[name].kind != "time"]
        if wrong:
            raise ValueError(f"{'、'.join(wrong)} 不是时间字段，不能写 dates")
        return fields


class LayoutFile(LayoutRules):
    """One export layout."""

    id: Name = ""
    name: Name = ""
    source: Text | None = None
    version: int = 1
    signature: dict[str, Annotated[float, AfterValidator(_positive)]] = Field(
        default_factory=dict, validate_default=True
    )
    required: Texts = ()
    marks: dict[str, Annotated[str, AfterValidator(_pattern)]] = Field(default_factory=dict)
    min_score: float = Field(default=0.6, gt=0, le=1)
    time_zone: Annotated[str, AfterValidator(_zone)] = "Asia/Shanghai"
    channel: str = ""
    sister: Sister | None = None

    @field_validator("signature")
    @classmethod
    def _recognisable(cls, signature: dict[str, float]) -> dict[str, float]:
        if not signature:
            raise ValueError("缺少 signature：写出能认出这种导出的表头和权重")
        return signature
