"""The records of a soaked house, read beside it: whole at the end (W4), and the same numbers as everywhere else (W7)."""

import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

NEVER = {
    "contacts without an end": "select count(*) from contacts where ended_at is null or cause = ''",
    "negative durations": "select count(*) from contacts where duration_s < 0 or ended_at < arrived_at",
    "visits without an end": "select count(*) from queue_visits where outcome is null or ended_at is null",
    "offers without an end": "select count(*) from offers where outcome is null or ended_at is null",
    "recordings without an end": "select count(*) from recordings where outcome is null or ended_at is null",
    "supervisors who never left": "select count(*) from monitors where ended_at is null",
    "callbacks without an end": "select count(*) from callbacks where callback is not null and (outcome is null or ended_at is null)",
    "callbacks tried more often than allowed": "select count(*) from callbacks where json_array_length(attempts) > 3",
    "numbers called back otherwise than their attempts say": "select count(*) from (select number from ("
    "select number, json_array_length(attempts) n from callbacks where callback is not null union all"
    " select number, -1 from outbound_calls where reason = 'callback' and refused = ''"
    ") group by number having sum(n) <> 0)",
    "attempts without an end": "select count(*) from callbacks c, json_each(c.attempts) a"
    " where json_extract(a.value, '$.ended_at') is null",
    "dialled calls without an end": "select count(*) from dialled_calls where outcome is null or ended_at is null",
    "wrap-ups without an end": "select count(*) from wrap_ups where ended_at is null",
    "calls outside without an end": "select count(*) from outbound_calls where refused = '' and ended_at is null",
    "visits served twice": "select count(*) from (select visit from offers where outcome='answered' and kind='call'"
    " group by visit having count(*) > 1)",
    "answered without an offer": "select count(*) from queue_visits v where outcome='answered' and not exists"
    " (select 1 from offers o where o.visit=v.id and o.outcome='answered')",
    "visits of nobody": "select count(*) from queue_visits v where not exists (select 1 from contacts c where c.id=v.contact)",
    "agents at two talks at once": "select count(*) from offers a, offers b where a.id < b.id and a.agent = b.agent"
    " and a.bridged_at < b.ended_at - 0.001 and b.bridged_at < a.ended_at - 0.001",
    "rejected rows": "select count(*) from rejected_rows",
}
"""What no house may have when everybody has gone home."""
ENDED = {
    "calls": "select coalesce(ended_by, 'unknown'), count(*) from contacts where ended_at is not null group by 1",
    "visits": "select queue, outcome, count(*) from queue_visits where kind = 'call' and ended_at is not null group by 1, 2",
    "offers": "select queue, outcome, count(*) from offers where ended_at is not null group by 1, 2",
    "recordings": "select outcome, count(*) from recordings where ended_at is not null group by 1",
    "callbacks": "select queue, outcome, count(*) from callbacks where callback is not null and ended_at is not null group by 1, 2",
    "dialled_calls": "select queue, coalesce(outcome, 'unknown'), count(*) from dialled_calls where ended_at is not null group by 1, 2",
    "wrap_ups": "select queue, coalesce(ended_by, 'unknown'), count(*) from wrap_ups where ended_at is not null group by 1, 2",
}


class Records:
    def __init__(self, path: Path) -> None:
        self.path = path

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(f"file:{self.path}?mode=ro", uri=True, timeout=20)) as database:
            yield database

    def differ_from(self, ends: Mapping[tuple[str, ...], int]) -> list[str]:
        """Where the tables count other ends than the journal."""
        found: Counter[tuple[str, ...]] = Counter()
        with self._open() as database:
            for table, query in ENDED.items():
                for *labels, number in database.execute(query):
                    found[(table, *map(str, labels))] = number
        return [
            f"the records have {found[key]} {' '.join(key)}, the journal {ends.get(key, 0)}"
            for key in sorted(found.keys() | ends.keys())
            if found[key] != ends.get(key, 0)
        ]

    def wrong(self, sounds: Path) -> str:
        """W4, W3 of what is on tape; '' when all is whole."""
        with self._open() as database:
            counted = {what: database.execute(query).fetchone()[0] for what, query in NEVER.items()}
            kept = dict(database.execute("select id, outcome from recordings").fetchall())
        there = {path.stem for path in sounds.rglob("*.wav")}
        counted["recordings whose sound is gone"] = sum(outcome == "kept" and id not in there for id, outcome in kept.items())
        counted["sounds of no recording"] = len(there - kept.keys())
        return "; ".join(f"{n} {what}" for what, n in counted.items() if n)

    def calls_by_number(self) -> Counter[str]:
        """Callers' own contacts; those that we called back are none of theirs, nor are calls of our own phones."""
        query = "select caller_number, count(*) from contacts where kind = 'call' and phone is null group by 1"
        with self._open() as database:
            return Counter(dict(database.execute(query).fetchall()))

    def figures(self) -> str:
        with self._open() as database:
            visits = database.execute("select kind || ' ' || outcome, count(*) from queue_visits group by 1 order by 1").fetchall()
            contacts = database.execute("select count(*) from contacts").fetchone()[0]
            tapes = database.execute("select outcome, count(*) from recordings group by 1").fetchall()
            back = database.execute("select outcome, count(*) from callbacks where callback is not null group by 1").fetchall()
            monitors = database.execute("select count(*) from monitors").fetchone()[0]
        return f"contacts {contacts}; visits {dict(visits)}; recordings {dict(tapes)}; callbacks {dict(back)}; monitors {monitors}"
