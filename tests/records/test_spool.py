"""The writer behind the real journal."""

from collections.abc import Callable
from pathlib import Path

from acd.core.decision import Decision, Record
from acd.core.events import TimePassed
from acd.live.journal import Journal
from acd.records.store import Store
from acd.records.writer import RecordsWriter
from acd.words import AgentState

from .making import T0, agent, call, entry, message, offer
from .reading import rows


def decided(*changes: Record) -> Decision:
    return Decision(event=TimePassed(at=T0), changes=changes)


def test_given_a_journal_of_many_segments_when_written_behind_then_every_row_is_there_and_the_segments_may_go(
    tmp_path: Path, store_of: Callable[..., Store]
) -> None:
    url = f"sqlite:///{tmp_path}/acd.db"
    journal = Journal(tmp_path / "journal", segment_lines=10)
    writer = RecordsWriter(journal, store_of(url), batch_lines=7)
    writer.open()
    journal.on_written(writer.wake)
    journal.start(lambda name, error: None)
    for i in range(35):
        journal.write(
            [decided(call(f"c{i}", messages=(message(f"m{i}"),)), entry(f"e{i}"), offer(f"o{i}"), agent(AgentState.READY, i + 1))]
        )
        if journal.wants_snapshot():
            journal.snapshot(T0, [])
    assert writer.behind_lines == 35
    while writer.turn() == 0.0:
        pass
    assert (writer.behind_lines, journal.released) == (0, 35)
    assert rows(url, "SELECT count(*) FROM contacts") == [(35,)]
    assert rows(url, "SELECT count(*), sum(duration_s) FROM agent_activities") == [(35, 34.0)]
    assert rows(url, "SELECT trace FROM offers LIMIT 1") != []
    journal.close()
    writer.stop()


def test_given_a_journal_that_was_closed_when_opened_by_the_next_process_then_only_what_is_new_is_written(
    tmp_path: Path, store_of: Callable[..., Store]
) -> None:
    url = f"sqlite:///{tmp_path}/acd.db"
    for life in range(3):
        journal = Journal(tmp_path / "journal")
        journal.write([decided(call(f"c{life}"))])
        writer = RecordsWriter(journal, store_of(url))
        writer.open()
        assert writer.behind_lines == 1
        writer.turn()
        assert journal.released == life + 1
        journal.close()
        writer.stop()
    assert rows(url, "SELECT count(*) FROM contacts") == [(3,)]
