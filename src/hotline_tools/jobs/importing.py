"""Tables with their layouts → the store: normalise and upsert, one table at a time."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from operator import attrgetter

from hotline_tools.jobs.gathering import gather
from hotline_tools.jobs.helping_units import with_helping_units
from hotline_tools.jobs.sisters import join_sisters
from hotline_tools.jobs.steady_reading import read_otherwise
from hotline_tools.jobs.unit_aliases import UnitAliases
from hotline_tools.layouts import Match, load_layouts, needs_a_look, recognition_note
from hotline_tools.normalise import Normaliser, rederive
from hotline_tools.prefetch import prefetch
from hotline_tools.privacy import Masker
from hotline_tools.schema import MAPPABLE
from hotline_tools.sources import COUNT_LABELS, RawTable
from hotline_tools.store import ImportDetails, ImportRecord, Store
from hotline_tools.table import Cell, Field, Note, NoteKind, ReportTable

_COUNT_LABELS = {
    "read": "读入",
    "new": "新增",
    "updated": "更新",
    "unchanged": "未变",
    "duplicate": "重复",
    "rejected": "拒收",
}
_COUNTS = tuple(
    Field(name, label, "integer", decides=name in ("read", "new", "rejected"))
    for name, label in _COUNT_LABELS.items()
)
_NO_ORDERS = ("blank", "total", "repeated_header", "footnote", "helping")
"""Records that were looked at and are no orders, of ``sources.COUNT_LABELS``."""
_COMPARED = 200
"""Latest imports among which the last one of the same export is looked for."""
Progress = Callable[[int], None]
"""Called with the rows done since the last call."""


@dataclass
class ImportReport:
    """One record per table."""

    records: list[ImportRecord] = field(default_factory=list)
    read_otherwise: list[ImportRecord] = field(default_factory=list)
    """Those of which a column was read as another field than last time."""

    @property
    def is_doubled(self) -> bool:
        """Whether a table looks like one that is in the store already, in another form."""
        return any(record.lookalikes for record in self.records)

    @property
    def is_cut_off(self) -> bool:
        """Whether a file ends in the middle of a record."""
        return any(record.skipped.get("cut_off") for record in self.records)

    @property
    def is_partial(self) -> bool:
        """Whether orders are missing, or are there twice."""
        return bool(self.totals()["rejected"]) or self.is_doubled or self.is_cut_off

    def totals(self) -> dict[str, int]:
        """The row sum over all tables: new, updated, unchanged, duplicate, rejected, read."""
        return {name: sum(getattr(r.counts, name) for r in self.records) for name in _COUNT_LABELS}


@dataclass(frozen=True)
class ImportOptions:
    """What the user may ask of an import."""

    source: str | None = None
    keep_personal_data: bool = False
    dry_run: bool = False
    join: bool = True
    """Whether two exports of the same orders become one table."""
    unit_aliases: UnitAliases | None = None
    """Other names of departments, as a person wrote them down."""


def import_tables(
    tables: Iterable[tuple[RawTable, Match]],
    store: Store,
    options: ImportOptions | None = None,
    progress: Progress = lambda _: None,
) -> ImportReport:
    """Import tables with their layouts (``opening.matched_tables``) into ``store``.

    Two exports of the same orders (a list and its details) are joined first, and the rows of an order that
    has one for each of its units. Each table is then one
    import: it is in the store as a whole or not at all. Raises ``StoreError`` when the store cannot be
    written.
    """
    chosen = options or ImportOptions()
    joined = map(with_helping_units, join_sisters(tables)) if chosen.join else tables
    report, earlier = ImportReport(), list(islice(store.latest_records(), _COMPARED))
    for table, match in joined:
        source = chosen.source or match.source
        changed = read_otherwise(match, table, [*reversed(report.records), *earlier], source)
        notes = [changed] if changed else []
        record = _import_table(table, match, store, _Import(source, chosen, notes, progress))
        report.records.append(record)
        if changed:
            report.read_otherwise.append(record)
    return report


@dataclass(frozen=True)
class _Import:
    """How one table is imported."""

    source: str
    options: ImportOptions
    notes: list[str]
    """What is to be told of it before it is read."""
    progress: Progress


def _import_table(table: RawTable, match: Match, store: Store, how: _Import) -> ImportRecord:
    source, options = how.source, how.options
    with (
        ThreadPoolExecutor(1, "digest") as beside,
        store.import_session(source=source, dry_run=options.dry_run) as session,
    ):
        digest = beside.submit(lambda: table.sha256)
        normaliser = Normaliser(
            match,
            table,
            import_id=session.import_id,
            masker=Masker(store.caller_secret(dry_run=options.dry_run)),
            source=source,
            keep_personal_data=options.keep_personal_data,
        )
        raw = prefetch(gather(table.batches()))
        drafts = prefetch(map(normaliser.read, raw))
        aliases = options.unit_aliases or UnitAliases({})
        aliased = aliases.changed
        for batch in prefetch(map(normaliser.finish, drafts)):
            session.add(aliases.apply(batch.orders) if aliases.names else batch.orders, batch.rejects)
            how.progress(batch.orders.num_rows + batch.rejects.num_rows)
        digest.result()
        table.require_unchanged()
        return session.commit(_details(table, match, normaliser, how, aliases.changed - aliased))


def _details(
    table: RawTable, match: Match, normaliser: Normaliser, how: _Import, aliased: int
) -> ImportDetails:
    renamed = [f"{aliased:,} 件的单位名称按单位别名文件统一，原名保留在“其他列”。"] if aliased else []
    return ImportDetails(
        file=table.file,
        sha256=table.sha256,
        provided=normaliser.provided,
        rederive=rederive,
        fields={
            "sheet": table.sheet,
            "format": table.format,
            "encoding": table.encoding,
            "header_row": table.header_row,
            "layout": match.layout.id if match.layout else None,
            "layout_score": round(match.score, 3),
            "mapping": match.mapping,
            "keep_personal_data": how.options.keep_personal_data,
            "skipped": {name: n for name, n in table.counts().items() if n and name in COUNT_LABELS},
            "quality": normaliser.quality.to_dict(),
            "notes": [
                *how.notes,
                *normaliser.notes,
                *renamed,
                *filter(None, [recognition_note(match), _no_orders(table), table.cut_off_note()]),
                *table.notes,
            ],
        },
    )


def _no_orders(table: RawTable) -> str | None:
    """Say which records below the header were no orders; None when all were."""
    counts = table.counts()
    parts = [f"{COUNT_LABELS[name]} {counts[name]:,}" for name in _NO_ORDERS if counts.get(name)]
    return f"不是工单、没有计入“读入”的行：{'、'.join(parts)}" if parts else None


def to_be_checked(tables: Iterable[tuple[RawTable, Match]], report: ImportReport) -> list[str]:
    """Return the tables whose columns a person should look at before the figures are used, each with the
    reasons in brackets, as ``六月.csv 的列（办结时间 多数读不出）``.
    """
    why: dict[str, list[str]] = {}
    for table, match in tables:
        if needs_a_look(match):
            why.setdefault(table.where, []).append("内容或受理时间没有把握")
    for record in report.records:
        why.setdefault(_name(record), []).extend(f"{column} 多数读不出" for column in _unread(record))
    for record in report.read_otherwise:
        why.setdefault(_name(record), []).append("与上次导入读法不同")
    return [f"{name} 的列（{'；'.join(reasons)}）" for name, reasons in why.items() if reasons]


def _unread(record: ImportRecord) -> list[str]:
    """Return the fields of times most of whose cells could not be read."""
    times = (c for c in record.quality.get("columns", ()) if MAPPABLE[c["field"]].kind == "time")
    return [MAPPABLE[column["field"]].label for column in times if column["invalid"] > column["filled"]]


def records_table(records: Sequence[ImportRecord]) -> ReportTable:
    """One row per import, with the row sum: read = new + updated + unchanged + duplicate + rejected."""
    rows: list[dict[str, Cell]] = [
        {"file": _name(record), **{name: getattr(record.counts, name) for name in _COUNT_LABELS}}
        for record in records
    ]
    names = {layout.id: layout.name for layout in load_layouts()}
    layouts = dict.fromkeys(f"{_name(record)}：版式“{_layout(record, names)}”。" for record in records)
    return ReportTable(
        report="imports",
        title="导入结果",
        columns=(
            Field("file", "文件"),
            *_COUNTS,
        ),
        rows=rows,
        totals={name: sum(getattr(r.counts, name) for r in records) for name in _COUNT_LABELS},
        notes=[
            Note(NoteKind.DEFINITION, "读入 = 新增 + 更新 + 未变 + 重复 + 拒收。"),
            *(Note(NoteKind.SCOPE, text) for text in layouts),
        ],
    )


def _doubled(record: ImportRecord) -> Note:
    return Note(
        NoteKind.QUALITY,
        f"{_name(record)}（{record.import_id}）新增的工单中有 {record.lookalikes:,} 件像是库中已有工单的另一"
        "种导出，会重复计数。",
    )


def imports_table(records: Sequence[ImportRecord]) -> ReportTable:
    """The import log, newest first: id, time, file, row sum, and when an import was undone."""
    rows: list[dict[str, Cell]] = [
        {
            "import_id": record.import_id,
            "finished_at": record.finished_at,
            "file": _name(record),
            **{name: getattr(record.counts, name) for name in _COUNT_LABELS},
            "undone_at": record.undone_at,
        }
        for record in reversed(records)
    ]
    standing = [record for record in records if record.undone_at is None]
    return ReportTable(
        report="imports",
        title="导入记录",
        columns=(
            Field("import_id", "导入编号"),
            Field("finished_at", "导入时间", "datetime"),
            Field("file", "文件", decides=True),
            *_COUNTS,
            Field("undone_at", "撤销时间", "datetime"),
        ),
        rows=rows,
        totals={**ImportReport(standing).totals()},
        notes=[
            Note(NoteKind.DEFINITION, "读入 = 新增 + 更新 + 未变 + 重复 + 拒收；合计不含已撤销的导入。"),
            Note(NoteKind.SCOPE, "撤销一次导入：hotline store undo 导入编号。"),
            *map(_doubled, filter(attrgetter("lookalikes"), standing)),
        ],
    )


def _layout(record: ImportRecord, names: Mapping[str, str]) -> str:
    if not record.layout:
        return "未知，按表头与取值识别"
    return names.get(record.layout, record.layout)


def _name(record: ImportRecord) -> str:
    return f"{record.file}（{record.sheet}）" if record.sheet else record.file
