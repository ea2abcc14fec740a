"""The page of the glossary is what the definitions say. ``ACD_WRITE_GLOSSARY=1 pytest tests/measures/test_glossary.py`` writes it."""

import os
from pathlib import Path

from acd.measures.glossary import SUBJECTS

PAGE = Path(__file__).parents[2] / "docs" / "REPORTS.md"
MARK = "<!-- made by tests/measures/test_glossary.py from acd/measures; do not edit below -->\n"


def glossary() -> str:
    lines = [
        "",
        "A: answered. A≤T: of those, within the target T. Ab>s, Ab≤s: the customer left after more than the short-abandon",
        "threshold s, or within it. Ot: timed out or a fault of the system. F: flow-outs, every other outcome.",
    ]
    for subject, definitions in SUBJECTS.items():
        lines += ["", f"### {subject}", "", "| id | | formula | whence |", "|---|---|---|---|"]
        for one in definitions:
            lines.append(f"| `{one.id}` | {one.name} | {one.formula} | {'; '.join(filter(None, (one.source, *one.parameters)))} |")
    return "\n".join(lines) + "\n"


def test_given_the_definitions_when_the_page_is_read_then_it_says_the_same() -> None:
    above, _, below = PAGE.read_text(encoding="utf-8").partition(MARK)
    if os.environ.get("ACD_WRITE_GLOSSARY"):
        PAGE.write_text(above + MARK + glossary(), encoding="utf-8")
        return
    assert below == glossary()
