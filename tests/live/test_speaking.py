"""What only a call knows is spoken before it is played; a leg's commands keep their order."""

from collections.abc import Iterable, Sequence

import gevent
from gevent.event import Event as Flag

from acd.core.commands import Answer, Command, HangUp, Play, StopPlay
from acd.core.media import Media, Speech
from acd.live.speaking import Speaking
from acd.words import LegId, PlayId

A, B = LegId("n/a"), LegId("n/b")
NAME = Speech(text="Good morning, Mrs Schmidt")


class Engine:
    """Speaks when the test lets it."""

    def __init__(self) -> None:
        self.may, self.spoken = Flag(), list[Media]()

    def is_ready(self, medium: Media) -> bool:
        return medium in self.spoken

    def prepare_now(self, media: Iterable[Media]) -> None:
        self.may.wait(timeout=5)
        self.spoken += media


class Node:
    def __init__(self) -> None:
        self.sent: list[Command] = []

    def send(self, commands: Sequence[Command]) -> None:
        self.sent += commands


def play(leg: LegId, *media: Media) -> Play:
    return Play(leg=leg, play=PlayId("p"), media=media)


def speaking() -> tuple[Speaking, Engine, Node]:
    engine, node = Engine(), Node()
    return Speaking(lambda: node, engine), engine, node


def test_given_a_text_that_is_ready_when_played_then_it_is_sent_at_once() -> None:
    speaker, engine, node = speaking()
    engine.spoken.append(NAME)
    speaker.send([Answer(leg=A), play(A, NAME)])
    assert node.sent == [Answer(leg=A), play(A, NAME)]


def test_given_a_new_text_when_played_then_its_leg_waits_in_order_and_others_do_not() -> None:
    speaker, engine, node = speaking()
    speaker.send([Answer(leg=A), play(A, NAME), StopPlay(leg=A), Answer(leg=B)])
    speaker.send([play(A)])
    assert node.sent == [Answer(leg=A), Answer(leg=B)]
    engine.may.set()
    gevent.idle()
    assert node.sent[2:] == [play(A, NAME), StopPlay(leg=A), play(A)]
    speaker.send([StopPlay(leg=A)])
    assert node.sent[5:] == [StopPlay(leg=A)]


def test_given_a_leg_that_waits_for_a_text_when_hung_up_then_that_goes_at_once_and_nothing_follows() -> None:
    speaker, engine, node = speaking()
    speaker.send([play(A, NAME)])
    gevent.idle()
    speaker.send([HangUp(leg=A)])
    assert node.sent == [HangUp(leg=A)]
    engine.may.set()
    gevent.idle()
    assert node.sent == [HangUp(leg=A)]


def test_given_too_many_texts_at_once_when_played_then_the_rest_is_not_kept_waiting() -> None:
    speaker, _, node = speaking()
    speaker._at_once = 1
    speaker.send([play(A, NAME), play(B, NAME)])
    assert node.sent == [play(B, NAME)]
