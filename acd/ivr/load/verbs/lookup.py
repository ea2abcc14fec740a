"""`lookup` as it is written."""

from typing import Annotated

from pydantic import BeforeValidator, Field, model_validator

from acd.config.kinds import Name, Variable, duration, matching
from acd.ivr.check import Known
from acd.ivr.flow import Step
from acd.ivr.load.prompts import TemplateText
from acd.ivr.load.shape import OnwardWithExits
from acd.ivr.steps.lookup import LookUp, LookUpOutside, Table

IDENTIFIER = "[A-Za-z_][A-Za-z0-9_]{0,62}"
Column = Annotated[str, BeforeValidator(matching(IDENTIFIER, "the name of a column (letters, digits, _)"))]
_table = matching(rf"{IDENTIFIER}(\.{IDENTIFIER})?|[a-z0-9][a-z0-9_-]{{0,62}}", "the name of a table (letters, digits, _)")
TableName = Annotated[str, BeforeValidator(_table)]


class LookupShape(OnwardWithExits):
    makes = LookUpOutside
    table: TableName
    database: Name | None = None
    where: Annotated[dict[Column, TemplateText], Field(min_length=1, max_length=10)]
    into: Annotated[dict[Variable, Column], Field(max_length=50)] = {}
    timeout: Annotated[float, duration(0.5, 10)] | None = None

    @model_validator(mode="after")
    def fitting(self) -> "LookupShape":
        if self.database is None and self.timeout is not None:
            raise ValueError("a table beside the flows is known at once; a 'timeout' goes with 'database' only")
        return self

    def targets(self) -> dict[str, str]:
        """A table beside the flows has no ``several`` and never fails, so ``otherwise`` does not stand for these."""
        spared = set() if self.database else LookUpOutside.needs - LookUp.needs - self.exits.keys()
        return {exit: target for exit, target in super().targets().items() if exit not in spared}

    def build(self, name: str, known: Known) -> Step:
        if self.database:
            return LookUpOutside(
                name=name,
                exits=self.targets(),
                where=self.where,
                into=self.into,
                database=self.database,
                table=self.table,
                timeout_s=self.timeout or 2.0,
            )
        table = (known.tables or {}).get(self.table) or Table(name=self.table)
        there = {*self.where, *self.into.values()} <= set(table.columns)
        keys = table.by(tuple(self.where)) if there else {}  # what is missing, or there twice, is told by the checks
        return LookUp(name=name, exits=self.targets(), where=self.where, into=self.into, table=table, keys=keys)
