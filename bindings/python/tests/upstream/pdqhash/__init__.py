"""Takes the place of PyPI `pdqhash` while its own tests run."""

from ownprint.compat import pdqhash as bindings  # noqa: F401
