"""An evaluation as tables: headline figures, classes, confusions, coverage."""

from typing import Any

from hotline_tools.classify.evaluation import Evaluation
from hotline_tools.table import Cell, ChartHint, Field, Note, NoteKind, ReportTable

PARTS = ("figures", "classes", "confusions", "coverage")
_FIGURES = {
    "accuracy": "准确率：判对的 ÷ 全部",
    "macro_f1": "宏平均 F1：标注或判定中出现过的各类 F1 的平均（同 scikit-learn），大小类同等看待",
    "top3_accuracy": "前三准确率：正确答案在前三个里",
    "ece": "期望校准误差：置信度与实际准确率相差多少，越小越可信",
    "review_share": "送复核的比例",
    "accuracy_kept": "不送复核部分的准确率",
}


def evaluation_table(evaluation: Evaluation, part: str) -> ReportTable:
    """One of ``PARTS``; figures and classes carry the headline figures as totals."""
    columns, rows, chart = _MAKERS[part](evaluation)
    return ReportTable(
        report=f"evaluation_{part}",
        title=_TITLES[part],
        columns=columns,
        rows=rows,
        totals=evaluation.figures() if part in ("figures", "classes") else {},
        notes=[
            Note(NoteKind.SCOPE, f"参与评估 {len(evaluation.truth):,} 条记录。"),
            *(Note(NoteKind.QUALITY, f"{note}。") for note in evaluation.notes),
        ],
        chart=chart,
    )


Made = tuple[tuple[Field, ...], list[dict[str, Cell]], ChartHint | None]


def _figures(evaluation: Evaluation) -> Made:
    known = evaluation.figures()
    rows: list[dict[str, Cell]] = [
        {"figure": name, "value": known[name], "meaning": meaning}
        for name, meaning in _FIGURES.items()
        if name in known
    ]
    return (
        (
            Field("figure", "指标", machine=True),
            Field("meaning", "指标与含义"),
            Field("value", "值", "rate"),
        ),
        rows,
        None,
    )


def _classes(evaluation: Evaluation) -> Made:
    columns = (
        Field("category", "类别"),
        Field("rows", "记录数", "integer"),
        Field("precision", "精确率", "rate"),
        Field("recall", "召回率", "rate"),
        Field("f1", "F1", "rate"),
    )
    return columns, _sorted(evaluation.per_class()), ChartHint("bars", label="category", value="f1")


def _confusions(evaluation: Evaluation) -> Made:
    columns = (Field("truth", "标注为"), Field("predicted", "判为"), Field("rows", "记录数", "integer"))
    rows: list[dict[str, Cell]] = [dict(row) for row in evaluation.confusions()]
    return columns, rows, ChartHint("heat", label="truth", value="rows", series="predicted")


def _coverage(evaluation: Evaluation) -> Made:
    columns = (
        Field("threshold", "置信度不低于", "rate"),
        Field("coverage", "覆盖比例", "rate"),
        Field("accuracy", "其中准确率", "rate"),
    )
    rows: list[dict[str, Cell]] = [
        {**row, "accuracy": row["accuracy"] if row["coverage"] else None} for row in evaluation.coverage()
    ]
    return columns, rows, None


def _sorted(rows: list[dict[str, Any]]) -> list[dict[str, Cell]]:
    return sorted(rows, key=lambda row: (-row["rows"], row["category"]))


_MAKERS = {"figures": _figures, "classes": _classes, "confusions": _confusions, "coverage": _coverage}
_TITLES = {
    "figures": "归类评估",
    "classes": "各类的评估",
    "confusions": "最常混淆的类别",
    "coverage": "置信度、覆盖与准确率",
}
