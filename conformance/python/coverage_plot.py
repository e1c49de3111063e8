"""Draws recall against the number of hashes."""

WIDTH, HEIGHT, LEFT, TOP, BOTTOM, RIGHT = 720, 460, 60, 24, 48, 24
COLOURS = ["#1f6fb2", "#c2571a", "#3a8a4d"]
LOOKED_UP = {
    "": "looked up by its hash",
    "query": "by its set query",
    "query-wide": "by its set query-wide",
}
DASHES = {"": "", "query": "7 4", "query-wide": "2 3"}


def plot(path, curves, marked):
    """Writes an SVG. `curves` has for each generator and query the recalls for 1, 2, … hashes;
    `marked` lists numbers of hashes.
    """
    generators = list(dict.fromkeys(generator for generator, _ in curves))
    longest = max(map(len, curves.values()))
    across, down = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM
    x = lambda count: LEFT + across * count / longest
    y = lambda recall: TOP + down * (1 - recall)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}"'
        ' font-family="sans-serif" font-size="13">',
        "<title>Copies found against hashes per image, selected without the edits that measure"
        "</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
    ]
    for tenth in range(0, 11, 2):
        at = y(tenth / 10)
        lines.append(f'<path d="M{LEFT} {at:.1f}H{WIDTH - RIGHT}" stroke="#ddd"/>')
        lines.append(
            f'<text x="{LEFT - 8}" y="{at + 4:.1f}" text-anchor="end">{tenth * 10} %</text>'
        )
    for count in [1, *marked, longest]:
        lines.append(f'<path d="M{x(count):.1f} {TOP}V{TOP + down}" stroke="#eee"/>')
        lines.append(
            f'<text x="{x(count):.1f}" y="{TOP + down + 18}" text-anchor="middle">{count}</text>'
        )
    for (generator, query), recalls in curves.items():
        colour, dashes = COLOURS[generators.index(generator)], DASHES[query]
        points = " ".join(
            f"{x(count + 1):.1f},{y(recall):.1f}" for count, recall in enumerate(recalls)
        )
        lines.append(
            f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"'
            f' stroke-dasharray="{dashes}"/>'
        )
        for count in marked:
            lines.append(
                f'<circle cx="{x(count):.1f}" cy="{y(recalls[count - 1]):.1f}" r="4"'
                f' fill="{colour}"/>'
            )
    # The legend is below the curves.
    for index, name in enumerate([*generators, *DASHES]):
        left, top = LEFT + 330, TOP + down - 112 + 18 * index
        colour = COLOURS[index] if index < len(generators) else "#555"
        dashes = DASHES.get(name, "")
        lines.append(
            f'<path d="M{left} {top}h34" stroke="{colour}" stroke-width="2"'
            f' stroke-dasharray="{dashes}"/>'
            f'<text x="{left + 42}" y="{top + 4}">{LOOKED_UP.get(name, name)}</text>'
        )
    lines.append(
        f'<text x="{LEFT + across / 2}" y="{HEIGHT - 10}" text-anchor="middle">'
        "hashes per image</text>"
    )
    path.write_text("\n".join([*lines, "</svg>", ""]))
