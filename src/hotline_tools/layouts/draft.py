"""Draft a layout file from a table nobody has described, each guess with its reason as a comment."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from hotline_tools.dates import PERIOD_OF_FILE, TELLING_TIME_CELL
from hotline_tools.layouts.keys import value_key
from hotline_tools.layouts.load import common
from hotline_tools.layouts.match import match_layout
from hotline_tools.layouts.model import Match
from hotline_tools.schema import MAPPABLE

_PHONE = r"^\s*(?:1[3-9]\d{9}|0\d{2,3}-?\d{7,8})\s*$"
_PERIOD = re.compile(PERIOD_OF_FILE)
_SIGNATURE_SIZE = 12
_CODED = ("status", "satisfaction", "resolved", "request_type")


@dataclass(frozen=True)
class _Guess:
    field: str
    headers: tuple[str, ...]
    reason: str


def draft_layout(header: Sequence[str], sample: pa.Table, *, name: str) -> str:
    """The text of a layout file for the table; it passes ``check_layout`` and matches its own table.

    ``name`` is the file's name without ending; ``sample`` the first rows.
    """
    match = match_layout(header, sample, [])
    guesses = [_by_name(field, columns, match) for field, columns in match.mapping.items()]
    left = [column for column in match.unmapped if column in sample.column_names]
    guesses += _by_values(left, {g.field for g in guesses}, sample)
    used = {column for guess in guesses for column in guess.headers}
    lines = _head(name, [c for c in header if c in used] or list(header))
    lines += ["", "[fields]"]
    for guess in sorted(guesses, key=lambda g: list(MAPPABLE).index(g.field)):
        lines += _field_lines(guess, match)
    lines += _rest(match, [column for column in match.unmapped if column not in used], sample)
    lines += _value_lines(guesses, match, sample)
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _listed(texts: Sequence[str]) -> str:
    return "[" + ", ".join(map(_quoted, texts)) + "]"


def _head(name: str, signature: Sequence[str]) -> list[str]:
    slug = _slug(name)
    return [
        "# 由 hotline layout new 起草。每一行的注释说明为什么这样猜；请核对后再用 --layout 指定本文件。",
        "# 写法见 docs/layouts.zh-CN.md；改好后用 hotline layout check 检查。",
        f"id = {_quoted(slug)}",
        f"name = {_quoted(name)}",
        f"source = {_quoted(slug)}  # 工单编号的命名空间：同一平台的各月导出要相同",
        "version = 1",
        "",
        "# 靠这些表头认出这种导出；越独特的列权重应越大",
        "[signature]",
        *(f"{_quoted(column)} = 1" for column in signature[:_SIGNATURE_SIZE]),
    ]


def _slug(name: str) -> str:
    """Return an id from a file's name: the platform, not the month, so that the next export has it too."""
    return re.sub(r"[\W_]+", "-", _PERIOD.sub("-", name.lower())).strip("-") or "my-layout"


def _by_name(field: str, columns: Sequence[str], match: Match) -> _Guess:
    doubt = "；".join(f"存疑：{u.reason}" for u in match.unsure if u.field == field)
    return _Guess(field, tuple(columns), match.evidence[field].reason + (f"（{doubt}）" if doubt else ""))


def _by_values(columns: Sequence[str], taken: set[str], sample: pa.Table) -> list[_Guess]:
    """Fields guessed from what the cells look like, where the header says nothing."""
    guesses: list[_Guess] = []

    def guess(field: str, column: str, reason: str) -> None:
        if field not in taken:
            taken.add(field)
            guesses.append(_Guess(field, (column,), reason))

    texts = []
    for column in columns:
        values = sample.column(column).drop_null()
        if len(values) == 0:
            continue
        coded = _coded_as(values)
        if _share(values, _PHONE) > 0.8:
            guess("caller_key", column, "值像电话号码；入库时只存加密摘要")
        elif _share(values, TELLING_TIME_CELL) > 0.8:
            guess("received_at", column, "值像时间，且没有别的受理时间列")
        elif coded:
            guess(coded, column, f"值是{MAPPABLE[coded].label}的常见取值")
        elif (
            len(values.unique()) == len(values)
            and _share(values, r"^[\s\w-]{4,40}$") > 0.95
            and _digits(values)
        ):
            guess("order_id", column, "值各不相同，像编号")
        else:
            texts.append((pc.mean(pc.utf8_length(values)).as_py(), column))
    for length, column in sorted(texts, reverse=True):
        if length >= 30:
            guess("content", column, f"文字最长，平均 {length:.0f} 字")
        elif length >= 8:
            guess("title", column, f"较短的文字，平均 {length:.0f} 字")
    return guesses


def _share(values: pa.ChunkedArray, pattern: str) -> float:
    return float(pc.sum(pc.match_substring_regex(values, pattern)).as_py()) / len(values)


def _digits(values: pa.ChunkedArray) -> bool:
    return _share(values, r"\d{3}") > 0.9


def _coded_as(values: pa.ChunkedArray) -> str:
    distinct = values.unique().to_pylist()
    if len(distinct) > 30:
        return ""
    for field in _CODED:
        known = common().values[field]
        if sum(value_key(text) in known for text in distinct) >= 0.6 * len(distinct):
            return field
    return ""


def _field_lines(guess: _Guess, match: Match) -> list[str]:
    comment = f"# {MAPPABLE[guess.field].label}：{guess.reason}"
    if len(guess.headers) == 1:
        spec = match.specs.get(guess.field)
        if spec is not None and len(spec.parts) > 1:
            return [comment, f"{guess.field} = {{ headers = {_listed(guess.headers)} }}"]
        return [comment, f"{guess.field} = {_listed(guess.headers)}"]
    joiner = match.specs[guess.field].joiner
    parts = "[" + ", ".join(_listed([column]) for column in guess.headers) + "]"
    return [comment, f"{guess.field} = {{ parts = {parts}, joiner = {_quoted(joiner)} }}"]


def _rest(match: Match, left: Sequence[str], sample: pa.Table) -> list[str]:
    lines = []
    if left:
        lines += ["", "# 没有对应字段的列：原样存入 extra。要用时移到上面的 [fields]，例如"]
        for column in left[:20]:
            values = (
                sample.column(column).drop_null().slice(0, 1).to_pylist()
                if column in sample.column_names
                else []
            )
            shown = values[0].strip().replace("\n", " ")[:20] if values else "（空）"
            lines.append(f"#   {column}：{shown}")
        lines += ["[keep]", f"headers = {_listed(left)}"]
    if match.drop:
        lines += ["", "# 个人信息：这些列从不入库", "[drop]", f"headers = {_listed(match.drop)}"]
    return lines


def _value_lines(guesses: Sequence[_Guess], match: Match, sample: pa.Table) -> list[str]:
    """Cell texts that no value map knows, to be filled in by a person."""
    lines = []
    for guess in guesses:
        if guess.field not in _CODED or guess.headers[0] not in sample.column_names:
            continue
        known = match.values.get(guess.field, {})
        distinct = sample.column(guess.headers[0]).drop_null().unique().to_pylist()
        odd = [t.strip() for t in distinct if value_key(t) not in {*known, *match.placeholders}]
        if odd:
            codes = "、".join(MAPPABLE[guess.field].codes)
            shown = " ".join("、".join(odd[:15]).split())
            lines += ["", f"# {guess.headers[0]} 里还不认识的取值：{shown}", f"# 可归入：{codes}"]
            lines += [
                f"# [values.{guess.field}]",
                f'# "（从上面选一个）" = {_listed(odd[:3])}',
            ]
    return lines
