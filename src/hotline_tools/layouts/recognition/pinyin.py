"""Headers in pinyin: whole (``tousubianhao``) or by initials (``slsj``), written in characters to be read."""

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from functools import cache

from hotline_tools.datafile import DataModel, shipped
from hotline_tools.layouts.recognition.segments import segments
from hotline_tools.layouts.recognition.vocabulary import groups_of

_TOKEN = re.compile(r"[A-Za-z]+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_HAN = re.compile(r"[\u3400-\u9fff]")
_INITIALS = re.compile(r"[a-z]{2,9}|[A-Z]{2,9}")
_SHORTEST, _MOST_LEFT = 5, 0.4
"""Letters from which a word may be whole pinyin; share of them that may stay unknown."""
_TELLING, _LONGEST = 4, 16
"""Letters of a pinyin word that is no English syllable by chance, and of the longest part."""
_ENOUGH = 2
"""Headers that must be initials of a known step and a known kind before any is read by its initials."""


class Pinyin(DataModel):
    """Words and their syllables, of ``whole`` the initials: ``heads`` end a name, ``roles`` begin one."""

    whole: dict[str, str]
    alike: dict[str, dict[str, str]]
    """Word at the end of a name → shape of the cells → the word of the same initials that it is then."""
    heads: dict[str, str]
    roles: dict[str, str]


@cache
def _pinyin() -> Pinyin:
    return shipped(Pinyin, "hotline_tools.layouts.recognition", "pinyin.toml")


@cache
def _whole() -> dict[str, str]:
    """Return pinyin without blanks → word; what ends a name wins."""
    return {
        p.replace(" ", ""): word for words in (_pinyin().roles, _pinyin().heads) for word, p in words.items()
    }


@cache
def _initials(part: str) -> dict[str, str]:
    """Return initials → word of ``heads`` or ``roles``; the first listed wins."""
    words: dict[str, str] = getattr(_pinyin(), part)
    listed = [("".join(syllable[0] for syllable in p.split()), word) for word, p in words.items()]
    return dict(reversed(listed))


def _in_characters(token: str) -> str:
    """Write a token of whole pinyin in characters; the token itself where it is none."""
    run = token.lower()
    if len(run) < _SHORTEST or groups_of(run):
        return token
    unknown, parts = segments(run, _LONGEST, _part)
    tells = any(part.letters >= _TELLING and not part.text.isascii() for part in parts)
    if not tells or not parts[-1].letters or unknown > _MOST_LEFT * len(run):
        return token
    return "".join(part.text for part in parts)


def _part(part: str) -> str:
    """Return the word of a part in pinyin; an English one stands between blanks."""
    return _whole().get(part) or (f" {part} " if len(part) >= _TELLING and groups_of(part) else "")


def _of_initials(token: str) -> tuple[str, bool]:
    """Write initials in characters, and tell whether they are a known step and a known kind.

    Steps that are not known stay as letters: ``fwdz`` is ``fw地址``.
    """
    run, heads, roles = token.lower(), _initials("heads"), _initials("roles")
    whole = {initials: word for word, initials in _pinyin().whole.items()}
    if run in whole:
        return whole[run], False
    if run in heads:
        return heads[run], False
    if run in roles:
        return roles[run], False
    for size in (4, 3, 2, 1):
        front, tail = run[:-size], run[-size:]
        if front and tail in heads:
            break
    else:
        return token, False
    pieces, at = [], 0
    while at < len(front):
        size = next((size for size in (3, 2) if front[at : at + size] in roles), 2)
        piece = front[at : at + size]
        is_kind = heads[tail] == "名称" and at + size == len(front) and piece in heads  # tslxmc 投诉类型名称
        pieces.append(heads[piece] if is_kind else roles.get(piece, piece))
        at += size
    if len(pieces[-1]) == 1:  # a letter is left over: these are no initials
        return token, False
    return "".join(pieces) + heads[tail], not any(piece.isascii() for piece in pieces)


def spoken(names: Sequence[str]) -> list[str]:
    """Return the headers of one table as they would be said: in characters, where they are pinyin.

    Initials are read only in a table that has several of them.
    """
    whole = {name: _of_syllables(name) for name in names}
    initials = {
        name: _of_initials(name)
        for name in names
        if _INITIALS.fullmatch(name) and not groups_of(name.lower()) and whole[name] == name
    }
    if sum(sure for _, sure in initials.values()) < _ENOUGH:
        initials = {}
    return [initials[name][0] if name in initials else whole[name] for name in names]


def by_cells(header: str, said: str, shapes: AbstractSet[str]) -> str:
    """Return what initials say, where the word at their end has a rival that the cells bear out: BLJG."""
    if not _INITIALS.fullmatch(header) or header == said:
        return said
    for word, rivals in _pinyin().alike.items():
        rival = next((rivals[shape] for shape in rivals if shape in shapes), None)
        if said.endswith(word) and rival is not None:
            return said.removesuffix(word) + rival
    return said


def _of_syllables(name: str) -> str:
    if _HAN.search(name):
        return name
    said = _TOKEN.sub(lambda token: _in_characters(token[0]), _CAMEL.sub("_", name))
    return said if _HAN.search(said) else name
