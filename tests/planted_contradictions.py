"""A true bulletin in a city's words, and contradictions planted into bulletins to count those found."""

import re
from collections.abc import Callable, Iterator

BULLETIN = """# 2025年6月份12345热线运行情况通报

6月份，全市12345热线共受理群众诉求3128件，日均104.3件，比上月（2785件）增加343件，环比上升12.3%；同比下降4.1%。
其中，咨询类1203件，占38.5%；求助类1014件，占32.4%；投诉类842件，占26.9%；建议类69件，占2.2%。
按渠道分，电话2866件、微信201件、网站61件，合计3128件，分别占91.6%、6.4%和2.0%。
诉求量居前三位的是噪声扰民412件、物业服务388件、市容环境275件，合计1075件，占全部3128件的34.4%。
噪声扰民由上月的305件增至412件（上升35.1%），供水由96件减至61件（下降36.5%），市容环境比上月减少25件，下降8.3%。
应办结2904件，其中按时办结2731件，按时办结率94.0%，比上月提高1.2个百分点；满意率由91.3%提高至92.8%，提高1.5个百分点。
有效评价1560件，其中满意1448件，满意率92.8%。镇街组得分前三位的是甲镇98.2分、乙镇97.5分、丙镇96.1分。
约300件涉及暑期用水，1.2万余人次关注；今年以来累计受理1.83万件。

| 单位 | 受理 | 办结 | 办结率 | 办结率排名 |
| --- | --- | --- | --- | --- |
| 甲镇 | 320 | 301 | 94.1% | 1 |
| 乙镇 | 288 | 262 | 91.0% | 2 |
| 丙镇 | 251 | 221 | 88.0% | 3 |
| 丁镇 | 204 | 171 | 83.8% | 4 |
| 戊镇 | 147 | 119 | 81.0% | 5 |
| 合计 | 1210 | 1074 | 88.8% | |

| 类别 | 本月 | 上月 | 环比 |
| --- | --- | --- | --- |
| 噪声扰民 | 412 | 305 | 35.1% |
| 物业服务 | 388 | 401 | -3.2% |
| 市容环境 | 275 | 300 | -8.3% |
| 道路交通 | 198 | 176 | 12.5% |
| 供水 | 61 | 96 | -36.5% |
"""
"""A true bulletin: every figure follows from the others."""
Planted = Iterator[tuple[str, str]]
"""The changed text, and what was planted."""


def _at(text: str, pattern: str, change: Callable[[re.Match[str]], str]) -> Planted:
    """Yield the text once for each place where the pattern stands, that place alone changed."""
    for match in re.finditer(pattern, text):
        new = change(match)
        if new != match[0]:
            yield text[: match.start()] + new + text[match.end() :], f"{match[0]} → {new}"


def _plus(number: str, by: float = 0.07) -> str:
    digits = len(number.partition(".")[2])
    value = float(number)
    return f"{value + max(value * by, 3 * 10.0**-digits):.{digits}f}"


def share(text: str) -> Planted:
    """A share that its denominator contradicts."""
    return _at(text, r"(?<=件的)(\d+\.\d)(?=%)", lambda m: _plus(m[1]))


def share_of_which(text: str) -> Planted:
    """The first share after 其中, or of a list, that its implied total contradicts."""
    return _at(text, r"(?<=件，占)(\d+\.\d)(?=%)", lambda m: _plus(m[1], 0.3))


def together(text: str) -> Planted:
    """A 合计 that its parts contradict."""
    pattern = r"([是为]|依次)([^。；\n]*件、[^。；\n]*)，合计(\d+)(?=件，占全部)"
    return _at(text, pattern, lambda m: f"{m[1]}{m[2]}，合计{int(m[3]) + 4}")


def way(text: str) -> Planted:
    """A rise called a fall, and the other way round."""
    other = {"增加": "减少", "减少": "增加"}
    return _at(text, r"(?<=件）)(增加|减少)(?=\d+件)", lambda m: other[m[1]])


def difference(text: str) -> Planted:
    """An increase that the two counts contradict."""
    return _at(text, r"(?<=件）)(增加|减少)(\d+)(?=件)", lambda m: f"{m[1]}{int(m[2]) + 6}")


def from_to(text: str) -> Planted:
    """由A件增至B件, called the other way."""
    other = {"增至": "减至", "减至": "增至"}
    return _at(text, r"(?<=件)(增至|减至)(?=\d+件)", lambda m: other[m[1]])


def change_rate(text: str) -> Planted:
    """A rate of change that the counts contradict."""
    return _at(text, r"(件（|，环比)(上升|下降)(\d+\.\d)(?=%)", lambda m: m[1] + m[2] + _plus(m[3]))


def rate(text: str) -> Planted:
    """A rate that its two counts contradict."""
    return _at(text, r"(?<=率)(\d+\.\d)(?=%)", lambda m: _plus(m[1], -0.05))


def order(text: str) -> Planted:
    """First places in the wrong order: the first two are exchanged."""
    pattern = r"(居前[三四五]位的是)([^、，。]+)、([^、，。]+)(?=、)"
    return _at(text, pattern, lambda m: m[0] if _count(m[2]) == _count(m[3]) else f"{m[1]}{m[3]}、{m[2]}")


def _count(item: str) -> str:
    return re.findall(r"\d+", item)[-1]


def title(text: str) -> Planted:
    """A title of another month."""
    return _at(text, r"(?<=^# 2021年)6(?=月12345)", lambda _: "7")


def daily(text: str) -> Planted:
    """A daily average that no number of days makes."""
    return _at(text, r"(?<=，日均)(\d+(?:\.\d)?)(?=件)", lambda m: _plus(m[1], 0.013))


def table_total(text: str) -> Planted:
    """A total of a table with a share column that the rows contradict."""
    return _at(text, r"(?m)(?<=^\| 合计 \| )(\d+)(?= \| 100\.0% \|$)", lambda m: str(int(m[1]) - 9))


def table_share(text: str) -> Planted:
    """One share in a table that its count contradicts."""
    pattern = r"(?m)^(\| [^|\d]+ \| \d+ \| )(\d+\.\d)(?=% \|$)"
    return _at(text, pattern, lambda m: m[1] + _plus(m[2], 0.3) if float(m[2]) > 3 else m[0])


def stated_twice(text: str) -> Planted:
    """The total of the month, stated once more with another value."""
    pattern = r"2021年6月共受理群众诉求(\d+)件"
    match = re.search(pattern, text)
    if match:
        yield text + f"\n本月共受理群众诉求{int(match[1]) + 12}件。\n", "stated twice"


def words(text: str) -> Planted:
    """The period before called 同比."""
    return _at(text, r"比上(月|周|季度)(?=（)", lambda m: f"较上{m[1]}同比")


def points(text: str) -> Planted:
    """A change of a rate in per cent."""
    return _at(
        text,
        r"(率\d+\.\d%)，比(上月|上周)(提高|降低)(\d+\.\d)个百分点",
        lambda m: f"{m[1]}，比{m[2]}{m[3]}{m[4]}%",
    )


def list_and_table(text: str) -> Planted:
    """A count of a list that the table of the same names contradicts, its own sum changed with it."""
    pattern = r"居前[三四五]位的是([^、，。]+?)(\d+)件、([^，。]+)，合计(\d+)件，占全部(\d+)件的[\d.]+%"

    def changed(match: re.Match[str]) -> str:
        count, total = int(match[2]) + 3, int(match[4]) + 3
        percent = f"{total / int(match[5]) * 100:.1f}"
        head = f"{match[0].partition('是')[0]}是{match[1]}{count}件、{match[3]}"
        return f"{head}，合计{total}件，占全部{match[5]}件的{percent}%"

    return _at(text, pattern, changed)


def table_change(text: str) -> Planted:
    """One rate of change in a table that its two counts contradict."""
    return _at(text, r"(?m)(?<= )(-?\d+\.\d)(?=% \|$)", lambda m: _plus(m[1], 0.3) if "-" in m[1] else m[0])


def table_rank(text: str) -> Planted:
    """Two ranks exchanged in a table of rates."""
    return _at(text, r"(?m)(?<=% \| )2( \|\n.*% \| )3(?= \|$)", lambda m: f"3{m[1]}2")


def shares_over(text: str) -> Planted:
    """Shares of one list that come to more than 100%: the last one grown with its count."""
    return _at(text, r"建议类69件，占2\.2%", lambda _: "建议类169件，占5.4%")


KINDS: dict[str, Callable[[str], Planted]] = {
    "占比": share,
    "其中的占比": share_of_which,
    "合计": together,
    "升降": way,
    "增减数": difference,
    "由…至…": from_to,
    "变化率": change_rate,
    "率": rate,
    "位次": order,
    "时段": title,
    "日均": daily,
    "表的合计": table_total,
    "表的占比": table_share,
    "两个说法": stated_twice,
    "同比": words,
    "百分点": points,
    "文与表": list_and_table,
    "表的变化率": table_change,
    "表的名次": table_rank,
    "占比合计": shares_over,
}
