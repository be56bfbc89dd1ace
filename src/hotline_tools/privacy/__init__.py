"""Personal data: masked in free text, callers as keyed hashes."""

from hotline_tools.privacy.keys import load_or_create_key
from hotline_tools.privacy.masker import Masker
from hotline_tools.privacy.spans import Author, Kind, Span, find_personal, mask_text

__all__ = ["Author", "Kind", "Masker", "Span", "find_personal", "load_or_create_key", "mask_text"]
