"""Files that users write beside exports, damaged: read or refused with a remedy, never a traceback."""

import io
import re
import zipfile
from collections.abc import Callable

import numpy as np
import pytest

from file_fuzzing import damaged, judge, seeds

Change = tuple[str, Callable[[bytes], bytes]]
"""A member of an archive, and what becomes of it."""
SMALL_RUN = range(620)


def seed_of(kind: str, suffix: str) -> bytes:
    return next(data for k, s, data in seeds() if (k, s) == (kind, suffix))


def archive(kind: str, suffix: str, member: str, change: Callable[[bytes], bytes]) -> bytes:
    """The file with one member changed."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(seed_of(kind, suffix))) as old, zipfile.ZipFile(buffer, "w") as new:
        assert member in old.namelist()
        for item in old.infolist():
            content = old.read(item)
            new.writestr(item, change(content) if item.filename == member else content)
    return buffer.getvalue()


def array(values: object) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, np.asarray(values))
    return buffer.getvalue()


SHEET, STRINGS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"


def far(content: bytes) -> bytes:
    return content.replace(b'r="A2"', b'r="XFD1048576"', 1)


def wild(content: bytes) -> bytes:
    return re.sub(rb'uniqueCount="\d+"', b'uniqueCount="99999999999"', content)


REFUSED = [
    ("lists in lists", "profile", ".toml", b"name = " + b"[" * 3000 + b"]" * 3000),
    ("tables in tables by a key", "job", ".toml", b"[" + b".".join([b"a"] * 2000) + b"]\n"),
    ("a number of 5,000 digits", "layout", ".toml", b"min_score = " + b"9" * 5000),
    ("a number of 20,000 bits", "layout", ".toml", b"min_score = 0x" + b"f" * 5000),
    ("a report that is no text", "rules", ".toml", b"report = {a = 1}"),
    ("a message of millions", "settings", ".toml", b'"' + "长".encode() * 200_000 + b'" = 1'),
    ("a file of 17 MB", "aliases", ".txt", b"# \n" * 6_000_000),
    ("residents of 5,000 digits", "population", ".csv", b"a," + b"9" * 5000),
    ("a far cell", "taxonomy", ".xlsx", (SHEET, far)),
    ("a far cell in a review", "review", ".xlsx", (SHEET, far)),
    ("strings that are not there", "taxonomy", ".xlsx", (STRINGS, wild)),
    ("the same in a review", "review", ".xlsx", (STRINGS, wild)),
    ("XML cut off", "bulletin", ".docx",
     ("word/document.xml", lambda content: content[:300])),
    ("a part left empty", "bulletin", ".docx",
     ("[Content_Types].xml", lambda _: b"")),
    ("cells over a million", "bulletin", ".html",
     b"<table><tr>" + b"<td rowspan=200 colspan=200>a" * 30),
    ("an array's head cut off", "model", ".model",
     ("idf.npy", lambda content: content[:30] + b"\n" + content[31:])),
    ("weights that are no numbers", "model", ".model", ("idf.npy", lambda _: array([np.nan]))),
    ("leaves of no class", "model", ".model", ("leaves.parent.npy", lambda _: array([9, 9, 9]))),
    ("leaves of no category", "model", ".model", ("leaves.node.npy", lambda _: array([1 << 60] * 3))),
    ("JSON in JSON", "model", ".model",
     ("model.json", lambda _: b'{"a":' * 100_000 + b"1" + b"}" * 100_000)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "suffix", "data"), [case[1:] for case in REFUSED], ids=[c[0] for c in REFUSED]
)
def test_refused_with_a_remedy(kind: str, suffix: str, data: bytes | Change) -> None:
    damaged_file = data if isinstance(data, bytes) else archive(kind, suffix, *data)
    assert judge(kind, suffix, damaged_file) == "refused"


def test_files_as_they_should_be_are_read() -> None:
    for kind, suffix, data in seeds():
        assert judge(kind, suffix, data) == "read", f"{kind} {suffix}"


def test_damaged_files_are_read_or_refused() -> None:
    outcomes = [judge(*damaged(seed)) for seed in SMALL_RUN]
    assert outcomes.count("read") > 50
    assert outcomes.count("refused") > 50


def test_a_wide_row_of_a_page_takes_linear_time() -> None:
    assert judge("bulletin", ".html", b"<table><tr>" + b"<td>a" * 200_000) == "read"
