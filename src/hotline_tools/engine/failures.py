"""What a failure of Spark's means: its errors are Java stacks of hundreds of lines."""

import re

from pyspark.errors import PythonException

from hotline_tools import __version__
from hotline_tools.errors import HotlineError

_INSTALL = (
    "每个工作节点都要装与本机同一版本的 hotline-tools 和 Python；"
    "解释器的路径写在环境变量 PYSPARK_PYTHON 里，各节点相同。"
)
_KNOWN = (
    (r"ModuleNotFoundError: No module named '([^']+)'", "Spark 的工作节点上没有装 {}", _INSTALL),
    (r'Cannot run program "([^"]+)"', "Spark 的工作节点上没有解释器 {}", _INSTALL),
    (r"\[PYTHON_VERSION_MISMATCH\]", "Spark 的工作节点上的 Python 与本机的版本不同", _INSTALL),
    (
        r"FAILED_READ_FILE\.FILE_NOT_EXIST\] .* file (?:file://)?(\S+)\. ",
        "Spark 的工作节点读不到 {}",
        "工单库要放在各工作节点都能以同一路径访问的共享文件系统上。",
    ),
    (
        r"ExecutorLostFailure|Python worker exited unexpectedly|OutOfMemoryError",
        "Spark 的执行器一再中断",
        "多半是内存不够：请用 --spark-conf 加大 spark.executor.memory，并给 Python 进程留出内存。",
    ),
)
"""A pattern of the error's text, what it means, and what to do."""
_OURS = re.compile(r"hotline_tools\.errors\.\w+: (.+)")
_CLASS = re.compile(r"^(?:Caused by: |: )?(?:[\w$]+\.)+[\w$]+: ")


def known_cause(error: Exception) -> HotlineError | None:
    """Return what the text of a failure means; None where it is none of the usual mishaps of a cluster."""
    text = str(error)
    if ours := _OURS.search(text):
        return HotlineError(ours[1])
    for pattern, message, remedy in _KNOWN:
        if found := re.search(pattern, text):
            return HotlineError(message.format(*found.groups()), remedy=remedy)
    return None


def reason(error: Exception) -> str:
    """Return the line of a failure that tells most: the last of Python's, the innermost cause of Java's."""
    lines = [line for line in str(error).splitlines() if line.strip()]
    if isinstance(error, PythonException):
        return lines[-1]
    causes = [line for line in lines if _CLASS.match(line)] or lines[:1]
    return _CLASS.sub("", causes[-1])


def require_version(version: str) -> None:
    """Raise ``HotlineError`` on a worker whose toolkit is not of the version that sent the work.

    Its labels and groups could be others, and nobody would see it.
    """
    if version != __version__:
        raise HotlineError(
            f"Spark 的一个工作节点上是 hotline-tools {__version__}，本机是 {version}", remedy=_INSTALL
        )
