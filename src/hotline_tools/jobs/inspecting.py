"""What an export is and how well it is filled, without importing it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from hotline_tools.codes import code_label
from hotline_tools.jobs.anomalies import Anomalies
from hotline_tools.jobs.gathering import gather
from hotline_tools.jobs.kpi_support import KpiSupport
from hotline_tools.layouts import Match
from hotline_tools.normalise import Normaliser, Quality, without_own_names
from hotline_tools.privacy import Masker, mask_text
from hotline_tools.reports.kpi.profile_file import find_profile
from hotline_tools.schema import MAPPABLE, UNDATED
from hotline_tools.sources import COUNT_LABELS, RawTable
from hotline_tools.table import Cell, Field, Note, NoteKind, ReportTable

_COLUMNS = (
    Field("field", "字段", machine=True),
    Field("label", "含义"),
    Field("headers", "来自列"),
    Field("score", "把握", "rate"),
    Field("reason", "依据", detail=True),
    Field("examples", "样例", "list"),
    Field("fill_rate", "有值率", "rate"),
    Field("filled", "有值", "integer", detail=True),
    Field("missing", "空", "integer"),
    Field("unknown", "不认识", "integer"),
    Field("invalid", "无效", "integer"),
    Field("remark", "备注"),
)
_EXAMPLES, _LOOKED_AT, _SHOWN = 3, 100, 24
"""Example values of a column, the rows they are sought in, and their characters."""


@dataclass(frozen=True)
class Inspection:
    """One table of one file: what it is, what was read, and how each field is filled."""

    table: RawTable
    match: Match
    quality: Quality
    anomalies: Anomalies
    rejected: int
    notes: tuple[str, ...]
    missing_kpis: Mapping[str, str]
    """KPI of the default profile that the table cannot support → what is lacking, in Chinese."""

    @property
    def layout_name(self) -> str:
        """The layout's Chinese name, or that the mapping was guessed."""
        return self.match.layout.name if self.match.layout else "未知版式（按表头与取值识别）"

    def report(self) -> ReportTable:
        """Return the columns as a table, everything else as its totals and notes."""
        counts: dict[str, Cell] = {COUNT_LABELS[k]: v for k, v in self.table.counts().items() if v}
        return ReportTable(
            report="inspect",
            title=self.table.where,
            period=f"{self.layout_name} · 匹配度 {self.match.score:.0%}",
            columns=_COLUMNS,
            rows=[*self._mapped(), *self._unmapped()],
            totals={
                "format": self.table.format,
                "encoding": self.table.encoding,
                "header_row": self.table.header_row,
                "layout": self.match.layout.id if self.match.layout else None,
                "score": self.match.score,
                "identical_rows": self.anomalies.identical_rows,
                "repeated_ids": self.anomalies.repeated_ids,
                **{f"flag:{name}": count for name, count in sorted(self.quality.flags.items())},
                **counts,
            },
            notes=self._notes(),
            incomplete=self.rejected > 0 or self.table.cut_off_note() is not None,
        )

    def _examples(self, headers: Sequence[str]) -> list[str]:
        """Return the first different values of the columns, masked and cut."""
        found: dict[str, None] = {}
        shown = without_own_names(self.table.sample().slice(0, _LOOKED_AT), self.match)
        for row in shown.select(list(headers)).to_pylist():
            text = " ".join(cell.strip() for cell in row.values() if cell and cell.strip())
            if text:
                found[mask_text(text)[:_SHOWN]] = None
        return list(found)[:_EXAMPLES]

    def _mapped(self) -> list[dict[str, Cell]]:
        doubts = {item.field: item.reason for item in self.match.unsure}
        rows: list[dict[str, Cell]] = []
        for column in self.quality.columns.values():
            remarks = [doubts[column.field]] if column.field in doubts else []
            if column.field in self.anomalies.times:
                remarks.append(self.anomalies.times[column.field].remark())
            if column.only_value is not None and self.quality.rows > 1:
                value = column.only_value[:20]
                has_codes = bool(MAPPABLE[column.field].codes)
                remarks.append(f"全部为“{code_label(value) if has_codes else value}”")
            if column.refused:
                examples = "、".join(f"{text[:20]}×{count}" for text, count in column.examples()[:5])
                remarks.append(f"未识别：{examples}")
            rows.append(
                {
                    "field": column.field,
                    "label": MAPPABLE[column.field].label,
                    "headers": "＋".join(column.headers),
                    "score": self.match.evidence[column.field].score,
                    "reason": self._reason(column.field),
                    "examples": ["（只存加密摘要）"]
                    if column.field == "caller_key"
                    else self._examples(column.headers),
                    "fill_rate": column.filled / self.quality.rows if self.quality.rows else None,
                    "filled": column.filled,
                    "missing": column.missing,
                    "unknown": column.unknown,
                    "invalid": column.invalid,
                    "remark": "；".join(remarks) or None,
                }
            )
        return rows

    def _reason(self, field: str) -> str:
        evidence = self.match.evidence[field]
        rivals = f"；另有 {'、'.join(evidence.rivals)}，原样保留" if evidence.rivals else ""
        return f"{evidence.reason}{rivals}"

    def _unmapped(self) -> list[dict[str, Cell]]:
        kept = [(name, "extra", "不认识的列，原样保留") for name in self.match.unmapped]
        dropped = [(name, "", "个人信息，不入库") for name in self.match.drop]
        return [
            {
                "field": field,
                "label": None,
                "headers": name,
                "examples": self._examples([name]) if field else [],
                "remark": remark,
            }
            for name, field, remark in kept + dropped
        ]

    def _notes(self) -> list[Note]:
        table = self.table
        header = f"表头在第 {table.header_row} 行" if table.header_row else "没有表头行"
        read = [f"格式 {table.format}", header]
        if table.encoding:
            read.insert(1, f"编码 {table.encoding}")
        counts = [f"{COUNT_LABELS[key]} {value:,}" for key, value in table.counts().items() if value]
        notes = [
            Note(NoteKind.SCOPE, "，".join(read) + "；" + "，".join(counts) + "。"),
            *(Note(NoteKind.QUALITY, text) for text in (*table.notes, *self.notes)),
            *(Note(NoteKind.QUALITY, text) for text in filter(None, [table.cut_off_note()])),
        ]
        if self.quality.undated:
            notes.append(Note(NoteKind.QUALITY, f"{UNDATED.format(self.quality.undated)}。"))
        if self.match.layout is None and self.match.candidates:
            closest = "、".join(f"{name}（{score:.0%}）" for name, score in self.match.candidates[:3])
            notes.append(Note(NoteKind.ADVICE, f"最接近的版式：{closest}。"))
        notes += self._repeats()
        flags = "，".join(
            f"{code_label(name)} {count:,} 行" for name, count in sorted(self.quality.flags.items())
        )
        if flags:
            notes.append(Note(NoteKind.QUALITY, f"质量标记：{flags}。"))
        if self.missing_kpis:
            lacking = "；".join(f"{label}（{why}）" for label, why in self.missing_kpis.items())
            notes.append(Note(NoteKind.MISSING, f"本表不能计算：{lacking}。"))
        return notes

    def _repeats(self) -> list[Note]:
        found = []
        if self.anomalies.identical_rows:
            text = f"与前面某行完全相同的有 {self.anomalies.identical_rows:,} 行。"
            found.append(Note(NoteKind.QUALITY, text))
        if self.anomalies.repeated_ids:
            text = (
                f"工单编号与前面某行相同的有 {self.anomalies.repeated_ids:,} 行；"
                "内容不同的按内容区分，不会互相覆盖。"
            )
            found.append(Note(NoteKind.QUALITY, text))
        return found


def inspect_table(table: RawTable, match: Match, now: datetime | None = None) -> Inspection:
    """Read a table to its end and count; nothing is kept. Times after ``now`` are marked."""
    # The key only has to be some key: nothing that is hashed here leaves the process.
    normaliser = Normaliser(match, table, import_id="inspect", masker=Masker(bytes(32)))
    anomalies = Anomalies(now or datetime.now())
    kpis = KpiSupport(find_profile("default"))
    rejected = 0
    for raw in gather(table.batches()):
        done = normaliser.batch(raw)
        anomalies.add(done.orders)
        kpis.add(done.orders)
        rejected += done.rejects.num_rows
    return Inspection(
        table, match, normaliser.quality, anomalies, rejected, tuple(normaliser.notes), kpis.missing()
    )
