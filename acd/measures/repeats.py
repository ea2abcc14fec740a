"""First contact resolution, told from who called again. PURE."""

from dataclasses import dataclass

from acd.measures.definition import Definition, Glossary, Unit, share

DAYS = 7.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeats:
    """Contacts that an agent served in a queue, of known number, N days ago or more; ``again``: who came back there within N days."""

    served: int = 0
    again: int = 0

    def __add__(self, other: "Repeats") -> "Repeats":
        return Repeats(served=self.served + other.served, again=self.again + other.again)


REPEATS: Glossary[Repeats] = Glossary(
    Definition(
        id="fcr_base/acd-1",
        name="served",
        formula="contacts served in the queue whose number is known and whose N days are over",
        unit=Unit.COUNT,
        of=lambda r: r.served,
        parameters=("N: --days, 7 when left out",),
    ),
    Definition(
        id="first_contact_resolution/acd-1",
        name="first contact resolution",
        formula="served contacts after which the same number did not come to the same queue again within N days ÷ served",
        unit=Unit.SHARE,
        of=lambda r: share(r.served - r.again, r.served),
        source="repeat calls; the window is 7 to 14 days in most houses, there is no standard",
        parameters=("N: --days, 7 when left out",),
    ),
)
