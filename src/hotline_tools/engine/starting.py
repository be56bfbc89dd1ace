"""Starting a Spark session: what it needs is looked at first, and what is missing is said in a sentence."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from hotline_tools.errors import UsageError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_OLDEST_JAVA, _OLDEST_SPARK = 17, 4
_INSTALL = "请安装：pip install 'hotline-tools[spark]'，或去掉 --engine spark。"
_QUIET = {"spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false", "spark.log.level": "ERROR"}
_MASTER = re.compile(r"local(\[.+\])?|yarn|k8s://.+|spark://.+")
_CONNECT_SECONDS = 5
_EXECUTOR_SECONDS = 300
"""So long an executor may take to come: machines may have to be added, and images to be fetched."""


def require_spark() -> None:
    """Raise ``UsageError`` where a library that Spark needs is not installed, or too old."""
    try:
        import pyspark  # noqa: PLC0415 - an extra
        import sqlglot  # noqa: F401, PLC0415 - an extra
    except ImportError as error:
        raise UsageError("没有安装 Spark 所需的库", remedy=_INSTALL) from error
    if int(pyspark.__version__.split(".")[0]) < _OLDEST_SPARK:
        raise UsageError(f"Spark {pyspark.__version__} 太旧，需要 {_OLDEST_SPARK} 以上", remedy=_INSTALL)


def start(master: str | None, conf: Mapping[str, str]) -> "SparkSession":
    """Start a session; on a cluster it has an executor, unless these come and go with the work.

    Raises ``UsageError`` without Java, without such a master, for a setting that Spark refuses, and when the
    cluster gives no executor.
    """
    from py4j.protocol import Py4JJavaError  # noqa: PLC0415 - an extra
    from pyspark.errors import PySparkException  # noqa: PLC0415
    from pyspark.sql import SparkSession  # noqa: PLC0415

    _require_java()
    if master is not None:
        _require_master(master)
    # PySpark starts "python3" for its workers, which need not be the one that has this package.
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.appName("hotline-tools")
    for name, value in {**_QUIET, **conf}.items():
        builder = builder.config(name, value)
    if master is not None:
        builder = builder.master(master)
    try:
        session = builder.getOrCreate()
    except (PySparkException, Py4JJavaError) as error:
        from hotline_tools.engine.failures import reason  # noqa: PLC0415

        raise UsageError(
            f"Spark 没有启动（{reason(error)}）", remedy="请核对 --spark-master 和 --spark-conf。"
        ) from error
    try:
        _require_executor(session)
    except BaseException:
        session.stop()
        raise
    return session


def _require_java() -> None:
    home = os.environ.get("JAVA_HOME")
    java = str(Path(home) / "bin" / "java") if home else shutil.which("java")
    remedy = f"请安装 Java {_OLDEST_JAVA} 以上，或把 JAVA_HOME 指向它。"
    if java is None or (home and shutil.which(java) is None):
        raise UsageError("没有找到 Java，Spark 无法启动", remedy=remedy)
    said = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr
    found = re.search(r'version "(?:1\.)?(\d+)', said)
    if found and int(found[1]) < _OLDEST_JAVA:
        raise UsageError(f"Java {found[1]} 太旧，Spark 需要 {_OLDEST_JAVA} 以上", remedy=remedy)


def _require_master(master: str) -> None:
    """Raise ``UsageError`` for what is no master URL, and when none of a standalone cluster's answers.

    Spark itself would try for a minute, and then end with a Java stack.
    """
    if not _MASTER.fullmatch(master):
        raise UsageError(
            f"{master} 不是 Spark 主节点的地址",
            remedy="应写成 spark://主机:7077、yarn、k8s://… 或 local[4]。",
        )
    if not master.startswith("spark://"):
        return
    why = ""
    for address in master.removeprefix("spark://").split(","):
        try:
            place = urlsplit(f"//{address}")
            if place.port is None:
                raise ValueError
        except ValueError as error:
            raise UsageError(f"{master} 没有写明端口", remedy="应写成 spark://主机:7077。") from error
        try:
            socket.create_connection((place.hostname or "", place.port), timeout=_CONNECT_SECONDS).close()
        except OSError as error:
            why = error.strerror or str(error)
        else:
            return
    raise UsageError(
        f"连不上 Spark 主节点 {master}（{why}）",
        remedy="请核对 --spark-master 的主机和端口，并确认主节点已经启动、网络相通。",
    )


def _require_executor(session: "SparkSession") -> None:
    """Raise ``UsageError`` when the cluster gives no executor: Spark would wait without end or word."""
    context = session.sparkContext
    conf = context.getConf()
    if (
        str(conf.get("spark.master")).startswith("local")
        or conf.get("spark.dynamicAllocation.enabled") == "true"
    ):
        return
    end = time.monotonic() + _EXECUTOR_SECONDS
    while context._jsc.sc().getExecutorMemoryStatus().size() < 2:  # the driver is one of them
        if time.monotonic() > end:
            raise UsageError(
                f"等了 {_EXECUTOR_SECONDS} 秒，Spark 集群没有分给一个执行器",
                remedy="请核对有没有工作节点，spark.executor.memory 和 spark.executor.cores 是否超出其所有；"
                "集群正忙则稍后再试。",
            )
        time.sleep(0.1)
