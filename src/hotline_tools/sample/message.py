"""Put a message together: opening, what happened, details, history, demand, closing."""

from dataclasses import dataclass

from hotline_tools.sample.dice import Dice
from hotline_tools.sample.grammar import render
from hotline_tools.sample.speech import Speaker
from hotline_tools.sample.templates import TYPE_KEYS, Scene, load_common

_ENDS = "。！？!?）；：，,"
_KEY_OF = {name: key for key, name in TYPE_KEYS.items()}
_TYPE_WORDS = ("咨询", "求助", "请求", "举报", "投诉", "建议", "表扬", "感谢", "反映")
_SLIPPED, _UNPOINTED = 0.09, 0.05


@dataclass(frozen=True)
class Past:
    """What a follow-up may quote: the earlier order and whether it had been closed."""

    order_id: str
    day: str
    closed: bool
    own: bool


def title(scene: Scene, speaker: Speaker) -> str:
    """Return a title: mostly telling, sometimes generic, sometimes empty."""
    dice, key = speaker.dice, _KEY_OF[scene.request_type]
    roll = dice.roll()
    if roll < 0.03:
        return ""
    if roll < 0.09:
        return _say("generic_title", key, speaker)
    said = render(scene.title, dice, speaker.fill)
    if any(word in said for word in _TYPE_WORDS):
        return said
    speaker.extra["t"] = said
    return _say("title_wrap", key, speaker)


def content(
    scene: Scene,
    speaker: Speaker,
    style: str,
    *,
    past: Past | None = None,
    crowd: bool = False,
) -> str:
    """Return the text of one order.

    ``style`` is op, terse, first, board or grid; ``crowd`` when others have reported it too.
    """
    dice, key = speaker.dice, _KEY_OF[scene.request_type]
    length = dice.weighted((0, 1, 2), (0.24, 0.56, 0.2)) if style != "board" else dice.between(1, 2)
    if style == "terse":
        length = 0
    head = "" if style == "terse" else _opening(speaker, style, key)
    parts = [head + render(dice.pick(scene.mains), dice, speaker.fill)]
    wanted = (dice.between(0, 1), dice.between(1, 2), dice.between(2, 4))[length]
    parts += [render(d, dice, speaker.fill) for d in dice.shuffled(scene.details)[:wanted]]
    parts += _circumstances(speaker, key, length, past, crowd)
    if style != "terse" or dice.chance(0.4):
        parts.append(_demand(scene, speaker, key))
    closing = _closing(speaker, style)
    return _slip(_join([p for p in parts if p], dice, closing), dice)


def reply(kind: str, speaker: Speaker) -> str:
    """Return what the department wrote when it closed the order."""
    return _say("reply", kind, speaker)


def _say(section: str, key: str, speaker: Speaker) -> str:
    lines = getattr(load_common(), section).get(key)
    return render(speaker.dice.pick(lines), speaker.dice, speaker.fill) if lines else ""


def _opening(speaker: Speaker, style: str, key: str) -> str:
    dice, place = speaker.dice, speaker.facts.place
    if style in {"board", "grid"}:
        told = style == "grid" and key not in {"bad", "report"}
        head = _say("opening", "grid_told" if told else style, speaker)
        if style == "grid" or place is None or dice.chance(0.4):
            return head
        return head + _introduce(speaker, place.kind)
    if style == "first":
        if place is not None and key in {"bad", "help", "report"} and dice.chance(0.55):
            return _introduce(speaker, place.kind) or _say("opening", "first", speaker)
        return _say("opening", "first" if key in {"bad", "other"} else f"first_{key}", speaker)
    if key == "bad" and place is not None and place.kind == "estate" and dice.chance(0.2):
        return _say("opening", "op_place", speaker)
    return _say("opening", "op" if key in {"bad", "other"} else f"op_{key}", speaker)


def _introduce(speaker: Speaker, kind: str) -> str:
    said = _say("opening", f"first_{kind}", speaker)
    speaker.introduced = bool(said)
    return said


def _circumstances(speaker: Speaker, key: str, length: int, past: Past | None, crowd: bool) -> list[str]:
    dice = speaker.dice
    said = []
    if dice.chance((0.05, 0.25, 0.7)[length]):
        said.append(_say("impact", key, speaker))
    if past is not None:
        said.append(_follow_up(speaker, past))
    elif dice.chance((0.06, 0.22, 0.5)[length]):
        said.append(_say("history", key, speaker))
    if crowd and dice.chance(0.25):
        said.append(_say("history", "others", speaker))
    if length and key != "praise" and dice.chance(0.06):
        said.append(_say("aside", "lines", speaker))
    return said


def _follow_up(speaker: Speaker, past: Past) -> str:
    if past.closed and speaker.dice.chance(0.6):
        after = _say("history", "comeback", speaker)
    else:
        after = _say("history", "quote_after", speaker)
    if not past.own or speaker.dice.chance(0.35):
        return after
    speaker.extra |= {"previd": past.order_id, "prevday": past.day}
    return _say("history", "quote", speaker) + after


def _demand(scene: Scene, speaker: Speaker, key: str) -> str:
    if scene.demands and speaker.dice.chance(0.75):
        return render(speaker.dice.pick(scene.demands), speaker.dice, speaker.fill)
    return _say("demand", key, speaker)


def _closing(speaker: Speaker, style: str) -> str:
    chance = {"op": 0.18, "terse": 0.03, "first": 0.35, "board": 0.75, "grid": 0.4}[style]
    section = "op" if style == "terse" else style
    return _say("closing", section, speaker) if speaker.dice.chance(chance) else ""


def _join(parts: list[str], dice: Dice, closing: str) -> str:
    loose = dice.chance(0.15)
    said = []
    for index, part in enumerate(parts):
        said.append(part)
        if part[-1] not in _ENDS:
            comma = index < len(parts) - 1 and (loose or dice.chance(0.25))
            said.append("，" if comma else "。")
    text = "".join(said) + closing
    if dice.chance(_UNPOINTED):
        wide, narrow = dice.pick((("，", " "), ("，", ","), ("。", "，"), ("。", " ")))
        text = text.replace(wide, narrow).rstrip("， ")
    return text


def _slip(text: str, dice: Dice) -> str:
    if not dice.chance(_SLIPPED):
        return text
    found = [pair for pair in load_common().slips.items() if pair[0] in text]
    return text.replace(*dice.pick(found), 1) if found else text
