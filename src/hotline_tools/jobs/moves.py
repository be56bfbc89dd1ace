"""What moved when a store was classified again: from which category to which, and how many."""

from collections import Counter
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from hotline_tools.classify import Classifier
from hotline_tools.reports.common import rate_cells, rate_fields
from hotline_tools.store import Store
from hotline_tools.table import Cell, ChartHint, Field, Note, NoteKind, ReportTable

NONE = "（未归类）"
_COLUMNS = ["order_key", "category", "subcategory", "taxonomy", "model"]
_MADE_BY = ["taxonomy", "model"]


@dataclass
class Moves:
    """Compares new labels with those that a store had before."""

    before: pa.Table
    now: str
    pairs: Counter[tuple[str, str]] = field(default_factory=Counter)
    """(category before, category now) → orders; equal ones included."""
    subcategory_only: int = 0
    new: int = 0
    """Orders that had no label."""

    @classmethod
    def over(cls, store: Store, classifier: Classifier) -> "Moves":
        """Remember the model's labels of ``store`` before they are replaced."""
        path = store.label_files().get("model")
        empty = pa.table({name: pa.array([], pa.string()) for name in _COLUMNS})
        before = pq.read_table(path, columns=_COLUMNS) if path else empty
        return cls(before, made_by(classifier))

    def add(self, keys: pa.ChunkedArray, labels: pa.Table) -> None:
        """Count one batch of new labels."""
        at = pc.index_in(keys, value_set=self.before["order_key"].combine_chunks())
        known = pc.is_valid(at)
        self.new += len(keys) - (pc.sum(known).as_py() or 0)
        old = self.before.select(["category", "subcategory"]).take(at.filter(known))
        fresh = labels.select(["category", "subcategory"]).filter(known)
        for was, sub_was, now, sub_now in zip(
            *old.to_pydict().values(), *fresh.to_pydict().values(), strict=True
        ):
            self.pairs[was or NONE, now or NONE] += 1
            self.subcategory_only += was == now and sub_was != sub_now

    def table(self) -> ReportTable:
        """One row for each pair of different categories, largest first."""
        sizes: Counter[str] = Counter()
        for (was, _), orders in self.pairs.items():
            sizes[was] += orders
        moved = {pair: orders for pair, orders in self.pairs.items() if pair[0] != pair[1]}
        rows: list[dict[str, Cell]] = [
            {"before": was, "after": now, **rate_cells("share", orders, sizes[was])}
            for (was, now), orders in sorted(moved.items(), key=lambda item: (-item[1], item[0]))
        ]
        compared, changed = sum(self.pairs.values()), sum(moved.values())
        return ReportTable(
            report="label_moves",
            title="重新归类的变动",
            columns=(
                Field("before", "原类别"),
                Field("after", "新类别"),
                *rate_fields("share", "占原类别"),
            ),
            rows=rows,
            totals={"compared": compared, "moved": changed, "unchanged": compared - changed},
            notes=self._notes(compared, changed),
            chart=ChartHint("heat", label="before", value="share_numerator", series="after"),
        )

    def _notes(self, compared: int, changed: int) -> list[Note]:
        old = self.before.group_by(_MADE_BY).aggregate([("model", "count")]).to_pylist()
        made = sorted({f"{row['taxonomy']}，{row['model']}" for row in old})
        share = f"（{changed / compared:.1%}）" if compared else ""
        return [
            Note(
                NoteKind.SHOWN,
                f"对照 {compared:,} 件：类别变了 {changed:,} 件{share}，"
                f"类别未变而子类变了 {self.subcategory_only:,} 件；另有 {self.new:,} 件原无标注。",
            ),
            Note(
                NoteKind.SCOPE,
                f"原标注：{'；'.join(made) or '无'}。新标注：{self.now}。人工标注不在其内，始终有效。",
            ),
        ]


def made_by(classifier: Classifier) -> str:
    """Taxonomy and model, as people read them."""
    return f"{classifier.taxonomy_label}，{classifier.model_label}"


def foreign_labels(store: Store, classifier: Classifier) -> int:
    """How many model labels of ``store`` were made with another taxonomy or model."""
    path = store.label_files().get("model")
    if path is None:
        return 0
    labels = pq.read_table(path, columns=_MADE_BY)
    same = pc.and_(
        pc.equal(labels["taxonomy"], classifier.taxonomy_label),
        pc.equal(labels["model"], classifier.model_label),
    )
    return int(labels.num_rows) - int(pc.sum(pc.fill_null(same, False)).as_py() or 0)
