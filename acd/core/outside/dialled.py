"""How a dial to a number outside ended, from the switch's word for it."""

ANSWERED = frozenset({"SUCCESS", "NORMAL_CLEARING", "NONE"})
NO_ANSWER = frozenset({"NO_ANSWER", "NO_USER_RESPONSE", "ALLOTTED_TIMEOUT", "PROGRESS_TIMEOUT", "RECOVERY_ON_TIMER_EXPIRE"})
TRUNK_FAILED = frozenset(
    {
        "NETWORK_OUT_OF_ORDER", "NORMAL_TEMPORARY_FAILURE", "SWITCH_CONGESTION", "NORMAL_CIRCUIT_CONGESTION", "GATEWAY_DOWN",
        "INVALID_GATEWAY", "NO_ROUTE_TRANSIT_NET", "NO_ROUTE_DESTINATION", "SERVICE_UNAVAILABLE", "RECOVERY_ON_TIMER_EXPIRE",
        "BEARERCAPABILITY_NOTAVAIL", "INCOMPATIBLE_DESTINATION",
    }
)  # fmt: skip
"""The way was at fault, not who was called: the next trunk that allows the number may do."""


def exit_of(cause: str, *, lost: bool) -> str:
    """Of an end that nobody was told of the cause may be unknown: then nobody is taken for served."""
    if cause in ANSWERED or (not cause and not lost):
        return "done"
    if cause == "USER_BUSY":
        return "busy"
    return "no_answer" if cause in NO_ANSWER else "failed"
