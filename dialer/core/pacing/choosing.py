"""Which pacer a mode has. A name here is what ``mode`` may be in the configuration; another pacer is tried by adding a line."""

from acd.campaign import Mode
from dialer.core.pacing.pacer import Kept, Pacer
from dialer.core.pacing.predictive import Predictive
from dialer.core.pacing.ratio import Progressive, Ratio


def pacer_of(mode: Mode, ratio: float | None, kept: Kept | None) -> Pacer:
    """A fresh one, or one that goes on with what was learnt."""
    if mode is Mode.RATIO:
        return Ratio(ratio or 1.0)
    if mode is Mode.PREDICTIVE:
        return Predictive.from_kept(kept) if kept else Predictive()
    return Progressive()
