"""Situations in one line: a list of leads in Berlin, a campaign that takes them, attempts that end."""

import itertools
from collections.abc import Sequence
from pathlib import Path

from dialer.core.retrying import LeadState
from dialer.lists import claiming, finishing
from dialer.lists.claimed import Claimed, Finish, Next, Taking
from dialer.lists.importing import Imported, Importing, import_csv
from dialer.lists.store import LeadStore

T0 = 1_800_000_000.0
DAY_S = 86400.0
BERLIN = "DE Europe/Berlin"
ids = itertools.count(1)


def number(n: int) -> str:
    return f"+4930{1000000 + n}"


def taking(campaign: str = "c", **rules: object) -> Taking:
    given: dict[str, object] = {"lists": ("l",), "day_since": T0 - 1000, "day_until": T0 + 50_000, "chance": False, **rules}
    return Taking(campaign=campaign, **given)  # type: ignore[arg-type]


def imported(store: LeadStore, tmp_path: Path, text: str | bytes, **how: str) -> Imported:
    path = tmp_path / "leads.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    given = {"list": "l", "region": "DE", **how}
    return import_csv(store, path, Importing(**given), T0, tmp_path / "refused.csv")


def leads(store: LeadStore, tmp_path: Path, n: int, **how: str) -> None:
    done = imported(store, tmp_path, "id,number\n" + "".join(f"k{i},{number(i)}\n" for i in range(n)), **how)
    assert done.added == n


def claim(store: LeadStore, n: int = 1, at: float = T0, rules: Taking | None = None, agents: Sequence[str] = ()) -> list[Claimed]:
    with store.begin() as connection:
        return claiming.claim(connection, rules or taking(), n, at, [BERLIN], lambda: f"a{next(ids)}", agents)


def finish(store: LeadStore, claimed: Claimed, outcome: str = "no_answer", at: float = T0, **more: object) -> bool:
    given: dict[str, object] = {"next": Next(state=LeadState.DONE, why=outcome), **more}
    with store.begin() as connection:
        return finishing.finish(connection, Finish(attempt=claimed.attempt, outcome=outcome, at=at, **given))  # type: ignore[arg-type]
