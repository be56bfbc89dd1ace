"""Tables that become the store's in one commit at the end, each on the disk as soon as it is given."""

from collections.abc import Iterable

import pyarrow as pa
import pyarrow.parquet as pq

from hotline_tools.store.files import NEW, StoreFiles


class WaitingTables:
    """Tables of one folder of the store, by name; what is written here waits beside the live files."""

    def __init__(self, files: StoreFiles, folder: str) -> None:
        self._files, self._folder = files, folder
        self.names: list[str] = []
        """Of the files to commit."""

    def __setitem__(self, name: str, table: pa.Table) -> None:
        """Write a whole table."""
        self.write(name, [table], table.schema)

    def write(self, name: str, parts: Iterable[pa.Table], schema: pa.Schema) -> None:
        """Write a table part by part, so that no more than one is in memory."""
        self._files.folder(self._folder).mkdir(exist_ok=True)
        file = f"{self._folder}/{name}.parquet"
        with pq.ParquetWriter(self._files.root / (file + NEW), schema, compression="zstd") as writer:
            for part in parts:
                writer.write_table(part)
        self.names.append(file)
