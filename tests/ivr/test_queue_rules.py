"""What the rules of a queue ask of the flows that lead into it: exits that have a target, flows that may run while callers wait."""

from pathlib import Path

import pytest

from acd.config.document import Refused
from acd.core.commands import Play
from acd.core.events import PlayEnded
from acd.core.lines.recipe import Announce, Recipe, When
from acd.core.media import Music, Speech
from acd.ivr.check import Known
from acd.ivr.library import FlowLibrary
from acd.ivr.load import load_folder, load_text
from acd.words import EntryOutcome, FlowId, PlayId, Wish
from tests.core.world import World, leg, policy

ASKS = "start: a\nsteps:\n  a: {step: menu, prompt: Press 1., tries: 1, options: {1: out}, otherwise: end}\n"
ASKS += "  out: {step: leave_queue, exit: later}\n  end: {step: return}\n"
KNOWN = Known(queues=frozenset({"sales"}), ways_out={"sales": frozenset({"message"})}, offered={"sales": frozenset({FlowId("asks")})})


def folder(at: Path, exits: str = "message: m, later: b", asks: str = ASKS) -> Path:
    line = f"{{step: queue, queue: sales, exits: {{timed_out: b, full: b, no_agents: b, failed: b, {exits}}}}}"
    steps = f"  a: {line}\n  m: {{step: voicemail, mailbox: x, greeting: Speak., next: b, otherwise: b}}\n  b: {{step: hang_up}}\n"
    steps = steps if ": m" in exits else steps.replace("failed: b", "failed: m")
    (at / "main.yaml").write_text(f"start: a\nsteps:\n{steps}")
    (at / "asks.yaml").write_text(asks)
    return at


def refusal(at: Path) -> str:
    with pytest.raises(Refused) as refused:
        load_folder(at, KNOWN)
    return str(refused.value).replace(f"{at}/", "")


def test_given_targets_for_what_recipes_do_when_loaded_then_the_flow_is_good(tmp_path: Path) -> None:
    assert load_folder(folder(tmp_path), KNOWN).keys() == {"main", "asks"}


@pytest.mark.parametrize(
    ("exits", "sentence"),
    [
        ("later: b", "main.yaml:3:20: the rules of the queue 'sales' send callers out by 'message'"),
        ("message: m", "main.yaml:3:3: the flow 'asks' leaves the queue by 'later'; give it a target in 'exits'"),
        ("message: m, later: b, latr: b", "queue has no exit 'latr' and the flow 'asks' does not leave by it (did you mean 'later'?)"),
    ],
)
def test_given_an_exit_that_a_recipe_takes_when_it_leads_nowhere_then_it_is_refused(tmp_path: Path, exits: str, sentence: str) -> None:
    assert sentence in refusal(folder(tmp_path, exits))


def test_given_a_flow_that_a_recipe_offers_when_it_would_take_callers_elsewhere_then_it_is_refused(tmp_path: Path) -> None:
    asks = ASKS.replace("end: {step: return}", "end: {step: hang_up}")
    assert "hang_up cannot stand in a flow that runs while its callers wait (it does for main/a)" in refusal(
        folder(tmp_path, asks=asks)
    )


def test_given_an_exit_that_leads_to_a_message_when_a_caller_joins_then_it_is_known_how_such_a_stay_ends(tmp_path: Path) -> None:
    flows = FlowLibrary(flows=load_folder(folder(tmp_path), KNOWN))
    world = World(policy(numbers={"1": FlowId("main")}), flows)  # type: ignore[arg-type]
    world.asks("a0", Wish.LOG_IN)
    world.arrives("c")
    assert world.entry("c").outcomes == {"message": EntryOutcome.VOICEMAIL}


def test_54_given_an_announcement_when_the_waiting_flow_goes_on_in_silence_then_it_is_not_cut_by_music() -> None:
    main = "start: a\nsteps:\n  a: {step: queue, queue: sales, while_waiting: hold, otherwise: b}\n  b: {step: hang_up}\n"
    hold = "start: a\nsteps:\n  a: {step: pause, for: 5s, next: b}\n  b: {step: pause, for: 20s, next: c}\n  c: {step: return}\n"
    flows = FlowLibrary(flows={FlowId(id): load_text(text, id) for id, text in {"main": main, "hold": hold}.items()})
    thanks = Recipe(name="r", when=When(waited_s=4.0), do=(Announce(media=(Speech(text="Thanks."),)),))
    world = World(policy(numbers={"1": FlowId("main")}, queue_recipes=(thanks,)), flows)  # type: ignore[arg-type]
    world.asks("a0", Wish.LOG_IN)
    world.arrives("c")
    world.after(4.5)
    began = len(world.decisions)
    world.feed(PlayEnded(at=world.at, leg=leg("c"), play=PlayId("c.1"), result="BREAK"))
    world.after(3)
    assert world.entry("c").saying is not None, "the pause's music was in its place, and the next pause's waits"
    assert not [c for d in world.decisions[began:] for c in d.commands if isinstance(c, Play)]
    saying = world.entry("c").saying or PlayId("")
    [music] = [c for c in world.feed(PlayEnded(at=world.at, leg=leg("c"), play=saying)) if isinstance(c, Play)]
    assert music.media == (Music(name="default"),) and world.call("c").waiting.step == "b"  # type: ignore[union-attr]
