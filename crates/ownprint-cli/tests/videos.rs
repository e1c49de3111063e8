//! Tests of `compare`, `match`, `duplicates` and `index` with videos.

#![cfg(feature = "video")]
#![allow(clippy::unwrap_used, reason = "a test must stop at the first failure")]

mod support;

use std::path::PathBuf;

use ownprint::exchange::vpdq::frame_from_line;
use ownprint::hash::{VpdqComparison, VpdqFeature, VpdqThresholds};
use serde_json::{Value, json};
use support::{Folder, Ran, image};

const B_FRAMES: &[u8] = include_bytes!("../../../fuzz/corpus/video/b-frames.mp4");
const BASELINE: &[u8] = include_bytes!("../../../fuzz/corpus/video/baseline.mp4");
const FULL_RANGE: &[u8] = include_bytes!("../../../fuzz/corpus/video/full-range.mov");

/// Hashes every frame.
const EVERY: [&str; 2] = ["--seconds-per-hash", "0"];

/// Creates a folder with two images, two videos, and the records of one of each.
fn folder() -> Folder {
    let folder = Folder::new();
    for (name, seed) in [("a.ppm", 1), ("b.ppm", 2)] {
        folder.write(format!("files/{name}"), &image(seed));
    }
    folder.write("files/c.mp4", B_FRAMES);
    folder.write("files/d.mp4", BASELINE);
    folder.write("known/a.ppm", &image(1));
    folder.write("known/c.mp4", B_FRAMES);
    for (form, name) in
        [("jsonl", "known.jsonl"), ("csv", "known.csv"), ("vpdq-json", "known.json")]
    {
        let path = if form == "vpdq-json" { "known/c.mp4" } else { "known" };
        let list = run(&folder, &["hash", "--format", form, path]);
        folder.write(name, list.stdout.as_bytes());
    }
    let lines = run(&folder, &["hash", "--format", "vpdq", "known/c.mp4"]).stdout;
    folder.write("known.vpdq", lines.as_bytes());
    // The first fifth of the video.
    let part: String = lines.split_inclusive('\n').take(5).collect();
    folder.write("part.vpdq", part.as_bytes());
    folder
}

/// Runs `ownprint`, and hashes every frame of videos.
fn run(folder: &Folder, arguments: &[&str]) -> Ran {
    folder.run(&[arguments, &EVERY].concat())
}

fn features(folder: &Folder, name: &str) -> Vec<VpdqFeature> {
    let text = std::fs::read_to_string(folder.path().join(name)).unwrap();
    text.lines().map(|line| frame_from_line(line).unwrap().feature).collect()
}

#[test]
fn two_videos_are_compared_with_both_percentages() {
    let folder = folder();
    let same = run(&folder, &["compare", "files/c.mp4", "known/c.mp4"]);
    assert_eq!((same.status, same.stderr.as_str()), (0, ""));
    assert!(same.stdout.starts_with("match: 100% of A is in B, threshold 80%; 100% of B is in A"));
    let different = run(&folder, &["compare", "files/c.mp4", "files/d.mp4"]);
    assert_eq!(different.status, 1);
    assert!(different.stdout.starts_with("no match: 0% of A is in B"), "{}", different.stdout);

    let ran = run(&folder, &["compare", "-f", "json", "part.vpdq", "files/c.mp4"]);
    let object = &ran.objects()[0];
    let (part, whole) = (features(&folder, "part.vpdq"), features(&folder, "known.vpdq"));
    let expected = VpdqComparison::new(&part, &whole, &VpdqThresholds::default());
    assert!(expected.is_match() && expected.compared_percent() < 80.0);
    assert_eq!(ran.status, 0);
    assert_eq!(object["query_percent"], json!(expected.query_percent()));
    assert_eq!(object["compared_percent"], json!(expected.compared_percent()));
    assert_eq!(
        object["a"],
        json!({ "given": "part.vpdq", "frames": expected.query, "found": expected.query_found })
    );
    assert_eq!(
        (&object["algorithm"], &object["match"], &object["b"]["frames"]),
        (&json!("vpdq"), &json!(true), &json!(expected.compared))
    );
    // The defaults are those of the core.
    let defaults = VpdqThresholds::default();
    assert_eq!(
        object["thresholds"],
        json!({
            "quality": defaults.quality.value(),
            "distance": defaults.distance,
            "query_percent": defaults.query_percent,
            "compared_percent": defaults.compared_percent,
        })
    );
}

#[test]
fn thresholds_of_a_comparison_are_options() {
    let folder = folder();
    let (part, whole) = (features(&folder, "part.vpdq"), features(&folder, "known.vpdq"));
    let compare = |first: &str, second: &str, words: &[&str]| {
        run(&folder, &[&["compare", "-f", "json", first, second], words].concat())
    };
    assert_eq!(compare("known.vpdq", "part.vpdq", &[]).status, 1);
    let swapped = ["--query-percent", "0", "--compared-percent", "80"];
    assert_eq!(compare("known.vpdq", "part.vpdq", &swapped).status, 0);
    assert_eq!(compare("part.vpdq", "known.vpdq", &swapped).status, 1);
    let exact = compare("part.vpdq", "known.vpdq", &["--frame-distance", "0"]);
    let thresholds = VpdqThresholds { distance: 0, ..VpdqThresholds::default() };
    let expected = VpdqComparison::new(&part, &whole, &thresholds);
    assert_eq!(exact.objects()[0]["b"]["found"], json!(expected.compared_found));
    assert_eq!(expected.compared_found, expected.query);
    for wrong in [
        ["--query-percent", "101"],
        ["--compared-percent", "-1"],
        ["--frame-quality", "101"],
        ["--seconds-per-hash", "-1"],
    ] {
        let ran = folder.run(&[&["compare", "part.vpdq", "part.vpdq"], &wrong[..]].concat());
        assert_eq!((ran.status, ran.stdout.as_str()), (2, ""), "{wrong:?}");
    }
}

/// A frame of a quality below the threshold is not compared, and a video without others matches
/// nothing.
#[test]
fn frames_of_low_quality_are_not_compared() {
    let folder = folder();
    let hash = "0f".repeat(32);
    folder.write("dark.vpdq", format!("0,49,{hash},0.000\n").as_bytes());
    let ran = folder.run(&["compare", "dark.vpdq", "dark.vpdq"]);
    assert_eq!(ran.status, 1);
    assert!(ran.stderr.contains("dark.vpdq: no frame has a quality of 50"), "{}", ran.stderr);
    let low = ["compare", "--frame-quality", "49", "dark.vpdq", "dark.vpdq"];
    assert_eq!(folder.run(&low).status, 0);
}

#[test]
fn records_of_every_form_are_operands() {
    let folder = folder();
    let record = run(&folder, &["hash", "--format", "jsonl", "files/c.mp4"]);
    folder.write("video.jsonl", record.stdout.as_bytes());
    let record = run(&folder, &["hash", "--format", "jsonl", "files/a.ppm"]);
    folder.write("image.jsonl", record.stdout.as_bytes());
    for name in ["video.jsonl", "known.vpdq", "known.json"] {
        let ran = run(&folder, &["compare", "files/c.mp4", name]);
        assert_eq!((ran.status, ran.stderr.as_str()), (0, ""), "{name}");
    }
    let images = run(&folder, &["compare", "files/a.ppm", "image.jsonl"]);
    assert!(images.stdout.starts_with("match: the same hash"), "{}", images.stdout);
    let several = run(&folder, &["compare", "files/c.mp4", "known.jsonl"]);
    assert_eq!(several.status, 2);
    assert!(several.stderr.contains("known.jsonl: it has several"), "{}", several.stderr);
    folder.write("broken.vpdq", b"0,100,0f0f,0.000\n");
    let ran = run(&folder, &["compare", "files/c.mp4", "broken.vpdq"]);
    assert_eq!(ran.status, 2);
    assert!(ran.stderr.contains("neither an image nor a video"), "{}", ran.stderr);
    let text = std::fs::read_to_string(folder.path().join("known.vpdq")).unwrap();
    folder.write("broken.vpdq", text.replacen(",100,", ",101,", 2).as_bytes());
    let ran = run(&folder, &["compare", "files/c.mp4", "broken.vpdq"]);
    assert!(ran.stderr.contains("broken.vpdq: line 1, column "), "{}", ran.stderr);
}

#[test]
fn a_video_and_an_image_cannot_be_compared() {
    let folder = folder();
    let hash = "0f".repeat(32);
    for (other, kind) in [("files/a.ppm", "an image"), (&hash, "a hash")] {
        let ran = run(&folder, &["compare", "files/c.mp4", other]);
        assert_eq!((ran.status, ran.stdout.as_str()), (2, ""));
        assert!(
            ran.stderr.contains(&format!("files/c.mp4 is a video and {other} is {kind}")),
            "{}",
            ran.stderr
        );
    }
    let ran = run(&folder, &["compare", "-a", "phash", "files/c.mp4", "files/c.mp4"]);
    assert_eq!(ran.status, 2);
    assert!(ran.stderr.contains("files/c.mp4: a video, and only hashes of images"));
    let ran = run(&folder, &["compare", "-a", "vpdq", "files/a.ppm", "files/a.ppm"]);
    assert_eq!(ran.status, 2);
    assert!(ran.stderr.contains("files/a.ppm: not a video"), "{}", ran.stderr);
    for option in ["--variants=mirror", "--query-variants"] {
        let ran = run(&folder, &["compare", option, "files/c.mp4", "files/c.mp4"]);
        assert_eq!(ran.status, 2);
        assert!(ran.stderr.contains("A and B are videos"), "{}", ran.stderr);
    }
}

fn hit(name: &str) -> Value {
    json!([{ "name": name, "query_percent": 100.0, "compared_percent": 100.0 }])
}

/// Images and videos of one run are found in one list.
#[test]
fn images_and_videos_match_lists_in_every_format() {
    let folder = folder();
    for (list, image, video) in [
        ("known.jsonl", Some("known/a.ppm"), "known/c.mp4"),
        ("known.csv", Some("known/a.ppm"), "known/c.mp4"),
        ("known.vpdq", None, "known.vpdq:1"),
        ("known.json", None, "known.json:1"),
    ] {
        let ran = run(&folder, &["match", "--against", list, "--format", "jsonl", "files"]);
        assert_eq!(ran.status, 0, "{}", ran.stderr);
        let found: Vec<_> = ran
            .objects()
            .iter()
            .map(|it| (it["path"].as_str().unwrap().to_owned(), it["matches"].clone()))
            .collect();
        let of_image = image.map(
            |name| json!([{ "name": name, "algorithm": "pdq", "distance": 0, "threshold": 31 }]),
        );
        let mut expected = Vec::new();
        if let Some(hits) = of_image {
            expected
                .extend([("files/a.ppm".to_owned(), hits), ("files/b.ppm".to_owned(), json!([]))]);
        }
        expected.extend([
            ("files/c.mp4".to_owned(), hit(video)),
            ("files/d.mp4".to_owned(), json!([])),
        ]);
        assert_eq!(found, expected, "{list}");
    }
    let table = run(&folder, &["match", "--against", "known.jsonl", "files"]).stdout;
    assert_eq!(
        table,
        "files/a.ppm\n    0  known/a.ppm\nfiles/c.mp4\n    100%  known/c.mp4  100% of it\n"
    );
}

#[test]
fn algorithms_select_images_or_videos() {
    let folder = folder();
    let paths = |algorithm: &str| {
        let arguments =
            ["match", "--against", "known.jsonl", "-f", "jsonl", "-a", algorithm, "files"];
        let objects = run(&folder, &arguments).objects();
        objects.iter().map(|it| it["path"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(paths("pdq"), ["files/a.ppm", "files/b.ppm"]);
    assert_eq!(paths("vpdq"), ["files/c.mp4", "files/d.mp4"]);
    let none = run(&folder, &["match", "--against", "known.jsonl", "-a", "vpdq", "files/d.mp4"]);
    assert_eq!(none.status, 1);
    assert_eq!(none.stderr, "ownprint: no video matches the video listed\n");
    let both = run(&folder, &["match", "--against", "known.jsonl", "files/b.ppm", "files/d.mp4"]);
    assert_eq!(both.status, 1);
    assert!(both.stderr.contains("hash listed, and no video matches"), "{}", both.stderr);
}

#[test]
fn an_index_of_videos_gives_the_matches_of_its_lists() {
    let folder = folder();
    let built = folder.run(&["index", "build", "-a", "vpdq", "-o", "v.index", "known.jsonl"]);
    assert_eq!(built.status, 0);
    let frames = VpdqThresholds::default().count(&features(&folder, "known.vpdq"));
    assert_eq!(built.stderr, format!("ownprint: wrote 1 videos with {frames} hashes to v.index\n"));
    let info: Value = folder.run(&["index", "info", "-f", "json", "v.index"]).objects().remove(0);
    assert_eq!(
        (&info["algorithm"], &info["videos"], &info["hashes"], &info["quality"]),
        (&json!("vpdq"), &json!(1), &json!(frames), &json!(50))
    );
    let text = folder.run(&["index", "info", "v.index"]).stdout;
    assert!(text.contains("frames of quality 50 and higher\nvideos     1\n"), "{text}");

    let of = |lists: &[&str]| {
        let lists: Vec<_> = lists.iter().flat_map(|list| ["--against", list]).collect();
        run(&folder, &[&["match", "-f", "jsonl", "files/c.mp4"], &lists[..]].concat())
    };
    assert_eq!(
        of(&["v.index"]).objects(),
        of(&["known.json"])
            .objects()
            .iter()
            .map(|object| {
                let mut object = object.clone();
                object["matches"][0]["name"] = json!("known/c.mp4");
                object
            })
            .collect::<Vec<_>>()
    );
    // Combined with a list, and with itself.
    assert_eq!(of(&["v.index", "known.csv"]).objects()[0]["matches"].as_array().unwrap().len(), 2);
    assert_eq!(of(&["v.index", "v.index"]).objects()[0]["matches"].as_array().unwrap().len(), 2);

    // A list of videos only needs no algorithm; a mixed one has an index of images.
    let built = folder.run(&["index", "build", "-o", "w.index", "known.vpdq"]);
    assert!(built.stderr.contains("wrote 1 videos"), "{}", built.stderr);
    let built = folder.run(&["index", "build", "-o", "i.index", "known.jsonl"]);
    assert!(built.stderr.contains("skipped 1 videos"), "{}", built.stderr);
    assert!(built.stderr.contains("wrote 1 hashes to i.index"), "{}", built.stderr);
    let both = of(&["v.index", "i.index"]);
    assert_eq!(both.objects()[0]["matches"].as_array().unwrap().len(), 1);
    let lower =
        run(&folder, &["match", "--against", "v.index", "--frame-quality", "40", "files/c.mp4"]);
    assert_eq!(lower.status, 2);
    assert!(lower.stderr.contains("v.index: it has only frames of quality 50"), "{}", lower.stderr);
    for (algorithm, index, says) in
        [("pdq", "v.index", "an index of videos"), ("vpdq", "i.index", "an index of pdq hashes")]
    {
        let ran = folder.run(&["match", "--against", index, "-a", algorithm, "files"]);
        assert_eq!(ran.status, 2);
        assert!(ran.stderr.contains(says), "{}", ran.stderr);
    }
}

#[test]
fn duplicates_groups_images_and_videos() {
    let folder = folder();
    folder.write("files/copy of a.ppm", &image(1));
    folder.write("files/copy of c.mp4", B_FRAMES);
    folder.write("files/e.mov", FULL_RANGE);
    let ran = run(&folder, &["duplicates", "--format", "jsonl", "files"]);
    assert_eq!((ran.status, ran.stderr.as_str()), (0, ""));
    let [images, videos] = &ran.objects()[..] else { panic!("{}", ran.stdout) };
    let paths = |group: &Value| {
        let members = group.as_array().unwrap().iter();
        members.map(|it| it["path"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(paths(&images["images"]), ["files/a.ppm", "files/copy of a.ppm"]);
    assert_eq!(paths(&videos["videos"]), ["files/c.mp4", "files/copy of c.mp4"]);
    assert_eq!(videos["videos"][1]["query_percent"], json!(100.0));
    let table = run(&folder, &["duplicates", "-a", "vpdq", "files/c.mp4", "files/copy of c.mp4"]);
    assert_eq!(table.stdout, "2 videos\n    100%  files/c.mp4\n    100%  files/copy of c.mp4\n");
    let none = run(&folder, &["duplicates", "files/c.mp4", "files/d.mp4"]);
    assert_eq!((none.status, none.stdout.as_str()), (0, ""));
    assert_eq!(none.stderr, "ownprint: no two of 2 videos match\n");
}

/// Two files of one video that differ in bytes, from the corpus of reported files.
#[test]
fn copies_of_a_video_in_the_corpus_match() {
    let Some(corpus) = std::env::var_os("OWNPRINT_CORPUS") else {
        eprintln!("skipped: OWNPRINT_CORPUS is not set");
        return;
    };
    let reported = PathBuf::from(corpus).join("reported");
    let [first, second] =
        ["video-h264-same-not-aligned-OK.mp4", "video-h264-with-heic-bytes-aligned.mp4"]
            .map(|name| reported.join(name).to_str().unwrap().to_owned());
    assert_ne!(std::fs::read(&first).unwrap(), std::fs::read(&second).unwrap());
    let folder = Folder::new();
    let compared = folder.run(&["compare", "-f", "json", &first, &second]);
    assert_eq!((compared.status, &compared.objects()[0]["query_percent"]), (0, &json!(100.0)));
    let list = folder.run(&["hash", "--format", "jsonl", &first]).stdout;
    folder.write("list.jsonl", list.as_bytes());
    let matched = folder.run(&["match", "--against", "list.jsonl", "-f", "jsonl", &second]);
    assert_eq!(matched.objects()[0]["matches"], hit(&first));
    let groups = folder.run(&["duplicates", "-f", "jsonl", &first, &second]).objects();
    assert_eq!(groups[0]["videos"].as_array().unwrap().len(), 2);
}
