"""A program that mypy checks with `--strict`: every annotation that a caller meets."""

from __future__ import annotations

from pathlib import Path

import numpy as np

import ownprint

fingerprinter = ownprint.Fingerprinter(
    hashes=[ownprint.HashAlgorithm.PDQ, "phash:16"],
    digests=[ownprint.DigestAlgorithm.SHA256],
    limits=ownprint.Limits(pixels=50_000_000),
)
fingerprint: ownprint.Fingerprint = fingerprinter.fingerprint(Path("photo.jpg"))
if fingerprint.pdq is not None:
    hash: str = fingerprint.pdq.hash
    quality: int = fingerprint.pdq.quality
sha256: str | None = fingerprint.digest("sha256")
pixels = np.zeros((64, 64, 3), np.uint8)
pdq: ownprint.PdqHash = ownprint.pdq(pixels, format="bgr")
index = ownprint.Index.build([(pdq.hash, "black")])
hits: list[ownprint.Hit] = index.query(pdq.hash)
for result in ownprint.fingerprint_many(["a.jpg", b"bytes", pixels], progress=print):
    code: str | None = result.error_code
record: ownprint.FingerprintRecord = fingerprint.to_record("photo.jpg")
text: str = record.to_json()
video: ownprint.VideoFingerprint | None = record.video
comparison: ownprint.Comparison = ownprint.compare(pdq.hash, pdq.hash)
is_match: bool = comparison.is_match
