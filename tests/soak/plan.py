"""The house that is soaked: everything that people may do in it, written as its operator would."""

from typing import Any

from tests.e2e.centre import Plan

AGENTS = {f"agent{n}": str(2000 + n) for n in range(8)}
SUPERVISORS = {"sue": "2101", "tom": "2102"}
TRUNK = "carrier"
BACK = """
title: Asks to be called back
start: ask
steps:
  ask:
    step: callback
    queue: sales
    offer: false
    number_prompt: {file: choose}
    type_prompt: {file: choose}
    done_prompt: {file: done}
    tries: 1
    next: bye
    otherwise: bye
  bye: {step: hang_up}
"""


def plan() -> Plan:
    rights = ["listen", "whisper", "barge", "take_over"]
    supervisors = {id: {"name": id.title(), "phone": phone, "queues": ["sales"], "rights": rights} for id, phone in SUPERVISORS.items()}
    agents = {
        id: {"name": id.title(), "phone": phone, "queues": ["sales"], "may_transfer_outside": True} for id, phone in AGENTS.items()
    }
    sales: dict[str, Any] = {"ring": "8s", "wrap_up": "2s", "max_wait": "90s", "retry": "3s", "short_abandon": "0s"}
    sales |= {
        "record": {"when": "50%", "keep": "90d", "mask_longest": "5s"},
        "callback": {"retries": ["15s", "20s"], "ring": "10s", "expires": "5m"},
    }
    return Plan(
        agents=AGENTS,
        max_missed=3,
        flows={"back": BACK},
        numbers={"900": "back"},
        trunks={TRUNK: {"prefixes": ["+49"], "caller_id": "+493099"}},
        settings={
            "queues": {"sales": sales},
            "agents": agents,
            "supervisors": supervisors,
            "talk": {"targets": {"71": "queue:sales"}},
            "outbound": {"region": "DE", "limits": {"per_agent": 100_000}},
        },
    )
