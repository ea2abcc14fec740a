"""What ``record`` of a queue may say: which talks are recorded, and what becomes of the recordings."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, model_validator

from acd.config.agent_shapes import Said, media
from acd.config.kinds import duration, matching
from acd.config.shape import Shape
from acd.core.talking.record_policy import RecordPolicy, When, WithoutRecording

Share = Annotated[
    str, BeforeValidator(matching(r"always|never|(100|[1-9]?[0-9](\.[0-9]{1,2})?)%", "always, never or a share such as 20%"))
]


class RecordShape(Shape):
    when: Share = "never"
    keep: Annotated[float, duration(3600, 20 * 366 * 86400)] | None = None
    longest: Annotated[float, duration(60, 86400)] = 4 * 3600.0
    mask_longest: Annotated[float, duration(5, 3600)] = 300.0
    without_recording: Literal["talk", "refuse"] = "talk"
    announce: Said | None = None

    @model_validator(mode="after")
    def something_to_announce(self) -> "RecordShape":
        if self.announce is not None and self.when in ("never", "0%"):
            raise ValueError("'announce' says that talks are recorded, but 'when' is never; give it always, or a share such as 20%")
        return self

    def policy(self, language: str) -> RecordPolicy:
        share = self.when.removesuffix("%")
        some = share != self.when
        return RecordPolicy(
            when=When.SOME if some else When(self.when),
            percent=float(share) if some else 100.0,
            keep_s=self.keep,
            longest_s=int(self.longest),
            mask_longest_s=self.mask_longest,
            without=WithoutRecording(self.without_recording),
            announce=media(self.announce, language),
        )
