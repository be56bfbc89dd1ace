"""The place of an issue, read off its orders' addresses: the site that most of them name, as written."""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

from hotline_tools.repeats.text.normalisation import normalise
from hotline_tools.repeats.text.sites import HOUSE, address_site, without_area

SAMPLE = 40
"""Addresses looked at: enough to tell what is common."""
_LONGEST_SITE = 16
"""A longer site is a sentence, not a name."""
_REMARK = re.compile(r"[,，;；:：(（].*$")


def common_site(addresses: Sequence[str | None]) -> str | None:
    """Return the site (see ``text.sites``) of most addresses, as one of them writes it; or None.

    A school, an estate or a building site comes before its road; where all name one house of a road, the
    house. More than half of the addresses that name a site must name this one.
    """
    written = [address for address in addresses[:SAMPLE] if address]
    folded = [without_area(text) for text in normalise(written)]
    sites = [_REMARK.sub("", address_site(text)) for text in folded]
    named = Counter(site for site in sites if 2 <= len(site) <= _LONGEST_SITE)
    if not named:
        return None
    site, holders = named.most_common(1)[0]
    if 2 * holders <= sum(map(bool, sites)):
        return None
    held = [(text, whole) for text, whole, own in zip(folded, written, sites, strict=True) if own == site]
    houses = {_house(text, site) for text, _ in held}
    name = houses.pop() if len(houses) == 1 else site
    return unicodedata.normalize("NFKC", as_written(name, held[0][1]))


def _house(address: str, site: str) -> str:
    """Return the site with the number of the house that follows it, if one does."""
    start = address.find(site)
    street = re.sub(r"\d+(?:巷|弄|号)$", "", site)
    found = HOUSE.match(address, start + len(street))
    return address[start : found.end()] if start >= 0 and found else site


def as_written(name: str, text: str) -> str:
    """``name``, which is normalised and occurs in ``text``, as it stands there: 东1路 is written 东一路."""
    folded = normalise([text[:k] for k in range(len(text) + 1)])
    start = folded[-1].find(name)
    first = max(k for k, part in enumerate(folded) if len(part) <= start)
    last = next(k for k, part in enumerate(folded) if len(part) >= start + len(name))
    return text[first:last].strip()
