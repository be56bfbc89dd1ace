"""What all commands share: the state of one run, common options, output."""

import codecs
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hotline_tools.cli.completion import form_names
from hotline_tools.escapes import for_terminal

if TYPE_CHECKING:
    from hotline_tools.classify import Classifier
    from hotline_tools.engine import Engine
    from hotline_tools.jobs.opening import Recognised
    from hotline_tools.settings import Settings
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


@dataclass
class State:
    """The global options of one run; what they lead to is opened only when asked for."""

    store: Path | None = None
    config: Path | None = None
    verbose: bool = False
    quiet: bool = False

    def settings(self, **overrides: Any) -> "Settings":
        """Return the settings: option, then environment, then file."""
        from hotline_tools.settings import load_settings

        return load_settings(self.config, store=self.store, **overrides)

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
        for warning in store.warnings():
            sys.stderr.write(for_terminal(f"注意：{warning}\n"))
        return store

    def engine(self) -> "Engine":
        """Open the query engine over the store."""
        from hotline_tools.engine import Engine

        return Engine(self.open_store())

    def classifier(self, taxonomy: Path | None = None, model: Path | None = None) -> "Classifier":
        """Return the classifier: a model, a taxonomy, else what the settings say, else the default."""
        from hotline_tools.library import choose_classifier

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


def emit(table: "ReportTable", form: str | None, output: Path | None, *, is_wide: bool = False) -> None:
    """Write a report to ``output`` or to stdout in ``form`` (default: by suffix, else a table).

    A table on the screen has every column when ``is_wide``.
    """
    from hotline_tools.render.registry import chosen_form, render

    chosen = chosen_form(form, output)
    if chosen == "csv":
        _say_formulas(table)
    if output is not None:
        from hotline_tools.library import write

        write(table, output)
    elif chosen == "table":
        from rich.console import Console

        from hotline_tools.render.terminal import render_terminal

        render_terminal(table, Console(), is_wide=is_wide)
    else:
        data = render(table, chosen).removeprefix(b"\xef\xbb\xbf")
        is_text = sys.stdout.isatty() and chosen in ("csv", "json", "md", "html")
        sys.stdout.buffer.write(for_terminal(data.decode()).encode() if is_text else data)
        sys.stdout.flush()


def _say_formulas(table: "ReportTable") -> None:
    from hotline_tools.render.cells import guarded_sentence
    from hotline_tools.render.csv import formulas_in

    if said := guarded_sentence(formulas_in(table)):
        typer.echo(f"注：{said}", err=True)


def today() -> date:
    """Return today, for relative periods."""
    return date.today()


def read_password(path: Path | None) -> str | None:
    """Return the first line of a password file in UTF-8 (with or without its mark), UTF-16 or GBK."""
    from hotline_tools.errors import InputError

    if path is None:
        return None
    try:
        raw = path.read_bytes()
        has_utf16_mark = raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        return _decoded(raw, ("utf-16",) if has_utf16_mark else ("utf-8-sig", "gb18030")).splitlines()[0]
    except (OSError, IndexError, UnicodeDecodeError) as error:
        raise InputError("读不到密码", where=str(path), remedy="请把密码写在该文件的第一行。") from error


def _decoded(raw: bytes, encodings: tuple[str, ...]) -> str:
    """Return the text in the first encoding that reads it; raise ``UnicodeDecodeError`` when none does."""
    for encoding in encodings[:-1]:
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode(encodings[-1])


def read_tables(
    state: State, files: list[Path], layout: str | None, password_file: Path | None
) -> "Recognised":
    """Open every file and recognise its layout; raise ``InputError`` for one that is no export.

    What a folder or an archive holds besides is said once all is well.
    """
    from hotline_tools.jobs.opening import OpenOptions, recognise

    found = recognise(files, OpenOptions(state.settings().layouts, layout, read_password(password_file)))
    for problem in found.skipped:
        state.say(f"跳过 {problem}")
    for table, match in found.tables:
        if layout is not None and match.layout is not None and match.score < match.layout.min_score:
            state.say(
                f"注意：{table.where} 只符合所指定版式的 {match.score:.0%}，请用 hotline inspect 核对。"
            )
    return found
