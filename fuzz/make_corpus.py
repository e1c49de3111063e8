"""Writes `corpus/`: small generated files of every kind that the targets read. Needs Pillow, PyAV
for the videos, and the command line for the lists: python fuzz/make_corpus.py
target/release/ownprint. Inputs that libFuzzer found are added by hand, under a name that describes
the defect.
"""

import io
import json
import pathlib
import random
import shutil
import subprocess
import sys
from fractions import Fraction

import av
from PIL import Image

sys.path.append(str(pathlib.Path(__file__).parents[1] / "conformance" / "python"))
import video_matrix
import videos

FOLDER = pathlib.Path(__file__).parent / "corpus"
VARIANTS = {
    "wide": "wide",
    "within": "trim,crop:4,crop:left:30,crop:top-left:8,crop:1x1,rotate:1.5:cropped,rotate:-44.9:black,mirror,rotate:90,invert",
    "around": "border:4:white,letterbox:9x16:grey,screenshot:9x19.5:black,caption:top:16:white,patch:bottom-right:20:white",
    "together": "trim+crop:40+rotate:30:cropped+mirror+rotate:270+invert+border:50:black+letterbox:1x9:white",
}
WIDTH, HEIGHT = 21, 14


def main():
    command_line = sys.argv[1]
    made = {"jpeg": jpegs(), "png": pngs(), "gif": gifs(), "webp": webps(), "bmp": bmps(), "tiff": tiffs(), "pnm": pnms()}
    for format, files in made.items():
        for name, data in files.items():
            write(f"decode-{format}", f"{name}.{format}", data)
        name, data = next(iter(files.items()))
        write("every-hash", f"{name}.{format}", data)
        write("pieces", f"{name}.{format}", bytes([6]) + data)
    write("pieces", "text", b"\x02no image at all")
    pixels = painted().tobytes()
    for name, head in {
        "rgb8": [21, 0, 14, 0, 0, 0, 1], "rgba8": [15, 0, 14, 0, 0, 1, 6], "bgra8-stride": [10, 0, 14, 0, 9, 2, 3],
        "l8": [42, 0, 21, 0, 0, 3, 8], "huge": [0, 255, 0, 255, 255, 0, 0],
    }.items():
        write("pixels", name, bytes(head) + pixels)
    for name, head in {"wide": [200, 3], "tall": [1, 130], "large": [140, 129], "sixty-four": [64, 64]}.items():
        write("pdq-oracle", name, bytes(head) + pixels)
    write("pdq-oracle", "flat", bytes([70, 70, 128]))
    for name, edits in VARIANTS.items():
        write("variants", name, bytes([80, 60]) + edits.encode() + b"\n" + painted("L").tobytes())
    for name, text in {
        "pdq": "0f" * 32, "upper": "F0" * 8, "odd": "0" * 11, "base64": "DMiscKrQ1dY=", "short": "00", "empty": "",
    }.items():
        write("hashes", name, text.encode())
    for name in ["pdq", "phash:16", "whash:4:db4:keep-ll:pillow13", "img-hash-gradient:16x8:dct", "pdq,md5,sha256", "all"]:
        write("names", name.replace(",", "+").replace(":", "-"), name.encode())
    videos_of_all_kinds()
    lists(command_line)


def videos_of_all_kinds():
    (FOLDER / "video").mkdir(parents=True, exist_ok=True)
    for name, video in {
        "baseline.mp4": dict(frames=12, options={"profile": "baseline", "crf": "40"}),
        "b-frames.mp4": dict(frames=24, options={"bf": "3", "g": "12", "crf": "40"}),
        "full-range.mov": dict(frames=12, pixels="yuvj420p", options={"crf": "40", "x264-params": "slices=2"}),
        "fragments.mp4": dict(frames=12, options={"crf": "40"}, container={"movflags": "frag_keyframe+empty_moov"}),
        "mpeg-4.mp4": dict(frames=2, codec="mpeg4"),
        "h264.mkv": dict(frames=24, options={"bf": "3", "g": "12", "crf": "40"}),
        "hevc.mov": dict(frames=24, codec="libx265", options={"x265-params": "bframes=3:keyint=12:crf=40:log-level=none"}),
        "hevc-10.mp4": dict(frames=12, codec="libx265", pixels="yuv420p10le", options={"x265-params": "crf=40:log-level=none"}),
        "hevc-full-range.mkv": dict(frames=12, codec="libx265", pixels="yuvj420p", options={"x265-params": "crf=40:range=full:log-level=none"}),
        "vp9.webm": dict(frames=24, codec="libvpx-vp9", options={"b": "20k", "lag-in-frames": "16", "auto-alt-ref": "1"}),
        "vp9-fragments.mp4": dict(frames=12, codec="libvpx-vp9", options={"b": "20k"}, container={"movflags": "frag_every_frame+empty_moov+default_base_moof"}),
        "vp8.webm": dict(frames=24, codec="libvpx", options={"b": "20k", "lag-in-frames": "16", "auto-alt-ref": "1"}),
        "vp8-live.webm": dict(frames=12, codec="libvpx", options={"b": "20k"}, container={"live": "1"}),
        "av1.mp4": dict(frames=24, codec="libsvtav1", options={"crf": "55", "preset": "8"}),
        "av1-10.webm": dict(frames=12, codec="libsvtav1", pixels="yuv420p10le", options={"crf": "55", "preset": "8"}),
    }.items():
        videos.write(FOLDER / "video" / name, 98, 66, rate=Fraction(12), **video)
    without_sample(FOLDER / "video" / "hevc.mov", FOLDER / "video" / "hevc-missing-reference.mov", 1)
    for seed in range(24):
        path = FOLDER / "video" / f"x264-options-{seed}.mp4"
        written = video_matrix.write(path, video_matrix.choose(random.Random(seed)), seed)
        if not written or path.stat().st_size > 4000:
            path.unlink(missing_ok=True)
    write("pieces", "baseline.mp4", bytes([64]) + (FOLDER / "video" / "baseline.mp4").read_bytes())


def without_sample(source, path, dropped):
    """Copies a video without one sample, to which others refer."""
    with av.open(str(source)) as whole, av.open(str(path), "w") as video:
        stream = video.add_stream_from_template(whole.streams.video[0])
        for number, packet in enumerate(whole.demux(video=0)):
            if packet.size and number != dropped:
                packet.stream = stream
                video.mux(packet)


def painted(mode="RGB"):
    image = Image.new("RGB", (WIDTH, HEIGHT))
    for y in range(HEIGHT):
        for x in range(WIDTH):
            image.putpixel((x, y), (x * 12 % 256, y * 18 % 256, (x * y * 7 + (x // 5) * 60) % 256))
    return image.quantize(16) if mode == "P" else image.convert(mode)


def saved(image, format, **options):
    file = io.BytesIO()
    image.save(file, format, **options)
    return file.getvalue()


def jpegs():
    exif = Image.Exif()
    exif[0x112] = 6
    return {
        "baseline": saved(painted(), "JPEG"),
        "progressive": saved(painted(), "JPEG", progressive=True),
        "full-chroma": saved(painted(), "JPEG", subsampling=0, restart_marker_rows=1),
        "grey": saved(painted("L"), "JPEG"),
        "cmyk": saved(painted("CMYK"), "JPEG"),
        "turned": saved(painted(), "JPEG", exif=exif),
    }


def pngs():
    files = {mode.lower().replace(";", "-"): saved(painted(mode), "PNG") for mode in ["RGB", "L", "1", "P", "LA", "RGBA"]}
    files["i-16"] = saved(Image.frombytes("I;16", (WIDTH, HEIGHT), bytes(range(147)) * 4), "PNG")
    files["transparent-palette"] = saved(painted("P"), "PNG", transparency=3)
    return files


def gifs():
    frames = [painted("P"), painted("P").transpose(Image.Transpose.FLIP_LEFT_RIGHT)]
    return {
        "still": saved(painted("P"), "GIF"),
        "moving": saved(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=50),
        "transparent": saved(painted("P"), "GIF", transparency=2, interlace=1),
    }


def webps():
    return {
        "lossy": saved(painted(), "WEBP", quality=60),
        "lossless": saved(painted(), "WEBP", lossless=True),
        "alpha": saved(painted("RGBA"), "WEBP", quality=60),
        "moving": saved(painted(), "WEBP", save_all=True, append_images=[painted("L").convert("RGB")]),
    }


def bmps():
    return {mode.lower(): saved(painted(mode), "BMP") for mode in ["RGB", "L", "1", "P", "RGBA"]}


def tiffs():
    files = {
        compression.replace("_", "-"): saved(painted(), "TIFF", compression=compression)
        for compression in ["raw", "tiff_lzw", "tiff_adobe_deflate", "packbits", "jpeg"]
    }
    files["group4"] = saved(painted("1"), "TIFF", compression="group4")
    for mode in ["L", "P", "CMYK", "RGBA"]:
        files[mode.lower()] = saved(painted(mode), "TIFF")
    files["i-16"] = saved(Image.frombytes("I;16", (WIDTH, HEIGHT), bytes(range(147)) * 4), "TIFF")
    return files


def pnms():
    numbers = " ".join(str(byte) for byte in painted("L").tobytes())
    return {
        "p6": saved(painted(), "PPM"),
        "p5": saved(painted("L"), "PPM"),
        "p4": saved(painted("1"), "PPM"),
        "p2": f"P2\n# a comment\n{WIDTH} {HEIGHT} 255\n{numbers}\n".encode(),
        "p5-sixteen-bit": f"P5 {WIDTH} {HEIGHT} 65535\n".encode() + bytes(range(147)) * 4,
        "p7": f"P7\nWIDTH {WIDTH}\nHEIGHT {HEIGHT}\nDEPTH 4\nMAXVAL 255\nTUPLTYPE RGB_ALPHA\nENDHDR\n".encode()
        + painted("RGBA").tobytes(),
    }


def lists(command_line):
    scratch = FOLDER.parent / "scratch"
    scratch.mkdir()
    painted().save(scratch / "a.png")
    (scratch / "not a, \"image\".txt").write_text("text")
    # The program runs in that folder, so that the lists contain no paths of this machine.
    run = lambda *words: subprocess.run(
        [pathlib.Path(command_line).resolve(), *words], cwd=scratch, stdout=subprocess.PIPE
    ).stdout
    for form in ["jsonl", "csv", "threatexchange"]:
        write("lists", form, run("hash", "--algorithms", "all" if form != "threatexchange" else "pdq", "--format", form, "."))
    write("lists", "exchange", b"pdq " + b"0f" * 32 + b"\npdq " + b"f0" * 32 + b"\n")
    record, failed = run("hash", "--format", "jsonl", ".", "nothing.png").splitlines()[0::2]
    write("records", "fingerprint", record)
    write("records", "failed", failed)
    page = {
        "count": 1, "nextPageToken": "", "nextSetTimestamp": 1, "hasMoreRecords": False,
        "hashRecords": [{
            "lastModtimestamp": 1, "hashStatus": "Active", "caseNumbers": {"x": "Active"}, "signalType": "ImagePDQ",
            "hashValue": "0f" * 32, "CSPFeedbacks": [],
        }],
    }
    write("records", "stopncii", json.dumps(page).encode())
    write("records", "vpdq-json", json.dumps(["0f" * 32 + ",100,1.23"]).encode())
    write("records", "vpdq-line", b"7,100," + b"0f" * 32 + b",0.234")
    (scratch / "exchange.txt").write_bytes(b"pdq " + b"0f" * 32 + b"\npdq " + b"f0" * 32 + b"\n")
    run("index", "build", "--output", "x.index", "exchange.txt")
    write("index", "two", (scratch / "x.index").read_bytes())
    shutil.rmtree(scratch)


def write(target, name, data):
    (FOLDER / target).mkdir(parents=True, exist_ok=True)
    (FOLDER / target / name).write_bytes(data)


if __name__ == "__main__":
    main()
