"""Tables with their layouts → the store: normalise and upsert, one table at a time."""

import secrets
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from hotline_tools.jobs.gathering import gather
from hotline_tools.jobs.sisters import join_sisters
from hotline_tools.layouts import Match
from hotline_tools.normalise import Normaliser, rederive
from hotline_tools.prefetch import prefetch
from hotline_tools.privacy import Masker
from hotline_tools.sources import COUNT_LABELS, RawTable
from hotline_tools.store import ImportDetails, ImportRecord, Store

_SUMMED = ("new", "updated", "unchanged", "duplicate", "rejected", "read")
Progress = Callable[[int], None]
"""Called with the rows done since the last call."""


@dataclass
class ImportReport:
    """One record per table."""

    records: list[ImportRecord] = field(default_factory=list)

    def totals(self) -> dict[str, int]:
        """The row sum over all tables: new, updated, unchanged, duplicate, rejected, read."""
        return {name: sum(getattr(r.counts, name) for r in self.records) for name in _SUMMED}


@dataclass(frozen=True)
class ImportOptions:
    """What the user may ask of an import."""

    source: str | None = None
    keep_personal_data: bool = False
    dry_run: bool = False


def import_tables(
    tables: Iterable[tuple[RawTable, Match]],
    store: Store,
    options: ImportOptions | None = None,
    progress: Progress = lambda _: None,
) -> ImportReport:
    """Import tables with their layouts (``reading.matched_tables``) into ``store``.

    Two exports of the same orders (a list and its details) are joined first. Each table is then one
    import: it is in the store as a whole or not at all. Raises ``StoreError`` when the store cannot be
    written.
    """
    chosen = options or ImportOptions()
    joined = join_sisters(tables)
    return ImportReport([_import_table(table, match, store, chosen, progress) for table, match in joined])


def _import_table(
    table: RawTable, match: Match, store: Store, options: ImportOptions, progress: Progress
) -> ImportRecord:
    source = options.source or match.source
    with (
        ThreadPoolExecutor(1, "digest") as beside,
        store.import_session(source=source, dry_run=options.dry_run) as session,
    ):
        digest = beside.submit(lambda: table.sha256)
        normaliser = Normaliser(
            match,
            table,
            import_id=session.import_id,
            masker=Masker(_secret(store, options)),
            source=source,
            keep_personal_data=options.keep_personal_data,
        )
        raw = prefetch(gather(table.batches()))
        drafts = prefetch(map(normaliser.read, raw))
        for batch in prefetch(map(normaliser.finish, drafts)):
            session.add(batch.orders, batch.rejects)
            progress(batch.orders.num_rows + batch.rejects.num_rows)
        digest.result()
        return session.commit(_details(table, match, normaliser, options))


def _secret(store: Store, options: ImportOptions) -> bytes:
    """The store's key; a dry run on a new store makes none."""
    if options.dry_run and not store.files.caller_key.exists():
        return secrets.token_bytes(32)
    return store.caller_secret()


def _details(table: RawTable, match: Match, normaliser: Normaliser, options: ImportOptions) -> ImportDetails:
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
            "keep_personal_data": options.keep_personal_data,
            "skipped": {name: n for name, n in table.counts().items() if n and name in COUNT_LABELS},
            "quality": normaliser.quality.to_dict(),
            "notes": [*table.notes, *normaliser.notes],
        },
    )
