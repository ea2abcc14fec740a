"""When files that were changed have been left alone for a while. Only looks at their marks, which it is given."""

from collections.abc import Mapping

SETTLE_S = 2.0
LOOK_S = 1.0
"""So often somebody looks."""

Marks = Mapping[str, str]


class Quiet:
    def __init__(self, judged: Marks) -> None:
        """``judged``: the files as they are in force (or were refused)."""
        self._judged = self._seen = judged
        self._since: float | None = None

    def is_due(self, marks: Marks, at: float) -> bool:
        """Whether they are otherwise than when they were last judged, and have been so for a while. Says it once."""
        if marks != self._seen or self._since is None:
            self._seen, self._since = marks, at
        if self._seen == self._judged or at - self._since < SETTLE_S:
            return False
        self._judged = self._seen
        return True
