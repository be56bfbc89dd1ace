"""What a notebook calls: each step of an analyst's work as one function.

``hotline_tools`` offers these names; the commands of ``hotline`` are made of the same jobs and reports.
Nothing here prints or exits. Settings are parameters: neither the environment nor a file is read for them.
Rooms are imported when used, for some lean on libraries that take long to load.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from hotline_tools.table import Field, FieldType, Note, NoteKind, ReportTable

if TYPE_CHECKING:
    from datetime import datetime

    from pyspark.sql import SparkSession

    from hotline_tools.errors import InputError
    from hotline_tools.jobs.briefing import Brief
    from hotline_tools.jobs.opening import Recognised
    from hotline_tools.jobs.repeats import RepeatsReport
    from hotline_tools.jobs.run import RunResult
    from hotline_tools.jobs.tagging import TagReport
    from hotline_tools.reports.period import Period
    from hotline_tools.store import ImportRecord, Store

Files = str | Path | Iterable[str | Path]
"""One path or several: export files, folders, archives."""


@dataclass(frozen=True)
class ImportResult:
    """What ``import_files`` did."""

    store: Store
    records: Sequence[ImportRecord]
    """One record for each table that was read."""
    skipped: Sequence[InputError]
    """Why files of a folder or an archive were not read."""

    @property
    def totals(self) -> dict[str, int]:
        """The row sum: ``read`` = ``new`` + ``updated`` + ``unchanged`` + ``duplicate`` + ``rejected``."""
        from hotline_tools.jobs.importing import ImportReport

        return ImportReport(list(self.records)).totals()

    @property
    def table(self) -> ReportTable:
        """The row sum of each table, as ``hotline import`` prints it."""
        from hotline_tools.jobs.importing import records_table

        return records_table(self.records)

    @property
    def rejects(self) -> ReportTable:
        """The rejected rows in the store, each with its file, row number and reason."""
        from hotline_tools.sql import literal

        ids = ", ".join(literal(record.import_id) for record in self.records) or "NULL"
        return sql(
            self.store, f"SELECT * FROM rejects WHERE import_id IN ({ids}) ORDER BY import_id, row_number"
        )

    def _repr_html_(self) -> str:
        """Show the row sums in a notebook."""
        return self.table._repr_html_()


def inspect(
    files: Files, *, layout: str | None = None, layouts: Files = (), password: str | None = None
) -> list[ReportTable]:
    """Tell what export files are: format, encoding, layout, mapping and quality of each column.

    Args:
        files: Export files, folders or archives.
        layout: Id or TOML file of the layout to use; by default the best match.
        layouts: Further layout files or folders to choose from.
        password: Password of encrypted files.

    Returns:
        One table for each table found; a row is a column of the export. Files of a folder that are no
        exports are told in the notes of the first.

    Raises:
        InputError: A file is missing, or holds no table of work orders.
        UsageError: There is no such layout.

    Example:
        >>> ht.inspect("六月.xlsx")[0]
    """
    from hotline_tools.jobs.inspecting import inspect_table

    found = _recognise(files, layout, layouts, password)
    tables = [inspect_table(table, match).report() for table, match in found.tables]
    notes = [Note(NoteKind.EXCLUDED, f"跳过 {problem}") for problem in found.skipped]
    return [
        replace(table, notes=[*table.notes, *notes]) if i == 0 else table for i, table in enumerate(tables)
    ]


def import_files(
    store: Store,
    files: Files,
    *,
    layout: str | None = None,
    layouts: Files = (),
    source: str | None = None,
    password: str | None = None,
    keep_personal_data: bool = False,
    dry_run: bool = False,
    join: bool = True,
    unit_aliases: str | Path | None = None,
) -> ImportResult:
    """Import export files into a store; what is in the store already is not doubled.

    All files are recognised before the first row is written. Each table is in the store as a whole or not
    at all.

    Args:
        store: The store to write to.
        files: Export files, folders or archives.
        layout: Id or TOML file of the layout to use; by default the best match.
        layouts: Further layout files or folders to choose from.
        source: Name space of the order numbers; by default the layout's.
        password: Password of encrypted files.
        keep_personal_data: Do not mask personal data; the import record says so.
        dry_run: Count what would be new or updated, and write nothing.
        join: Make one table of two that describe the same orders, such as a list and its details.
        unit_aliases: Text file of ``alias = unit``, a pair a line, for the names of departments.

    Returns:
        The row sum of each table (``table``, ``totals``), the rows refused (``rejects``) and the files
        passed over (``skipped``).

    Raises:
        InputError: A file is missing, or holds no table of work orders.
        UsageError: There is no such layout.
        StoreError: The store cannot be written.

    Example:
        >>> result = ht.import_files(store, ["六月.xlsx"])
        >>> result.totals["new"], result.totals["rejected"]
    """
    from hotline_tools.jobs.importing import ImportOptions, import_tables
    from hotline_tools.jobs.unit_aliases import UnitAliases

    aliases = UnitAliases.read(Path(unit_aliases)) if unit_aliases is not None else None
    found = _recognise(files, layout, layouts, password)
    options = ImportOptions(source, keep_personal_data, dry_run, join, aliases)
    return ImportResult(store, import_tables(found.tables, store, options).records, found.skipped)


def classify(
    store: Store,
    *,
    taxonomy: str | Path | None = None,
    model: str | Path | None = None,
    everything: bool = False,
    workers: int = 1,
    spark: SparkSession | None = None,
) -> TagReport:
    """Give the orders of a store a category each; labels set by people are never touched.

    Args:
        store: The store whose orders are labelled.
        taxonomy: A taxonomy (TOML, CSV or XLSX) in place of the built-in one.
        model: A model made by ``hotline train``; it carries its own categories.
        everything: Label anew what has a label already.
        workers: Number of processes.
        spark: A Spark session to compute on, in place of this process.

    Returns:
        ``rows`` labelled, ``counts`` by category, ``needs_review``, ``unclassified``; with ``everything``
        also what moved (``moves``).

    Raises:
        DataFileError: The taxonomy or the model has a mistake in it.
        StoreError: The store cannot be written.

    Example:
        >>> ht.classify(store).counts
    """
    from hotline_tools.jobs.tagging import choose_classifier, label_store

    classifier = choose_classifier(taxonomy, model)
    return label_store(store, classifier, everything=everything, workers=workers, spark=spark)


def classify_files(
    files: Files,
    output: str | Path,
    *,
    taxonomy: str | Path | None = None,
    model: str | Path | None = None,
    layout: str | None = None,
    layouts: Files = (),
    password: str | None = None,
    workers: int = 1,
    mask: bool = False,
) -> TagReport:
    """Write export files as they are, with the label columns added; no store is needed.

    Args:
        files: Export files, folders or archives.
        output: The file to write: xlsx, csv, parquet or jsonl by its suffix.
        taxonomy: A taxonomy (TOML, CSV or XLSX) in place of the built-in one.
        model: A model made by ``hotline train``; it carries its own categories.
        layout: Id or TOML file of the layout to use; by default the best match.
        layouts: Further layout files or folders to choose from.
        password: Password of encrypted files.
        workers: Number of processes.
        mask: Hide personal data; without it the file holds all that the export does, for its owner alone.

    Returns:
        ``rows`` written, ``rejected`` rows written without labels, ``counts`` by category,
        ``needs_review``, ``unclassified``, ``skipped`` files.

    Raises:
        InputError: A file is missing, or has neither a title nor a content column.
        DataFileError: The taxonomy or the model has a mistake in it.
        UsageError: The suffix of ``output`` is unknown.

    Example:
        >>> ht.classify_files(["六月.xlsx"], "六月-已归类.xlsx").rows
    """
    from hotline_tools.jobs.tagging import choose_classifier, tag_files

    found = _recognise(files, layout, layouts, password)
    classifier = choose_classifier(taxonomy, model)
    report = tag_files(found.tables, Path(output), classifier, workers=workers, mask=mask)
    return replace(report, skipped=found.skipped)


def classify_texts(
    texts: Sequence[str], *, taxonomy: str | Path | None = None, model: str | Path | None = None
) -> ReportTable:
    """Give each message a category, with the words that decided.

    Args:
        texts: The messages.
        taxonomy: A taxonomy (TOML, CSV or XLSX) in place of the built-in one.
        model: A model made by ``hotline train``; it carries its own categories.

    Returns:
        One row a message: ``text``, ``category``, ``subcategory``, ``confidence`` (0-1), ``evidence``,
        ``alternatives``, ``request_type``, ``needs_review``.

    Raises:
        DataFileError: The taxonomy or the model has a mistake in it.

    Example:
        >>> ht.classify_texts(["小区2号楼的电梯坏了三天，物业一直不来修"])
    """
    from hotline_tools.codes import COLUMN_LABELS
    from hotline_tools.jobs.tagging import choose_classifier

    found = choose_classifier(taxonomy, model).classify([None] * len(texts), list(texts))
    kinds: dict[str, FieldType] = {"confidence": "number", "needs_review": "boolean"}
    columns = [
        Field(name, COLUMN_LABELS[name], kinds.get(name, "text"), digits=2, coded=name == "request_type")
        for name in found.column_names
    ]
    return ReportTable(
        report="classified",
        title="归类结果",
        columns=(Field("text", "诉求"), *columns),
        rows=[{"text": text, **row} for text, row in zip(texts, found.to_pylist(), strict=True)],
    )


def find_repeats(
    store: Store, *, workers: int | None = None, spark: SparkSession | None = None
) -> RepeatsReport:
    """Find the issues that several orders are about, and write them to the store.

    Known issues keep their numbers; what people decided holds.

    Args:
        store: The store whose orders are compared.
        workers: Number of processes; by default up to four.
        spark: A Spark session to compute on, in place of this process.

    Returns:
        ``orders`` looked at, ``issues`` found, orders ``grouped`` into them, orders ``without_place``,
        and the ``changes`` since the last run.

    Raises:
        NotComputableError: The store holds no orders.
        StoreError: The store cannot be written.

    Example:
        >>> ht.find_repeats(store).issues
        >>> ht.report(store, "repeats", top=10)
    """
    from hotline_tools.jobs import repeats

    return repeats.find_repeats(store, workers=workers, spark=spark)


def report(
    store: Store,
    name: str,
    *,
    period: str | Period | None = None,
    by: str | None = None,
    category: str | None = None,
    department: str | None = None,
    area: str | None = None,
    channel: str | None = None,
    top: int | None = None,
    compare: str | Period | Sequence[str | Period] | None = None,
    profile: str | Path | None = None,
    as_of: str | datetime | None = None,
    basis: str = "event",
    co: bool = False,
    step: str | None = None,
    hours: float | None = None,
    proactive: bool = False,
    population: str | Path | None = None,
    rules: str | Path | None = None,
    spark: SparkSession | None = None,
) -> ReportTable:
    """Compute a report; its ``to_dict()`` is what ``hotline report NAME --format json`` prints.

    The filters are written as on the command line. Orders without a label count as unclassified: call
    ``classify`` before a report about categories (the command does so by itself).

    Args:
        store: The store to report on.
        name: Name of the report; ``report_names`` lists them.
        period: ``2025-06``, ``2025H1``, ``2025-W23``, ``2025-01..2025-09``, ``last-month`` …; default: all.
        by: Level to group by: ``category``, ``subcategory``, ``street``, ``department`` …
        category: Only this category or subcategory.
        department: Only this department.
        area: Only this district, street, community or grid.
        channel: Only this channel.
        top: Only the first N rows; totals cover all.
        compare: ``previous``, ``last-year`` or a period to compare with; or several, as a sequence or with
            commas: ``previous,last-year``.
        profile: KPI profile: a name or a TOML file.
        as_of: The moment of the count, such as ``2025-06-30T24:00``.
        basis: ``event``: each figure counts in the period of its own event (closing, deadline, revisit …);
            ``received``: only orders received in the period count.
        co: Count by assisting department.
        step: ``day``, ``week``, ``month`` or ``quarter``, for reports over time.
        hours: ``supervise``: orders that fall due within so many hours.
        proactive: ``channels``: orders found by staff against those called in.
        population: CSV of residents by area, for figures per 10,000.
        rules: TOML file of the report's own rules.
        spark: A Spark session to compute on, in place of this process.

    Returns:
        The table: rows, totals and notes. ``incomplete`` is true when figures that were asked for could
        not be computed; the notes say which.

    Raises:
        UsageError: No such report, level or period, or the report does not use a filter that was given.
        DataFileError: The profile, the rules or the population file has a mistake in it.
        NotComputableError: The orders cannot support the report.

    Example:
        >>> table = ht.report(store, "departments", period="2025-06", compare="previous")
        >>> table.to_pandas()
    """
    from hotline_tools.engine import over
    from hotline_tools.reports.filters import make_query
    from hotline_tools.reports.registry import find_report
    from hotline_tools.reports.run import run_report

    query = make_query(
        date.today(),
        period=period,
        by=by,
        category=category,
        department=department,
        area=area,
        channel=channel,
        top=top,
        compare=compare,
        profile=profile,
        as_of=as_of,
        basis=basis,
        co=co,
        granularity=step,
        hours=hours,
        proactive=proactive,
        population=population,
        rules=rules,
    )
    with over(store, spark) as engine:
        return run_report(find_report(name), engine, query)


def report_names() -> dict[str, str]:
    """Return the name of every report and what it tells, as ``hotline report --list`` prints them.

    Returns:
        Name → summary in Chinese, in order of name.

    Example:
        >>> "departments" in ht.report_names()
    """
    from hotline_tools.reports.registry import reports

    return {item.name: item.summary for item in reports().values()}


def sql(store: Store, query: str, *, spark: SparkSession | None = None) -> ReportTable:
    """Run one read-only SELECT (DuckDB's dialect) over a store.

    Args:
        store: The store to query.
        query: The statement. Views: ``orders`` (with labels), ``stored_orders`` (without), ``labels``,
            ``rejects``, ``issues``, ``issue_members``.
        spark: A Spark session to compute on, in place of this process.

    Returns:
        The rows, with the column names of the query.

    Raises:
        UsageError: The statement is wrong, or is not a SELECT.

    Example:
        >>> ht.sql(store, "SELECT street, count(*) AS orders FROM orders GROUP BY ALL").to_pandas()
    """
    from hotline_tools.engine import over
    from hotline_tools.reports.sql_answer import query_table

    with over(store, spark) as engine:
        return query_table(engine, query)


def write(table: ReportTable, path: str | Path) -> Path:
    """Write a table to a file; the file appears whole or not at all.

    Args:
        table: The table.
        path: Where to; csv, json, md, html, xlsx, docx or parquet by its suffix.

    Returns:
        The path.

    Raises:
        UsageError: The suffix is unknown.
        StoreError: The folder is missing or cannot be written.

    Example:
        >>> ht.write(ht.report(store, "categories"), "类别.xlsx")
    """
    from hotline_tools.files import write_bytes
    from hotline_tools.render.registry import form_for, render

    output = Path(path)
    write_bytes(output, render(table, form_for(output)))
    return output


def chart(table: ReportTable, path: str | Path) -> Path:
    """Draw a table that a report made; the file appears whole or not at all.

    Args:
        table: The table.
        path: Where to; png (also without a suffix), svg or pdf.

    Returns:
        The path, which ``IPython.display.Image`` shows.

    Raises:
        NotComputableError: The report has no picture, or there are no rows to draw.
        UsageError: The suffix is unknown.
        StoreError: The folder is missing or cannot be written.

    Example:
        >>> ht.chart(ht.report(store, "categories"), "类别.png")
    """
    from hotline_tools.files import write_bytes
    from hotline_tools.render.registry import form_for, render_chart

    output = Path(path)
    write_bytes(output, render_chart(table, form_for(output, "chart") if output.suffix else "png"))
    return output


def brief(
    store: Store,
    *,
    period: str | Period,
    edition: str | None = None,
    outline: str | Path | None = None,
    notes: str | Path | None = None,
    category: str | None = None,
    department: str | None = None,
    area: str | None = None,
    channel: str | None = None,
    profile: str | Path | None = None,
    as_of: str | datetime | None = None,
    spark: SparkSession | None = None,
) -> Brief:
    """Make a briefing of a period: sentences whose figures stand in the tables with them.

    Orders without a label count as unclassified: call ``classify`` before (the command does so by itself).

    Args:
        store: The store to report on.
        period: ``2025-06``, ``2025-W23``, ``2025Q2``, ``2025``, ``last-month`` …
        edition: ``monthly`` (default), ``weekly``, ``daily``, ``quarterly``, ``half-yearly``, ``yearly``,
            ``special``, ``department``.
        outline: TOML file of an outline of one's own, in place of an edition.
        notes: TOML or Markdown file of a person's paragraphs, by chapter.
        category: Only this category or subcategory.
        department: Only this department.
        area: Only this district, street, community or grid.
        channel: Only this channel.
        profile: KPI profile: a name or a TOML file.
        as_of: The moment of the count.
        spark: A Spark session to compute on, in place of this process.

    Returns:
        The briefing: ``write`` puts it into a file by its suffix, ``document`` holds its parts,
        ``to_verify`` what its check found wrong, ``blanks`` what is left for a person to fill in.

    Raises:
        UsageError: No such edition, or the edition needs a department or a subject.
        DataFileError: The outline or the notes have a mistake in them.
        NotComputableError: The period has no orders.

    Example:
        >>> ht.brief(store, period="2021-06").write("月报.docx")
    """
    from hotline_tools.engine import over
    from hotline_tools.jobs.briefing import choose_outline, make_brief
    from hotline_tools.reports.filters import make_query

    query = make_query(
        date.today(),
        period=period,
        category=category,
        department=department,
        area=area,
        channel=channel,
        profile=profile,
        as_of=as_of,
    )
    chosen = choose_outline(edition, Path(outline) if outline is not None else None)
    with over(store, spark) as engine:
        return make_brief(engine, query, chosen, Path(notes) if notes is not None else None)


def run(
    job: str | Path,
    *,
    dry_run: bool = False,
    force: bool = False,
    wait: float = 0.0,
    today: date | None = None,
) -> RunResult:
    """Carry out a job file: import, classify, find repeats, write reports, charts and briefings.

    Steps whose results are there and whose inputs have not changed are left out, so that a run after a crash
    goes on where it ended. Paths in the file count from its folder. docs/batch.md explains the file.

    Args:
        job: The job file (TOML).
        dry_run: Tell what would be done, and do nothing.
        force: Do every step; a result that a person has changed is overwritten.
        wait: Seconds to wait for another run of the same job.
        today: What ``last-month`` and the like are relative to; by default today.

    Returns:
        What became of each step (``steps``, ``failures``), and the ``exit_code`` of the command. A step that
        fails raises nothing.

    Raises:
        DataFileError: The job file has a mistake in it.
        JobRunningError: Another run of the job goes on.

    Example:
        >>> ht.run("每月.toml", dry_run=True).steps
    """
    from hotline_tools.jobs.run import RunOptions, read_job, run_job

    return run_job(read_job(job), RunOptions(dry_run, force, wait), today=today)


def check_briefing(path: str | Path) -> ReportTable:
    """Read a bulletin again, ours or anybody's, and tell what in it contradicts itself.

    Args:
        path: The bulletin: docx, html, pdf (needs the extra ``pdf``), md or txt.

    Returns:
        A row for each contradiction: ``kind``, ``where`` (paragraph, page or table row), ``stated``,
        ``against`` and ``text``. ``incomplete`` is true when there is any.

    Raises:
        InputError: The file cannot be read, or holds no text.

    Example:
        >>> ht.check_briefing("月报.docx").rows
    """
    from hotline_tools.jobs import checking

    return checking.check_briefing(Path(path))


def sample(folder: str | Path, *, orders: int = 31_838, seed: int = 2021) -> list[Path]:
    """Write generated exports to try things on: a hotline year, a message-board month, a grid month.

    Args:
        folder: Where to; made when it is missing.
        orders: Orders in the hotline's year.
        seed: The same seed gives the same files.

    Returns:
        The files written, each export followed by its truth.

    Raises:
        StoreError: The folder cannot be made or written to.

    Example:
        >>> ht.sample("示例数据", orders=1000)[0].name
    """
    from hotline_tools.sample import write_sample

    return write_sample(Path(folder), orders=orders, seed=seed)


def _recognise(files: Files, layout: str | None, layouts: Files, password: str | None) -> Recognised:
    from hotline_tools.jobs.opening import OpenOptions, recognise

    return recognise(_paths(files), OpenOptions(tuple(_paths(layouts)), layout, password))


def _paths(files: Files) -> list[Path]:
    return [Path(files)] if isinstance(files, str | Path) else [Path(file) for file in files]
