"""Takes the place of PyPI `ImageHash` while its own tests run."""

from ownprint.compat.imagehash import *  # noqa: F403
from ownprint.compat.imagehash import __version__  # noqa: F401
