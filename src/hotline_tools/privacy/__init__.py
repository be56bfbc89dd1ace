"""Personal data: masked in free text, callers as keyed hashes."""

from hotline_tools.privacy.keys import fingerprint, load_key, make_key, save_key
from hotline_tools.privacy.masker import Masker
from hotline_tools.privacy.own_name import LATIN_NAME, NO_OWN_NAME, hide_latin_name, hide_name
from hotline_tools.privacy.own_number import LOCAL_NUMBER, PHONE_CELL, hide_number
from hotline_tools.privacy.patterns import prefilter
from hotline_tools.privacy.personal_pattern import Author, Kind, PersonalPattern
from hotline_tools.privacy.spans import PersonalSpan, find_personal, mask_text

__all__ = [
    "LATIN_NAME",
    "LOCAL_NUMBER",
    "NO_OWN_NAME",
    "PHONE_CELL",
    "Author",
    "Kind",
    "Masker",
    "PersonalPattern",
    "PersonalSpan",
    "find_personal",
    "fingerprint",
    "hide_latin_name",
    "hide_name",
    "hide_number",
    "load_key",
    "make_key",
    "mask_text",
    "prefilter",
    "save_key",
]
