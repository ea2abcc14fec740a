"""What ``acd.yaml`` may say: its keys, their kinds and their bounds. The sample's comments say what each is for."""

from ipaddress import ip_network
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from acd.config.agent_shapes import (
    CapacityShape,
    DeskShape,
    Dispositions,
    ExternalShape,
    MoreTimeShape,
    NailedShape,
    OnFailedOfferShape,
    Reasons,
    Said,
)
from acd.config.calendars import CalendarShape
from acd.config.callbacks import CallbackRulesShape
from acd.config.campaign_shapes import CampaignShape
from acd.config.kinds import (
    Address,
    CallerId,
    Digit,
    Duration,
    FeatureCode,
    Language,
    Name,
    Prose,
    Truth,
    Zone,
    duration,
    matching,
    text,
)
from acd.config.outbound import OutboundShape, TrunkShape
from acd.config.outside_shapes import OutsideShape
from acd.config.recipe_shapes import Recipes
from acd.config.record_shapes import RecordShape
from acd.config.routing_shapes import (
    Longer,
    Memberships,
    PersonalShape,
    RelaxShape,
    RoutingShape,
    Skills,
    StickyShape,
    TierNumber,
)
from acd.config.sentences import shown
from acd.config.shape import Shape
from acd.config.supervisor_shapes import SupervisorShape
from acd.config.talks import TalkShape
from acd.core.policy import OVERFLOWS, Leaving
from acd.words import Strategy, WrapUpMode


def network(found: Any) -> str:
    """``192.0.2.0/24`` or one address. Raises ValueError."""
    try:
        return str(ip_network(text(found, "a network such as 192.0.2.0/24")))
    except ValueError:
        raise ValueError(f"found {shown(found)}; a network such as 192.0.2.0/24 is needed") from None


Network = Annotated[str, BeforeValidator(network)]
Domain = Annotated[str, BeforeValidator(matching(r"[A-Za-z0-9][A-Za-z0-9.-]{0,252}", "a domain such as acd.example.com"))]
Environment = Annotated[str, BeforeValidator(matching(r"[A-Z][A-Z0-9_]{0,62}", "the name of an environment variable"))]
Number = Annotated[str, BeforeValidator(matching(r"\+?[0-9]{1,20}|\*", "a number as it is dialled, or * for any other"))]
FilePath = Annotated[str, BeforeValidator(matching(r"[^\x00-\x1f\x7f]{1,1000}", "a path"))]
DatabaseUrl = Annotated[
    str, BeforeValidator(matching(r"(sqlite|postgresql(\+psycopg)?)://\S{1,1000}", "sqlite:///FILE or postgresql://..."))
]
Voice = Annotated[str, BeforeValidator(matching(r"[A-Za-z0-9./][A-Za-z0-9_+./-]{0,254}", "a voice"))]
Ring = Annotated[float, duration(3, 120)]
WrapUp = Annotated[float, duration(0, 3600)]
Wait = Annotated[float, duration(1, 86400)]

Grace = Annotated[float, duration(0, 3600)]


class NodeShape(Shape):
    event_socket: Address = ("127.0.0.1", 8021)
    password_env: Environment | None = None
    password_file: FilePath | None = None
    phones: Address = ("127.0.0.1", 5060)
    callers: Address = ("127.0.0.1", 5080)
    callers_from: list[Network] = ["127.0.0.1/32"]
    domain: Domain = "acd.local"
    profile: Name = "agents"


class OverflowShape(Shape):
    """An exit -> the queue that takes its callers instead."""

    full: Name | None = None
    timed_out: Name | None = None
    closed: Name | None = None
    no_agents: Name | None = None

    @property
    def ways(self) -> dict[str, str]:
        return {exit: queue for exit in OVERFLOWS if (queue := getattr(self, exit)) is not None}


class QueueShape(Shape):
    ring: Ring = 15.0
    wrap_up: WrapUp = 10.0
    wrap_up_mode: WrapUpMode = WrapUpMode.TIMED
    wrap_up_min_talk: WrapUp = 0.0
    wrap_up_limit: Annotated[float, duration(10, 86400)] = 600.0
    wrap_up_more: MoreTimeShape | None = None
    dispositions: Dispositions = {}
    whisper: Said | None = None
    max_wait: Wait | None = None
    max_waiting: Annotated[int, Field(ge=1, le=100_000)] | None = None
    priority: Annotated[int, Field(ge=0, le=100)] = 0
    music: Name = "default"
    short_abandon: Duration = 5.0
    service_level: Wait = 20.0
    retry: Wait = 30.0
    hours: Name | None = None
    at_close: Literal["serve", "leave"] = "serve"
    join_when: Literal["always", "online", "staffed", "available"] = "staffed"
    grace: Grace = 10.0
    overflow: OverflowShape = OverflowShape()
    callback: CallbackRulesShape | None = None
    carry_age: Truth = True
    replaces: Annotated[list[Name], Field(max_length=20)] = []
    keep_place: Annotated[float, duration(1, 86400)] | None = None
    recipes: Recipes = []
    record: RecordShape = RecordShape()
    strategy: Strategy = Strategy.LONGEST_IDLE
    ring_more: Annotated[float, duration(1, 120)] = 5.0
    ring_at_most: Annotated[int, Field(ge=1, le=100)] = 20
    tiers: dict[TierNumber, Longer] = {}
    requires: Skills = {}
    relax: Annotated[list[RelaxShape], Field(max_length=20)] = []
    ageing: Annotated[float, duration(1, 366 * 86400)] = 60.0
    weight: Annotated[int, Field(ge=0, le=100)] = 0
    sticky: StickyShape | None = None


class AgentShape(Shape):
    name: Prose
    phone: Name | None = None
    phones: list[Name] = []
    confirm: Digit | None = None
    confirm_prompt: Said | None = None
    external: ExternalShape | None = None
    capacity: CapacityShape = CapacityShape()
    queues: Memberships = {}
    skills: Skills = {}
    personal: PersonalShape = PersonalShape()
    caller_id: CallerId | None = None
    may_transfer_outside: Truth = False


class SpeechShape(Shape):
    engine: Literal["espeak-ng", "piper", "flite", "none"] = "espeak-ng"
    voice: Voice = "en"
    voices: dict[Language, Voice] = {}
    language: Language = "en"


class PathsShape(Shape):
    flows: FilePath = "../ivr_flows"
    sounds: FilePath = "../sounds"
    music: FilePath = "../music"
    directory: FilePath | None = None


class HttpShape(Shape):
    port: Annotated[int, Field(ge=1, le=65535)] = 9464


class DatabaseShape(Shape):
    url: DatabaseUrl | None = None
    url_env: Environment | None = None


class JournalShape(Shape):
    keep: Annotated[float, duration(0, 90 * 86400)] = 2 * 86400.0
    limit_mb: Annotated[int, Field(ge=1, le=1_000_000)] = 1000


class LimitsShape(Shape):
    max_missed: Annotated[int, Field(ge=1, le=100)] = 1
    busy_rest: Annotated[float, duration(0, 3600)] = 10.0
    failsafe: Annotated[float, duration(60, 86400)] = 600.0
    answer_grace: Annotated[float, duration(1, 60)] = 5.0
    max_hops: Annotated[int, Field(ge=1, le=10)] = 3


class ApplyShape(Shape):
    watch: Truth = False


Lease = Annotated[float, duration(2, 300)]
"""Shorter than a hub may be held up or longer than anybody would wait are mistakes."""


class AcdShape(OutsideShape):
    nodes: Annotated[dict[Name, NodeShape], Field(min_length=1)]
    queues: dict[Name, QueueShape | None] = {}
    agents: dict[Name, AgentShape] = {}
    supervisors: dict[Name, SupervisorShape] = {}
    numbers: dict[Number, Name] = {}
    phone_numbers: dict[FeatureCode, Name] = {}
    reasons: Reasons = {}
    leaving_while_rung: Leaving = Leaving.CANCEL
    nailed_up: NailedShape = NailedShape()
    desk: DeskShape = DeskShape()
    on_failed_offer: OnFailedOfferShape = OnFailedOfferShape()
    zone: Zone | None = None
    calendars: dict[Name, CalendarShape] = {}
    trunks: dict[Name, TrunkShape] = {}
    outbound: OutboundShape = OutboundShape()
    campaigns: dict[Name, CampaignShape] = {}
    talk: TalkShape = TalkShape()
    speech: SpeechShape = SpeechShape()
    paths: PathsShape = PathsShape()
    http: HttpShape = HttpShape()
    database: DatabaseShape = DatabaseShape()
    journal: JournalShape = JournalShape()
    limits: LimitsShape = LimitsShape()
    routing: RoutingShape = RoutingShape()
    apply: ApplyShape = ApplyShape()
    lease: Lease = 10.0
