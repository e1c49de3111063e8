"""Conversion between the members of a JSON record and the types of this package.

The core reads and checks every record, so the members are taken as they are.
"""

from __future__ import annotations

from typing import Any, TypeVar

from ownprint._types import (
    Diagnostic,
    Digest,
    Fingerprint,
    FingerprintRecord,
    ImageInfo,
    PerceptualHash,
    SkippedVariant,
    VariantHash,
    VariantHashes,
    VideoFingerprint,
    VpdqFrame,
)

_IMAGE = (
    "format",
    "width",
    "height",
    "orientation",
    "stored_width",
    "stored_height",
    "orientation_applied",
)
_VIDEO = ("format", "codec", "width", "height", "frames")

T = TypeVar("T", bound=FingerprintRecord)


def fingerprint_of(members: dict[str, Any]) -> Fingerprint:
    """Return the fingerprint with these members."""
    return Fingerprint(**_parts(members))


def record_of(cls: type[T], members: dict[str, Any]) -> T:
    """Return the record with these members."""
    return cls(**_parts(members), path=members.get("path"))


def _parts(members: dict[str, Any]) -> dict[str, Any]:
    error = members.get("error")
    decoder = members.get("decoder", {"name": "ownprint"})
    return {
        "image": _image(members),
        "hashes": tuple(_hash(name, hash) for name, hash in members["hashes"].items()),
        "variants": _variants(members.get("variants")),
        "video": _video(members.get("video")),
        "digests": tuple(Digest(name, hex) for name, hex in members["digests"].items()),
        "warnings": tuple(Diagnostic(**warning) for warning in members["warnings"]),
        "error": None if error is None else Diagnostic(**error),
        "decoder": decoder["name"],
        "decoder_revision": decoder.get("revision"),
    }


def _image(members: dict[str, Any]) -> ImageInfo | None:
    if "width" not in members:
        return None
    return ImageInfo(
        **{name: members[name] for name in _IMAGE},
        damaged=members.get("damaged", False),
        rgb_md5=members.get("rgb_md5"),
        deterministic=members.get("deterministic", True),
    )


def _hash(name: str, hash: dict[str, Any]) -> PerceptualHash:
    values = hash["hex"]
    values = (values,) if isinstance(values, str) else tuple(values)
    return PerceptualHash(name, values, hash.get("quality"))


def _variants(members: dict[str, Any] | None) -> VariantHashes | None:
    if members is None:
        return None
    hashes = (VariantHash(it["variant"], it["hex"], it["quality"]) for it in members["hashes"])
    skipped = (SkippedVariant(**it) for it in members["skipped"])
    return VariantHashes(members.get("set"), tuple(hashes), tuple(skipped))


def _video(members: dict[str, Any] | None) -> VideoFingerprint | None:
    if members is None:
        return None
    frames, seconds = members["frame_rate"].split("/")
    vpdq = (
        VpdqFrame(it["hex"], it["quality"], float(it["seconds"]), it["frame"])
        for it in members["vpdq"]
    )
    return VideoFingerprint(
        **{name: members[name] for name in _VIDEO},
        frame_rate=(int(frames), int(seconds)),
        vpdq=tuple(vpdq),
        damaged=members.get("damaged", False),
    )


def to_members(fingerprint: Fingerprint) -> dict[str, Any]:
    """Return the members of the record of a fingerprint."""
    members: dict[str, Any] = {"schema": 1}
    if isinstance(fingerprint, FingerprintRecord) and fingerprint.path is not None:
        members["path"] = fingerprint.path
    image = fingerprint.image
    if image is not None:
        members |= {name: getattr(image, name) for name in _IMAGE}
        if image.damaged:
            members["damaged"] = True
        if image.rgb_md5 is not None:
            members["rgb_md5"] = image.rgb_md5
    members["hashes"] = {hash.algorithm: _hash_members(hash) for hash in fingerprint.hashes}
    if fingerprint.variants is not None:
        members["variants"] = _variants_members(fingerprint.variants)
    if fingerprint.video is not None:
        members["video"] = _video_members(fingerprint.video)
    members["digests"] = {digest.algorithm: digest.hex for digest in fingerprint.digests}
    members["warnings"] = [_diagnostic(warning) for warning in fingerprint.warnings]
    if fingerprint.error is not None:
        members["error"] = _diagnostic(fingerprint.error)
    if fingerprint.decoder_revision is not None:
        members["decoder"] = {
            "name": fingerprint.decoder,
            "revision": fingerprint.decoder_revision,
        }
    elif fingerprint.decoder != "ownprint":
        members["decoder"] = {"name": fingerprint.decoder}
    if fingerprint.decoder != "ownprint":
        members["deterministic"] = False
    elif image is not None and not image.deterministic:
        members["deterministic"] = False
    return members


def _diagnostic(diagnostic: Diagnostic) -> dict[str, str]:
    return {"code": diagnostic.code, "message": diagnostic.message}


def _hash_members(hash: PerceptualHash) -> dict[str, Any]:
    from ownprint._capabilities import hash_info

    one = hash_info(hash.algorithm).hashes == 1 and len(hash.values) == 1
    members: dict[str, Any] = {"hex": hash.values[0] if one else list(hash.values)}
    if hash.quality is not None:
        members["quality"] = hash.quality
    return members


def _variants_members(variants: VariantHashes) -> dict[str, Any]:
    members: dict[str, Any] = {} if variants.set is None else {"set": variants.set}
    members["hashes"] = [
        {"variant": it.variant, "hex": it.hash, "quality": it.quality} for it in variants.hashes
    ]
    members["skipped"] = [_skipped(it) for it in variants.skipped]
    return members


def _skipped(it: SkippedVariant) -> dict[str, Any]:
    parts = {
        "variant": it.variant,
        "reason": it.reason,
        "to": it.to,
        "distance": it.distance,
        "quality": it.quality,
    }
    return {name: value for name, value in parts.items() if value is not None}


def _video_members(video: VideoFingerprint) -> dict[str, Any]:
    members = {name: getattr(video, name) for name in _VIDEO}
    members["frame_rate"] = "/".join(str(part) for part in video.frame_rate)
    if video.damaged:
        members["damaged"] = True
    members["vpdq"] = [
        {"frame": it.frame, "seconds": it.seconds, "hex": it.hash, "quality": it.quality}
        for it in video.vpdq
    ]
    return members
