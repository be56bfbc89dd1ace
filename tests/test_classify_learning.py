"""Training on any column, evaluation, zero-shot on a user's taxonomy, review, new topics."""

from itertools import product
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from sklearn.svm import LinearSVC

from hotline_tools.classify import Classifier
from hotline_tools.classify.areas import area_words, named_areas
from hotline_tools.classify.evaluation import cross_validate, evaluate_classifier
from hotline_tools.classify.fitting import fit_svc
from hotline_tools.classify.metrics import classification_figures, confusion_pairs, coverage, macro_f1
from hotline_tools.classify.modelfile import save_model
from hotline_tools.classify.nearduplicates import near_duplicate_groups
from hotline_tools.classify.training import split_path, train
from hotline_tools.errors import DataFileError
from hotline_tools.taxonomy import load_taxonomy

PLACES = ("阳光花园", "翠湖小区", "和平里", "幸福家园", "金色年华", "东方名城", "书香苑", "滨河新村")
PROBLEMS = {
    "房管所/物业": ("物业不打扫楼道", "物业乱收停车费", "电梯坏了物业不修", "保安态度恶劣"),
    "水务局/供水": ("自来水停水两天", "水压太低洗不了澡", "水费突然翻倍", "水龙头流黄水"),
    "教育局/招生": ("孩子入学需要什么材料", "小学学区怎么划分", "幼儿园收费太高", "老师有偿补课"),
}
ROWS = [
    (f"{place}{problem}", f"{place}的居民反映：{problem}，已经{i + 2}天了，请尽快处理。", label)
    for label, problems in PROBLEMS.items()
    for problem in problems
    for i, place in enumerate(PLACES)
]
TITLES, CONTENTS, LABELS = ([row[i] for row in ROWS] for i in range(3))


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Classifier:
    model = train([*TITLES, "无"], [*CONTENTS, "无"], [*LABELS, ""], label="承办单位")
    file = tmp_path_factory.mktemp("model") / "units.model"
    save_model(model, file)
    return Classifier.load(file)


def test_a_trained_model_learns_level_by_level(trained: Classifier) -> None:
    assert trained.classes == ("房管所", "教育局", "水务局")
    row = trained.classify(["新城小区停水"], ["自来水停了，水费照收"]).to_pylist()[0]
    assert (row["category"], row["subcategory"]) == ("水务局", "供水")
    assert row["request_type"] is not None


def test_the_card_says_what_it_was_made_of(trained: Classifier) -> None:
    card = trained.model.card
    assert card["rows"] == len(ROWS)
    assert card["classes"] == {"房管所": 32, "教育局": 32, "水务局": 32}
    assert card["notes"] == ["1 行没有标签，未学习"]
    assert card["cross_validated"]["accuracy"] > 0.9
    assert "scikit-learn" in card["versions"]


def test_a_model_needs_the_built_in_model_it_stands_on(trained: Classifier, tmp_path: Path) -> None:
    from hotline_tools.classify.modelfile import load_model
    from hotline_tools.errors import ModelError

    save_model(trained.model, tmp_path / "m.model")
    with pytest.raises(ModelError, match="另一版内置模型"):
        load_model(tmp_path / "m.model")


BAD_LABELS = [
    ("one class", ["甲"] * len(ROWS), "只有 1 个"),
    ("no label at all", [""] * len(ROWS), "只有 0 个"),
    ("a class with two examples", ["甲"] * (len(ROWS) - 2) + ["乙"] * 2, "只有 1 个"),
]


@pytest.mark.parametrize(("what", "labels", "message"), BAD_LABELS, ids=[b[0] for b in BAD_LABELS])
def test_labels_that_cannot_be_learnt(what: str, labels: list[str], message: str) -> None:
    with pytest.raises(DataFileError, match=message):
        train(TITLES, CONTENTS, labels, label="单位")


def test_a_tiny_class_is_left_out_and_named() -> None:
    labels = [*LABELS[:-2], "档案局", "档案局"]
    assert any("档案局" in note for note in train(TITLES, CONTENTS, labels, label="单位").card["notes"])


def test_cross_validation_gives_figures_and_tables() -> None:
    found = cross_validate(TITLES, CONTENTS, LABELS, label="承办单位")
    figures = found.figures()
    assert figures["rows"] == len(ROWS)
    assert figures["accuracy"] > 0.9
    assert figures["top3_accuracy"] == 1
    assert {row["category"] for row in found.per_class()} == {"房管所", "教育局", "水务局"}
    assert found.coverage()[0]["coverage"] == 1


def test_evaluating_a_finished_model_counts_unknown_labels_as_wrong(trained: Classifier) -> None:
    found = evaluate_classifier(trained, TITLES[:4], CONTENTS[:4], ["房管所", "房管所/物业", "不存在局", ""])
    assert found.figures()["accuracy"] == pytest.approx(2 / 3, abs=1e-3)
    assert any("不存在局" in note for note in found.notes)
    assert found.confusions()[0]["truth"] == "（模型没有的类别）"


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("住房城乡建设->物业管理->电梯故障", ("住房城乡建设", "物业管理", "电梯故障")),
        (" 甲 / 乙 ", ("甲", "乙")),
        ("甲>乙", ("甲", "乙")),
        ("", ()),
        (None, ()),
    ],
)
def test_label_paths(text: str | None, path: tuple[str, ...]) -> None:
    assert split_path(text) == path


def test_zero_shot_with_names_only(tmp_path: Path) -> None:
    file = tmp_path / "本市.csv"
    file.write_text(
        "一级分类,二级分类\n城建,道路养护\n城建,园林绿化\n城建,自来水供应\n教育,招生考试\n教育,师德师风\n"
        "人社,工资发放\n人社,养老保险\n",
        encoding="utf-8",
    )
    classifier = Classifier.from_taxonomy(load_taxonomy(file))
    assert classifier.classes == ("城建", "教育", "人社")
    assert classifier.taxonomy_label == "本市"
    cases = [
        ("路面坑洼", "解放路路面破损，坑坑洼洼，请维修。", "城建", "道路养护"),
        ("工地拖欠工资", "老板拖欠我们农民工三个月工资。", "人社", "工资发放"),
        ("咨询退休", "养老保险缴满十五年，退休金怎么领？", "人社", "养老保险"),
        ("家里没水", "自来水停了三天，水压低。", "城建", "自来水供应"),
    ]
    table = classifier.classify([c[0] for c in cases], [c[1] for c in cases])
    assert [(r["category"], r["subcategory"]) for r in table.to_pylist()] == [(c[2], c[3]) for c in cases]
    assert all(table["evidence"].to_pylist())


def test_zero_shot_uses_the_users_keywords(tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    file.write_text("类别,关键词\n甲类,哈罗伯特机 星云箱\n乙类,月光柜\n", encoding="utf-8")
    classifier = Classifier.from_taxonomy(load_taxonomy(file))
    assert classifier.classify(["月光柜坏了", "哈罗伯特机"], ["", ""])["category"].to_pylist() == [
        "乙类",
        "甲类",
    ]


def test_near_identical_texts_share_a_group() -> None:
    base = "小区物业长期不作为，电梯坏了三个月没有人修理，老人上下楼十分困难，请领导重视。"
    other = "解放路与人民路交叉口红绿灯时间太短，行人过马路非常危险，建议延长绿灯时间。"
    groups = near_duplicate_groups(pa.array([base, base + "谢谢！", other, "", ""]))
    assert groups[0] == groups[1]
    assert len(set(groups.tolist())) == 4


def test_figures_by_hand() -> None:
    truth, predicted = np.array([0, 0, 1, 1]), np.array([0, 1, 1, 1])
    confidence = np.array([0.9, 0.4, 0.8, 0.7], np.float32)
    figures = classification_figures(
        truth, predicted, confidence, np.array([-1, 1, -1, -1]), review_below=0.5
    )
    assert figures["accuracy"] == 0.75
    assert figures["accuracy_with_alternatives"] == 1.0
    assert figures["review_share"] == 0.25
    assert figures["accuracy_kept"] == 1.0
    assert macro_f1(truth, predicted) == pytest.approx((2 / 3 + 0.8) / 2)
    assert confusion_pairs(truth, predicted) == [(0, 1, 1)]
    assert coverage(confidence, truth == predicted)[8] == (0.8, 0.5, 1.0)


def test_a_fit_that_runs_out_of_iterations_is_told_and_not_warned_of() -> None:
    # Warnings are errors here: scikit-learn's would fail the test.
    dice = np.random.default_rng(3)
    rows, truth = dice.normal(size=(200, 20)), dice.integers(0, 3, 200)
    assert not fit_svc(LinearSVC(C=100.0, max_iter=1, random_state=0), rows, truth)
    assert fit_svc(LinearSVC(C=0.01, max_iter=100_000, random_state=0), rows, truth)


AREAS = [
    ("沙河口区兴工街道办事处", ("兴工", "沙河口"), "each level"),
    ("辽宁省瓦房店市人民政府", ("瓦房店", "辽宁"), "province and city"),
    ("金普新区管理委员会", ("金普",), "新区 is a kind of area"),
    ("开发区分局", ("开发区",), "without 区 it is a word of any text"),
    ("金州分局", ("金州",), "a branch is named after its area"),
    ("A3区城管局", ("A3",), "an anonymised district"),
    ("教育局", (), "no area"),
    ("区住房和城乡建设局", (), "a district without a name; 城乡 is no 乡"),
    ("城乡建设委员会", (), "城乡 is no 乡"),
    ("社区服务中心", (), "社区 is no district"),
]


@pytest.mark.parametrize(("name", "words", "why"), AREAS)
def test_areas_that_a_unit_is_named_after(name: str, words: tuple[str, ...], why: str) -> None:
    assert area_words([name]) == words, why


def test_which_areas_a_message_names() -> None:
    titles = pa.array(["甘井子路灯不亮", None, "路灯不亮"])
    contents = pa.array(["从金州到甘井子", "金州区某路", None])
    found = named_areas(("甘井子", "金州"), titles, contents)
    assert found.tolist() == [[1, 1, 0], [0, 1, 0], [0, 0, 1]]
    assert named_areas((), titles, contents).shape == (3, 0)


def test_the_area_that_a_message_names_decides_between_units_of_one_duty(tmp_path: Path) -> None:
    """Every message of the examples has a place of its own; the district is in the middle of a word."""
    rows = [
        (f"{place}{number}号楼停水", f"住在{area}{place}{number}号，{what}。", f"{area}区水务局")
        for number, (place, what) in enumerate(product(PLACES, ("自来水停了", "水压低", "水管漏水")), 1)
        for area in ("云溪", "石岭")
    ]
    titles, contents, labels = (list(column) for column in zip(*rows, strict=True))
    model = train(titles, contents, labels, label="承办单位")
    assert model.before is not None
    assert model.before.areas == ("云溪", "石岭")
    save_model(model, tmp_path / "m.model")
    loaded = Classifier.load(tmp_path / "m.model")
    assert loaded.model.before is not None
    assert loaded.model.before.areas == model.before.areas
    unseen = (["停水"] * 2, ["家住云溪新村，停水三天。", "家住石岭新村，停水三天。"])
    for classifier in (Classifier(model), loaded):
        found = classifier.classify(*unseen)
        assert found["category"].to_pylist() == ["云溪区水务局", "石岭区水务局"]
