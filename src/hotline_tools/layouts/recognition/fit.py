"""How well the values of a column fit a field."""

from collections.abc import Callable, Mapping

import pyarrow as pa
import pyarrow.compute as pc

from hotline_tools.layouts.recognition.values import Values
from hotline_tools.schema import MAPPABLE, ColumnKind, RequestType

_REGION = r"^[A-Z]{2}$"
"""Codes of states and provinces, which an English ``State`` may hold."""
_CLAUSES = r"\p{Han}{2}[，。；！？].*\p{Han}{2}"
"""Two clauses, which no name of a kind has."""
_POINT = r"^\s*\(?\s*-?\d+\.\d+\s*[,，]\s*-?\d+\.\d+\s*\)?\s*$"
_MAIL = r"^\s*[^@\s]+@[^@\s]+\s*$"
_FILE = r"\.(?:csv|xlsx?|txt|json|xml)\s*$"
_PEOPLE, _SEVERAL = 0.8, 5
"""Share of names from which a column is of people, and filled cells from which that is no chance."""
_KINDS, _MANY = 12, 20
"""Different cells up to which, among more than so many, they are kinds and no times."""
_WORDS = 0.2
"""Share of cells with words below which kinds are letters or codes."""
_SAID = 6
"""Mean characters below which a few words again and again are marks, and tell nobody what was done."""
_EXTENSION = 4
"""Digits that a telephone has at least."""
Score = Callable[[Values, Mapping[str, str]], float]
"""How well filled cells fit a field, 0-1; 0 is a veto. The words are those known for the field's codes."""


def _time(values: Values, _: Mapping[str, str]) -> float:
    if values.times >= 0.3:
        return 0.05 if values.future > 0.5 else values.times
    if not values.times and values.distinct <= _KINDS and values.count > _MANY:
        return 0.0  # 立即, 一周内
    return 0.0 if values.numbers > 0.5 or values.yes_no > 0.5 else 0.05  # unreadable, and told so


def _content(values: Values, _: Mapping[str, str]) -> float:
    if "addresses" in values.shapes:
        return 0.0
    if values.times > 0.5 or values.numbers > 0.5 or values.links > 0.5 or values.objects > 0.5:
        return 0.0
    varied = values.distinct_share > 0.3 or values.distinct > 100
    if not varied and values.count > 8:
        names_of_kinds = values.distinct <= 0.2 * values.count and values.length < 30
        if values.share(_CLAUSES) > 0.5:  # texts that come again
            return 0.4
        return 0.1 if values.length >= 12 and not names_of_kinds else 0.0
    return 0.3 + 0.5 * min(1.0, values.length / 25) + 0.2 * values.words


def _title(values: Values, _: Mapping[str, str]) -> float:
    if values.times > 0.5 or values.numbers > 0.5 or values.links > 0.5:
        return 0.0
    if values.come_again:
        return 0.2  # names of types stand in when nothing better is there
    return 0.6 + 0.4 * values.words


def _reply(values: Values, _: Mapping[str, str]) -> float:
    if values.times > 0.5 or values.numbers > 0.5 or values.yes_no > 0.5:
        return 0.0
    if values.shapes & {"states", "ratings"} or (values.come_again and values.length < _SAID):
        return 0.0  # 正常, 预警
    return 0.4 + 0.6 * min(1.0, values.length / 20)


def _order_id(values: Values, _: Mapping[str, str]) -> float:
    if values.phones > 0.8 and (values.distinct_share < 0.9 or not values.counts_on):
        return 0.0  # telephones, whose numbers lie far apart
    # Damaged ids (2.02504E+12, cut short, guarded by a quote) are still the ids of the order, and told.
    return max(0.15, values.distinct_share * values.id_like)


def _coded(values: Values, words: Mapping[str, str]) -> float:
    known = values.known(words)
    if known >= 0.3:
        return max(0.6, known)
    if pc.mean(pc.cast(pc.match_substring_regex(values.column, _REGION), pa.float64())).as_py() > 0.8:
        return 0.0
    return 0.35 if values.distinct <= 12 and values.times < 0.5 and values.yes_no < 0.5 else 0.0


def _request_type(values: Values, words: Mapping[str, str]) -> float:
    # Every list of categories has an 其他, so that it alone says nothing.
    telling = {text: code for text, code in words.items() if code != RequestType.OTHER}
    return known if values.known(telling) >= 0.2 and (known := values.known(words)) >= 0.3 else 0.0


def _yes_no(values: Values, words: Mapping[str, str]) -> float:
    share = max(values.known(words), values.yes_no)
    return share if share >= 0.3 else 0.0


def _few(values: Values, _: Mapping[str, str]) -> float:
    """Names of few kinds: channels, levels, urgency."""
    if values.times > 0.5 or values.links > 0.5 or values.length > 30 or values.yes_no > 0.9:
        return 0.0
    if values.share(_FILE) > 0.5:
        return 0.0
    if values.numbers > 0.5:  # codes that say nothing to a reader
        return 0.3
    return 1.0 if values.distinct <= max(20, values.count * 0.2) else 0.3


def _unit(values: Values, _: Mapping[str, str]) -> float:
    if values.times > 0.5 or values.numbers > 0.5 or values.links > 0.5 or values.length > 60:
        return 0.0
    if values.yes_no > 0.5:
        return 0.0
    if values.codes > 0.9 and values.words < _WORDS:  # A02A01 names no unit to a reader
        return 0.3
    return _varied(values) * (0.5 + 0.5 * (values.words > 0.3 or values.length < 12))


def _varied(values: Values) -> float:
    """Return a factor that puts a column of one value behind another that tells the rows apart."""
    return 0.9 if values.distinct == 1 and values.count > _MANY else 1.0


def _area(values: Values, _: Mapping[str, str]) -> float:
    if values.times > 0.5 or values.numbers > 0.5 or values.length > 40 or values.stars > 0.9:
        return 0.0
    if values.people > _PEOPLE and values.count >= _SEVERAL:  # 镇街河长
        return 0.0
    if "addresses" in values.shapes or values.yes_no > 0.5:
        return 0.0
    return _varied(values) * (0.4 + 0.6 * values.words)


def _street(values: Values, words: Mapping[str, str]) -> float:
    return 0.0 if "roads" in values.shapes else _area(values, words)


def _grid(values: Values, _: Mapping[str, str]) -> float:
    return 0.0 if values.times > 0.5 or values.length > 40 or values.phones > 0.5 else 0.8


def _address(values: Values, _: Mapping[str, str]) -> float:
    if values.stars > 0.9 or values.times > 0.5 or values.numbers > 0.5 or values.links > 0.5:
        return 0.0
    if max(values.share(_POINT), values.share(_MAIL)) > 0.5:
        return 0.0
    return 0.4 + 0.6 * min(1.0, values.length / 8)


def _integer(values: Values, _: Mapping[str, str]) -> float:
    return values.numbers if values.times < 0.5 else 0.0


def _phone(values: Values, _: Mapping[str, str]) -> float:
    if values.times > 0.5 or values.length > 25 or (values.words > 0.5 and values.phones < 0.2):
        return 0.0
    if values.numbers > 0.5 and values.length < _EXTENSION:  # how many calls
        return 0.0
    return max(0.5, values.phones)


def _category(values: Values, _: Mapping[str, str]) -> float:
    if values.times > 0.5 or values.links > 0.5 or values.numbers > 0.5 or values.yes_no > 0.9:
        return 0.0
    if values.shapes & {"urgent", "channels"}:
        return 0.0
    if values.words < _WORDS:  # letters that stand for something: A, I
        return 0.3
    few = values.distinct <= max(30, values.count * 0.5)
    if values.distinct == 1 and values.count > 20:  # one kind tells nothing apart
        return 0.6
    return 0.9 if few and values.length < 40 else 0.0


def _person(values: Values, _: Mapping[str, str]) -> float:
    return 0.0 if values.length > 20 or values.times > 0.5 else 0.8


_SCORES: dict[str, Score] = {
    **dict.fromkeys(
        (
            "received_at",
            "dispatched_at",
            "signed_at",
            "first_contact_at",
            "due_at",
            "closed_at",
            "revisited_at",
        ),
        _time,
    ),
    "content": _content,
    "title": _title,
    "reply": _reply,
    "order_id": _order_id,
    "status": _coded,
    "satisfaction": _coded,
    "request_type": _request_type,
    "resolved": _yes_no,
    "responded": _yes_no,
    **dict.fromkeys(("channel", "urgency", "handling_level"), _few),
    **dict.fromkeys(("department", "co_departments"), _unit),
    **dict.fromkeys(("district", "community"), _area),
    "street": _street,
    "grid": _grid,
    "address": _address,
    **dict.fromkeys(("extensions", "returns", "redos", "likes"), _integer),
    "caller_key": _phone,
    "reporter": _person,
    "original_category": _category,
}
_BY_KIND: dict[ColumnKind, Score] = {
    "time": _time,
    "integer": _integer,
    "number": _integer,
    "boolean": _yes_no,
    "code": _coded,
    "text": _few,
}


def values_score(field: str, values: Values, words: Mapping[str, str]) -> float:
    """Return how well filled cells fit a field, 0-1; 0 is a veto. ``words``: folded text → code."""
    return _SCORES.get(field, _BY_KIND[MAPPABLE[field].kind])(values, words)
