"""What a newcomer sees when it starts: where to dial, how to register a phone, what to press, where the numbers are."""

from collections.abc import Iterator

from acd.loading import Loaded
from acd.places import Places


def banner(loaded: Loaded, places: Places) -> str:
    return "\n".join(_lines(loaded, places))


def _lines(loaded: Loaded, places: Places) -> Iterator[str]:
    configuration, policy = loaded.configuration, loaded.policy
    counts = f"{len(policy.queues)} queues, {len(policy.agents)} agents, {len(loaded.flows)} flows"
    yield f"The contact centre is running: {counts}, configuration {policy.version}."
    yield ""
    for node in configuration.nodes.values():
        host, port = node.callers
        numbers = " ".join(number for number in policy.numbers if number != "*") or "any number"
        yield f"  Dial in     sip:{next(iter(n for n in policy.numbers if n != '*'), '100')}@{host}:{port}   (numbers: {numbers})"
        host, port = node.phones
        yield f"  Phones      register at {host}:{port} (UDP), domain {node.domain}; users and passwords: acd phones"
    for number, flow in policy.phone_numbers.items():
        title = loaded.flows[flow].title or flow.replace("_", " ")
        yield f"  From there  {number:<6} {title}"
    yield f"  Look        acd queues, acd agents, acd calls     (home: {places.home})"
    yield f"  Metrics     http://127.0.0.1:{configuration.http_port}/metrics"
    yield ""
    yield "  Ctrl-C ends it."
