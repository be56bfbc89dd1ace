"""The tables that answer an import of reviews: who did what, who agrees with whom, what is disputed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any

from hotline_tools.classify.annotators import Agreement, Answer
from hotline_tools.jobs.review_read import ReviewFile
from hotline_tools.reports.common import rate_cells, rate_fields
from hotline_tools.table import Cell, Field, Note, NoteKind, ReportTable

_WAITING = "意见不一的工单未写入；商定后改好再写回，或加 --resolve majority 取多数。"


@dataclass(frozen=True)
class ControlFigure:
    """The model's category on random orders: ``right`` of ``rows``, with Wilson's 95 % interval."""

    rows: int
    right: int

    @classmethod
    def of(cls, pairs: Sequence[tuple[str, str | None]]) -> "ControlFigure":
        """Count (person's, model's) pairs."""
        return cls(len(pairs), sum(person == model for person, model in pairs))

    def interval(self, z: float = 1.96) -> tuple[float, float]:
        """Wilson's score interval (Wilson 1927) of the accuracy; needs at least one row."""
        share, n = self.right / self.rows, self.rows
        centre = (share + z * z / (2 * n)) / (1 + z * z / n)
        half = z / (1 + z * z / n) * sqrt(share * (1 - share) / n + z * z / (4 * n * n))
        return max(0.0, centre - half), min(1.0, centre + half)


def people_table(filled: Sequence[ReviewFile], orders: Mapping[str, Mapping[str, Any]]) -> ReportTable:
    """One row a workbook: rows judged and left blank, and how often the person agrees with the model."""
    rows: list[dict[str, Cell]] = []
    for book in filled:
        same = sum(orders[a.order_key]["category"] == a.category for a in book.answers)
        rows.append(
            {
                "file": book.file,
                "annotator": book.annotator,
                "answered": len(book.answers),
                "blank": book.blank,
                **rate_cells("same_as_model", same, len(book.answers)),
            }
        )
    return ReportTable(
        report="review_people",
        title="复核情况",
        columns=(
            Field("file", "文件"),
            Field("annotator", "复核人"),
            Field("answered", "已判", "integer", "件"),
            Field("blank", "留空", "integer", "件"),
            *rate_fields("same_as_model", "与模型同类"),
        ),
        rows=rows,
        totals={"answered": sum(len(book.answers) for book in filled)},
        notes=[Note(NoteKind.QUALITY, "“与模型同类”以存疑工单为主，不能当作模型的准确率；准确率看随机行。")],
    )


def agreement_table(pairs: Sequence[Agreement]) -> ReportTable:
    """One row for every two people: common orders, agreement and Cohen's kappa on the category."""
    return ReportTable(
        report="review_agreement",
        title="复核人之间的一致性",
        columns=(
            Field("first", "甲"),
            Field("second", "乙"),
            Field("orders", "共同判过", "integer", "件"),
            *rate_fields("agreement", "一致率"),
            Field("kappa", "κ"),
        ),
        rows=[
            {
                "first": pair.first,
                "second": pair.second,
                "orders": pair.orders,
                **rate_cells("agreement", pair.same, pair.orders),
                "kappa": None if pair.kappa is None else f"{pair.kappa:.2f}",
            }
            for pair in pairs
        ],
        notes=[
            Note(
                NoteKind.DEFINITION,
                "κ（Cohen）= 扣除偶然后的一致程度：0.6 以上尚可，0.8 以上良好；"
                "两人自始至终同一类时无从计算。",
            )
        ],
    )


def conflict_table(
    disputed: Mapping[str, Sequence[Answer]],
    agreed: Mapping[str, Answer],
    orders: Mapping[str, Mapping[str, Any]],
) -> ReportTable:
    """One row a disputed order: who said what, and what was applied (nothing without a majority)."""
    rows: list[dict[str, Cell]] = [
        {
            "order_id": orders[key]["order_id"],
            "title": orders[key]["title"],
            "model": _path(orders[key]["category"], orders[key]["subcategory"]),
            "answers": [f"{a.annotator}：{_said(a)}" for a in given],
            "applied": _said(agreed[key]) if key in agreed else None,
        }
        for key, given in sorted(disputed.items())
    ]
    waiting = sum(row["applied"] is None for row in rows)
    return ReportTable(
        report="review_conflicts",
        title="意见不一的工单",
        columns=(
            Field("order_id", "工单编号"),
            Field("title", "标题"),
            Field("model", "模型"),
            Field("answers", "各人意见", "list"),
            Field("applied", "写入"),
        ),
        rows=rows,
        totals={"orders": len(rows), "waiting": waiting},
        notes=[Note(NoteKind.ADVICE, _WAITING)] if waiting else [],
    )


def _said(answer: Answer) -> str:
    path = _path(answer.category, answer.subcategory) or ""
    return f"{path}（{answer.request_type}）" if answer.request_type else path


def _path(category: str | None, subcategory: str | None) -> str | None:
    return "/".join(filter(None, (category, subcategory))) or None
