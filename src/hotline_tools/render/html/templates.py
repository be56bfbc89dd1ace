"""Filling HTML: every text is escaped, since it comes from callers."""

from functools import cache

from jinja2 import Environment
from markupsafe import Markup

_ENVIRONMENT = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
_compiled = cache(_ENVIRONMENT.from_string)


def filled(template: str, **values: object) -> Markup:
    """Return a template filled with values; what is ``Markup`` is not escaped again."""
    return Markup(_compiled(template).render(**values))
