"""What the first rows say about a guessed mapping: which guesses a person should look at."""

import re
from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc

from hotline_tools.dates import TIME_CELL
from hotline_tools.layouts.keys import header_key
from hotline_tools.layouts.model import ColumnEvidence, FieldSpec, Match, Unsure
from hotline_tools.schema import BEGINNINGS, MAPPABLE

_TIME = re.compile(TIME_CELL)
_VAGUE = {
    "类型",
    "状态",
    "来源",
    "编号",
    "id",
    "标题",
    "内容",
    "主题",
    "地点",
    "时间",
    "类别",
    "分类",
    "评价结果",
    "区域",
    "电话",
}
_ENOUGH = 0.8
_SURE, _DOUBTFUL = 0.6, 0.45
"""Scores in 0-1: from the first a column needs no second look, under the second a text needs one: short texts
that say the same stay below the first though their name is known."""


def doubts(
    mapping: Mapping[str, list[str]],
    specs: Mapping[str, FieldSpec],
    sample: pa.Table,
    evidence: Mapping[str, ColumnEvidence],
) -> list[Unsure]:
    """Reasons for doubt, column by column; of what the layout says only what the values contradict."""
    found = []
    for field, columns in mapping.items():
        kind, guessed = MAPPABLE[field].kind, evidence[field].score < 1
        for column in columns:
            values = _values(sample, column)
            if kind == "time" and len(columns) == 1 and values and _share(values) < _ENOUGH:
                found.append(Unsure(field, column, f"多数值不像日期，如“{_first_odd(values)}”"))
            elif kind == "integer" and values and not _numeric(values):
                found.append(Unsure(field, column, f"多数值不是数字，如“{values[0][:20]}”"))
            elif guessed and header_key(column) in _VAGUE:
                found.append(Unsure(field, column, "表头含义太宽，按常见用法猜测"))
            elif guessed and header_key(column) not in _synonyms(specs[field]):
                found.append(Unsure(field, column, "表头与已知写法不完全相同"))
    both = "content" in mapping and "title" in mapping
    if both and evidence["content"].score < 1 and _longer(sample, mapping["title"], mapping["content"]):
        found.append(Unsure("content", mapping["content"][0], "内容比标题还短，两列可能颠倒"))
    return found


def _synonyms(spec: FieldSpec) -> set[str]:
    return {header_key(name) for part in spec.parts for name in part}


def _values(sample: pa.Table, column: str) -> list[str]:
    if column not in sample.column_names:
        return []
    return [v for v in sample.column(column).drop_null().slice(0, 100).to_pylist() if v.strip()]


def _share(values: list[str]) -> float:
    return sum(1 for value in values if _TIME.search(value.strip())) / len(values)


def _first_odd(values: list[str]) -> str:
    return next((value.strip()[:20] for value in values if not _TIME.search(value.strip())), "")


def _numeric(values: list[str]) -> bool:
    good = sum(
        1 for value in values if value.strip().removesuffix(".0").removesuffix("次").lstrip("-").isdigit()
    )
    return good >= _ENOUGH * len(values)


def _longer(sample: pa.Table, title: list[str], content: list[str]) -> bool:
    lengths = [
        pc.mean(pc.utf8_length(sample.column(columns[0]))).as_py()
        for columns in (title, content)
        if columns[0] in sample.column_names
    ]
    return len(lengths) == 2 and None not in lengths and lengths[0] > lengths[1] + 10


def recognition_note(match: Match) -> str | None:
    """Return which columns of a table without a layout are sure and which are not; None with a layout."""
    if match.layout is not None or not match.evidence:
        return None
    sure: list[str] = []
    unsure: list[str] = []
    for name, headers in match.mapping.items():
        (sure if match.evidence[name].score >= _SURE else unsure).append(
            f"{MAPPABLE[name].label}←{'＋'.join(headers)}"
        )
    note = f"版式未知，按表头与取值识别；有把握的：{'、'.join(sure) or '无'}"
    return f"{note}；请核对：{'、'.join(unsure)}" if unsure else note


def needs_a_look(match: Match) -> bool:
    """Tell whether a person should look before the figures are used: text or receipt in doubt, or no time."""
    if match.layout is not None:
        return False
    scores = {name: match.evidence[name].score for name in match.mapping}
    text = max(scores.get("content", 0.0), scores.get("title", 0.0))
    begun = [scores[name] for name in BEGINNINGS if name in scores]
    receipt = scores.get("received_at", max(begun, default=0.0))
    return text < _DOUBTFUL or receipt < _SURE
