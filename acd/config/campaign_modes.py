"""Which keys of a campaign go with which mode: what is missing, and what would do nothing."""

from collections.abc import Iterator

from acd.campaign import ABANDONING, AGENTLESS, AUTOMATIC, WITH_AGENTS, Mode
from acd.config.campaign_shapes import CampaignShape
from acd.config.document import Document, Problem
from acd.law.profiles import PROFILES

M = Mode
LISTED = frozenset(M) - {M.MANUAL}
FITS: dict[str, frozenset[Mode]] = {
    "queue": WITH_AGENTS,
    "requires": WITH_AGENTS,
    "ratio": frozenset({M.RATIO}),
    "preview": frozenset({M.PREVIEW}),
    "may_skip": frozenset({M.PREVIEW}),
    "abandon": WITH_AGENTS,
    "blend": AUTOMATIC,
    "dispositions": WITH_AGENTS,
    "guide": WITH_AGENTS,
    "script": AGENTLESS,
    "opt_out": ABANDONING | AGENTLESS,
    "amd": AUTOMATIC | AGENTLESS,
    "voicemail": AUTOMATIC | AGENTLESS,
    "order": LISTED,
    "chance": LISTED,
    "per_second": AUTOMATIC | AGENTLESS,
}
"""Keys that only some modes know."""
NEEDS: tuple[tuple[frozenset[Mode], str, str], ...] = (
    (LISTED, "lists", "the names of the lists whose leads it calls"),
    (frozenset({M.RATIO}), "ratio", "so many numbers for each free agent, such as 1.5"),
    (AGENTLESS, "script", "the flow that whoever answers is in"),
    (AGENTLESS, "opt_out", "the key by which whoever answers is not called again"),
)


def mode_problems(id: str, shape: CampaignShape, document: Document) -> Iterator[Problem]:
    at, mode = ("campaigns", id), shape.mode
    for key, modes in FITS.items():
        if key in shape.model_fields_set and mode not in modes:
            known = ", ".join(each for each in M if each in modes)
            yield document.problem((*at, key), f"{key!r} does nothing in a campaign whose mode is {mode}; it goes with: {known}")
    for modes, key, what in NEEDS:
        if mode in modes and not getattr(shape, key):
            yield document.problem((*at, key), f"a campaign whose mode is {mode} needs {key!r}: {what}")
    if mode in WITH_AGENTS and not shape.queue and not shape.requires:
        what = f"a campaign whose mode is {mode} needs 'queue' or 'requires': whose agents, or with which skills, talk to who answers"
        yield document.problem((*at, "queue"), what)
    yield from _hears(id, shape, document)
    if shape.order == "chance" and not shape.chance:
        yield document.problem((*at, "order"), "the order is by the learnt chance of an answer, which 'chance: false' switches off")
    seen = [name for n, name in enumerate(shape.lists) if name in shape.lists[:n]]
    for name in dict.fromkeys(seen):
        yield document.problem((*at, "lists"), f"the list {name!r} is here twice")


def _hears(id: str, shape: CampaignShape, document: Document) -> Iterator[Problem]:
    """What would need to hear who is on the line, and nothing does."""
    at = ("campaigns", id)
    if shape.amd == "off" and shape.voicemail is not None and shape.mode in FITS["voicemail"]:
        yield document.problem((*at, "voicemail"), "no machine is known from a person; give 'amd: async', or leave 'voicemail' out")
    if shape.abandon.start == "greeting" and PROFILES[shape.law].after_greeting:
        what = "nobody here hears when a person's greeting ends: machines are known by tones, not by speech; allowed: answer"
        yield document.problem((*at, "abandon", "start"), f"found 'greeting'; {what}", value=True)
