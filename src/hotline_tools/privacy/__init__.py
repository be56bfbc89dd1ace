"""Personal data: masked in free text, callers as keyed hashes."""

from hotline_tools.privacy.keys import fingerprint, load_key, make_key, save_key
from hotline_tools.privacy.masker import Masker
from hotline_tools.privacy.own_name import NO_OWN_NAME, hide_name
from hotline_tools.privacy.patterns import prefilter
from hotline_tools.privacy.personal_pattern import Author, Kind, PersonalPattern
from hotline_tools.privacy.spans import PersonalSpan, find_personal, mask_text

__all__ = [
    "NO_OWN_NAME",
    "Author",
    "Kind",
    "Masker",
    "PersonalPattern",
    "PersonalSpan",
    "find_personal",
    "fingerprint",
    "hide_name",
    "load_key",
    "make_key",
    "mask_text",
    "prefilter",
    "save_key",
]
