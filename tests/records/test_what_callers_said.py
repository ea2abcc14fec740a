"""Tags, answers and callbacks: from the call's record to rows, and what is read of them."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import make_url

from acd.core.frame import Answered, CallbackWish
from acd.records.batch import batch_of
from acd.records.closing import close_callback
from acd.records.reader import Reader
from acd.records.store import Store
from acd.records.story import tell
from acd.records.survey import results
from acd.words import EndedBy, Owner, QueueId
from tests.records.making import T0, FakeLine, call


def answered(question: str, answer: str, kind: str = "csat", score: float | None = None) -> Answered:
    return Answered(survey="after", question=question, kind=kind, answer=answer, at=T0 + 5, score=score)


def wish(id: str, since: float, *, number: str = "+491", queue: str = "sales", priority: int = 0) -> CallbackWish:
    return CallbackWish(id=id, queue=QueueId(queue), number=number, asked_at=T0 + 9, since=since, priority=priority)


@pytest.fixture
def url(tmp_path: Path) -> str:
    """Two calls: one tagged and asked, and callbacks of several callers."""
    url = f"sqlite:///{tmp_path / 'acd.db'}"
    ended = {"owner": Owner.NOBODY, "ended_at": T0 + 20, "ended_by": EndedBy.CUSTOMER}
    first = call(
        "c1",
        tags={"reason": "bill"},
        answers=(answered("nice", "5", score=5.0), answered("nice", "4", score=4.0), answered("again", "10", "nps", 10.0)),
        callbacks=(wish("c1.1", T0 - 60),),
        **ended,
    )
    second = call("c2", answers=(answered("nice", "2", score=2.0), answered("again", "3", "nps", 3.0)), **ended)
    third = call("c3", callbacks=(wish("c3.1", T0 - 90), wish("c3.2", T0 - 10, number="+492", priority=5)), **ended)
    store = Store(url)
    store.open()
    store.write(batch_of(0, [FakeLine(n=1, changes=(replace(first, owner=Owner.FLOW, ended_at=None), first, second, third))], {}))
    store.close()
    return url


def test_given_a_tagged_call_when_its_story_is_told_then_tags_answers_and_callbacks_are_in_it(url: str) -> None:
    rows = Reader(url).story("c1")
    assert rows is not None and rows["contact"]["tags"] == {"reason": "bill"}
    told = [(moment.text, moment.details) for moment in tell(rows)]
    assert any("survey after, nice: 4" in text for text, _ in told)
    assert any("asked to be called back on +491, place in queue sales kept" in text for text, _ in told)
    assert told[-1][1] == ("reason: bill",)


def test_given_a_question_answered_twice_when_read_then_the_last_answer_counts(url: str) -> None:
    nice, again = sorted(results(Reader(url).answers()), key=lambda result: result.kind)
    assert (nice.answers, nice.figure, nice.mean, nice.counts) == (2, 50.0, 3.0, {"2": 1, "4": 1})
    assert (again.kind, again.answers, again.figure) == ("nps", 2, 0.0)


@pytest.mark.parametrize(
    ("kind", "scores", "figure"),
    [
        ("csat", [5, 5, 3, 1], 50.0),
        ("nps", [10, 9, 8, 7, 6, 0], 0.0),
        ("nps", [9, 10], 100.0),
        ("nps", [6], -100.0),
        ("choice", [1, 2], None),
    ],
)
def test_given_scores_when_a_figure_is_made_then_it_is_by_the_definition(kind: str, scores: list[int], figure: float | None) -> None:
    rows = [{"survey": "s", "question": "q", "kind": kind, "answer": str(s), "score": float(s)} for s in scores]
    (result,) = results(rows)
    assert result.figure == figure


def test_given_callbacks_when_listed_then_by_priority_and_place_and_a_number_stands_once_in_a_queue(url: str) -> None:
    """ACD.md 68, 74."""
    found = Reader(url).callbacks()
    assert [(row["number"], row["since"]) for row in found] == [("+492", T0 - 10), ("+491", T0 - 90)]
    assert [row["id"] for row in Reader(url).callbacks(closed=True)] == ["c3.2", "c3.1", "c1.1"]
    assert Reader(url).callbacks(queue="support") == []


def test_given_a_callback_when_it_is_done_then_so_are_all_of_that_number_and_queue_and_writing_again_opens_none(url: str) -> None:
    assert close_callback(url, "c1.1", by="ann", at=T0 + 99) == ["c1.1", "c3.1"]
    assert close_callback(url, "c1.1", by="ann", at=T0 + 99) == []
    assert close_callback(url, "nothing", by="ann", at=T0 + 99) == []
    store = Store(url)
    store.open()
    again = call("c1", callbacks=(wish("c1.1", T0 - 60),), owner=Owner.NOBODY, ended_at=T0 + 20)
    store.write(batch_of(1, [FakeLine(n=2, changes=(again,))], {}))
    store.close()
    assert [row["id"] for row in Reader(url).callbacks()] == ["c3.2"]
    closed = {row["id"]: (row["closed_at"], row["closed_by"]) for row in Reader(url).callbacks(closed=True)}
    assert closed["c1.1"] == (T0 + 99, "ann")
    assert make_url(url).database
