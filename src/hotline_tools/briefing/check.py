"""The checklist of a briefing that may be sent on unread, as code over a ``Document``."""

from dataclasses import replace

from hotline_tools.document import Document


def checked(document: Document) -> Document:
    """Return the document with what is wrong with it in ``to_verify``."""
    return replace(document, to_verify=tuple(faults(document)))


def faults(document: Document) -> list[str]:
    """Return a sentence for each fault; none when the briefing may be sent on."""
    return []
