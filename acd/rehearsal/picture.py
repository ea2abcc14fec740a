"""A flow as a graph of boxes and arrows, and that graph as text for Graphviz or Mermaid. PURE."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import graphviz

from acd.core.media import Recorded
from acd.ivr.flow import Flow
from acd.ivr.template import Template
from acd.ivr.wording import ByLanguage, Prompt, chosen

Traffic = Mapping[tuple[str, str], int]
"""How many callers left a step by an exit; '' are those who hung up there."""

COLOURS = {
    "queue": "#ffe2a8", "menu": "#cfe3ff", "gather": "#cfe3ff", "survey": "#cfe3ff", "branch": "#e6e6e6", "hours": "#e6e6e6",
    "split": "#e6e6e6", "hang_up": "#f6c8c8", "transfer": "#d6f2cf", "flow": "#d6f2cf", "voicemail": "#eadcf7",
    "record": "#eadcf7", "messages": "#eadcf7", "callback": "#eadcf7", "http": "#d9f0ee", "lookup": "#d9f0ee",
}  # fmt: skip
PLAIN = "#ffffff"
LINE = 34
END = "(end)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    name: str
    verb: str
    words: str  # the beginning of what is heard, or what it names
    callers: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrow:
    source: str
    target: str
    exits: tuple[str, ...]
    callers: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    title: str
    start: str
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    hung_up: Mapping[str, int]


def picture(flow: Flow, traffic: Traffic | None = None) -> Picture:
    return Picture(
        title=flow.title or flow.id,
        start=flow.start,
        boxes=tuple(_boxes(flow, traffic)),
        arrows=tuple(_arrows(flow, traffic)),
        hung_up={step: n for (step, exit), n in (traffic or {}).items() if not exit and n},
    )


def _boxes(flow: Flow, traffic: Traffic | None) -> Iterator[Box]:
    for name, step in flow.steps.items():
        told = next((_words(prompt, flow.language) for prompt in step.prompts if prompt), "")
        words = ", ".join(step.names.values()) or told
        callers = sum(n for (of, _), n in traffic.items() if of == name) if traffic is not None else None
        yield Box(name=name, verb=step.verb, words=_cut(words), callers=callers)


def _words(prompt: Prompt, language: str) -> str:
    """As they are in the flow's own language; what only the call knows is left open."""
    return " ".join(_part(part, language) for part in prompt)


def _part(part: Recorded | Template | ByLanguage, language: str) -> str:
    if isinstance(part, ByLanguage):
        return _words(chosen(part.ways, language, language)[1], language)
    if isinstance(part, Recorded):
        return f"[{part.name}]"
    return " ".join(piece if isinstance(piece, str) else "…" for piece in part.parts)


def _cut(words: str) -> str:
    return words if len(words) <= LINE else words[: LINE - 1].rstrip() + "…"


def _arrows(flow: Flow, traffic: Traffic | None) -> Iterator[Arrow]:
    """One arrow from box to box, however many exits lead the same way."""
    for name, step in flow.steps.items():
        ways: dict[str, list[str]] = {}
        for exit, target in step.exits.items():
            ways.setdefault(target, []).append(exit)
        for exit in sorted(step.needs | step.offers):
            if exit not in step.exits and exit in step.offers:
                ways.setdefault(END, []).append(exit)
        for target, exits in ways.items():
            callers = sum(traffic.get((name, exit), 0) for exit in exits) if traffic is not None else None
            shown = tuple(exit for exit in exits if exit not in ("done", target))
            yield Arrow(source=name, target=target, exits=shown, callers=callers)


def as_dot(drawn: Picture) -> str:
    dot = graphviz.Digraph(
        graph_attr={"label": graphviz.escape(drawn.title), "labelloc": "t", "fontname": "Helvetica", "nodesep": "0.35"},
        node_attr={"shape": "box", "style": "rounded,filled", "fontname": "Helvetica", "fontsize": "11", "fillcolor": PLAIN},
        edge_attr={"fontname": "Helvetica", "fontsize": "9", "color": "#555555"},
    )
    for box in drawn.boxes:
        lines = [box.name, *([box.verb] if box.verb != box.name else []), *([box.words] if box.words else [])]
        if box.callers is not None:
            lines.append(_callers(box.callers, drawn.hung_up.get(box.name, 0)))
        label = "\\n".join(graphviz.escape(line) for line in lines)
        bold = {"penwidth": "2.5"} if box.name == drawn.start else {}
        dot.node(_id(box.name), label=label, fillcolor=COLOURS.get(box.verb, PLAIN), **bold)
    if any(arrow.target == END for arrow in drawn.arrows):
        dot.node(_id(END), label="end", shape="circle", fillcolor="#f6c8c8")
    most = max((arrow.callers or 0 for arrow in drawn.arrows), default=0)
    for arrow in drawn.arrows:
        label = ", ".join(arrow.exits)
        width = {}
        if arrow.callers is not None:
            label = f"{label} ({arrow.callers:,})".strip()
            width = {"penwidth": f"{0.6 + 4 * arrow.callers / most:.1f}" if most else "0.6"}
        dot.edge(_id(arrow.source), _id(arrow.target), label=graphviz.escape(label), **width)
    return str(dot.source)


def _callers(callers: int, hung_up: int) -> str:
    return f"{callers:,} callers" + (f", {hung_up:,} hung up" if hung_up else "")


def _id(name: str) -> str:
    """A name that both languages take: a flow's names may hold a dash, which Mermaid reads as the beginning of an arrow."""
    return "step_" + "".join(char if char.isalnum() or char == "_" else f"_{ord(char)}_" for char in name)


def as_mermaid(drawn: Picture) -> str:
    """Names of steps are letters, digits, _ and -; what people wrote stands in quotes."""
    lines = ["flowchart TD"]
    for box in drawn.boxes:
        told = [box.name, *([box.verb] if box.verb != box.name else []), *([box.words] if box.words else [])]
        if box.callers is not None:
            told.append(_callers(box.callers, drawn.hung_up.get(box.name, 0)))
        lines.append(f'    {_id(box.name)}["{"<br/>".join(map(_quoted, told))}"]')
    if any(arrow.target == END for arrow in drawn.arrows):
        lines.append(f'    {_id(END)}(("end"))')
    for arrow in drawn.arrows:
        label = ", ".join(arrow.exits) + (f" ({arrow.callers:,})" if arrow.callers is not None else "")
        said = f'|"{_quoted(label.strip())}"|' if label.strip() else ""
        lines.append(f"    {_id(arrow.source)} -->{said} {_id(arrow.target)}")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return "".join(char if char.isalnum() or char in " ,.;:!?()[]_-/'…%+" else f"#{ord(char)};" for char in text)
