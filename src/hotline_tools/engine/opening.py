"""Which engine: DuckDB in this process unless Spark is asked for."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hotline_tools.engine.base import OrderFiles, StoreEngine
from hotline_tools.engine.engine import Engine
from hotline_tools.engine.starting import require_spark, start
from hotline_tools.settings import EngineName, Settings

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


@dataclass(frozen=True)
class EngineChoice:
    """Which engine runs the statements, and where Spark is."""

    name: EngineName = "duckdb"
    master: str | None = None
    """Spark's master URL; by default what spark-submit set, else all cores of this machine."""
    conf: Mapping[str, str] = field(default_factory=dict)
    """Further settings of the Spark session."""
    memory: str | None = None
    """DuckDB's limit, by default by the size of the store; beyond it the disk is used."""
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
    require_spark()
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

    Raises ``UsageError`` as ``start`` does.
    """
    require_spark()
    from pyspark.sql import SparkSession  # noqa: PLC0415 - an extra

    running = SparkSession.getActiveSession()
    if running is not None:
        yield running
        return
    started = start(choice.master, choice.conf)
    try:
        yield started
    finally:
        started.stop()
