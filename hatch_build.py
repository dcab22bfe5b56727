"""Builds the gazetteer into the wheel, and into services/ for an editable installation."""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class GazetteerHook(BuildHookInterface):  # type: ignore[type-arg] # the plugin's own documented form
    """Runs services.extractor.world.compact before the files are collected."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - hatchling's signature
        """Write the file and name it, for git does not know it."""
        sys.path.insert(0, self.root)
        from services.extractor.world.atlas import FILE  # noqa: PLC0415 - of the tree that is built
        from services.extractor.world.compact import build  # noqa: PLC0415

        build(Path(FILE))
        build_data["artifacts"].append("services/extractor/data/gazetteer.sqlite")
