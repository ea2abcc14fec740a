"""`http`: what is sent, what a caller hears meanwhile, what comes of each answer, and what a crash must not repeat."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from acd.config.document import Refused
from acd.core.commands import Fetch, Play, Secret
from acd.core.events import ErrandDone, PlayEnded
from acd.core.media import Music
from acd.ivr.check import Known
from acd.ivr.flow import Flow
from acd.ivr.load import load_text
from acd.words import PlayId
from tests.ivr.caller import Caller, flow

ASK = """
start:
  step: http
  url: https://crm.example.com/callers/{{ call.caller_number }}
  into: {who: customer.name}
  status_into: status
  next: known
  exits: {not_found: stranger, refused: stranger}
  otherwise: down
known: {step: say, text: "Hello {{ who }}.", next: end}
stranger: {step: say, text: "Status {{ status }}.", next: end}
down: {step: say, text: Sorry., next: end}
"""


def sent(caller: Caller) -> Fetch:
    found = [one for one in caller.walk.commands if isinstance(one, Fetch)]
    assert len(found) == 1, caller.commands
    return found[0]


def answers(caller: Caller, status: int = 200, why: str = "", at_s: float = 0.5, **values: str) -> Caller:
    errand = caller.frame.play
    assert errand is not None
    return caller.happens(ErrandDone(at=caller.at + at_s, leg=caller.call.leg, errand=errand, status=status, why=why, values=values))


def posts(more: str = "") -> Flow:
    return flow(ASK.replace("  into:", f"  method: POST\n  json: {{a: b}}\n{more}  into:"))


def answered(caller: Caller) -> Caller:
    caller.call = replace(caller.call, answered_at=caller.at)
    return caller


# -- what is sent ---


def test_given_a_step_when_entered_then_it_asks_with_the_callers_number_as_data() -> None:
    caller = Caller(flow(ASK), caller_number="+49 30/1?x=1&y#z")
    fetch = sent(caller)
    assert fetch.url == "https://crm.example.com/callers/%2B49%2030%2F1%3Fx%3D1%26y%23z" and fetch.method == "GET"
    assert fetch.headers == (("accept", "application/json"),) and fetch.body is None
    assert fetch.take == {"who": "customer.name"} and (fetch.timeout_s, fetch.tries) == (5.0, 1)
    assert caller.frame.play == fetch.errand and caller.commands == ["Fetch"]


def test_given_query_headers_and_json_when_asked_then_variables_are_data_in_each() -> None:
    asked = flow("""
        start: {step: set, values: {odd: "\\"},{ä&=\\\\", n: "41"}, next: ask}
        ask:
          step: http
          method: POST
          url: https://crm.example.com/x?fixed=1
          query: {"a b": "{{ odd }}", n: "{{ n }}"}
          headers: {X-Odd: "<{{ call.caller_name }}>", Authorization: {secret: token, before: "Bearer "}}
          json: {t: "{{ odd }}", list: ["{{ n }}", x], n: "{{ n + 1 }}", truth: '{{ n == "41" }}', mixed: "n {{ n + 1 }}", none: }
          next: end
          otherwise: end
    """)
    fetch = sent(Caller(asked, caller_name="A\r\nX-Evil: 1"))
    assert fetch.url == "https://crm.example.com/x?fixed=1&a%20b=%22%7D%2C%7B%C3%A4%26%3D%5C&n=41"
    assert dict(fetch.headers) == {
        "accept": "application/json",
        "content-type": "application/json",
        "X-Odd": "<A  X-Evil: 1>",
        "Authorization": Secret(name="token", before="Bearer "),
        "idempotency-key": fetch.errand,
    }
    body = json.loads(fetch.body or "")
    assert body == {"t": '"},{ä&=\\', "list": ["41", "x"], "n": 42, "truth": True, "mixed": "n 42", "none": ""}


def test_given_a_form_when_asked_then_it_is_encoded() -> None:
    asked = flow("""
        start: {step: http, method: PUT, url: "http://c.example.com", form: {a: "{{ call.dialled }}&", b: }, next: end, otherwise: end}
    """)
    fetch = sent(Caller(asked))
    assert fetch.body == "a=100%26&b=" and dict(fetch.headers)["content-type"] == "application/x-www-form-urlencoded"


@pytest.mark.parametrize("number", ["", ".", ".."])
def test_given_a_variable_that_would_change_the_path_when_asked_then_nothing_is_sent(number: str) -> None:
    caller = Caller(flow(ASK), caller_number=number)
    assert "Fetch" not in caller.commands and caller.exits == [("start", "failed")]


# -- what comes of it ---


@pytest.mark.parametrize(
    ("status", "why", "exit"),
    [
        (200, "", "done"), (204, "", "done"), (299, "", "done"),
        (404, "", "not_found"), (410, "", "not_found"),
        (400, "", "refused"), (401, "", "refused"), (403, "", "refused"), (409, "", "refused"), (429, "", "refused"),
        (500, "", "failed"), (503, "", "failed"), (302, "", "failed"), (304, "", "failed"), (999, "", "failed"), (0, "", "failed"),
        (200, "bad_answer", "failed"), (0, "timeout", "failed"), (0, "unreachable", "failed"), (0, "forbidden", "failed"),
        (0, "too_large", "failed"), (0, "resting", "failed"),
    ],
)  # fmt: skip
def test_given_an_answer_when_it_comes_then_it_leads_out_by_a_named_exit(status: int, why: str, exit: str) -> None:
    caller = answers(Caller(flow(ASK), caller_number="1"), status, why, who="Ada")
    assert caller.exits == [("start", exit)]
    assert caller.variables["status"] == (str(status) if status else "")


def test_given_a_value_that_is_missing_when_answered_then_it_is_empty_and_nothing_else_is_set() -> None:
    caller = answers(Caller(flow(ASK), caller_number="1"), 200, evil="x")
    assert caller.variables == {"who": "", "status": "200"} and caller.heard == ["Hello"]


def test_given_an_answer_to_another_errand_when_it_comes_late_then_nothing_happens() -> None:
    caller = Caller(flow(ASK), caller_number="1")
    before = caller.frame
    caller.happens(ErrandDone(at=caller.at, leg=caller.call.leg, errand=PlayId("c1.0"), status=200))
    assert caller.frame == before and not caller.exits


def test_given_digits_meanwhile_when_pressed_then_they_are_kept_for_the_next_step() -> None:
    asked = flow("""
        start: {step: http, url: "http://c.example.com/", next: menu, otherwise: end}
        menu: {step: menu, prompt: Choose., options: {1: end, 2: chosen}, otherwise: end}
        chosen: {step: hang_up}
    """)
    caller = answers(Caller(asked).presses("2"))
    assert caller.exits == [("start", "done"), ("menu", "2")]


# -- what is heard meanwhile ---


def test_given_a_quick_answer_when_waiting_then_nothing_is_heard_and_nobody_is_answered() -> None:
    caller = answers(Caller(flow(ASK), caller_number="1"), at_s=0.9, who="Ada")
    assert caller.commands == ["Answer", "Play"] and caller.heard == ["Hello", "Ada"]  # that is the next step's


def test_given_a_slow_answer_when_a_second_is_over_then_the_prompt_then_music_is_heard_and_stopped_in_the_end() -> None:
    caller = Caller(flow(ASK.replace("  into:", "  prompt: One moment.\n  into:")), caller_number="1").waits()
    assert caller.heard == ["One moment."] and caller.commands == ["Answer", "Play"]
    answered(caller)
    spoken = next(one.play for one in caller.walk.commands if isinstance(one, Play))
    caller.happens(PlayEnded(at=caller.at + 1, leg=caller.call.leg, play=spoken)).waits()
    music = next(one for one in caller.walk.commands if isinstance(one, Play))
    assert music.media == (Music(name="default"),) and music.play != spoken
    answers(caller, 500)
    assert caller.exits == [("start", "failed")] and "Play" in caller.commands


def test_given_music_when_the_answer_leads_to_the_end_then_it_is_stopped() -> None:
    caller = answered(Caller(flow('start: {step: http, url: "http://c.example.com", next: end, otherwise: end}')))
    caller.waits()
    assert [type(one).__name__ for one in caller.walk.commands] == ["Play"]
    assert answers(caller).commands == ["StopPlay"] and caller.ended


def test_given_music_that_ends_at_once_when_it_cannot_be_played_then_it_is_tried_again_only_after_a_while() -> None:
    caller = answered(Caller(flow(ASK), caller_number="1")).waits()
    for _ in range(2):
        played = next(one.play for one in caller.walk.commands if isinstance(one, Play))
        caller.happens(PlayEnded(at=caller.at, leg=caller.call.leg, play=played))
        assert caller.commands == [] and (caller.frame.deadline or 0) - caller.at == 1.0
        caller.waits()


def test_given_a_call_that_is_not_answered_when_there_is_no_prompt_then_it_is_not_answered_for_musics_sake() -> None:
    caller = Caller(flow(ASK), caller_number="1").waits()
    assert caller.commands == [] and not caller.exits
    assert answers(caller).exits == [("start", "done")]


# -- the controller dies (FAULTS.md F03) ---


def test_given_a_post_under_way_when_all_restarts_then_it_is_not_sent_again_f03() -> None:
    caller = Caller(posts(), caller_number="1").waits().restarts()
    before = caller.at
    caller.waits()
    assert caller.exits == [("start", "failed")] and "Fetch" not in caller.commands
    assert caller.at - before <= 5.0 + 2.0


def test_given_a_get_under_way_when_all_restarts_then_it_is_sent_once_more_under_the_same_name_f03() -> None:
    caller = Caller(flow(ASK), caller_number="1")
    first = sent(caller)
    caller.restarts().waits().waits()
    assert sent(caller) == first and not caller.exits
    caller.waits().waits()
    assert caller.exits == [("start", "failed")]


def test_given_a_get_with_music_when_it_is_sent_once_more_then_the_music_is_stopped_and_begins_again() -> None:
    caller = answered(Caller(flow(ASK), caller_number="1")).waits().restarts().waits()
    assert caller.commands == ["StopPlay", "Fetch"]
    assert answers(caller.waits()).exits == [("start", "done")] and caller.commands[0] != "Fetch"


def test_given_a_post_that_may_be_repeated_when_all_restarts_then_it_is_and_its_key_is_the_same_f03() -> None:
    caller = Caller(posts("  safe_to_repeat: true\n  tries: 3\n"), caller_number="1")
    first = sent(caller)
    caller.restarts().waits().waits()
    assert dict(sent(caller).headers)["idempotency-key"] == dict(first.headers)["idempotency-key"] == first.errand


LOGIN = """
start: {step: gather, prompt: Pin., into: pin, max: 4, sensitive: true, next: ask, otherwise: end}
ask:
  step: http
  method: POST
  url: https://bank.example.com/login
  json: {pin: "{{ pin }}"}
  next: end
  otherwise: down
down: {step: say, text: Sorry., next: end}
"""


def test_given_a_secret_was_sent_when_all_restarts_then_nobody_types_it_again_to_send_it_twice_f03() -> None:
    caller = Caller(flow(LOGIN)).presses("1234")
    assert json.loads(sent(caller).body or "") == {"pin": "1234"}
    caller.restarts().waits().waits()
    assert caller.exits[-1] == ("ask", "failed") and "Fetch" not in caller.commands


def test_given_a_secret_that_may_be_sent_again_when_all_restarts_then_it_is_asked_for_again() -> None:
    again = flow(LOGIN.replace("method: POST", "method: POST\n  safe_to_repeat: true"))
    caller = Caller(again).presses("1234").restarts().waits()
    assert caller.heard == ["Pin."]


# -- what is refused ---

HOUSE = Known(secrets=frozenset({"token"}), music=frozenset({"default"}))


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("url: 'https://{{ call.dialled }}/x'", "a fixed host"),
        ("url: 'https://crm.example.com{{ call.dialled }}/x'", "a fixed host"),
        ("url: 'https://crm.example.com:{{ call.dialled }}/x'", "a fixed host"),
        ("url: 'https://crm.{{ call.dialled }}.com/x'", "a fixed host"),
        ("url: '{{ call.dialled }}'", "a fixed host"),
        ("url: https://user:word@crm.example.com/", "a fixed host"),
        ("url: gopher://crm.example.com/", "begins with http:// or https://"),
        ("url: https://crm.example.com/a b", "%20"),
        ("url: https://crm.example.com/ä", "percent-encoded"),
        ("url: 'https://crm.example.com/a#b'", "percent-encoded"),
        ("url: https://crm.example.com/../x", "without . and .."),
        ("method: HEAD", "allowed: GET, POST, PUT, PATCH, DELETE"),
        ("method: FETCH", "allowed: GET, POST"),
        ("json: {a: b}", "a GET sends no data"),
        ("form: {a: b}", "a GET sends no data"),
        ("method: POST, json: {a: b}, form: {a: b}", "only one of"),
        ("method: POST, json: text", "a mapping or a list is needed"),
        ("method: POST, tries: 2", "safe_to_repeat"),
        ("safe_to_repeat: false, tries: 2", "safe_to_repeat"),
        ("timeout: 31s", "500ms to 30s is allowed"),
        ("timeout: 5", "a duration"),
        ("headers: {Host: x}", "set by the house"),
        ("headers: {'X Y': x}", "the name of a header"),
        ("headers: {X-A: x, x-a: y}", "here twice"),
        ('headers: {X-A: "a\\nb"}', "one line"),
        ("headers: {X-A: {secret: tokn}}", "did you mean 'token'?"),
        ("headers: {X-A: {secrt: token}}", "secret"),
        ("into: {a: 'x..y'}", "a path in the answer"),
        ("into: {a: x}, status_into: a", "in 'into' already"),
        ("into: {A: x}", "a variable"),
        ("music: nothing", "there is no music"),
        ("exits: {no_answer: end}", "has no exit 'no_answer'"),
    ],
)
def test_given_a_step_that_is_wrong_when_loaded_then_it_is_refused_with_a_sentence(line: str, says: str) -> None:
    url = "" if line.startswith("url") else "url: https://crm.example.com/, "
    with pytest.raises(Refused) as refused:
        flow(f"start: {{step: http, {url}{line}, next: end, otherwise: end}}", known=HOUSE)
    assert says in str(refused.value) and str(refused.value).startswith("tested.yaml:3:"), str(refused.value)


def test_given_no_way_out_when_loaded_then_each_is_named() -> None:
    with pytest.raises(Refused) as refused:
        flow("start: {step: http, url: https://crm.example.com/, next: end}")
    assert all(f"after {exit!r}" in str(refused.value) for exit in ("failed", "not_found", "refused"))


def test_given_the_page_of_the_verb_when_its_flow_is_loaded_and_walked_then_it_does_what_the_page_says() -> None:
    text = (Path(__file__).parents[2] / "docs" / "flows" / "http.md").read_text(encoding="utf-8")
    found = load_text(text.split("```yaml\n")[1].split("```")[0], "page", Known(secrets=frozenset({"crm_token"})))
    caller = answers(Caller(found, caller_number="+49301"), 200, name="Ada", level="gold")
    assert caller.exits[0][1] == "done" and caller.heard[:2] == ["Hello", "Ada"]
    assert answers(Caller(found, caller_number="+49301"), 0, "timeout").exits[0][1] == "failed"
