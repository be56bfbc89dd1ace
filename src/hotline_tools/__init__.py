"""hotline-tools: analyse government-hotline (12345) work orders.

The command line is ``hotline``; everything it does is a call into this library.
"""

__version__ = "0.1.0"
