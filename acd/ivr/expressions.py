"""The small language of ``branch`` and ``set``: variables, texts, numbers, comparisons, and/or/not, in, + and -, functions.

It has no loops, no attributes and no names but variables and the functions of ``functions.py``, so an expression costs at
most its own length. A variable that nobody set is the empty text. PURE.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from acd.ivr.functions import FUNCTIONS, Value, as_number, as_text, is_true

MAX_CHARS = 500
MAX_DEPTH = 20
LANGUAGE = "call.language"
"""The variable that says in which language values are spoken; the scene sets it, nobody else can."""

TOKEN = re.compile(
    r"""\s*(?:(?P<number>[0-9]{1,15}(?:\.[0-9]{1,6})?)(?![A-Za-z0-9_.])
    |(?P<text>"[^"]*"|'[^']*')
    |(?P<name>queues\.[a-z0-9][a-z0-9_-]*\.[a-z]+|[A-Za-z][A-Za-z0-9_]*(?:\.[a-z][a-z0-9_]*)?)
    |(?P<sign>==|!=|<=|>=|[<>(),+\-]))""",
    re.VERBOSE | re.ASCII,
)
WORDS = frozenset({"and", "or", "not", "in", "true", "false"})
COMPARISONS = frozenset({"==", "!=", "<", "<=", ">", ">=", "in"})


class ExpressionError(ValueError):
    """The text is no expression; ``column`` counts from 1."""

    def __init__(self, column: int, what: str) -> None:
        super().__init__(f"{what} (at character {column})")
        self.column, self.what = column, what


@dataclass(frozen=True, slots=True)
class Constant:
    value: Value


@dataclass(frozen=True, slots=True)
class Variable:
    name: str


@dataclass(frozen=True, slots=True)
class Operation:
    sign: str
    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Function:
    name: str
    arguments: tuple["Node", ...]


Node = Constant | Variable | Operation | Function


@dataclass(frozen=True, slots=True)
class Expression:
    """A parsed expression; ``names`` are the variables that it reads, ``calls`` the functions."""

    source: str
    root: Node
    names: frozenset[str]
    calls: frozenset[str] = frozenset()

    def value(self, variables: Mapping[str, str]) -> Value:
        return _value(self.root, variables)

    def is_true(self, variables: Mapping[str, str]) -> bool:
        return is_true(self.value(variables))

    def text(self, variables: Mapping[str, str]) -> str:
        return as_text(self.value(variables))


def parse(source: str) -> Expression:
    """Raises ExpressionError, with the column, when ``source`` is no expression."""
    if len(source) > MAX_CHARS:
        raise ExpressionError(MAX_CHARS, f"an expression has up to {MAX_CHARS} characters, this one has {len(source)}")
    reader = _Reader(_tokens(source), len(source) + 1)
    root = reader.either(0)
    if reader.kind:
        column = reader.column
        raise ExpressionError(column, f"{reader.take()!r} is not expected here")
    return Expression(source, root, frozenset(reader.names), frozenset(reader.calls))


def _tokens(source: str) -> list[tuple[str, str, int]]:
    found, at = [], 0
    while source[at:].strip():
        match = TOKEN.match(source, at)
        if not match or not match.lastgroup:
            column = at + len(source[at:]) - len(source[at:].lstrip())
            raise ExpressionError(column + 1, f"{source[column]!r} cannot be read here{_hint(source[column])}")
        kind, word = match.lastgroup, match.group(match.lastgroup)
        found.append(("word" if kind == "name" and word in WORDS else kind, word, match.start(kind) + 1))
        at = match.end()
    return found


def _hint(char: str) -> str:
    return {"=": "; to compare, write ==", "&": "; write and", "|": "; write or", "!": "; write not or !="}.get(char, "")


class _Reader:
    """Recursive descent, weakest binding first: or, and, not, comparison, sum, one value."""

    def __init__(self, tokens: list[tuple[str, str, int]], end: int) -> None:
        self.tokens, self.end, self.n = tokens, end, 0
        self.names: set[str] = set()
        self.calls: set[str] = set()

    @property
    def kind(self) -> str:
        return self.tokens[self.n][0] if self.n < len(self.tokens) else ""

    @property
    def word(self) -> str:
        return self.tokens[self.n][1] if self.kind in ("word", "sign") else ""

    @property
    def column(self) -> int:
        return self.tokens[self.n][2] if self.kind else self.end

    def take(self) -> str:
        self.n += 1
        return self.tokens[self.n - 1][1]

    def either(self, depth: int) -> Node:
        return self._chain("or", lambda: self._chain("and", lambda: self.negation(depth)))

    def _chain(self, sign: str, part: Callable[[], Node]) -> Node:
        parts = [part()]
        while self.word == sign:
            self.take()
            parts.append(part())
        return parts[0] if len(parts) == 1 else Operation(sign, tuple(parts))

    def negation(self, depth: int) -> Node:
        if depth > MAX_DEPTH:
            raise ExpressionError(self.column, f"nested too deeply, up to {MAX_DEPTH} levels are allowed")
        if self.word == "not":
            self.take()
            return Operation("not", (self.negation(depth + 1),))
        return self.comparison(depth)

    def comparison(self, depth: int) -> Node:
        left = self.sum(depth)
        if self.word == "not" and self.n + 1 < len(self.tokens) and self.tokens[self.n + 1][1] == "in":
            self.take()
            self.take()
            return Operation("not", (Operation("in", (left, *self.options(depth))),))
        if self.word not in COMPARISONS:
            return left
        sign = self.take()
        if sign == "in":
            return Operation("in", (left, *self.options(depth)))
        return Operation(sign, (left, self.sum(depth)))

    def options(self, depth: int) -> tuple[Node, ...]:
        return self.listed(depth, 'a list in brackets, such as ("a", "b"), is needed after in')

    def listed(self, depth: int, needed: str) -> tuple[Node, ...]:
        if self.word != "(":
            raise ExpressionError(self.column, needed)
        self.take()
        found: list[Node] = []
        while self.word != ")":
            found.append(self.either(depth + 1))
            if self.word not in (",", ")"):
                raise ExpressionError(self.column, "a comma or a closing bracket is needed here")
            if self.word == ",":
                self.take()
        self.take()
        return tuple(found)

    def sum(self, depth: int) -> Node:
        left = self.one(depth)
        while self.word in ("+", "-"):
            left = Operation(self.take(), (left, self.one(depth)))
        return left

    def one(self, depth: int) -> Node:
        column, kind = self.column, self.kind
        if kind == "number":
            return Constant(float(self.take()))
        if kind == "text":
            return Constant(self.take()[1:-1])
        if self.word in ("true", "false"):
            return Constant(self.take() == "true")
        if self.word == "(":
            return self.bracket(depth)
        if kind == "name":
            return self.named(depth, column)
        raise ExpressionError(column, "a variable, a text, a number or a bracket is needed here")

    def bracket(self, depth: int) -> Node:
        self.take()
        inner = self.either(depth + 1)
        if self.word != ")":
            raise ExpressionError(self.column, "a closing bracket is needed here")
        self.take()
        return inner

    def named(self, depth: int, column: int) -> Node:
        name = self.take()
        if self.word != "(":
            self.names.add(name)
            return Variable(name)
        function = FUNCTIONS.get(name)
        if function is None:
            near = get_close_matches(name, FUNCTIONS, n=1)
            perhaps = f" (did you mean {near[0]!r}?)" if near else ""
            raise ExpressionError(column, f"there is no function {name!r}{perhaps}; allowed: {', '.join(sorted(FUNCTIONS))}")
        arguments = self.listed(depth, "")
        if len(arguments) != function.takes:
            raise ExpressionError(column, f"{name} takes {function.takes} values, here are {len(arguments)}")
        self.calls.add(name)
        return Function(name, arguments)


def _value(node: Node, variables: Mapping[str, str]) -> Value:
    match node:
        case Constant(value):
            return value
        case Variable(name):
            return variables.get(name, "")
        case Function(name, arguments):
            return _called(name, [_value(argument, variables) for argument in arguments], variables)
        case Operation("and", parts):
            return all(is_true(_value(part, variables)) for part in parts)
        case Operation("or", parts):
            return any(is_true(_value(part, variables)) for part in parts)
        case Operation("not", (part,)):
            return not is_true(_value(part, variables))
        case Operation("in", (left, *options)):
            return any(_equal(_value(left, variables), _value(option, variables)) for option in options)
        case Operation(sign, (left, right)):
            return _both(sign, _value(left, variables), _value(right, variables))
    raise AssertionError(node)


def _called(name: str, given: list[Value], variables: Mapping[str, str]) -> Value:
    known = FUNCTIONS[name]
    return known.call(variables.get(LANGUAGE, ""), *given) if known.spoken else known.call(*given)


def _both(sign: str, left: Value, right: Value) -> Value:
    if sign in ("==", "!="):
        return _equal(left, right) is (sign == "==")
    a, b = as_number(left), as_number(right)
    if sign in ("+", "-"):
        return (a or 0.0) + (b or 0.0) * (1 if sign == "+" else -1)
    if a is None or b is None:
        return _ordered(sign, as_text(left), as_text(right)) if isinstance(left, str) and isinstance(right, str) else False
    return _ordered(sign, a, b)


def _equal(left: Value, right: Value) -> bool:
    """Numbers are equal as numbers; two texts only when they are the same (007 is not 7)."""
    if isinstance(left, str) and isinstance(right, str):
        return left == right
    if isinstance(left, bool) or isinstance(right, bool):
        return is_true(left) == is_true(right)
    a = as_number(left)
    return a is not None and a == as_number(right)


def _ordered(sign: str, a: float | str, b: float | str) -> bool:
    less, same = a < b, a == b  # type: ignore[operator]  # both of one kind, by the callers above
    return {"<": less, "<=": less or same, ">": not (less or same), ">=": not less}[sign]
