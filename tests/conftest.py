"""Settings shared by all tests."""

from hypothesis import settings

# The same examples on every run, so that a red build is about the change and not about luck.
# To hunt for new ones: pytest --hypothesis-profile=default --hypothesis-seed=NUMBER
settings.register_profile("steady", derandomize=True)
settings.load_profile("steady")
