"""The command line of ownprint: `python3 ownprint_cli.py OWNPRINT phash:16`."""

import json
import subprocess
import sys

program, algorithm = sys.argv[1:]
done = subprocess.run(
    [program, "hash", "--files-from", "-", "--format", "jsonl", "--algorithms", algorithm],
    stdin=sys.stdin,
    stdout=subprocess.PIPE,
    text=True,
    check=False,
)
for line in done.stdout.splitlines():
    found = next(iter(json.loads(line).get("hashes", {}).values()), None)
    if found is None:
        print()
    else:
        print(found["hex"], *([found["quality"]] if "quality" in found else []), sep=",")
