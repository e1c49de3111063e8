"""Draws the distances of edits."""

import numpy

WIDTH, LEFT, TOP, RIGHT, ROW = 720, 150, 34, 24, 30


def plot(path, found, threshold, bits):
    """Writes an SVG: for each edit a line from the 5th to the 95th percentile, a bar from the 25th
    to the 75th, and the median. `found` has the distances of each edit.
    """
    rows = sorted(found.items(), key=lambda it: numpy.median(it[1]))
    bottom = TOP + ROW * len(rows)
    longest = bits * 0.625
    x = lambda distance: LEFT + (WIDTH - LEFT - RIGHT) * min(distance, longest) / longest
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {bottom + 48}"'
        ' font-family="sans-serif" font-size="13">',
        "<title>Distances between the PDQ hashes of an image and of its edited copy</title>",
        f'<rect width="{WIDTH}" height="{bottom + 48}" fill="white"/>',
    ]
    for distance in range(0, int(longest) + 1, 20):
        lines.append(f'<path d="M{x(distance):.1f} {TOP}V{bottom}" stroke="#e4e4e4"/>')
        lines.append(
            f'<text x="{x(distance):.1f}" y="{bottom + 18}" text-anchor="middle">{distance}</text>'
        )
    lines.append(f'<path d="M{x(threshold):.1f} {TOP}V{bottom}" stroke="#c2571a"/>')
    lines.append(
        f'<text x="{x(threshold):.1f}" y="{TOP - 10}" text-anchor="middle" fill="#c2571a">'
        f"threshold {threshold}</text>"
    )
    for index, (edit, distances) in enumerate(rows):
        middle = TOP + ROW * (index + 0.5)
        low, first, half, third, high = (
            x(numpy.percentile(distances, share)) for share in (5, 25, 50, 75, 95)
        )
        lines.append(
            f'<text x="{LEFT - 10}" y="{middle + 4:.1f}" text-anchor="end">{edit}</text>'
            f'<path d="M{low:.1f} {middle:.1f}H{high:.1f}" stroke="#1f6fb2"/>'
            f'<rect x="{first:.1f}" y="{middle - 7:.1f}" width="{max(third - first, 1):.1f}"'
            ' height="14" fill="#a9cbe8" stroke="#1f6fb2"/>'
            f'<path d="M{half:.1f} {middle - 9:.1f}V{middle + 9:.1f}" stroke="#123f66"'
            ' stroke-width="3"/>'
        )
    lines.append(
        f'<text x="{(LEFT + WIDTH - RIGHT) / 2:.0f}" y="{bottom + 38}" text-anchor="middle">'
        "differing bits of 256</text>"
    )
    path.write_text("\n".join([*lines, "</svg>", ""]))
