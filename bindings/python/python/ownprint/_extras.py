"""Packages that some functions need, and how to install them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def extra(name: str) -> Iterator[None]:
    """Let an import that fails say which extra of this package installs what is missing."""
    try:
        yield
    except ModuleNotFoundError as error:
        message = f'{error.name} is not installed; pip install "ownprint[{name}]"'
        raise ModuleNotFoundError(message, name=error.name, path=error.path) from error
