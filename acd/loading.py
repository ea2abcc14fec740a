"""Configuration, flows and passwords together, as they are on disk now: all of it good, or every problem with its place."""

import json
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from acd.config.campaigns import campaign_flow_problems, opt_out_problems
from acd.config.configuration import Configuration
from acd.config.document import Problem, Refused
from acd.config.load import flow_problems, load, music_problems, version_of
from acd.config.queues import heard_problems
from acd.config.secrets import Secrets, load_secrets
from acd.core.matching.skills import unmet
from acd.core.policy import Policy, offered, ways_out
from acd.core.state import State
from acd.ivr.across import leading_to
from acd.ivr.check import Known
from acd.ivr.flow import Flow
from acd.ivr.library import FlowLibrary, Key
from acd.ivr.load import flow_files, load_folder, load_text
from acd.ivr.load.named import load_prompts_text
from acd.ivr.load.tables import load_tables
from acd.live.recordings import recordings_in
from acd.places import Places
from acd.words import FlowId, QueueId

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    configuration: Configuration
    policy: Policy
    flows: Mapping[FlowId, Flow]
    known: Known


def load_all(config: Path) -> Loaded:
    """The configuration and its flows. Raises Refused with the problems of all files together."""
    configuration = load(config)
    return _loaded(configuration, known_of(configuration))


def load_copy(config: Path, copy: Path, *, recordings: frozenset[str], music: frozenset[str]) -> Loaded:
    """A copy of the texts as they once were (``acd.versions``), read as if it stood in ``config``. Raises Refused.

    ``recordings``, ``music``: what there was then. What is gone since is silence, and no reason to refuse all the rest.
    """
    configuration = replace(load(config, kept=copy), flows=copy / "flows")
    known = known_of(configuration)
    there = replace(known, recordings=(known.recordings or frozenset()) | recordings, music=(known.music or frozenset()) | music)
    return _loaded(configuration, there)


def _loaded(configuration: Configuration, known: Known) -> Loaded:
    problems: list[Problem] = []
    flows: Mapping[FlowId, Flow] = {}
    try:
        known = replace(known, tables=load_tables(configuration.flows))
        flows = load_folder(configuration.flows, known)
    except Refused as refused:
        problems += refused.problems
    names = {file.stem for file in flow_files(configuration.flows)}  # a flow that is refused is there all the same
    problems += [*flow_problems(configuration, names), *music_problems(configuration, known.music or frozenset())]
    problems += heard_problems(configuration, known.recordings or frozenset(), names)
    problems += campaign_flow_problems(configuration, names)
    problems += opt_out_problems(configuration, flows.keys(), leading_to(flows, "opt_out"))
    if problems:
        raise Refused(problems)
    version = version_of(configuration.policy.version + "".join(sorted(f.id + f.version for f in flows.values())))
    return Loaded(configuration=configuration, policy=replace(configuration.policy, version=version), flows=flows, known=known)


def known_of(configuration: Configuration) -> Known:
    """What flows may name."""
    policy = configuration.policy
    music = {name for name in recordings_in(configuration.music) if "/" not in name}
    return Known(
        queues=frozenset(policy.queues),
        offered={id: offered(queue) for id, queue in policy.queues.items()},
        ways_out={id: ways_out(queue) for id, queue in policy.queues.items()},
        agents=frozenset(policy.agents),
        trunks=frozenset(configuration.trunks),
        reasons=policy.reasons,
        music=frozenset(music | {"default"}),  # the default is made when there is none
        calendars=frozenset(configuration.calendars),
        recordings=recordings_in(configuration.sounds),
        outside=policy.outbound.ways,
        region=policy.outbound.region,
        secrets=frozenset(configuration.outside.secrets),
        databases=frozenset(configuration.outside.databases),
        unmet=partial(_unmet, policy),
        mailboxes=frozenset(configuration.outside.mailboxes) or None,  # a house that lists none names them as it likes
    )


def _unmet(policy: Policy, queue: str, requires: Mapping[str, int]) -> str:
    rules = policy.queues.get(QueueId(queue))
    return unmet(policy, rules, requires) if rules else ""


def secrets_of(loaded: Loaded, places: Places) -> Secrets:
    """Raises Refused."""
    configuration = loaded.configuration
    return load_secrets(places.secrets, configuration.nodes.values(), configuration.policy.phones)


# -- older versions of flows: callers finish in the version in which they began, also across a restart ---


def in_use(state: State) -> set[Key]:
    """The versions that callers are in, or will come back to when the flow that was called is over."""
    frames = [frame for call in state.calls.values() for frame in (call.frame, call.waiting) if frame is not None]
    waiting = {(caller.flow, caller.version) for frame in frames for caller in frame.stack}
    return waiting | {(frame.flow, frame.version) for frame in frames}


def remember_flows(folder: Path, flows: Iterable[Flow], used: set[Key]) -> None:
    """Keeps these and those in use on disk, and no others. A disk that refuses costs only what a restart would need."""
    flows = list(flows)
    wanted = {_file(folder, (flow.id, flow.version)): flow.source for flow in flows}
    wanted |= {_named(_file(folder, (flow.id, flow.version))): json.dumps(flow.named) for flow in flows if flow.named}
    try:
        for file, source in wanted.items():
            file.parent.mkdir(parents=True, exist_ok=True)
            if not file.exists():
                half = file.with_suffix(".half")
                half.write_text(source, encoding="utf-8")
                half.replace(file)
        kept = wanted.keys() | {_file(folder, key) for key in used} | {_named(_file(folder, key)) for key in used}
        for file in set(folder.glob("*/*.yaml")) - kept:
            file.unlink()
    except OSError as error:
        log.error("flows are not kept in %s: %s", folder, error)


def recall_flows(folder: Path, used: set[Key], known: Known) -> dict[Key, Flow]:
    """The versions in use that are on disk. What is not there, or reads otherwise today, is left out and said."""
    found: dict[Key, Flow] = {}
    for key in used:
        file = _file(folder, key)
        try:
            text = file.read_text(encoding="utf-8")
            # An older flow may name a queue that is gone; it is held against nothing but the recordings it was read with.
            house = Known(recordings=known.recordings, tables=known.tables, prompts=_named_prompts(file))
            flow = load_text(text, key[0], house, file=str(file))
        except (OSError, UnicodeDecodeError, Refused) as error:
            log.warning("flow %s: version %s is gone, its callers go on in the newest (%s)", *key, error)
            continue
        found[key] = replace(flow, version=key[1])
    return found


def library_of(loaded: Loaded, older: Mapping[Key, Flow] | None = None) -> FlowLibrary:
    calendars = loaded.configuration.calendars
    return FlowLibrary(flows=loaded.flows, older=older or {}, outbound=loaded.policy.outbound, calendars=calendars)


def _named(file: Path) -> Path:
    """The named prompts that a version was read with, beside it."""
    return file.with_suffix(".prompts.yaml")


def _named_prompts(file: Path) -> Mapping[str, Any]:
    named = _named(file)
    return load_prompts_text(named.read_text(encoding="utf-8"), str(named)) if named.exists() else {}


def _file(folder: Path, key: Key) -> Path:
    """Ids are checked names, versions hexadecimal; what is neither (an odd journal) finds no file."""
    flow, version = (part.replace("/", "_").lstrip(".") or "_" for part in key)
    return folder / flow / f"{version}.yaml"
