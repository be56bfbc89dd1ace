"""Where SQL runs: DuckDB, embedded, over the store's Parquet files."""

from hotline_tools.engine.engine import Engine, OrderFiles, Params

__all__ = ["Engine", "OrderFiles", "Params"]
