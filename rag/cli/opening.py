"""Which index a command opens, and what for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from rag.config import Settings
from rag.errors import StoreError

if TYPE_CHECKING:
    from rag.service import Service


class Access(StrEnum):
    """What a command opens an index for."""

    READ = "read"
    """Reading: the bundled articles where the user has named no index and has none."""
    CREATE = "create"
    """Adding: an index that is not there is made."""
    CHANGE = "change"
    """Changing what is there: an index that is not there is an error."""
    REBUILD = "rebuild"
    """As CHANGE, and the index may be of another model."""


OpenService = Callable[[Settings, Access], "Service"]


@dataclass(frozen=True, slots=True)
class Opener:
    """Opens the service of the settings. Can be sent to another process if `open_service` can."""

    settings: Settings
    open_service: OpenService

    def __call__(self, access: Access = Access.READ) -> Service:
        return self.open_service(self.settings, access)

    def filled(self) -> Service:
        """The service for questions. Raises StoreError where the index holds nothing: no answer could come, and no refusal would say
        why."""
        service = self()
        if not service.status().documents:
            directory = service.status().data_dir
            service.close()
            raise StoreError(f"the index in {directory!r} holds no documents: add some with `rag index PATH…`")
        return service

    def at(self, directory: Path) -> Opener:
        """The opener of another index, with the same model."""
        return replace(self, settings=replace(self.settings, data_dir=directory))

    def unworded(self) -> Opener:
        """The opener of the same index without an LLM."""
        return replace(self, settings=replace(self.settings, llm=None))

    def bundled(self) -> Opener:
        """The opener of the bundled articles, whatever index the user has."""
        nowhere = self.settings.cache_dir / "no-index"
        return replace(self, settings=replace(self.settings, data_dir=None, default_data_dir=nowhere))


@dataclass(frozen=True, slots=True)
class ServerOpener:
    """Opens the service of a server process: the user's index for writing if that may be, else what there is for reading."""

    opener: Opener

    def __call__(self) -> Service:
        service = self.opener(Access.READ)
        if service.status().bundled:
            return service
        try:
            writing = self.opener(Access.CHANGE)
        except StoreError:
            return service
        service.close()
        return writing


def open_service(chosen: Settings, access: Access) -> Service:
    """The service over the index that the settings name. Raises StoreError when there is none to change, and as it does."""
    # Imported late, as everything that an index needs: `rag --help` does without.
    from rag.index.engine import holds_index
    from rag.service import Service

    if access in (Access.CHANGE, Access.REBUILD) and not holds_index(chosen.index_dir):
        raise StoreError(
            f"there is no index in {str(chosen.index_dir)!r} to change (the bundled articles stay as they are): "
            "rag index PATH… makes one"
        )
    return Service.open(chosen, write=access is not Access.READ, rebuild=access is Access.REBUILD)
