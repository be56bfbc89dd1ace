"""Tagging: an export as it is gains the classifier's columns; a store's orders gain labels."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from hotline_tools.classify import Classifier
from hotline_tools.errors import InputError
from hotline_tools.jobs.moves import Moves
from hotline_tools.layouts import Match
from hotline_tools.normalise import read_text, without_own_names
from hotline_tools.normalise.classified import CLASSIFIED, classified_texts, text_digests
from hotline_tools.parquet import conformed
from hotline_tools.privacy import Masker
from hotline_tools.privacy.keys import KEY_BYTES
from hotline_tools.render.rows import write_rows, writer_for
from hotline_tools.schema import LABELS, ORDERS
from hotline_tools.sources import RawBatch, RawTable
from hotline_tools.store import Store
from hotline_tools.taxonomy import load_taxonomy

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

TAG_COLUMNS = (
    "category",
    "subcategory",
    "confidence",
    "evidence",
    "alternatives",
    "request_type",
    "needs_review",
)
_LABELLED_FROM = ("order_key", "import_id", *CLASSIFIED)
_KEYED = pa.schema([LABELS.field("order_key"), LABELS.field("text_digest")])
Progress = Callable[[int], None]


@dataclass
class TagReport:
    """What tagging did: rows written, rows that could not be read, and the shares found."""

    rows: int = 0
    rejected: int = 0
    needs_review: int = 0
    unclassified: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    moves: Moves | None = None
    """What changed, when orders that had labels were classified again."""
    skipped: Sequence[InputError] = ()
    """Why files of a folder or an archive were not read."""
    notes: list[str] = field(default_factory=list)
    """What was done to cells of the output: guarded, cut."""
    cut_off: list[str] = field(default_factory=list)
    """Which files end before their tables do."""

    def add(self, labels: pa.Table) -> None:
        """Count one batch of labels."""
        self.rows += labels.num_rows
        self.needs_review += pc.sum(labels["needs_review"]).as_py() or 0
        self.unclassified += labels["category"].null_count
        for item in pc.value_counts(labels["category"]).to_pylist():
            if item["values"] is not None:
                self.counts[item["values"]] = self.counts.get(item["values"], 0) + item["counts"]


def choose_classifier(taxonomy: str | Path | None = None, model: str | Path | None = None) -> Classifier:
    """Return the classifier of a model, else of a taxonomy, else the built-in one."""
    if model is not None:
        return Classifier.load(model)
    return Classifier.from_taxonomy(load_taxonomy(Path(taxonomy))) if taxonomy else Classifier.default()


def tag_files(
    matched: Sequence[tuple[RawTable, Match]],
    output: Path,
    classifier: Classifier,
    progress: Progress = lambda _: None,
    *,
    workers: int = 1,
    mask: bool = False,
) -> TagReport:
    """Write every row and column of the tables to ``output`` with the tags added.

    With ``mask`` personal data in the texts is hidden, and the columns of callers stay empty.

    Rows that cannot be read for certain are written too, without tags, and counted as rejected.
    Raises ``InputError`` when a table has neither a title nor a content column.
    """
    writer_for(output)  # an unknown suffix is refused before the work, not after it
    for table, match in matched:
        if not any(_headers(match, name) for name in CLASSIFIED):
            raise InputError(
                "没有认出标题列或内容列，无法归类",
                where=table.where,
                remedy=f"用 hotline inspect {table.file} 查看识别结果，或用 --layout 指定版式。",
            )
    tables = [table for table, _ in matched]
    tagger = _Tagger(classifier, progress, _tag_names(tables), workers, mask)
    schema = _schema(tables, tagger.names)
    batches = (
        pa.Table.from_arrays([_column(part, name, schema) for name in schema.names], schema=schema)
        for table, match in matched
        for part in tagger.tag(table, match)
    )
    write_rows(output, schema, batches, tagger.report.notes.append)
    if not mask:
        tagger.report.notes.append(
            "输出含原表的全部内容，个人信息没有脱敏，文件只有本人可读；要发给别人请加 --mask 重新写出。"
        )
    return tagger.report


@dataclass
class _Tagger:
    """Adds the tags to the batches of one table after another, and counts."""

    classifier: Classifier
    progress: Progress
    names: dict[str, str]
    workers: int
    mask: bool
    report: TagReport = field(default_factory=TagReport)

    def tag(self, table: RawTable, match: Match) -> Iterator[pa.Table]:
        """Yield the rows of ``table`` with their tags; unreadable rows come without."""
        for batch in table.batches():
            texts = classified_texts(*(read_text(batch.table, match, name) for name in CLASSIFIED))
            labels = self.classifier.classify(*texts, workers=self.workers)
            self.report.add(labels)
            part = masked(batch.table, match) if self.mask else batch.table
            for tag in TAG_COLUMNS:
                part = part.append_column(self.names[tag], labels[tag])
            yield part
            if batch.rejects:
                self.report.rejected += len(batch.rejects)
                rejected = _rejected(batch, table.header)
                yield masked(rejected, match) if self.mask else rejected
            self.progress(batch.table.num_rows)
        table.require_unchanged()
        if note := table.cut_off_note():
            self.report.cut_off.append(f"{table.where}：{note}")


def masked(table: pa.Table, match: Match) -> pa.Table:
    """Return an export's rows with personal data hidden; the columns of callers and of names are empty."""
    personal = {*match.drop, *match.mapping.get("caller_key", ())}
    replies = set(match.mapping.get("reply", ()))
    masker = Masker(bytes(KEY_BYTES))
    table = without_own_names(table, match)
    columns = []
    for name in table.column_names:
        texts = table[name].combine_chunks()
        shown = masker.mask(texts, "office" if name in replies else "caller")
        columns.append(pa.nulls(len(texts), texts.type) if name in personal else shown)
    return pa.table(columns, names=table.column_names)


def _tag_names(tables: Sequence[RawTable]) -> dict[str, str]:
    """Return the output name of each tag; an export's own column of that name keeps it."""
    taken = {name for table in tables for name in table.header}
    return {tag: tag if tag not in taken else f"hotline_{tag}" for tag in TAG_COLUMNS}


def _schema(tables: Sequence[RawTable], names: dict[str, str]) -> pa.Schema:
    headers = dict.fromkeys(name for table in tables for name in table.header)
    types = {"confidence": pa.float64(), "needs_review": pa.bool_()}
    tags = [pa.field(name, types.get(tag, pa.string())) for tag, name in names.items()]
    return pa.schema([pa.field(name, pa.string()) for name in headers] + tags)


def _column(part: pa.Table, name: str, schema: pa.Schema) -> pa.ChunkedArray | pa.Array:
    kind = schema.field(name).type
    return part[name].cast(kind) if name in part.column_names else pa.nulls(part.num_rows, kind)


def _rejected(batch: RawBatch, header: Sequence[str]) -> pa.Table:
    rows = [{name: reject.raw.get(name) for name in header} for reject in batch.rejects]
    return pa.Table.from_pylist(rows, schema=pa.schema([pa.field(name, pa.string()) for name in header]))


def _headers(match: Match, field_name: str) -> list[str]:
    return match.mapping.get(field_name, [])


def label_store(
    store: Store,
    classifier: Classifier,
    *,
    everything: bool = False,
    progress: Progress = lambda _: None,
    workers: int = 1,
    spark: "SparkSession | None" = None,
) -> TagReport:
    """Label the orders of a store: those without a label for their present text, or ``everything`` anew.

    A person's labels are never touched. With ``everything`` the report tells what moved. With a session the
    orders are read and classified by Spark's workers; ``workers`` are processes of this machine.
    """
    made_of = store.import_ids()  # before the orders are read: what comes in meanwhile is later
    labeller = _Labeller(classifier, None if everything else _KnownLabels.of(store), workers)
    report = TagReport(moves=Moves.over(store, classifier) if everything else None)

    def batches() -> Iterator[pa.Table]:
        for labels in _labelled(store, labeller, spark):
            if not labels.num_rows:
                continue
            report.add(labels)
            if report.moves is not None:
                report.moves.add(labels["order_key"], labels)
            progress(labels.num_rows)
            yield labels

    store.write_labels(batches(), replace=everything, made_of=made_of)
    return report


def _labelled(store: Store, labeller: "_Labeller", spark: "SparkSession | None") -> Iterator[pa.Table]:
    """Yield the labels of the orders that need them, computed here or by Spark's workers."""
    if spark is None:
        yield from map(labeller.labels, store.order_batches(_LABELLED_FROM))
        return
    from hotline_tools.engine.batches import map_orders  # noqa: PLC0415 - an extra

    columns = pa.schema([ORDERS.field(name) for name in _LABELLED_FROM])
    yield from map_orders(
        spark, store.order_files(), columns, function=_labels, shared=labeller, result=LABELS
    )


@dataclass(frozen=True)
class _Labeller:
    """What a worker needs to label orders."""

    classifier: Classifier
    known: "_KnownLabels | None"
    workers: int

    def labels(self, orders: pa.Table) -> pa.Table:
        """Return the labels (``LABELS``) of those orders that have none for their present text."""
        todo = orders if self.known is None else orders.filter(self.known.doubtful(orders))
        todo = todo.append_column("text_digest", text_digests(todo))
        if self.known is not None:
            todo = todo.filter(self.known.missing(todo))
        if not todo.num_rows:
            return LABELS.empty_table()
        texts = classified_texts(*(todo[name] for name in CLASSIFIED))
        labels = self.classifier.classify(*texts, workers=self.workers)
        return _label_rows(todo, labels, self.classifier)


def _labels(orders: pa.Table, labeller: _Labeller) -> pa.Table:
    return labeller.labels(orders)


@dataclass(frozen=True)
class _KnownLabels:
    """The model's labels of a store, and of which text each was made."""

    keys: pa.Array
    digests: pa.Array
    """Null in files that were written before digests were kept."""
    later: pa.Array
    """The imports after the labels were made; the text of their orders may be another one."""

    @classmethod
    def of(cls, store: Store) -> "_KnownLabels":
        path = store.label_files().get("model")
        later = pa.array(store.later_imports("labels"), pa.string())
        if path is None:
            nothing = pa.array([], pa.string())
            return cls(nothing, nothing, later)
        labels = conformed(pq.read_table(path, columns=_in_file(path)), _KEYED)
        keys, digests = (labels[name].combine_chunks() for name in _KEYED.names)
        return cls(keys, digests, later)

    def doubtful(self, orders: pa.Table) -> pa.ChunkedArray:
        """Tell which orders have no label, or came in after the labels were made."""
        without = pc.invert(pc.is_in(orders["order_key"], value_set=self.keys))
        return pc.or_(without, pc.is_in(orders["import_id"], value_set=self.later))

    def missing(self, orders: pa.Table) -> pa.ChunkedArray:
        """Tell which of the doubtful orders have no label, or one that was made of another text.

        A label that does not say of which text it was made is taken for one of another.
        """
        at = pc.index_in(orders["order_key"], value_set=self.keys)
        then = pa.chunked_array([self.digests.take(chunk) for chunk in at.chunks], pa.string())
        return pc.fill_null(pc.not_equal(then, orders["text_digest"]), True)


def _in_file(path: Path) -> list[str]:
    return [name for name in pq.read_schema(path).names if name in _KEYED.names]


def _label_rows(orders: pa.Table, labels: pa.Table, classifier: Classifier) -> pa.Table:
    rows = orders.num_rows
    origin = {
        "origin": "model",
        "taxonomy": classifier.taxonomy_label,
        "model": classifier.model_label,
    }
    table = labels.select(list(TAG_COLUMNS))
    for name in _KEYED.names:
        table = table.append_column(name, orders[name])
    for name, value in origin.items():
        table = table.append_column(name, pa.array([value] * rows, pa.string()))
    return table.select(LABELS.names).cast(LABELS)
