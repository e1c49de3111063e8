"""The exceptions of the package. Each has the stable code of the core."""

from __future__ import annotations

import errno as _errno

__all__ = [
    "CancelledError",
    "DecodeError",
    "FileError",
    "HashError",
    "IndexFileError",
    "OwnprintError",
    "PixelsError",
    "RecordError",
]


class OwnprintError(Exception):
    """The base class of all exceptions of this package.

    Match on `code`: codes are stable, and the same in every language. `message` says what is wrong
    and what to do.

    >>> import ownprint
    >>> try:
    ...     ownprint.Fingerprinter(hashes=["pqd"])
    ... except ownprint.OwnprintError as error:
    ...     error.code
    'unknown-algorithm'
    """

    code: str
    """The stable code, in kebab case."""
    message: str
    """What is wrong, and what to do."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message

    def __str__(self) -> str:
        return self.message


class FileError(OwnprintError, OSError):
    """A file or stream could not be read or written: the code is `io`.

    A missing file is also a `FileNotFoundError`, and a file without permission a
    `PermissionError`.
    """

    def __init__(
        self, code: str, message: str, errno: int | None = None, filename: str | None = None
    ) -> None:
        super().__init__(code, message)
        # `OSError` has set them from the arguments.
        self.errno = errno
        self.filename = filename
        self.strerror = message

    def __str__(self) -> str:
        return self.message if self.filename is None else f"{self.filename}: {self.message}"

    def __reduce__(self) -> tuple[object, ...]:
        return (_file_error, (self.code, self.message, self.errno, self.filename))


class _MissingFileError(FileError, FileNotFoundError):
    """A file does not exist."""


class _FilePermissionError(FileError, PermissionError):
    """A file must not be read or written."""


class _FolderError(FileError, IsADirectoryError):
    """The path is that of a folder."""


class PixelsError(OwnprintError, ValueError):
    """The pixels do not match their description, or exceed a limit."""


class DecodeError(OwnprintError):
    """An image or video could not be decoded."""


class HashError(OwnprintError, ValueError):
    """A hash, the name of an algorithm, or a set of variants is invalid."""


class RecordError(OwnprintError, ValueError):
    """A record or a list of hashes is invalid."""

    line: int
    """The line of the error, from 1."""
    column: int
    """The character in that line, from 1."""

    def __init__(self, code: str, message: str, line: int = 0, column: int = 0) -> None:
        super().__init__(code, message)
        self.line = line
        self.column = column

    def __reduce__(self) -> tuple[object, ...]:
        return (RecordError, (self.code, self.message, self.line, self.column))


class IndexFileError(OwnprintError):
    """An index is full, or the file of an index is invalid."""


class CancelledError(OwnprintError):
    """The caller cancelled the call; it has no result."""


_BY_NAME: dict[str, type[OwnprintError]] = {
    "CancelledError": CancelledError,
    "DecodeError": DecodeError,
    "HashError": HashError,
    "IndexFileError": IndexFileError,
    "PixelsError": PixelsError,
}

_BY_ERRNO: dict[int | None, type[FileError]] = {
    _errno.ENOENT: _MissingFileError,
    _errno.EACCES: _FilePermissionError,
    _errno.EPERM: _FilePermissionError,
    _errno.EISDIR: _FolderError,
}


def _file_error(code: str, message: str, errno: int | None, filename: str | None) -> FileError:
    return _BY_ERRNO.get(errno, FileError)(code, message, errno, filename)


def make(
    name: str,
    code: str,
    message: str,
    position: tuple[int, int] | None = None,
    errno: int | None = None,
    filename: str | None = None,
) -> OwnprintError:
    """Return the exception of an error of the core; the native module calls this."""
    if name == "FileError":
        return _file_error(code, message, errno, filename)
    if name == "RecordError":
        return RecordError(code, message, *(position or (0, 0)))
    return _BY_NAME.get(name, OwnprintError)(code, message)
