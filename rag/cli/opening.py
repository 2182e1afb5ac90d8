"""Which index a command opens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from rag.config import Settings
from rag.errors import StoreError

if TYPE_CHECKING:
    from rag.service import Service

OpenService = Callable[[Settings, bool], "Service"]


@dataclass(frozen=True, slots=True)
class Opener:
    """Opens the service of the settings, for writing when asked. Can be sent to another process if `open_service` can."""

    settings: Settings
    open_service: OpenService

    def __call__(self, write: bool) -> Service:
        return self.open_service(self.settings, write)

    def at(self, directory: Path) -> Opener:
        """The opener of another index, with the same model."""
        return replace(self, settings=replace(self.settings, data_dir=directory))

    def bundled(self) -> Opener:
        """The opener of the bundled articles, whatever index the user has."""
        nowhere = self.settings.cache_dir / "no-index"
        return replace(self, settings=replace(self.settings, data_dir=None, default_data_dir=nowhere))


@dataclass(frozen=True, slots=True)
class ServerOpener:
    """Opens the service of a server process: the user's index for writing if that may be, else what there is for reading."""

    opener: Opener

    def __call__(self) -> Service:
        service = self.opener(False)
        if service.status().bundled:
            return service
        try:
            writing = self.opener(True)
        except StoreError:
            return service
        service.close()
        return writing
