"""Prints the PDQ hashes of files."""

import sys

import ownprint

for path in sys.argv[1:]:
    print(ownprint.fingerprint(path).pdq.hash)
