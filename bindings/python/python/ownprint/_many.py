"""Fingerprints of many files on several threads."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ownprint._errors import CancelledError, OwnprintError
from ownprint._fingerprinter import Fingerprinter, default_fingerprinter
from ownprint._input import describe
from ownprint._ownprint import CancelToken
from ownprint._types import Fingerprint

if TYPE_CHECKING:
    from types import TracebackType

    import pyarrow

    from ownprint._fingerprinter import Source

__all__ = ["FileResult", "FingerprintIterator", "fingerprint_many"]

# Files that are at work or finished but not yet taken, for each thread.
_LOOK_AHEAD = 2


@dataclass(frozen=True, slots=True)
class FileResult:
    """The result for one file of many: a fingerprint, or the exception of a call that failed."""

    index: int
    """The position of the file, from 0."""
    source: Any
    """The file, as it was passed."""
    fingerprint: Fingerprint | None
    """The fingerprint, unless the call failed."""
    error: Exception | None
    """The exception of the call, such as `FileError`."""

    @property
    def path(self) -> str | None:
        """The path of the file, if it was passed as a path."""
        return describe(self.source)

    @property
    def error_code(self) -> str | None:
        """The stable code of the error, of the call or of the file.

        A file that is not an image has no error, but a warning; see `reason`.
        """
        if self.fingerprint is None:
            return self.error.code if isinstance(self.error, OwnprintError) else "io"
        return None if self.fingerprint.error is None else self.fingerprint.error.code

    @property
    def reason(self) -> str | None:
        """The stable code of the reason why there are no hashes: of the error, or of a warning.

        It is `None` if the file was decoded.

        >>> import ownprint
        >>> [result.reason for result in ownprint.fingerprint_many([b"not an image"])]
        ['not-an-image']
        """
        if self.error_code is not None or self.fingerprint is None:
            return self.error_code
        found = self.fingerprint
        if found.image is not None or found.video is not None or not found.warnings:
            return None
        return found.warnings[0].code


class FingerprintIterator(Iterator[FileResult]):
    """The results of `fingerprint_many`. Closing it cancels the calls at work."""

    def __init__(
        self,
        sources: Iterable[Source],
        fingerprinter: Fingerprinter,
        threads: int,
        ordered: bool,
        progress: Callable[[int], object] | None,
    ) -> None:
        self._fingerprinter = fingerprinter
        self._sources = enumerate(sources)
        self._look_ahead = threads * _LOOK_AHEAD
        self._ordered = ordered
        self._progress = progress
        self._token = CancelToken()
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="ownprint")
        self._pending: deque[Future[FileResult]] = deque()
        self._closed = False

    def __iter__(self) -> FingerprintIterator:
        return self

    def __next__(self) -> FileResult:
        try:
            self._fill()
            if not self._pending:
                self.close()
                raise StopIteration
            result = self._take().result()
            if self._progress is not None:
                self._progress(1)
        except BaseException:
            # Ctrl-C, or an exception of the sources or of the progress callback.
            self.close()
            raise
        return result

    def _fill(self) -> None:
        while not self._closed and len(self._pending) < self._look_ahead:
            try:
                index, source = next(self._sources)
            except StopIteration:
                return
            self._pending.append(self._pool.submit(self._one, index, source))

    def _take(self) -> Future[FileResult]:
        if self._ordered:
            return self._pending.popleft()
        done = next((future for future in self._pending if future.done()), None)
        if done is None:
            done = wait(self._pending, return_when=FIRST_COMPLETED).done.pop()
        self._pending.remove(done)
        return done

    def _one(self, index: int, source: Any) -> FileResult:
        try:
            if self._token.is_cancelled:
                raise CancelledError("cancelled", "cancelled")
            fingerprint = self._fingerprinter.fingerprint(source, cancel=self._token)
        except Exception as error:
            # The traceback would keep the frames, and what they refer to, alive.
            return FileResult(index, source, None, error.with_traceback(None))
        return FileResult(index, source, fingerprint, None)

    def close(self) -> None:
        """Cancel the calls at work, and end the threads. Results that were not taken are lost."""
        self._closed = True
        self._token.cancel()
        self._pending.clear()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def to_arrow(self, algorithms: Iterable[str] | None = None) -> pyarrow.RecordBatch:
        """Return the remaining results as a RecordBatch of pyarrow; see `ownprint.to_arrow`."""
        from ownprint._arrow import to_arrow

        return to_arrow(self, algorithms or self._fingerprinter.algorithms)

    def __enter__(self) -> FingerprintIterator:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def __del__(self) -> None:
        if not getattr(self, "_closed", True):
            self._token.cancel()
            self._pool.shutdown(wait=False, cancel_futures=True)


def fingerprint_many(
    sources: Iterable[Source],
    *,
    threads: int | None = None,
    ordered: bool = True,
    progress: Callable[[int], object] | None = None,
    fingerprinter: Fingerprinter | None = None,
) -> FingerprintIterator:
    """Fingerprint many files on several threads, and return an iterator of results.

    Results are in the order of `sources`, or in the order in which files finish if `ordered` is
    `False`. A file that fails does not stop the others: its result has the exception. No more than
    two files for each thread are at work or wait to be taken, so `sources` may be endless.
    `threads` is the number of processors by default; each thread may hold one decoded image.

    `progress` is called with 1 after each file, as the `update` of a tqdm bar. The iterator works
    with `tqdm(fingerprint_many(paths), total=len(paths))`, too.

    >>> import ownprint
    >>> for result in ownprint.fingerprint_many([b"not an image", "missing.jpg"]):
    ...     print(result.index, result.fingerprint is not None, result.error_code)
    0 True None
    1 False io

    Raises `TypeError` if `sources` is a single file or folder.
    """
    if isinstance(sources, (str, bytes, bytearray, os.PathLike)):
        # Characters and bytes would be taken as files.
        raise TypeError("expected several files; pass [file], or Path(folder).iterdir()")
    return FingerprintIterator(
        sources,
        fingerprinter or default_fingerprinter(),
        max(1, threads or os.cpu_count() or 1),
        ordered,
        progress,
    )
