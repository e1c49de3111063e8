"""Reads the items of a HEIF file that an encoder wrote, and writes them into another container."""

import struct
from dataclasses import dataclass, field


@dataclass
class Item:
    kind: bytes
    """The type, such as `hvc1`, `av01` or `grid`."""
    data: bytes
    properties: list = field(default_factory=list)
    """Complete boxes, in the order in which they apply."""
    in_idat: bool = False


@dataclass
class HeifFile:
    brand: bytes
    items: dict
    """By item ID."""
    primary: int = 1
    references: list = field(default_factory=list)
    """Tuples of type, item ID, and the list of item IDs that are referenced."""


def boxed(kind, *parts):
    body = b"".join(parts)
    return struct.pack(">I4s", 8 + len(body), kind) + body


def full(kind, version, *parts):
    return boxed(kind, bytes([version, 0, 0, 0]), *parts)


def boxes(data):
    """Yields the type and the body of each box."""
    at = 0
    while at + 8 <= len(data):
        length, kind = struct.unpack(">I4s", data[at : at + 8])
        yield kind, data[at + 8 : at + length]
        at += length


# --- Properties -----------------------------------------------------------------------------------


def ispe(width, height):
    return full(b"ispe", 0, struct.pack(">II", width, height))


def nclx(primaries, transfer, matrix, full_range):
    return boxed(
        b"colr", b"nclx", struct.pack(">HHHB", primaries, transfer, matrix, full_range << 7)
    )


def icc(profile):
    return boxed(b"colr", b"prof", profile)


def irot(quarters):
    """Rotates anticlockwise."""
    return boxed(b"irot", bytes([quarters]))


def imir(axis):
    """Mirrors: 0 exchanges top and bottom, 1 exchanges left and right."""
    return boxed(b"imir", bytes([axis]))


def clap(width, height, horizontal, vertical):
    """Crops. Each argument is a numerator and a denominator; the offsets may be negative."""
    return boxed(
        b"clap",
        struct.pack(">IIIIiIiI", *width, *height, *horizontal, *vertical),
    )


def grid(columns, rows, width, height):
    """Returns the data of a grid item."""
    return struct.pack(">BBBBHH", 0, 0, rows - 1, columns - 1, width, height)


def overlay(width, height, positions):
    """Returns the data of an `iovl` item with an opaque black background."""
    head = struct.pack(">BB4HHH", 0, 0, 0, 0, 0, 65535, width, height)
    return head + b"".join(struct.pack(">hh", *position) for position in positions)


def without(item, *kinds):
    """Returns the properties of an item without those of these types."""
    return [item_property for item_property in item.properties if item_property[4:8] not in kinds]


# --- Reading and writing --------------------------------------------------------------------------


def first_item(file):
    """Returns the primary item of a file that an encoder wrote, without transforms."""
    item = read(file)
    primary = item.items[item.primary]
    primary.properties = without(primary, b"irot", b"imir", b"clap")
    return primary


def read(data):
    top = dict(boxes(data))
    meta = dict(boxes(top[b"meta"][4:]))
    brand = top[b"ftyp"][:4]
    properties = dict(boxes(meta[b"iprp"]))
    known = [boxed(kind, body) for kind, body in boxes(properties[b"ipco"])]
    items = {}
    at = 6 if meta[b"iinf"][0] == 0 else 8
    for _, body in boxes(meta[b"iinf"][at:]):
        wide = body[0] > 2
        number = int.from_bytes(body[4 : 8 if wide else 6])
        kind = body[10:14] if wide else body[8:12]
        items[number] = Item(kind, b"")
    read_locations(meta, data, items)
    for number, indices in associations(properties[b"ipma"]):
        items[number].properties = [known[index - 1] for index in indices if index]
    references = []
    wide = meta.get(b"iref", b"\0")[0] == 1
    for kind, body in boxes(meta.get(b"iref", b"")[4:]):
        numbers = struct.unpack(f">{len(body) // 2}H", body) if not wide else None
        if numbers is None:
            count = int.from_bytes(body[4:6])
            numbers = (int.from_bytes(body[:4]), count, *struct.unpack(f">{count}I", body[6:]))
        references.append((kind, numbers[0], list(numbers[2:])))
    primary = int.from_bytes(meta[b"pitm"][4:])
    return HeifFile(brand, items, primary, references)


def read_locations(meta, data, items):
    """Fills in the data of the items (`iloc`)."""
    table, at = meta[b"iloc"], 0
    version = table[0]
    widths = [table[4] >> 4, table[4] & 15, table[5] >> 4, table[5] & 15 if version else 0]

    def take(width):
        nonlocal at
        at += width
        return int.from_bytes(table[at - width : at])

    at = 6
    for _ in range(take(2 if version < 2 else 4)):
        number = take(2 if version < 2 else 4)
        method = take(2) & 15 if version else 0
        take(2)
        base = take(widths[2])
        source = meta[b"idat"] if method == 1 else data
        for _ in range(take(2)):
            take(widths[3])
            start, length = base + take(widths[0]), take(widths[1])
            items[number].data += source[start : start + length]


def associations(table):
    """Yields the item ID and the property indices of each entry of `ipma`."""
    version, wide = table[0], table[3] & 1
    at = 8
    for _ in range(int.from_bytes(table[4:8])):
        width = 2 if version == 0 else 4
        number, count = int.from_bytes(table[at : at + width]), table[at + width]
        at += width + 1
        indices = []
        for _ in range(count):
            size = 2 if wide else 1
            value = int.from_bytes(table[at : at + size])
            indices.append(value & (0x7FFF if wide else 0x7F))
            at += size
        yield number, indices


ESSENTIAL = (b"hvcC", b"av1C", b"irot", b"imir", b"clap")


def write(file):
    """Returns the bytes of a file: `ftyp`, `meta` and, for the items that are not in it, `mdat`."""
    known = []
    table = b""
    for number, item in sorted(file.items.items()):
        table += struct.pack(">HB", number, len(item.properties))
        for item_property in item.properties:
            if item_property not in known:
                known.append(item_property)
            essential = 0x8000 if item_property[4:8] in ESSENTIAL else 0
            table += struct.pack(">H", known.index(item_property) + 1 | essential)
    associated = boxed(b"ipma", b"\0\0\0\1", struct.pack(">I", len(file.items)), table)
    infos = b"".join(
        full(b"infe", 2, struct.pack(">HH4s", number, 0, item.kind), b"\0")
        for number, item in file.items.items()
    )
    references = b"".join(
        boxed(kind, struct.pack(f">HH{len(to)}H", number, len(to), *to))
        for kind, number, to in file.references
    )
    inside = b"".join(item.data for item in file.items.values() if item.in_idat)
    outside = b"".join(item.data for item in file.items.values() if not item.in_idat)

    def meta(start):
        locations, offsets = b"", {False: start, True: 0}
        for number, item in file.items.items():
            offset = offsets[item.in_idat]
            locations += struct.pack(">HHHHII", number, item.in_idat, 0, 1, offset, len(item.data))
            offsets[item.in_idat] += len(item.data)
        return full(
            b"meta",
            0,
            full(b"hdlr", 0, bytes(4), b"pict", bytes(13)),
            full(b"pitm", 0, struct.pack(">H", file.primary)),
            full(b"iloc", 1, b"\x44\0", struct.pack(">H", len(file.items)), locations),
            full(b"iinf", 0, struct.pack(">H", len(file.items)), infos),
            full(b"iref", 0, references) if references else b"",
            boxed(b"iprp", boxed(b"ipco", *known), associated),
            boxed(b"idat", inside) if inside else b"",
        )

    compatible = b"mif1miaf" + file.brand
    head = boxed(b"ftyp", file.brand, bytes(4), compatible)
    start = len(head) + len(meta(0)) + 8
    return head + meta(start) + (boxed(b"mdat", outside) if outside else b"")
