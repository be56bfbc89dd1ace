"""DuckDB's dialect to Spark's: one statement, the same rows.

The reports are written in DuckDB's SQL. sqlglot carries most of it over; the rules here are where the rows
would differ or the statement fail. Each works on the syntax tree, so that no text is searched.
"""

import re
from collections.abc import Callable

import sqlglot
from sqlglot import exp
from sqlglot.errors import ParseError

from hotline_tools.engine.mistakes import not_a_query, wrong_sql
from hotline_tools.errors import UsageError

_READ, _WRITE = "duckdb", "spark"
_NO_ESCAPE = "\x1f"
"""A character that no pattern has: Spark's LIKE must have an escape, DuckDB's has none."""


def to_spark(statement: str) -> str:
    """Return one SELECT of DuckDB's dialect in Spark's.

    Raises ``UsageError`` for what is not one SELECT.
    """
    try:
        trees = sqlglot.parse(statement, read=_READ)
    except ParseError as error:
        raise wrong_sql(error) from error
    if len(trees) > 1:
        raise not_a_query(len(trees))
    if not trees or not isinstance(tree := trees[0], exp.Query):
        raise not_a_query()
    if any(_is_no_view(table) for table in tree.find_all(exp.Table)):
        raise not_a_query()
    holder = exp.Paren(this=tree)  # so that a rule can replace the statement itself
    for rule in _RULES:
        rule(holder)
    text: str = holder.this.sql(dialect=_WRITE)
    return text


def _is_no_view(table: exp.Table) -> bool:
    """Whether it is something outside the store: a file, or a table of another catalog."""
    is_file = isinstance(table.this, exp.ReadCSV | exp.ReadParquet | exp.Anonymous)
    return bool(table.db) or is_file or any(mark in table.name for mark in "./\\")


def _floating_literals(tree: exp.Expr) -> None:
    """A number with a point is DOUBLE, not DECIMAL: a division by 3600.0 keeps its digits."""
    for number in list(tree.find_all(exp.Literal)):
        if not number.is_string and "." in number.name:
            number.replace(exp.cast(number.copy(), exp.DType.DOUBLE))


def _exact_quantiles(tree: exp.Expr) -> None:
    """``percentile_cont`` is exact: sqlglot writes Spark's approximate one."""
    for ordered in list(tree.find_all(exp.WithinGroup)):
        if isinstance(ordered.this, exp.PercentileCont):
            (key,) = ordered.expression.expressions
            ordered.replace(exp.func("percentile", key.this.copy(), ordered.this.this.copy()))


def _lowest_mode(tree: exp.Expr) -> None:
    """``mode(x ORDER BY x)``: of values that are equally frequent the lowest."""
    for mode in list(tree.find_all(exp.Mode)):
        if isinstance(mode.this, exp.Order):
            mode.replace(exp.Anonymous(this="mode", expressions=[mode.this.this.copy(), exp.true()]))


def _ordered_lists(tree: exp.Expr) -> None:
    """``list(x ORDER BY y)`` keeps its order and its nulls, and a list of nothing is null."""
    for collected in list(tree.find_all(exp.ArrayAgg)):
        whole = collected.parent if isinstance(collected.parent, exp.Filter) else collected
        ordered = collected.this if isinstance(collected.this, exp.Order) else None
        if ordered is not None:
            keys = [key.copy() for key in ordered.expressions]
            names = [f"k{place}" for place in range(len(keys))]
            fields = [exp.alias_(key.this, name) for key, name in zip(keys, names, strict=True)]
            collected.set("this", exp.func("struct", exp.alias_(ordered.this.copy(), "v"), *fields))
        listed: exp.Expr = whole.copy()
        if ordered is not None:
            listed = exp.func("array_sort", listed, _comparison(keys, names))
            listed = exp.func("transform", listed, _lambda("e", exp.column("v", "e")))
        is_empty = exp.EQ(this=exp.func("size", whole.copy()), expression=exp.Literal.number(0))
        whole.replace(exp.Case(ifs=[exp.If(this=is_empty, true=exp.null())], default=listed))


def _comparison(keys: list[exp.Expr], names: list[str]) -> exp.Expr:
    """Return ``(l, r) -> -1, 0 or 1`` by the sort keys, nulls last."""
    ifs = []
    for key, name in zip(keys, names, strict=True):
        left, right = exp.column(name, "l"), exp.column(name, "r")
        before, after = (1, -1) if key.args.get("desc") else (-1, 1)
        ifs += [
            _when(exp.and_(left.is_(exp.null()), right.is_(exp.null()).not_()), 1),
            _when(exp.and_(left.is_(exp.null()).not_(), right.is_(exp.null())), -1),
            _when(exp.LT(this=left, expression=right), before),
            _when(exp.GT(this=left, expression=right), after),
        ]
    return _lambda("l, r", exp.Case(ifs=ifs, default=exp.Literal.number(0)))


def _when(condition: exp.Expr, value: int) -> exp.If:
    return exp.If(this=condition.copy(), true=exp.Literal.number(value))


def _lambda(names: str, body: exp.Expr) -> exp.Lambda:
    return exp.Lambda(this=body, expressions=[exp.to_identifier(name) for name in names.split(", ")])


def _total_of_nothing(tree: exp.Expr) -> None:
    """The total row of GROUPING SETS is there without any row: the groups UNION ALL the total."""
    for sets in list(tree.find_all(exp.GroupingSets)):
        kept = [item.copy() for item in sets.expressions if not _is_empty(item)]
        select = sets.parent_select
        if select is None or len(kept) == len(sets.expressions):
            continue
        total = _total(select)
        if not kept:
            select.replace(total)
            continue
        sets.set("expressions", kept)
        grouped = select.copy()
        both = exp.union(grouped, total, distinct=False)
        for clause in ("with_", "order", "limit", "offset"):  # they are of the whole
            both.set(clause, grouped.args.pop(clause, None))
            total.set(clause, None)
        select.replace(both)


def _is_empty(item: exp.Expr) -> bool:
    return isinstance(item, exp.Tuple) and not item.expressions


def _total(select: exp.Select) -> exp.Select:
    """Return the SELECT of the total row: no grouping, what was grouped by is null."""
    total = select.copy()
    names = {column.name for column in total.args["group"].find_all(exp.Column)}
    total.set("group", None)
    named = [(item.alias_or_name, _ungrouped(item.unalias().copy(), names)) for item in total.expressions]
    total.set("expressions", [exp.alias_(item, name) for name, item in named])
    return total


def _ungrouped(item: exp.Expr, names: set[str]) -> exp.Expr:
    holder = exp.Paren(this=item)  # so that the item itself can be replaced
    for node in list(holder.find_all(exp.Grouping)):
        node.replace(exp.Literal.number((1 << len(node.expressions)) - 1))
    for column in list(holder.find_all(exp.Column)):
        if column.name in names and column.find_ancestor(exp.AggFunc) is None:
            column.replace(exp.null())
    inner: exp.Expr = holder.this
    return inner


def _whole_seconds_and_their_parts(tree: exp.Expr) -> None:
    """``epoch(t)`` has the parts of a second."""
    for seconds in list(tree.find_all(exp.TimeToUnix)):
        moment = exp.cast(seconds.this.copy(), exp.DType.TIMESTAMPTZ)
        seconds.replace(
            exp.Paren(
                this=exp.Div(this=exp.func("unix_micros", moment), expression=exp.Literal.number("1e6"))
            )
        )


def _references_of_groups(tree: exp.Expr) -> None:
    """A replacement names a group as ``$1``, and its own dollars are escaped."""
    for replaced in list(tree.find_all(exp.RegexpReplace)):
        if "g" not in (replaced.args["modifiers"].name if replaced.args.get("modifiers") else ""):
            raise UsageError(
                "Spark 只能替换全部匹配",
                remedy="请给 regexp_replace 加上第四个参数 'g'，或改用 --engine duckdb。",
            )
        text = replaced.args.get("replacement")
        if isinstance(text, exp.Literal):
            named = re.sub(r"\\(\d)", r"$\1", text.name.replace("$", r"\$"))
            text.replace(exp.Literal.string(named))


def _like_without_escape(tree: exp.Expr) -> None:
    """A backslash in a pattern is a backslash."""
    for like in list(tree.find_all(exp.Like, exp.ILike)):
        if not isinstance(like.parent, exp.Escape):
            like.replace(exp.Escape(this=like.copy(), expression=exp.Literal.string(_NO_ESCAPE)))


_RULES: tuple[Callable[[exp.Expr], None], ...] = (
    _exact_quantiles,
    _lowest_mode,
    _ordered_lists,
    _total_of_nothing,
    _whole_seconds_and_their_parts,
    _references_of_groups,
    _like_without_escape,
    _floating_literals,
)
