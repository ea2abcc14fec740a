from acd.ivr.load import load_text
from acd.rehearsal.picture import Arrow, as_dot, as_mermaid, picture

FLOW = """
title: 'The "main" <number>'
start: say-hello
steps:
  say-hello: {step: say, text: "Hello {{ call.caller_name }}, \\"friend\\" [of] {ours} <b>, this is rather a long text.", next: choose}
  choose: {step: menu, prompt: Choose., options: {1: line, 2: line}, exits: {timeout: bye, invalid: bye}}
  line: {step: queue, queue: sales, otherwise: bye}
  bye: {step: hang_up}
"""


def test_given_a_flow_when_it_is_drawn_then_every_step_is_a_box_and_exits_of_one_way_share_an_arrow() -> None:
    drawn = picture(load_text(FLOW, "main"))
    assert [box.name for box in drawn.boxes] == ["say-hello", "choose", "line", "bye"]
    assert Arrow(source="choose", target="line", exits=("1", "2")) in drawn.arrows
    assert Arrow(source="choose", target="bye", exits=("timeout", "invalid")) in drawn.arrows or (
        Arrow(source="choose", target="bye", exits=("invalid", "timeout")) in drawn.arrows
    )
    assert Arrow(source="line", target="(end)", exits=("served",)) in drawn.arrows
    assert drawn.boxes[0].words.startswith("Hello") and drawn.boxes[0].words.endswith("…")


def test_given_traffic_when_a_flow_is_drawn_then_boxes_and_arrows_say_how_many() -> None:
    traffic = {("choose", "1"): 30, ("choose", "2"): 10, ("choose", ""): 5, ("line", "served"): 40}
    drawn = picture(load_text(FLOW, "main"), traffic)
    assert Arrow(source="choose", target="line", exits=("1", "2"), callers=40) in drawn.arrows
    assert next(box for box in drawn.boxes if box.name == "choose").callers == 45
    assert "45 callers, 5 hung up" in as_dot(drawn) and "1, 2 (40)" in as_dot(drawn)
    assert "45 callers, 5 hung up" in as_mermaid(drawn)


def test_given_odd_words_when_a_flow_is_drawn_then_they_are_text_and_nothing_else() -> None:
    drawn = picture(load_text(FLOW, "main"))
    mermaid = as_mermaid(drawn)
    assert "<b>" not in mermaid and "{ours}" not in mermaid and "step_say_45_hello" in mermaid
    for line in mermaid.splitlines()[1:]:
        assert line.count('"') in (0, 2)
