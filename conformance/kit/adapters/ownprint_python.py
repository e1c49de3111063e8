"""The Python package of ownprint: `python3 ownprint_python.py phash:16`."""

import sys

import ownprint

fingerprinter = ownprint.Fingerprinter(hashes=[sys.argv[1]], digests=[])
for line in sys.stdin:
    found = next(iter(fingerprinter.fingerprint(line.rstrip("\n")).hashes), None)
    if found is None:
        print(flush=True)
    else:
        quality = [] if found.quality is None else [found.quality]
        print(found.hash, *quality, sep=",", flush=True)
