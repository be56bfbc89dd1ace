"""The one error tree.

::

    HotlineError
    ├── UsageError            wrong options or arguments                 exit 2
    ├── InputError            a file that cannot be read as it is        exit 1
    │   ├── EncryptedFileError    a password is needed or wrong
    │   └── NoHeaderError         a table without any known header
    ├── DataFileError         a layout, taxonomy, profile, rule, job     exit 1
    │   └── ModelError            a model file that is not one
    ├── NotComputableError    the data cannot support what was asked     exit 1
    ├── JobRunningError       another run of the same job goes on        exit 4
    └── StoreError            the store cannot be read or written        exit 1
        └── StoreLockedError      another process is writing

Every error says what happened, where, and what to do. The command line catches
``HotlineError`` in one place and prints ``str(error)`` on one line.
"""

from enum import IntEnum


class ExitCode(IntEnum):
    """What the process returns; documented in docs/cli.md and tested."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    PARTIAL = 3
    RUNNING = 4
    INTERRUPTED = 130


LONGEST = 4_000
"""Characters of a message: what a damaged file puts into it may have millions."""


def _readable(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}……（共 {len(text)} 字，后略）"


class HotlineError(Exception):
    """A problem that a person can act on.

    ``message`` says what happened (Chinese), ``where`` the file, sheet, row or column,
    ``remedy`` what to do about it.
    """

    exit_code = ExitCode.FAILED

    def __init__(self, message: str, *, where: str = "", remedy: str = "") -> None:
        super().__init__(message)
        self.message = _readable(message)
        self.where = where
        self.remedy = _readable(remedy)

    def __str__(self) -> str:
        """One line: ``where：message。remedy``."""
        text = f"{self.where}：{self.message}" if self.where else self.message
        text = text.rstrip("。")
        return " ".join((f"{text}。{self.remedy}" if self.remedy else f"{text}。").split("\n"))


class UsageError(HotlineError):
    """Options or arguments that make no sense together."""

    exit_code = ExitCode.USAGE


class InputError(HotlineError):
    """A file that is missing, empty, or not what its content would have to be."""


class EncryptedFileError(InputError):
    """A workbook or archive that needs a password, or got the wrong one."""


class NoHeaderError(InputError):
    """A table in which no header row could be recognised."""


class DataFileError(HotlineError):
    """A layout, taxonomy, profile, rule or job file with a mistake in it."""


class ModelError(DataFileError):
    """A model file that is damaged, foreign or from another version."""


class NotComputableError(HotlineError):
    """The data lacks the columns or rows that the question needs."""


class StoreError(HotlineError):
    """The store is missing, damaged or not writable."""


class StoreLockedError(StoreError):
    """Another process holds the writer's lock."""


class JobRunningError(HotlineError):
    """Another run of the same job goes on."""

    exit_code = ExitCode.RUNNING
