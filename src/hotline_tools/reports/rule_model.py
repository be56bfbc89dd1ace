"""The base of all rules: what every report's rule file has."""

from hotline_tools.datafile import DataModel

SHIPPED = "内置"


class Rules(DataModel):
    """Rules of one report; ``report`` is whose they are, ``name`` where they come from."""

    report: str
    name: str = SHIPPED

    @property
    def origin(self) -> str:
        """What a note says of where the rules come from."""
        return "软件附带的通用规则" if self.name == SHIPPED else self.name

    def __str__(self) -> str:
        """Return where the rules come from, for the table's head."""
        return self.name
