"""The switches that are in the configuration, running: started, changed and stopped with it; their user directory written."""

import logging
from collections.abc import Callable
from functools import partial

from greenswitch.esl import NotConnectedError

from acd.config.configuration import Configuration, NodePlace
from acd.config.secrets import Secrets
from acd.core.events import Event, SnapshotTaken
from acd.embedded import rewrite_trunks, trunks_of
from acd.live.greenlets import spawn
from acd.live.prompts import Prompts
from acd.live.speaking import Speaking
from acd.loading import Loaded
from acd.owner.ownership import Ownership
from acd.places import Places
from acd.switch.commands_to import Dialect
from acd.switch.directory import ask_reload, directory_xml, read_again, trunks_unread, write_directory
from acd.switch.node import Node, always
from acd.switch.node_config import NodeConfig
from acd.words import LegId, NodeId

log = logging.getLogger(__name__)

Built = tuple[NodeConfig, str, str]
"""What a running node was made from: when it changes, the node is made anew."""


class Nodes:
    def __init__(
        self,
        places: Places,
        *,
        post: Callable[[Event], None],
        clock: Callable[[], float],
        prompts: Prompts,
        known: Callable[[LegId], bool],
        ownership: Ownership | None = None,
    ) -> None:
        """Without an ``ownership`` there is nobody else who may send: the parts of a house in a test."""
        self._places, self._post, self._clock, self._prompts, self._known = places, post, clock, prompts, known
        self._ownership = ownership
        self._built: dict[NodeId, Built] = {}
        self._told: set[NodeId] = set()  # those who were asked to read the directory and the trunks as they are now
        self._trunks: dict[str, str] | None = None  # by name, where they are; None before the start
        self.running: dict[NodeId, Node] = {}
        self.senders: dict[NodeId, Speaking] = {}
        """Read by the controller while it changes here."""

    def change(self, loaded: Loaded, secrets: Secrets) -> None:
        """Brings what runs in line with the configuration. A node whose access did not change is left alone."""
        wanted = {place.id: _built(place, secrets) for place in loaded.configuration.nodes.values()}
        self.write_directory(loaded, secrets)
        self._write_trunks(loaded.configuration)
        for id in [id for id, built in self._built.items() if wanted.get(id) != built]:
            self._drop(id)
            if id not in wanted and self._ownership is not None:
                self._ownership.drop(id)
        for id, built in wanted.items():
            if id not in self._built:
                self._start(id, built)
            elif id not in self._told:
                self._tell(id)

    def stop(self) -> None:
        for id in list(self.running):
            self._drop(id)

    def _start(self, id: NodeId, built: Built) -> None:
        config, profile, domain = built
        dialect = Dialect(
            resolve=self._prompts.resolve,
            lasts=self._prompts.lasts,
            recordings=str(self._places.messages.absolute()),
            talks=str(self._places.talks.absolute()),
            profile=profile,
            domain=domain,
        )
        may_send = self._ownership.keep(config) if self._ownership else always
        first = partial(self._read_first, id)
        node = Node(config, dialect, self._heard, self._clock, known=self._known, first=first, may_send=may_send)
        self._built[id], self.running[id] = built, node
        self.senders[id] = Speaking(lambda: self.running.get(id), self._prompts)
        node.start()

    def _drop(self, id: NodeId) -> None:
        self._built.pop(id)
        self._told.discard(id)
        self.senders.pop(id)
        self.running.pop(id).stop()

    def _heard(self, event: Event) -> None:
        if isinstance(event, SnapshotTaken) and event.node not in self._told:
            self._tell(event.node)
        self._post(event)

    def _read_first(self, id: NodeId, ask: Callable[[str], str]) -> None:
        """Before a switch counts as there it knows the phones: none of them is turned away while it has yet to read."""
        if id not in self._told:
            try:
                read_again(ask)
                self._told.add(id)
            except OSError as error:
                log.warning("node %s did not read its directory: %s", id, error)
            _warn(id, trunks_unread(ask))

    def _tell(self, id: NodeId) -> None:
        """Has a switch that is reachable read its directory, once for each version of it."""
        if id in self._built:
            self._told.add(id)
            spawn(f"node {id} reload", self._ask_reload, id, self._built[id][0], on_died=_failed)

    def _ask_reload(self, id: NodeId, config: NodeConfig) -> None:
        try:
            _warn(id, ask_reload(config))
        except (OSError, NotConnectedError) as error:
            self._told.discard(id)  # again when it is next heard
            log.warning("node %s did not read its directory: %s", id, error)

    def write_directory(self, loaded: Loaded, secrets: Secrets) -> None:
        if write_users(self._places, loaded, secrets):
            self._told.clear()

    def _write_trunks(self, configuration: Configuration) -> None:
        """For the switches that come along; somebody else's files are written by ``acd freeswitch-conf``, before."""
        wanted = trunks_of(configuration)
        if self._trunks not in (None, wanted):
            rewrite_trunks(configuration, self._places)
            self._told.clear()
        self._trunks = wanted


def write_users(places: Places, loaded: Loaded, secrets: Secrets) -> bool:
    """The switch's user directory; whether it has changed."""
    configuration = loaded.configuration
    domain = next(iter(configuration.nodes.values())).domain
    text = directory_xml(domain, configuration.policy.phones, secrets.phones)
    return write_directory(configuration.directory or places.directory, text)


def node_config(place: NodePlace, secrets: Secrets) -> NodeConfig:
    host, port = place.event_socket
    return NodeConfig(node=place.id, host=host, port=port, password=secrets.event_socket[place.id])


def _built(place: NodePlace, secrets: Secrets) -> Built:
    return node_config(place, secrets), place.profile, place.domain


def _warn(id: NodeId, why: str) -> None:
    if why:
        log.warning("node %s: %s", id, why)


def _failed(name: str, error: BaseException) -> None:
    log.error("%s: %s", name, error)
