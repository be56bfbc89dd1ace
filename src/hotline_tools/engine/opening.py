"""Which engine: DuckDB in this process unless Spark is asked for."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from hotline_tools.engine.base import OrderFiles, StoreEngine
from hotline_tools.engine.engine import Engine
from hotline_tools.errors import UsageError
from hotline_tools.settings import EngineName, Settings

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_OLDEST_JAVA, _OLDEST_SPARK = 17, 4
_INSTALL = "请安装：pip install 'hotline-tools[spark]'，或去掉 --engine spark。"
_QUIET = {"spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false", "spark.log.level": "ERROR"}


@dataclass(frozen=True)
class EngineChoice:
    """Which engine runs the statements, and where Spark is."""

    name: EngineName = "duckdb"
    master: str | None = None
    """Spark's master URL; by default what spark-submit set, else all cores of this machine."""
    conf: Mapping[str, str] = field(default_factory=dict)
    """Further settings of the Spark session."""
    memory: str = "800MB"
    """DuckDB's limit; beyond it the disk is used."""
    threads: int | None = None

    @classmethod
    def of(cls, settings: Settings, conf: Mapping[str, str] | None = None) -> "EngineChoice":
        """Return what the settings say."""
        memory, threads = settings.engine_memory, settings.engine_threads
        return cls(settings.engine, settings.spark_master, conf or {}, memory, threads)


@contextmanager
def opened(store: OrderFiles, choice: EngineChoice) -> Iterator[StoreEngine]:
    """Open the chosen engine over a store; a Spark session that was started for it is stopped after.

    Raises ``UsageError`` where Spark or Java is not there or too old.
    """
    if choice.name == "duckdb":
        with Engine(store, memory_limit=choice.memory, threads=choice.threads) as engine:
            yield engine
        return
    with session(choice) as spark, over(store, spark) as engine:
        yield engine


def over(store: OrderFiles, spark: "SparkSession | None") -> StoreEngine:
    """Return an engine on a session of the caller's; without one, DuckDB in this process.

    Raises ``UsageError`` where sqlglot is not installed.
    """
    if spark is None:
        return Engine(store)
    _require_spark()
    from hotline_tools.engine.spark import SparkEngine  # noqa: PLC0415 - an extra

    return SparkEngine(store, spark)


@contextmanager
def batch_session(choice: EngineChoice) -> "Iterator[SparkSession | None]":
    """Return the session that batch functions run on; None where they run in this process."""
    if choice.name == "duckdb":
        yield None
        return
    with session(choice) as spark:
        yield spark


@contextmanager
def session(choice: EngineChoice) -> "Iterator[SparkSession]":
    """Return the running Spark session, else start one and stop it after.

    Raises ``UsageError`` where Spark or Java is not there or too old.
    """
    _require_spark()
    from pyspark.sql import SparkSession  # noqa: PLC0415 - an extra

    running = SparkSession.getActiveSession()
    if running is not None:
        yield running
        return
    _require_java()
    builder = SparkSession.builder.appName("hotline-tools")
    # PySpark starts "python3" for its workers, which need not be the one that has this package.
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    for name, value in {**_QUIET, **choice.conf}.items():
        builder = builder.config(name, value)
    if choice.master is not None:
        builder = builder.master(choice.master)
    started = builder.getOrCreate()
    try:
        yield started
    finally:
        started.stop()


def _require_spark() -> None:
    try:
        import pyspark  # noqa: PLC0415 - an extra
        import sqlglot  # noqa: F401, PLC0415 - an extra
    except ImportError as error:
        raise UsageError("没有安装 Spark 所需的库", remedy=_INSTALL) from error
    if int(pyspark.__version__.split(".")[0]) < _OLDEST_SPARK:
        raise UsageError(f"Spark {pyspark.__version__} 太旧，需要 {_OLDEST_SPARK} 以上", remedy=_INSTALL)


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
