"""What every write to a store stands in: the lock, and what an earlier writer left undone."""

from collections.abc import Iterator
from contextlib import contextmanager

from hotline_tools.store.files import StoreFiles
from hotline_tools.store.journal import recover
from hotline_tools.store.lock import not_writable, writer_lock
from hotline_tools.store.version import migrate


@contextmanager
def writing(files: StoreFiles, timeout_seconds: float) -> Iterator[None]:
    """Hold the writer's lock over a store that is whole and of this version.

    Raises ``StoreLockedError`` after ``timeout_seconds``, ``StoreError`` when the store is not writable.
    """
    with writer_lock(files, timeout_seconds):
        try:
            recover(files)
            migrate(files)
            yield
        except OSError as error:
            raise not_writable(files, error) from error
