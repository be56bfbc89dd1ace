"""The one error boundary: every failure becomes one Chinese line and a documented exit code."""

import errno
import gc
import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import typer
from typer.exceptions import TyperException

from hotline_tools.cli.app import app
from hotline_tools.cli.chinese import unreadable, usage_error
from hotline_tools.disk import IS_WINDOWS, reason, remedy
from hotline_tools.errors import ExitCode, HotlineError, StoreError
from hotline_tools.escapes import for_terminal
from hotline_tools.files import CLOSE_IT


def run_process() -> int:
    """Run ``hotline`` with the process's arguments; return its exit code."""
    _write_utf8()
    # A command ends soon and what it holds stays in use: looking for cyclic garbage after every 700 objects
    # takes an eighth of the time of `report replies` and finds nothing.
    gc.set_threshold(100_000, 50, 100)
    return run(sys.argv[1:])


def _write_utf8() -> None:
    """Make stdout and stderr able to write Chinese; under cron the locale is often plain C."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            try:
                "工单".encode(stream.encoding)
            except (UnicodeEncodeError, LookupError):
                stream.reconfigure(encoding="utf-8")
            stream.reconfigure(errors="backslashreplace")


def run(arguments: Sequence[str]) -> int:
    """Run one command line; return its exit code. A traceback is shown only with ``-v``."""
    arguments = list(arguments)
    verbose = any(a in ("-v", "--verbose") for a in arguments)
    try:
        result = app(args=arguments, prog_name="hotline", standalone_mode=False)
        code = int(result) if isinstance(result, int) else int(ExitCode.DONE)
    except (KeyboardInterrupt, typer.Abort):
        code = ExitCode.INTERRUPTED
    except BrokenPipeError:
        # The reader (head, less) went away: point stdout elsewhere so that the flush at exit is quiet.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = ExitCode.DONE
    except TyperException as error:
        code = _usage(error, verbose)
    except HotlineError as error:
        code = _failed(error, verbose)
    except OSError as error:
        code = _failed(_disk_error(error), verbose)
    except Exception as error:  # the edge: a mistake of ours must not reach an analyst as a traceback
        code = ExitCode.INTERRUPTED if _is_interruption(error) else _failed(_unexpected(error), verbose)
    if code == ExitCode.INTERRUPTED:  # Typer turns Ctrl-C into this code by itself
        _say("已中断。已写完的部分是完整的；重新运行同一命令即可继续。")
    return code


def _is_interruption(error: BaseException | None) -> bool:
    """Whether Ctrl-C is behind an error: a library in C that was being loaded, or DuckDB, made it its own."""
    while error is not None:
        if isinstance(error, KeyboardInterrupt) or str(error) == "Query interrupted":
            return True
        error = error.__cause__ or error.__context__
    return False


def _unexpected(error: Exception) -> HotlineError:
    what = f"{type(error).__name__}: {error}".split("\n")[0]
    unexpected = HotlineError(f"程序内部错误（{what}）", remedy="请加 -v 重新运行，把显示的内容报给维护者。")
    # by its name, for DuckDB is not imported where no command needed it
    if isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryException":
        unexpected = HotlineError("内存不够", remedy="请关闭别的程序，或分批导入、缩小统计期间后重试。")
    unexpected.__cause__ = error
    return unexpected


def _disk_error(error: OSError) -> StoreError:
    where = str(error.filename or "")
    if IS_WINDOWS and isinstance(error, PermissionError) and Path(where).is_file():
        return StoreError("文件正被别的程序打开，或没有权限", where=where, remedy=CLOSE_IT)
    return StoreError(f"读写失败（{reason(error)}）", where=where, remedy=remedy(error))


def _usage(error: BaseException, verbose: bool) -> int:
    message = getattr(error, "format_message", lambda: str(error))()
    if path := unreadable(message):
        return _failed(_disk_error(PermissionError(errno.EACCES, "", path)), verbose)
    context = getattr(error, "ctx", None)
    sentence, hint = usage_error(message)
    command = context.command_path if context is not None else "hotline"
    _say(f"错误：{sentence.rstrip('。')}。{hint}运行 {command} --help 查看用法。")
    return ExitCode.USAGE


def _failed(error: HotlineError, verbose: bool) -> int:
    _say(f"错误：{error}")
    if verbose:
        import traceback

        sys.stderr.write(for_terminal("".join(traceback.format_exception(error))))
    return error.exit_code


def _say(line: str) -> None:
    sys.stderr.write(for_terminal(line) + "\n")
