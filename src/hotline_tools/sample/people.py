"""Callers: a name, a number that stays theirs, and a street. All fictional."""

from dataclasses import dataclass, field

from hotline_tools.sample.dice import Dice


@dataclass(frozen=True)
class Caller:
    """Who called; ``number`` is of a range that no operator has been given."""

    name: str
    number: str
    street: str


@dataclass
class People:
    """Makes callers; some people call about several things."""

    dice: Dice
    surnames: str
    _known: list[Caller] = field(default_factory=list)
    _numbers: set[str] = field(default_factory=set)

    def new(self, street: str) -> Caller:
        """Return a caller who has not called before."""
        dice = self.dice
        surname = dice.pick(self.surnames[: 20 if dice.chance(0.6) else None])
        name = surname + dice.weighted(
            ("先生", "女士", "同志", "阿姨", "大爷"), (0.47, 0.45, 0.03, 0.03, 0.02)
        )
        number = ""
        while not number or number in self._numbers:
            number = f"154{dice.between(0, 99_999_999):08d}"
        self._numbers.add(number)
        caller = Caller(name, number, street)
        self._known.append(caller)
        return caller

    def new_or_known(self, street: str) -> Caller:
        """Return a new caller, or one in ten times somebody who has called about something else."""
        if self._known and self.dice.chance(0.1):
            known = self.dice.pick(self._known)
            if known.street == street:
                return known
        return self.new(street)
