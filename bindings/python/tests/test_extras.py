"""Functions that need another package say how to install it."""

from __future__ import annotations

import importlib
import sys

import pytest

import ownprint
from ownprint.__main__ import main


def test_a_missing_package_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(ModuleNotFoundError, match=r'pyarrow .* install "ownprint\[arrow\]"'):
        ownprint.to_arrow([])
    assert main(["hash", "--output", "-", "missing.jpg"]) == 2
    assert capsys.readouterr().err.startswith("ownprint: pyarrow is not installed; pip install")


def test_the_signal_types_name_their_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "ownprint.threatexchange", raising=False)
    monkeypatch.setitem(sys.modules, "threatexchange.content_type.content_base", None)
    with pytest.raises(ModuleNotFoundError, match=r"ownprint\[threatexchange\]"):
        importlib.import_module("ownprint.threatexchange")
