"""The lexicon of repeats: the shipped file is valid, and an edited one is told every mistake at once."""

from importlib.resources import files
from pathlib import Path

import pytest

from hotline_tools.errors import DataFileError
from hotline_tools.repeats.text.lexicon import lexicon, read_lexicon

SHIPPED = files("hotline_tools.repeats.text").joinpath("lexicon.toml").read_text(encoding="utf-8")


def edited(folder: Path, *changes: tuple[str, str]) -> Path:
    text = SHIPPED
    for before, after in changes:
        assert before in text
        text = text.replace(before, after, 1)
    path = folder / "词表.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_shipped_lexicon_is_valid() -> None:
    assert lexicon().kind_of["小区"] == "estate"
    assert lexicon().tails.sub("", "丽发新城小区项目") == "丽发新城"
    assert "电梯" in lexicon().aspects


def test_an_edited_copy_is_read(tmp_path: Path) -> None:
    path = edited(tmp_path, ('"小区", "花园"', '"小区", "镇海楼", "花园"'))
    assert read_lexicon(path).kind_of["镇海楼"] == "estate"
    assert read_lexicon(path).longest_ending == lexicon().longest_ending


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("estate = [", "estates = [", "endings.estates"),
        ('"路", "大道"', '"路", "小区", "大道"', "词尾写了两次：小区"),
        ("'电梯'", "'电梯('", "aspects.电梯：不是有效的正则表达式"),
        ("'电梯'", "'电梯|'", "aspects.电梯：有一个分支是空的"),
        ('"路", "大道"', '"路", 7, "大道"', "endings.road[2] 须是文字"),
        ("[words]", "[word]", "缺 words"),
        ("whole_areas = [", "whole_areas = [[", "不是有效的 TOML"),
    ],
)
def test_mistakes_are_told_with_their_key(tmp_path: Path, before: str, after: str, told: str) -> None:
    with pytest.raises(DataFileError) as caught:
        read_lexicon(edited(tmp_path, (before, after)))
    assert told in str(caught.value)
    assert "词表.toml" in str(caught.value)


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    path = edited(tmp_path, ("'电梯'", "'电梯('"), ("whole_areas", "whole_area"))
    with pytest.raises(DataFileError) as caught:
        read_lexicon(path)
    assert all(
        key in str(caught.value) for key in ("aspects.电梯", "words.whole_areas", "words.whole_area 不认识")
    )
