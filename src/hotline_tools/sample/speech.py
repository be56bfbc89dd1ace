"""The speaker: who talks, and so how each slot of a template is filled."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from hotline_tools.sample.dice import Dice
from hotline_tools.sample.world import Place, World

_PRONOUNS: dict[str, dict[str, tuple[str, ...]]] = {
    "op": {
        "me": ("市民", "来电人", "其", "来电人"),
        "we": ("居民", "周边居民", "大家", "市民"),
        "home": ("市民家", "来电人家", "其家里", "家里"),
        "kid": ("市民的孩子", "来电人的孩子", "孩子", "其孩子"),
    },
    "first": {
        "me": ("我", "我", "本人"),
        "we": ("我们", "我们", "大家", "我们大家"),
        "home": ("我家", "我们家", "家里"),
        "kid": ("我家孩子", "孩子", "我孩子", "小孩"),
    },
    "grid": {
        "me": ("居民", "该居民", "其"),
        "we": ("居民", "群众", "周边居民"),
        "home": ("居民家", "其家中"),
        "kid": ("孩子", "居民的孩子"),
    },
}
_HERE = {
    "estate": ("我们小区", "小区", "小区里", "我们小区"),
    "village": ("我们村", "村里", "村上"),
    "road": ("这条路", "这一段", "这段路"),
}
_SHARED = {"village", "school", "nursery", "college", "training", "firm", "food", "shop", "fun", "gym"} | {
    *("bank", "bus", "courier", "telecom", "park", "market", "site", "river", "scenic", "hall", "hospital"),
    *("office", "estate"),
}
_WEEKDAYS = "一二三四五六日"
_PERIODS = ("上午", "下午", "晚上", "中午", "早上")


@dataclass
class Facts:
    """What is fixed for one problem, however many people report it: names, building, floor."""

    place: Place | None
    street: str
    community: str
    known: dict[str, str] = field(default_factory=dict)


@dataclass
class Speaker:
    """Fills slots for one message; ``voice`` is op, first or grid."""

    world: World
    dice: Dice
    facts: Facts
    voice: str
    now: datetime
    caller: str
    extra: dict[str, str] = field(default_factory=dict)
    introduced: bool = False

    def fill(self, name: str) -> str:
        """Answer a slot; raise ``KeyError`` for an unknown name."""
        if name in self.extra:
            return self.extra[name]
        if name in _PRONOUNS["op"]:
            return self.dice.pick(_PRONOUNS[self.voice][name])
        if name == "at":
            return self._at()
        if name == "caller":
            return self.caller
        if name in _TIMES:
            return _TIMES[name](self)
        if name not in self.facts.known:
            self.facts.known[name] = self._fact(name)
        return self.facts.known[name]

    def _at(self) -> str:
        place = self.facts.place
        if place is None:
            return self.facts.community
        if self.introduced and place.kind in _HERE:
            return self.dice.pick(_HERE[place.kind])
        roll = self.dice.roll()
        if place.kind in {"estate", "village"} and roll < 0.28:
            return f"{place.street}{place.name}"
        if place.kind in {"estate", "food", "shop", "fun", "gym", "site"} and roll < 0.45:
            return f"{place.road}{place.name}"
        if place.kind == "road" and roll < 0.35:
            return f"{place.name}{self.fill('spot')}"
        return place.name

    def _fact(self, name: str) -> str:
        place, dice, places = self.facts.place, self.dice, self.world.places
        if place is not None and name in {"place", place.kind}:
            return place.name
        if name in _SHARED:
            near = [p for p in places[name] if p.street == self.facts.street] or places[name]
            return dice.pick(near).name
        return str(_FACTS[name](self))


def _estate(s: Speaker) -> Place:
    """The estate spoken of, or any, for its manager and developer."""
    place = s.facts.place
    return place if place and place.manager else s.dice.pick(s.world.places["estate"])


def _road(s: Speaker) -> str:
    """The road the place lies on, or any."""
    place = s.facts.place
    return place.road if place and place.kind != "road" else _other_road(s)


def _other_road(s: Speaker) -> str:
    """A road that has not been named yet."""
    place = s.facts.place
    named = {s.facts.known.get("road"), s.facts.known.get("road2"), place.name if place else None}
    named.add(place.road if place else None)
    return s.dice.pick([road.name for road in s.world.places["road"] if road.name not in named])


_FACTS: dict[str, Callable[[Speaker], object]] = {
    "place": lambda s: s.facts.community,
    "pm": lambda s: _estate(s).manager,
    "dev": lambda s: _estate(s).developer,
    "road": _road,
    "road2": _other_road,
    "district": lambda s: s.world.district,
    "street": lambda s: s.facts.street,
    "comm": lambda s: s.facts.community,
    "bldg": lambda s: s.dice.between(1, 28),
    "unit": lambda s: s.dice.between(1, 4),
    "floor": lambda s: s.dice.between(2, 26),
    "room": lambda s: f"{s.dice.between(1, 17)}0{s.dice.between(1, 4)}",
    "team": lambda s: f"{s.dice.between(1, 12)}组",
    "number": lambda s: f"{s.dice.between(1, 388)}号",
    "plate": lambda s: f"{s.dice.pick('京鲁苏皖豫')}X·{s.dice.pick('KDQZ')}{s.dice.between(1000, 9999)}",
    "surname": lambda s: s.dice.pick(s.world.surnames),
    "spot": lambda s: s.dice.pick(
        ("与{0}交叉口", "{0}路口往北", "{0}路口东侧", "中段", "南段", "北头", "靠近{0}口")
    ).format(s.fill("road2")),
}


def _day(s: Speaker) -> str:
    roll = s.dice.roll()
    if roll < 0.3:
        return s.dice.pick(("昨天", "前天", "昨晚", "前几天", "上周", "今天", "今天一早"))
    back = s.dice.between(1, 40)
    day = s.now - timedelta(days=back)
    if roll < 0.45 and 6 < back < 14:
        return f"上周{_WEEKDAYS[day.weekday()]}"
    if day.month == s.now.month and roll < 0.7:
        return f"本月{day.day}{s.dice.pick('日号')}"
    text = f"{day.month}月{day.day}{s.dice.pick('日日号')}"
    return text + s.dice.pick(_PERIODS) if s.dice.chance(0.2) else text


def _since(s: Speaker) -> str:
    roll = s.dice.roll()
    if roll < 0.35 and s.now.month > 2:
        return f"从今年{s.dice.between(1, s.now.month - 1)}月份开始"
    if roll < 0.5:
        return f"从去年{s.dice.between(3, 12)}月份开始"
    if roll < 0.65:
        return f"近{s.dice.pick(('一个月', '两个月', '三个月', '半年', '半个月'))}来"
    return s.dice.pick(("最近", "这段时间", "长期以来", "一直以来", "近期", "入住以来", "这一年多", "这几天"))


def _phone(s: Speaker) -> str:
    # 154 is not assigned to any operator; land lines use the fictional 5550 exchange.
    if s.dice.chance(0.85):
        return f"154{s.dice.between(0, 99_999_999):08d}"
    return f"0000-5550{s.dice.between(0, 999):03d}"


_TIMES: dict[str, Callable[[Speaker], str]] = {
    "day": _day,
    "since": _since,
    "phone": _phone,
    "month": lambda s: str(s.now.month),
    "lastmonth": lambda s: str((s.now.month - 2) % 12 + 1),
    "dayno": lambda s: str(s.now.day),
    "year": lambda s: str(s.now.year),
    "lastyear": lambda s: str(s.now.year - 1),
    "nextyear": lambda s: str(s.now.year + 1),
    "oldyear": lambda s: str(s.now.year - s.dice.between(2, 9)),
    "clock": lambda s: s.dice.pick(
        ("早上六点多", "晚上十点以后", "凌晨", "半夜两三点", "中午", "夜里十一二点")
    ),
    "season": lambda s: ("冬天", "春天", "夏天", "秋天")[s.now.month % 12 // 3],
    "long": lambda s: s.dice.pick(
        ("半个多月", "一个月", "两个多月", "好几天", "三天", "大半年", "半年", "一个星期", "一年多", "{}天")
    ).format(s.dice.between(2, 20)),
}
KNOWN_SLOTS = frozenset(_SHARED | set(_FACTS) | set(_TIMES) | set(_PRONOUNS["op"])) | {
    *("at", "caller"),
}
