"""Where the tests find vectors, example images and the corpus."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[3]
VECTORS = ROOT / "conformance" / "vectors"
IMAGES = ROOT / "examples" / "images"


def vectors(name: str) -> Any:
    """Return the vectors of a file, which the tests of every language read."""
    return json.loads((VECTORS / name).read_text("utf-8"))


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of real images that `OWNPRINT_CORPUS` names."""
    folder = os.environ.get("OWNPRINT_CORPUS")
    if not folder:
        pytest.skip("OWNPRINT_CORPUS is not set")
    return Path(folder)


@pytest.fixture(scope="session")
def photo() -> Path:
    """A JPEG file."""
    return sorted(IMAGES.glob("*.jpg"))[0]
