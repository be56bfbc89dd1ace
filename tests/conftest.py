"""Settings shared by all tests."""

import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings

# Keys of callers are kept in the user's data folder: the tests' not in that of whoever runs them.
os.environ["XDG_DATA_HOME"] = os.environ["LOCALAPPDATA"] = tempfile.mkdtemp(prefix="hotline-tests-")
os.environ.pop("HOTLINE_KEY_FILE", None)

# The same examples on every run, so that a red build is about the change and not about luck.
# To hunt for new ones: pytest --hypothesis-profile=default --hypothesis-seed=NUMBER
settings.register_profile("steady", derandomize=True)
settings.load_profile("steady")


@pytest.fixture(scope="session")
def briefing_year(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a generated year (年度工单.csv) and its store, classified, its repeats found."""
    import hotline_tools as ht

    folder = tmp_path_factory.mktemp("briefing-year")
    ht.sample(folder, orders=4000)
    store = ht.Store.open(folder / "hotline-store", create=True)
    ht.import_files(store, folder / "年度工单.csv")
    ht.classify(store)
    ht.find_repeats(store, workers=1)
    return folder
