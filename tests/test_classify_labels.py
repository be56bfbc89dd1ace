"""The labels behind the built-in model are in the repository, and refitting is reproducible."""

import sys
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pandas as pd
import pytest

from cli import hotline
from hotline_tools.classify import Classifier
from hotline_tools.classify.modelfile import load_model
from hotline_tools.sample.hotline import generate_month
from hotline_tools.taxonomy import default_taxonomy, load_request_cues

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"


@pytest.fixture(scope="module")
def fitting() -> ModuleType:
    sys.path.insert(0, str(BENCHMARKS))
    yield import_module("classify_fit_default")
    sys.path.remove(str(BENCHMARKS))


@pytest.fixture(scope="module")
def labels() -> pd.DataFrame:
    return pd.read_csv(BENCHMARKS / "labels.csv", dtype=str, keep_default_na=False)


def test_the_file_holds_labels_and_no_texts(labels: pd.DataFrame) -> None:
    assert list(labels.columns) == [
        "source", "id", "category", "subcategory", "request_type", "alternative", "readers", "sample",
    ]  # fmt: skip
    assert not labels.duplicated(["source", "id"]).any()
    assert len(labels) > 8000
    assert (labels["readers"] != "0").sum() > 5000
    assert (labels["sample"] == "1").sum() == 2000


def test_every_label_is_of_the_default_taxonomy(labels: pd.DataFrame) -> None:
    taxonomy = default_taxonomy()
    assert set(labels["category"]) <= {*taxonomy.names}
    assert set(labels["alternative"]) - {""} <= {*taxonomy.names}
    below = {(leaf.path[0], leaf.path[1]) for leaf in taxonomy.leaves() if len(leaf.path) == 2}
    read = labels[(labels["readers"] != "0") & (labels["subcategory"] != "")]
    unknown = [pair for pair in zip(read["category"], read["subcategory"], strict=True) if pair not in below]
    assert len(unknown) <= 0.01 * len(read), unknown[:5]
    assert set(labels["request_type"]) - {""} <= {*load_request_cues(), "其他"}


def test_the_shipped_model_says_which_labels_and_lexicon_it_was_fitted_on(
    labels: pd.DataFrame, fitting: ModuleType
) -> None:
    model = Classifier.default().model
    name = fitting.digest(labels, default_taxonomy())
    assert model.name == f"内置模型 {name}", "run benchmarks/classify_fit_default.py"
    assert model.card["rows"] == len(labels)


def test_a_word_more_in_the_lexicon_names_another_model(labels: pd.DataFrame, fitting: ModuleType) -> None:
    shipped = default_taxonomy()
    first, *others = shipped.categories
    edited = replace(shipped, categories=(replace(first, terms={**first.terms, "电梯困人": 2.0}), *others))
    assert fitting.digest(labels, edited) != fitting.digest(labels, shipped)


def test_refitting_gives_the_same_bytes(fitting: ModuleType, tmp_path: Path) -> None:
    sample = generate_month("2021-06", 3, 500)
    frame = pd.DataFrame({
        "source": "hotline", "id": sample.orders["工单编号"].to_pylist(),
        "title": sample.orders["诉求标题"].to_pylist(), "content": sample.orders["诉求内容"].to_pylist(),
        "category": sample.truth["category"].to_pylist(),
        "subcategory": sample.truth["subcategory"].to_pylist(),
        "request_type": sample.truth["request_type"].to_pylist(),
        "alternative": "", "readers": "1", "sample": "1",
    }).fillna("")  # fmt: skip
    files = []
    for name in ("a", "b"):
        model, idf = tmp_path / f"{name}.model", tmp_path / f"{name}.npz"
        figures = fitting.fit_default(frame, model, idf)
        files.append((model.read_bytes(), idf.read_bytes()))
    assert files[0] == files[1]
    assert figures["accuracy"] > 0.5, "it has learnt something"
    assert load_model(tmp_path / "a.model").card["rows"] == len(frame)


def test_a_store_in_english_is_told_why_it_has_no_categories(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(
        "工单编号,受理时间,诉求标题,诉求内容\n"
        + "".join(f"{i},2025-06-0{i} 08:00,Pothole,There is a pothole in Main St {i}\n" for i in range(1, 8)),
        "utf-8",
    )
    hotline("import", "a.csv", cwd=tmp_path)
    ran = hotline("classify", cwd=tmp_path)
    assert "未归类 7 件" in ran.err
    assert "前五类" not in ran.err
    told = "".join(hotline("report", "categories", cwd=tmp_path).out.split())
    assert "未归类7件，已计入分母；归类后仍没有类别的，文字里没有中文" in told
    assert "hotlineclassify" not in told
