"""A configuration as it stands in the folder or in a kept version, taken whole: its texts byte for byte, and what they mean."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from acd.config.document import Problem, Refused, read_text
from acd.config.folder import FILE, config_files
from acd.config.load import KEYS, load
from acd.ivr.flow import Flow
from acd.ivr.load import flow_files
from acd.ivr.load.named import FILE as PROMPTS
from acd.ivr.load.tables import FOLDER as TABLES
from acd.live.recordings import recording_file, recordings_in
from acd.loading import Loaded, load_all, load_copy
from acd.plan.house import House
from acd.versions import Damaged, Version, Versions
from acd.words import FlowId

TRIES = 3
FLOWS = "flows"
MOST_BYTES = 50_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """``flows_from``: the folder of flows that the configuration means; ``version``: the kept one that it was taken from."""

    loaded: Loaded
    house: House
    texts: Mapping[str, bytes] = field(repr=False)
    token: str
    flows_from: Path
    version: Version | None = None


def take(config: Path) -> Taken:
    """What is in the folder. Raises Refused, also when it is being changed all the while."""
    for _ in range(TRIES):
        texts = _texts(config)
        loaded = load_all(config)
        if texts and texts == _texts(config):
            return _taken(loaded, texts)
    what = "the files change while they are read; try again when whoever writes them is done"
    raise Refused([Problem(file=str(config / FILE), line=1, column=1, what=what)])


def take_version(config: Path, versions: Versions, version: Version) -> Taken:
    """A kept one, with the sounds that there are now. Raises Refused."""
    folder = versions.folder_of(version)
    try:
        texts = versions.texts_of(version)
    except Damaged as error:
        raise Refused([Problem(file=str(folder), line=1, column=1, what=str(error))]) from error
    loaded = load_copy(config, folder, recordings=version.recordings, music=version.music)
    return _taken(loaded, texts, flows_from=load(config, kept=folder).flows, version=version)


def _taken(loaded: Loaded, texts: Mapping[str, bytes], *, flows_from: Path | None = None, version: Version | None = None) -> Taken:
    sounds = sounds_of(loaded)
    return Taken(
        loaded=loaded,
        house=house_of(loaded, sounds),
        texts=texts,
        token=_token(texts, sounds),
        flows_from=flows_from or loaded.configuration.flows,
        version=version,
    )


def house_of(loaded: Loaded, sounds: Mapping[str, str]) -> House:
    return House(
        version=loaded.policy.version,
        written=_mapping(loaded.configuration.document.data),
        policy=loaded.policy,
        flows=loaded.flows,
        texts=Sources(loaded.flows),
        sounds=sounds,
        calendars=loaded.configuration.calendars,
        campaigns=loaded.configuration.campaigns,
    )


class Sources(Mapping[FlowId, Any]):
    """What flows say as it is written, read when it is asked for: of a thousand flows a change concerns a few."""

    def __init__(self, flows: Mapping[FlowId, Flow]) -> None:
        self._flows = flows

    def __getitem__(self, id: FlowId) -> Mapping[str, Any]:
        return _mapping(read_text(self._flows[id].source, f"{id}.yaml").data)

    def __iter__(self) -> Iterator[FlowId]:
        return iter(self._flows)

    def __len__(self) -> int:
        return len(self._flows)


def _mapping(data: Any) -> Mapping[str, Any]:
    return data if isinstance(data, Mapping) else {}


def _token(texts: Mapping[str, bytes], sounds: Mapping[str, str]) -> str:
    """Another one for any other byte, and for a sound that was replaced."""
    parts = [*(part for name in sorted(texts) for part in (name.encode(), sha256(texts[name]).digest()))]
    parts += [f"{name}={mark}".encode() for name, mark in sorted(sounds.items())]
    return sha256(b"\0".join(parts)).hexdigest()[:16]


# -- texts and sounds ---


def text_files(config: Path, flows: Path) -> Iterator[tuple[str, Path]]:
    """All that is read, by the name that it has in a kept version."""
    yield from ((str(file.relative_to(config)), file) for file in config_files(config, KEYS))
    prompts = [flows / PROMPTS] if (flows / PROMPTS).exists() else []
    yield from ((f"{FLOWS}/{file.name}", file) for file in [*flow_files(flows), *prompts])
    yield from ((f"{FLOWS}/{TABLES}/{file.name}", file) for file in sorted((flows / TABLES).glob("*.csv")))


def _texts(config: Path) -> dict[str, bytes]:
    """Empty when something cannot be read: ``load_all`` then says what."""
    found: dict[str, bytes] = {}
    try:
        flows = load(config).flows
        for name, file in text_files(config, flows):
            found[name] = file.read_bytes()
    except (OSError, Refused):
        return {}
    if (size := sum(map(len, found.values()))) > MOST_BYTES:
        what = f"the texts of this house have {size:,} bytes together; up to {MOST_BYTES:,} are allowed"
        raise Refused([Problem(file=str(config / FILE), line=1, column=1, what=what)])
    return found


def sounds_of(loaded: Loaded) -> dict[str, str]:
    """``recording/de/welcome`` and ``music/jazz`` -> a mark that is another one when the file is."""
    configuration = loaded.configuration
    folders = {"recording": configuration.sounds, "music": configuration.music}
    return {f"{kind}/{name}": mark for kind, folder in folders.items() for name, mark in _marks(folder)}


def _marks(folder: Path) -> Iterator[tuple[str, str]]:
    for name in recordings_in(folder):
        language, _, word = name.rpartition("/")
        file = recording_file(folder, word, language)
        if file is not None and (seen := mark(file)):
            yield name, seen


def mark(file: Path) -> str:
    """Of a file's content, without reading it; '' when there is none."""
    try:
        found = file.stat()
    except OSError:
        return ""
    return f"{found.st_size:x}.{found.st_mtime_ns:x}"
