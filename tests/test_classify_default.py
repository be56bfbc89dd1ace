"""The built-in classifier: what it says of plain messages, and what it must never depend on."""

import math
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from hotline_tools.classify import RESULT, Classifier
from hotline_tools.classify.calibration import Amounts, Calibration
from hotline_tools.classify.excerpts import excerpts
from hotline_tools.classify.features import FeatureSpace
from hotline_tools.classify.modelfile import DEFAULT_MODEL, load_model, save_model
from hotline_tools.classify.taxonomyjson import taxonomy_to_json
from hotline_tools.errors import ModelError
from hotline_tools.sample import generate_month
from hotline_tools.schema import RequestType
from hotline_tools.taxonomy import default_taxonomy, load_request_cues, load_rules

CASES = [
    (
        "小区停车归物业",
        "小区停车位被外来车辆占用",
        "物业不管，业主下班没有车位可停。",
        "物业管理",
        "小区停车与车位",
    ),
    (
        "路边违停归交管",
        "学校门口车辆违停",
        "解放路两侧长期有车辆乱停，交警从来不贴罚单。",
        "交通管理",
        "机动车违停与停车位",
    ),
    (
        "加装电梯归住房",
        "咨询老旧小区加装电梯",
        "我们楼想增设电梯，一楼住户反对，如何办理？",
        "住房与房产",
        "老旧小区改造与加装电梯",
    ),
    ("电梯故障归物业", "电梯经常坏", "小区电梯三天两头停运困人，物业迟迟不修。", "物业管理", "电梯运行"),
    ("夜间施工归噪声", "工地凌晨还在施工", "隔壁工地打桩到半夜两点，孩子睡不着觉。", "噪声扰民", "施工噪声"),
    ("供暖", "家里暖气不热", "室温只有十四度，供热公司说管网改造。", "供水供电供气供热", "供暖温度与收费"),
    ("欠薪", "工地拖欠农民工工资", "包工头跑了，三十多个工人的血汗钱没人给。", "劳动就业", "拖欠工资"),
    (
        "医保归社保",
        "异地住院医保怎么报销",
        "父亲在外地住院，请问报销比例是多少？",
        "社会保障",
        "医疗保险与报销",
    ),
    ("公交", "建议增加508路公交班次", "早高峰等半小时，车上挤不上去。", "公共交通与运输", "公交线路与班次"),
    ("快递", "快递丢失无人赔偿", "快递公司把我的包裹弄丢了，客服一直推脱。", "通信邮政", "快递与邮政"),
    ("违建归城管", "楼上私自搭建阳光房", "顶楼住户违章搭建，城管来了几次也没拆。", "城市管理", "违法建设"),
    (
        "村道归农村",
        "我村通村公路未硬化",
        "全组村民出行困难，下雨天全是泥巴路。",
        "农业农村",
        "农村道路与饮水",
    ),
    ("繁体字也认得", "電梯壞了沒人修", "小區電梯停運一週，物業不作為。", "物业管理", "电梯运行"),
]


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    return Classifier.default()


@pytest.mark.parametrize("case", CASES, ids=[c[0] for c in CASES])
def test_plain_messages(classifier: Classifier, case: tuple[str, str, str, str, str]) -> None:
    _, title, content, category, subcategory = case
    row = classifier.classify([title], [content]).to_pylist()[0]
    assert (row["category"], row["subcategory"]) == (category, subcategory)
    assert row["evidence"]


@pytest.mark.parametrize(
    ("title", "content", "kind"),
    [
        ("请问公积金如何提取", "想咨询一下需要什么材料？", "咨询"),
        ("感谢社区工作人员", "衷心感谢他们热心帮助，特此表扬！", "表扬"),
        ("举报某公司偷税漏税", "该公司不开发票，涉嫌偷税，请查处。", "举报"),
        ("建议在路口增设红绿灯", "建议交警部门优化路口，增设信号灯。", "建议"),
        ("投诉物业乱收费", "物业公司乱收费，态度恶劣，要求退款。", "投诉"),
    ],
)
def test_request_types(classifier: Classifier, title: str, content: str, kind: str) -> None:
    assert classifier.classify([title], [content])["request_type"].to_pylist() == [kind]


def test_result_has_the_agreed_columns_and_names(classifier: Classifier) -> None:
    table = classifier.classify([c[1] for c in CASES], [c[2] for c in CASES])
    assert table.schema == RESULT
    taxonomy = default_taxonomy()
    leaves = {leaf.key for leaf in taxonomy.leaves()}
    for row in table.to_pylist():
        assert f"{row['category']}/{row['subcategory']}" in leaves
        assert 0 <= row["confidence"] <= 1
        assert row["request_type"] in set(RequestType)


def test_a_row_does_not_depend_on_the_others(classifier: Classifier) -> None:
    titles, contents = [c[1] for c in CASES] * 40, [c[2] for c in CASES] * 40
    together = classifier.classify(titles, contents)
    backwards = classifier.classify(titles[::-1], contents[::-1])
    assert together.to_pylist() == backwards.to_pylist()[::-1]
    for i in (0, 5, 12):
        alone = classifier.classify([titles[i]], [contents[i]]).to_pylist()[0]
        assert alone == together.slice(i, 1).to_pylist()[0]


def test_chunks_do_not_show(classifier: Classifier) -> None:
    titles, contents = (
        pa.chunked_array([["停水"], ["停电", None]]),
        pa.chunked_array([["没水", "没电"], ["噪音"]]),
    )
    assert classifier.classify(titles, contents).num_rows == 3


def test_nothing_to_read_needs_review(classifier: Classifier) -> None:
    rows = classifier.classify(["", None, "。。。"], [None, "", "！"]).to_pylist()
    assert all(row["needs_review"] and row["confidence"] < 0.5 for row in rows)


SILENT = [
    ("交通號誌異常", "a type name of words that the lexicon does not know, Traditional"),
    ("交通号志异常", "the same, Simplified"),
    ("黟歙獙獚", "characters of no word"),
    ("尊敬的领导您好", "a greeting"),
    ("Street light out", "English"),
    ("", "nothing"),
]


@pytest.mark.parametrize(("text", "why"), SILENT, ids=[s[1] for s in SILENT])
def test_no_category_where_the_text_says_nothing_of_it(classifier: Classifier, text: str, why: str) -> None:
    row = classifier.classify([None], [text]).to_pylist()[0]
    assert (row["category"], row["confidence"], row["needs_review"]) == (None, 0.0, True), why


def test_a_short_text_is_less_sure_than_a_whole_one(classifier: Classifier) -> None:
    whole = "小区电梯停运一周，老人上下楼困难，物业不作为，业主多次要求维修无人处理。"
    short = [classifier.classify([None], [whole[:n]])["confidence"][0].as_py() for n in (2, 6, len(whole))]
    assert short == sorted(short) and short[0] < 0.5 < short[-1]


def test_confidence_by_hand() -> None:
    calibration = Calibration(1.0, (0.5, 1.0, 0.25, 2.0, -0.5), 0.6)
    e = math.e
    amounts = Amounts(np.array([e, 0.0], np.float32), np.array([e - 1, 0.0], np.float32))
    found = calibration.confidence(np.array([0.5, 0.5], np.float32), amounts)
    # log odds of a half are 0 but for LEAST_DOUBT; log mass 1 and 0, log points 1 and 0
    assert found == pytest.approx([1 / (1 + e**-2.75), 1 / (1 + e**-0.5)], abs=1e-3)
    assert Calibration(1.0, (), 0.6).confidence(np.array([0.8], np.float32), amounts) == pytest.approx([0.76])


def test_excerpts_are_pieces_of_their_messages() -> None:
    titles, contents = pa.array(["停水 三天", None, ""]), pa.array(["小区停水，\n请处理" * 9, "没水用", None])
    cut = excerpts(titles, contents, np.arange(3))
    assert cut.of.tolist() == [0, 0, 1]
    texts = cut.texts.to_pylist()
    assert texts[0] == "停水 三"
    assert len(texts[1]) == 4 and texts[1] in " ".join(contents[0].as_py().split())
    assert texts[2] == "没水用"


def test_empty_input(classifier: Classifier) -> None:
    assert classifier.classify([], []).schema == RESULT


def test_place_tokens_of_the_training_boards_are_not_learnt(classifier: Classifier) -> None:
    words = classifier.model.space.words
    for artefact in ("a市", "a3区", "西地省", "大连", "甘井子", "星沙", "梅溪湖", "金普新区"):
        assert artefact not in words


def test_evidence_stands_in_the_message(classifier: Classifier) -> None:
    for _, title, content, _, _ in CASES[:-1]:
        row = classifier.classify([title], [content]).to_pylist()[0]
        for word in row["evidence"].split(";"):
            assert word in (title + content).lower()


def test_two_processes_give_the_same(classifier: Classifier) -> None:
    titles, contents = [c[1] for c in CASES] * 200, [c[2] for c in CASES] * 200
    assert classifier.classify(titles, contents, workers=2) == classifier.classify(titles, contents)


def test_the_model_was_fitted_with_the_shipped_taxonomy(classifier: Classifier) -> None:
    taxonomy = default_taxonomy()
    rules, cues = load_rules(taxonomy), load_request_cues()
    words = FeatureSpace.needed_words(taxonomy, rules, cues)
    shipped = FeatureSpace(words, np.ones(len(words), np.float32), taxonomy, rules, cues)
    assert taxonomy_to_json(classifier.model.space) == taxonomy_to_json(shipped), (
        "the lexicon was edited after the model was fitted: "
        "run `python benchmarks/classify_fit_default.py TEXTS_FOLDER` and commit the model with the lexicon"
    )


def test_a_model_survives_its_file(tmp_path: Path, classifier: Classifier) -> None:
    save_model(classifier.model, tmp_path / "m.model")
    again = Classifier(load_model(tmp_path / "m.model"))
    titles, contents = [c[1] for c in CASES], [c[2] for c in CASES]
    assert again.classify(titles, contents)["category"] == classifier.classify(titles, contents)["category"]
    assert not list(tmp_path.glob("*.part"))


@pytest.mark.parametrize(
    ("what", "data"),
    [
        ("text", b"hello"),
        ("empty", b""),
        ("pickle", b"\x80\x04."),
        ("zip without a model", None),
        ("cut", b"PK"),
    ],
)
def test_what_is_no_model_is_refused(tmp_path: Path, what: str, data: bytes | None) -> None:
    file = tmp_path / "x.model"
    if data is None:
        import zipfile

        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("a.txt", "a")
    else:
        file.write_bytes(data if data != b"PK" else DEFAULT_MODEL.read_bytes()[:5000])
    with pytest.raises(ModelError, match="不是模型文件") as error:
        Classifier.load(file)
    assert "\n" not in str(error.value)


def test_a_missing_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="找不到模型文件"):
        Classifier.load(tmp_path / "no.model")


def test_probabilities_sum_to_one(classifier: Classifier) -> None:
    classes, probabilities, _ = classifier.probabilities(["停水"], ["没水"])
    assert classes == default_taxonomy().names
    assert np.allclose(probabilities.sum(axis=1), 1, atol=1e-5)


@pytest.fixture(scope="module")
def month() -> pa.Table:
    return generate_month(orders=400).orders


@pytest.mark.parametrize("size", [1, 7, 128])
def test_a_label_is_the_same_to_the_last_digit_whatever_the_batch(month: pa.Table, size: int) -> None:
    titles, contents = month["诉求标题"].combine_chunks(), month["诉求内容"].combine_chunks()
    classifier = Classifier.default()
    whole = classifier.classify(titles, contents)
    rows = range(0, min(len(titles), 40 * size), size)
    parts = [classifier.classify(titles.slice(i, size), contents.slice(i, size)) for i in rows]
    assert pa.concat_tables(parts).equals(whole.slice(0, rows[-1] + size))


def test_two_processes_give_the_same_table(month: pa.Table) -> None:
    copies = [pa.concat_arrays([month[name].combine_chunks()] * 6) for name in ("诉求标题", "诉求内容")]
    classifier = Classifier.default()
    assert classifier.classify(*copies, workers=2).equals(classifier.classify(*copies))
