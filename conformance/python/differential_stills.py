#!/usr/bin/env python3
"""Compares HEIC, AVIF and JPEG XL with pillow-heif, Pillow and pillow-jxl-plugin.

    python differential_stills.py --ownprint PROGRAM FOLDER...

The pixels of lossless JPEG XL must be equal. For other files, the maximum distance of the PDQ
hashes is 2 bits, if the quality is 50 or more. An image with a lower quality has so little
structure that one changed pixel changes many bits, so it is listed but is not a failure. KNOWN
contains the differences that docs/formats.md describes. The exit status is 1 if there is any other
difference.
"""

import argparse
import sys
import warnings
from pathlib import Path

import pillow_heif
import pillow_jxl  # noqa: F401  (registers itself)

from decode_differential import compare, hash_all

pillow_heif.register_heif_opener()

ENDINGS = {".heic", ".heif", ".hif", ".avif", ".avifs", ".jxl"}

# Known differences by file name; docs/formats.md gives the reasons.
KNOWN = {
    "av1_hidden_1000.avif": "refused: 1,000 hidden frames",
    "jxl_lay_2048_400.jxl": "refused: 400 hidden layers",
    "kimono.crop.avif": "the file's crop is applied; libavif leaves it to its caller",
    "kimono.mirror-vertical.rotate270.crop.avif": "the file's crop is applied; libavif leaves it to its caller",
}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--ownprint", default="cargo run --release -q -p ownprint-cli --")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    paths = [
        path
        for folder in options.folders
        for path in sorted(folder.rglob("*"))
        if path.suffix in ENDINGS
    ]
    counts = {}
    for path, ours in zip(paths, hash_all(options.ownprint, paths), strict=True):
        kind, detail = compare(path, ours)
        if path.name in KNOWN:
            kind, detail = "known", KNOWN[path.name]
        counts[kind] = counts.get(kind, 0) + 1
        print(f"{kind}\t{path.name}\t{detail}")
    print(", ".join(f"{count} {kind}" for kind, count in sorted(counts.items())))
    return 1 if counts.get("DIFFERENT") or counts.get("only Pillow decodes") or not paths else 0


if __name__ == "__main__":
    sys.exit(main())
