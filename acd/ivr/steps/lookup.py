"""`lookup`: a row of a table becomes variables. A table beside the flows is read when they are loaded, and costs a caller
nothing; one in a database is asked for while the caller waits.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import ClassVar

from acd.core.commands import Find
from acd.core.events import DigitPressed, ErrandDone, TimePassed
from acd.core.interpreter import Happening
from acd.ivr.flow import Step
from acd.ivr.scene import Scene, Turn
from acd.ivr.template import Template

ASKED = "asked"
GRACE_S = 1.0
SENT_MOST = 2
Row = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A file beside the flows. ``lines``: where in it each row stands."""

    name: str
    file: str = ""
    columns: tuple[str, ...] = ()
    rows: tuple[Row, ...] = field(default=(), repr=False)
    lines: tuple[int, ...] = field(default=(), repr=False)

    def by(self, columns: tuple[str, ...]) -> dict[Row, int]:
        """The number of the first row for each key. Raises KeyError for a column that is not there."""
        at = [self.at(column) for column in columns]
        found: dict[Row, int] = {}
        for n, row in enumerate(self.rows):
            found.setdefault(tuple(row[i] for i in at), n)
        return found

    def at(self, column: str) -> int:
        """Raises KeyError."""
        if column not in self.columns:
            raise KeyError(column)
        return self.columns.index(column)

    def twice(self, columns: tuple[str, ...]) -> tuple[int, int] | None:
        """Two rows with one key, the first such, or None. Raises KeyError."""
        first, at = self.by(columns), [self.at(column) for column in columns]
        return next(((first[key], n) for n, row in enumerate(self.rows) if first[key := tuple(row[i] for i in at)] != n), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Looking(Step):
    verb: ClassVar[str] = "lookup"

    where: Mapping[str, Template]  # column -> what it must hold
    into: Mapping[str, str]  # variable -> column

    @property
    def reads(self) -> frozenset[str]:
        return frozenset(name for value in self.where.values() for name in value.names)

    @property
    def sets(self) -> frozenset[str]:
        return frozenset(self.into)

    def told(self, scene: Scene, values: Mapping[str, str]) -> Mapping[str, str]:
        """Nothing of an earlier look-up stays when this one finds nothing."""
        return {**scene.frame.variables, **{name: values.get(name, "") for name in self.into}}


@dataclass(frozen=True, slots=True, kw_only=True)
class LookUp(Looking):
    """In a file. Exits: ``done``, ``not_found``."""

    needs: ClassVar[frozenset[str]] = frozenset({"done", "not_found"})

    table: Table
    keys: Mapping[Row, int] = field(default_factory=dict, repr=False)

    @property
    def names(self) -> dict[str, str]:
        return {"table": self.table.name}

    def enter(self, scene: Scene) -> Turn:
        n = self.keys.get(tuple(value.text(scene.variables).strip() for value in self.where.values()))
        if n is None:
            return scene.leave("not_found", variables=self.told(scene, {}))
        row = dict(zip(self.table.columns, self.table.rows[n], strict=True))
        return scene.leave("done", variables=self.told(scene, {name: row[column] for name, column in self.into.items()}))


@dataclass(frozen=True, slots=True, kw_only=True)
class LookUpOutside(Looking):
    """In a database. Exits: ``done``, ``not_found``, ``several`` (no way to know which is meant), ``failed``."""

    needs: ClassVar[frozenset[str]] = frozenset({"done", "not_found", "several", "failed"})

    database: str
    table: str
    timeout_s: float = 2.0

    @property
    def names(self) -> dict[str, str]:
        return {"database": self.database}

    def enter(self, scene: Scene) -> Turn:
        frame = replace(scene.frame, play=scene.next_play(), plays=scene.frame.plays + 1, tries=0)
        return self._send(replace(scene, frame=frame))

    def hear(self, scene: Scene, happening: Happening) -> Turn | None:
        match happening:
            case ErrandDone(errand=errand, why=why, values=values) if errand == scene.frame.play:
                exit = why if why in ("not_found", "several") else "failed" if why else "done"
                return self._leave(scene, exit, values)
            case TimePassed() if scene.is_due:  # the controller died meanwhile; to read twice does no harm
                return self._send(scene) if scene.frame.tries < SENT_MOST else self._leave(scene, "failed", {})
            case DigitPressed(digit=digit):
                return scene.stay(digits=scene.typed(digit))
        return None

    def _send(self, scene: Scene) -> Turn:
        frame, variables = scene.frame, scene.variables
        assert frame.play is not None
        where = {column: value.text(variables).strip() for column, value in self.where.items()}
        find = Find(
            leg=scene.call.leg,
            errand=frame.play,
            timeout_s=self.timeout_s,
            source=self.database,
            table=self.table,
            where=where,
            take=self.into,
        )
        deadline = scene.at + self.timeout_s + GRACE_S
        return Turn(frame=replace(frame, phase=ASKED, deadline=deadline, tries=frame.tries + 1), commands=(find,))

    def _leave(self, scene: Scene, exit: str, values: Mapping[str, str]) -> Turn:
        quiet = replace(scene, frame=replace(scene.frame, play=None))  # the errand made no sound that could be stopped
        return quiet.leave(exit, variables=self.told(scene, values))
