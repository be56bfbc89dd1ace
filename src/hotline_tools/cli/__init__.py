"""The ``hotline`` command: one module per command group, one error boundary."""

from hotline_tools.cli.boundary import main

__all__ = ["main"]
