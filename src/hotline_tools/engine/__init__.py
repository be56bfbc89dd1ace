"""Where SQL runs: over the store's Parquet files, on DuckDB or on Spark."""

from hotline_tools.engine.base import OrderFiles, Params, StoreEngine
from hotline_tools.engine.engine import Engine
from hotline_tools.engine.opening import EngineChoice, batch_session, opened, over

__all__ = ["Engine", "EngineChoice", "OrderFiles", "Params", "StoreEngine", "batch_session", "opened", "over"]
