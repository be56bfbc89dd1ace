"""Finding and counting words in whole batches: exact against plain Python."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotline_tools.classify.codes import encode, fold_codes
from hotline_tools.classify.counts import TermCounter
from hotline_tools.classify.trie import Trie
from hotline_tools.text import fold

TEXT = st.text(alphabet="物业停水电梯abａ１\n，。", max_size=30)
WORDS = st.lists(
    st.text(alphabet="物业停水电梯ab", min_size=1, max_size=5), min_size=1, max_size=12, unique=True
)


@given(st.lists(st.tuples(TEXT, TEXT), min_size=1, max_size=6), WORDS)
@settings(max_examples=150, deadline=None)
def test_counts_equal_a_plain_search(messages: list[tuple[str, str]], words: list[str]) -> None:
    batch = encode(pa.array([t for t, _ in messages]), pa.array([c for _, c in messages]))
    counts = TermCounter(words).count(batch)
    found = {
        (int(r), words[w]): (t, h)
        for r, w, t, h in zip(counts.row, counts.word, counts.total, counts.title, strict=True)
    }
    expected = {}
    for row, (title, content) in enumerate(messages):
        head, body = fold_codes(title.replace("\n", " ")), fold_codes(content)
        whole = f"{head}\n{body}"
        for word in words:
            places = [i for i in range(len(whole)) if whole.startswith(word, i)]
            if places:
                expected[row, word] = (len(places), sum(i < len(head) for i in places))
    assert found == expected
    of_many = TermCounter(words).count(replace(batch, rows=1 << 31))  # its keys do not fit into 32 bits
    for name in ("row", "word", "total", "title"):
        assert getattr(of_many, name).tolist() == getattr(counts, name).tolist()


def test_folding_is_the_one_of_text_fold_character_by_character() -> None:
    for text in ("電梯壞了", "ＡＢＣ１２３", "物业", "Wi-Fi", "國慶ＫＴＶ"):
        assert fold_codes(text) == fold(text)


def test_long_messages_are_read_at_head_and_tail_only() -> None:
    content = "甲" * 420 + "乙" * 500 + "丙" * 120
    batch = encode(pa.array(["题"]), pa.array([content]))
    text = batch.text(0, len(batch.codes))
    assert "乙" not in text
    assert text.count("甲") == 420
    assert text.count("丙") == 120


def test_a_slice_of_an_array_is_encoded_as_itself() -> None:
    titles, contents = pa.array(["一", None, "三"]), pa.array([None, "二", "叁"])
    batch = encode(titles.slice(1), contents.slice(1))
    assert batch.text(0, len(batch.codes)) == "\n二\n三\n叁\n"
    assert batch.row.tolist() == [0, 0, 0, 1, 1, 1, 1]


def test_a_trie_with_shared_beginnings_finds_all() -> None:
    codes = np.frombuffer("小区停车位费".encode("utf-16-le"), np.uint16)
    found = Trie(["小区", "小区停车", "停车", "停车位费", "费"]).find(codes)
    assert sorted(zip(found.start.tolist(), found.word.tolist(), strict=True)) == [
        (0, 0),
        (0, 1),
        (2, 2),
        (2, 3),
        (5, 4),
    ]


@pytest.mark.parametrize(
    ("what", "text", "total", "asked"),
    [
        ("plain", "楼下噪音", 1, 0),
        ("negated", "不是噪音", 0, 0),
        ("asked for in the same clause", "请处理噪音", 1, 1),
        ("asked before, in another clause", "请处理，噪音", 1, 0),
    ],
)
def test_negators_and_asking_words(what: str, text: str, total: int, asked: int) -> None:
    counter = TermCounter(["噪音"], negators=["不是"], asks=["请"])
    counts = counter.count(encode(pa.array([""]), pa.array([text])))
    assert counts.total.sum() == total
    assert counts.asked.sum() == asked
