"""Data files: every mistake of a file is told at once, with its key and what to write instead."""

import re
from contextlib import suppress
from datetime import date, time
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import Literal

import pytest
from pydantic import Field, field_validator

import hotline_tools
from hotline_tools.datafile import DataModel, check, parsed, read_toml
from hotline_tools.errors import DataFileError, InputError


class Step(DataModel):
    days: int = Field(ge=1)
    kind: Literal["calendar", "working"] = "calendar"


class File(DataModel):
    name: str
    words: tuple[str, ...] = ()
    step: tuple[Step, ...] = ()
    target: float = 0.95

    @field_validator("name")
    @classmethod
    def _short(cls, value: str) -> str:
        if len(value) > 3:
            raise ValueError("名称至多三个字")
        return value


def test_lists_become_tuples_and_what_is_right_is_read() -> None:
    found = parsed(File, {"name": "甲", "words": ["一", "二"], "step": [{"days": 2}]}, where="a.toml")
    assert found == File(name="甲", words=("一", "二"), step=(Step(days=2),))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        pytest.param({}, "缺 name", id="a key is missing"),
        pytest.param({"name": "甲", "worts": []}, "worts 不认识，是不是 words？", id="a key is misspelt"),
        pytest.param(
            {"name": "甲", "zzz": 1}, "zzz 不认识，可用：name、words、step、target", id="a key is foreign"
        ),
        pytest.param({"name": 3}, "name 须是文字，不能是 3", id="a number for a text"),
        pytest.param({"name": "甲", "words": "一"}, "words 须是列表，不能是 '一'", id="a text for a list"),
        pytest.param({"name": "甲乙丙丁"}, "name：名称至多三个字", id="a validator's own sentence"),
        pytest.param(
            {"name": "甲", "step": [{"days": 0}]}, "step[1].days：须不小于 1，不能是 0", id="out of bounds"
        ),
        pytest.param(
            {"name": "甲", "step": [{"days": 1, "kind": "workin"}]},
            "step[1].kind = “workin” 不认识，是不是 working？",
            id="not a choice",
        ),
    ],
)
def test_a_mistake_is_told_with_file_and_key(data: dict[str, object], said: str) -> None:
    with pytest.raises(DataFileError) as caught:
        parsed(File, data, where="a.toml")
    assert str(caught.value).startswith("a.toml：文件有误：")
    assert said in str(caught.value)


def test_all_mistakes_are_told_at_once() -> None:
    with pytest.raises(DataFileError) as caught:
        parsed(File, {"words": 1, "step": [{"days": "x"}]}, where="a.toml")
    assert all(key in str(caught.value) for key in ("缺 name", "words", "step[1].days"))


@pytest.mark.parametrize(
    "content", [b"name = ", b"\xff\xff\xff", None], ids=["no TOML", "no text", "no file"]
)
def test_what_is_no_toml_is_one_error(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "a.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(DataFileError, match=r"a\.toml"):
        read_toml(path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_files_of_any_editor_are_read(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.toml"
    path.write_bytes('name = "甲"\r\n["其他"]\r\n'.encode(encoding))
    assert read_toml(path) == {"name": "甲", "其他": {}}


WRONG_VALUES = (
    None,
    True,
    -1,
    1.5,
    float("nan"),
    "x",
    (),
    ("x", 1),
    {"x": {}},
    date(2025, 1, 1),
    time(9),
    b"x",
)


def every_model() -> list[type[DataModel]]:
    for module in walk_packages(hotline_tools.__path__, "hotline_tools."):
        if not module.name.endswith(("__main__", ".spark", ".failures", ".repeats_on_spark")):
            with suppress(ImportError, InputError):  # an extra
                import_module(module.name)
    found = list(DataModel.__subclasses__())
    for model in found:  # grows meanwhile
        found += model.__subclasses__()
    return found


def test_no_mistake_in_any_data_file_is_told_in_english() -> None:
    """Every key of every model, each with values of other types and out of range."""
    models = every_model()
    assert len(models) > 30
    said = {
        (model.__name__, text)
        for model in models
        for name, field in model.model_fields.items()
        for value in WRONG_VALUES
        for text in check(model, {field.alias or name: value})
    }
    english = re.compile(r"[A-Za-z]+ (should|must|is|are|has|have) ")
    assert [text for text in said if english.search(text[1])] == []
    assert len(said) > 500
