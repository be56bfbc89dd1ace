"""What all commands share: the state of one run, common options, output."""

import codecs
import os
import stat
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hotline_tools.cli.completion import form_names
from hotline_tools.errors import ExitCode, UsageError
from hotline_tools.escapes import for_terminal

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

    from hotline_tools.classify import Classifier
    from hotline_tools.engine import EngineChoice, StoreEngine
    from hotline_tools.jobs.opening import Recognised
    from hotline_tools.settings import Configuration, Settings
    from hotline_tools.store import Store
    from hotline_tools.table import ReportTable

FilesArgument = Annotated[
    list[Path],
    typer.Argument(metavar="文件…", help="导出文件、目录或压缩包；- 表示标准输入。", show_default=False),
]
OutputOption = Annotated[
    Path | None,
    typer.Option("-o", "--output", metavar="文件", help="写到文件；不写则输出到屏幕。", show_default=False),
]
FormatOption = Annotated[
    str | None,
    typer.Option(
        "--format",
        metavar="格式",
        help=f"{'、'.join(form_names()[:-1])} 或 {form_names()[-1]}。",
        show_default=False,
        autocompletion=form_names,
    ),
]
LayoutOption = Annotated[
    str | None,
    typer.Option(
        "--layout",
        metavar="名称或文件",
        help="指定版式（默认自动识别）；也可给 TOML 文件。",
        show_default=False,
    ),
]
PasswordOption = Annotated[
    Path | None,
    typer.Option(
        "--password-file", metavar="文件", help="加密文件的密码，写在该文件第一行。", show_default=False
    ),
]
TaxonomyOption = Annotated[
    Path | None,
    typer.Option(
        "--taxonomy",
        metavar="文件",
        help="分类体系（TOML、CSV 或 XLSX）；默认用内置体系。",
        show_default=False,
    ),
]
ModelOption = Annotated[
    Path | None,
    typer.Option("--model", metavar="文件", help="hotline train 得到的模型。", show_default=False),
]


KEEPS_PERSONAL_DATA = "配置写明 keep_personal_data = true，导入时不脱敏。"


@dataclass
class State:
    """The global options of one run; what they lead to is opened only when asked for."""

    store: Path | None = None
    config: Path | None = None
    verbose: bool = False
    quiet: bool = False
    engine_name: str | None = None
    spark_master: str | None = None
    spark_conf: tuple[str, ...] = ()
    warned: set[str] = field(default_factory=set)
    lacks_files: bool = False
    """Whether files of the store that was opened are missing, damaged or set aside."""

    def configuration(self) -> "Configuration":
        """Return the settings with where each comes from; what was ignored is said once."""
        from hotline_tools.settings import read_configuration

        options = {"store": self.store, "engine": self.engine_name, "spark_master": self.spark_master}
        found = read_configuration(self.config, options=options)
        self._warn([*found.warnings, *([KEEPS_PERSONAL_DATA] if found.settings.keep_personal_data else [])])
        return found

    def settings(self) -> "Settings":
        """Return the settings: option, then environment, then file."""
        return self.configuration().settings

    def open_store(self, *, create: bool = False) -> "Store":
        """Open the store; with ``create`` make it when it is not there."""
        from hotline_tools.store import Store

        settings = self.settings()
        store = Store.open(
            settings.store,
            create=create,
            lock_timeout_seconds=settings.lock_timeout_seconds,
            key_file=settings.key_file,
        )
        lost = store.warnings()
        self.lacks_files = self.lacks_files or bool(lost)
        self._warn(lost)
        return store

    def _warn(self, lines: Iterable[str]) -> None:
        """Write what has to be known even with ``-q``, each line once."""
        for line in lines:
            if line not in self.warned:
                sys.stderr.write(for_terminal(f"注意：{line}") + "\n")
            self.warned.add(line)

    def leave(self, *, incomplete: bool = False) -> None:
        """End with the code of figures that are not whole, if they are not: files of the store are gone."""
        if incomplete or self.lacks_files:
            raise typer.Exit(ExitCode.PARTIAL)

    def engine(self) -> "AbstractContextManager[StoreEngine]":
        """Open the query engine over the store."""
        from hotline_tools.engine import opened

        return opened(self.open_store(), self.engine_choice())

    def spark(self) -> "AbstractContextManager[SparkSession | None]":
        """Start the Spark session that batch functions run on; None on DuckDB."""
        from hotline_tools.engine import batch_session

        return batch_session(self.engine_choice())

    def engine_choice(self) -> "EngineChoice":
        """Return the engine of the settings, with Spark's options.

        Raises ``UsageError`` for a setting of Spark without a value.
        """
        from hotline_tools.engine import EngineChoice

        pairs = [text.partition("=") for text in self.spark_conf]
        if wrong := next((name for name, equals, _ in pairs if not equals), None):
            raise UsageError(
                f"--spark-conf {wrong} 没有值", remedy="例如 --spark-conf spark.executor.memory=4g。"
            )
        conf = {name.strip(): value.strip() for name, _, value in pairs}
        return EngineChoice.of(self.settings(), conf)

    def classifier(self, taxonomy: Path | None = None, model: Path | None = None) -> "Classifier":
        """Return the classifier: a model, a taxonomy, else what the settings say, else the default."""
        from hotline_tools.jobs.tagging import choose_classifier

        settings = self.settings()
        return choose_classifier(taxonomy or settings.taxonomy, model or settings.model)

    def say(self, line: str) -> None:
        """Write progress or a count to stderr, unless ``-q``."""
        if not self.quiet:
            sys.stderr.write(for_terminal(line) + "\n")

    @contextmanager
    def progress(self, what: str, total: int | None = None) -> Iterator[Callable[[int], None]]:
        """Show a bar on stderr when that is a terminal; yields what to call with each advance."""
        if self.quiet or not sys.stderr.isatty():
            yield lambda _: None
            return
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
            task = bars.add_task(what, total=total)
            yield lambda rows: bars.advance(task, rows)


def state_of(context: typer.Context) -> State:
    """Return the run's state from Typer's context."""
    state = context.find_object(State)
    return state if state is not None else State()


def require_new(output: Path) -> None:
    """Refuse to write over a file that a person may have filled in."""
    if output.exists():
        raise UsageError("已有这个文件，不覆盖", where=str(output), remedy="请换一个文件名，或先移走它。")


BY_OUTPUT = "加 -o 文件.xlsx 看全部"
BY_FORMAT = "加 --format csv > 文件.csv 看全部"
BY_WINDOW = "把窗口拉宽看全部"
"""How to see what a narrow screen leaves out, by the options that a command has."""


def emit(
    table: "ReportTable",
    form: str | None,
    output: Path | None,
    *,
    is_wide: bool = False,
    wide: str = BY_OUTPUT,
) -> None:
    """Write a report to ``output`` or to stdout in ``form`` (default: by suffix, else a table).

    A table on the screen has every column when ``is_wide``; else ``wide`` says how to see what it leaves out.
    """
    from hotline_tools.render.registry import chosen_form, render

    chosen = chosen_form(form, output)
    if chosen == "csv":
        _say_formulas(table)
    if output is not None:
        from hotline_tools.files import write_bytes

        write_bytes(output, render(table, chosen))
    elif chosen == "table":
        from rich.console import Console

        from hotline_tools.render.terminal import render_terminal

        render_terminal(table, Console(), is_wide=is_wide, wide=wide)
    else:
        data = render(table, chosen)
        data = data if _starts_a_file() else data.removeprefix(codecs.BOM_UTF8)
        is_text = sys.stdout.isatty() and chosen in ("csv", "json", "md", "html")
        sys.stdout.buffer.write(for_terminal(data.decode()).encode() if is_text else data)
        sys.stdout.flush()


def _starts_a_file() -> bool:
    """Whether stdout is a new file: only there a mark of UTF-8 is in its place, and Excel needs it."""
    try:
        state = os.fstat(sys.stdout.fileno())
    except (OSError, ValueError):
        return False
    return stat.S_ISREG(state.st_mode) and state.st_size == 0


def _say_formulas(table: "ReportTable") -> None:
    from hotline_tools.render.cells import guarded_sentence
    from hotline_tools.render.csv import formulas_in

    if said := guarded_sentence(formulas_in(table)):
        typer.echo(f"注：{said}", err=True)


def today() -> date:
    """Return today, for relative periods."""
    return date.today()


def read_tables(
    state: State, files: list[Path], layout: str | None, password_file: Path | None
) -> "Recognised":
    """Open every file and recognise its layout; raise ``InputError`` for one that is no export.

    What a folder or an archive holds besides is said once all is well.
    """
    from hotline_tools.jobs.opening import OpenOptions, read_password, recognise

    found = recognise(files, OpenOptions(state.settings().layouts, layout, read_password(password_file)))
    for problem in found.skipped:
        state.say(f"跳过 {problem}")
    for table, match in found.tables:
        if layout is not None and match.layout is not None and match.score < match.layout.min_score:
            state.say(
                f"注意：{table.where} 只符合所指定版式的 {match.score:.0%}，请用 hotline inspect 核对。"
            )
    return found
