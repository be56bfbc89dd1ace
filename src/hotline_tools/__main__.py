"""``python -m hotline_tools`` is ``hotline``."""

from hotline_tools.cli import main

main()
