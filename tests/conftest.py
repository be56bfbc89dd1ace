"""Settings shared by all tests."""

import os
import tempfile

from hypothesis import settings

# Keys of callers are kept in the user's data folder: the tests' not in that of whoever runs them.
os.environ["XDG_DATA_HOME"] = os.environ["LOCALAPPDATA"] = tempfile.mkdtemp(prefix="hotline-tests-")
os.environ.pop("HOTLINE_KEY_FILE", None)

# The same examples on every run, so that a red build is about the change and not about luck.
# To hunt for new ones: pytest --hypothesis-profile=default --hypothesis-seed=NUMBER
settings.register_profile("steady", derandomize=True)
settings.load_profile("steady")
