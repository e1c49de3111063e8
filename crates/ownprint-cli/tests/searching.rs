//! Tests of `ownprint match`, `index` and `duplicates`.

#![allow(clippy::unwrap_used)]

mod support;

use serde_json::json;
use support::{Folder, flat, image};

/// Creates a folder with images 1, 2 and 3, a copy of image 2, and a list of the first two.
fn folder() -> Folder {
    let folder = Folder::new();
    for (name, seed) in [("a.ppm", 1), ("b.ppm", 2), ("c.ppm", 3), ("copy of b.ppm", 2)] {
        folder.write(format!("images/{name}"), &image(seed));
    }
    for (name, seed) in [("a.ppm", 1), ("b.ppm", 2)] {
        folder.write(format!("known/{name}"), &image(seed));
    }
    for (form, name) in
        [("jsonl", "known.jsonl"), ("csv", "known.csv"), ("threatexchange", "known.txt")]
    {
        let list = folder.run(&["hash", "--format", form, "known"]);
        folder.write(name, list.stdout.as_bytes());
    }
    folder
}

#[test]
fn images_match_lists_in_every_format() {
    let folder = folder();
    for (list, names) in [
        ("known.jsonl", ["known/a.ppm", "known/b.ppm"]),
        ("known.csv", ["known/a.ppm", "known/b.ppm"]),
        ("known.txt", ["known.txt:1", "known.txt:2"]),
    ] {
        let ran = folder.run(&["match", "--against", list, "--format", "jsonl", "images"]);
        assert_eq!((ran.status, ran.stderr.as_str()), (0, ""), "{list}");
        let found: Vec<_> =
            ran.objects().iter().map(|it| (it["path"].clone(), it["matches"].clone())).collect();
        let hit =
            |name| json!([{ "name": name, "algorithm": "pdq", "distance": 0, "threshold": 31 }]);
        assert_eq!(
            found,
            [
                (json!("images/a.ppm"), hit(names[0])),
                (json!("images/b.ppm"), hit(names[1])),
                (json!("images/c.ppm"), json!([])),
                (json!("images/copy of b.ppm"), hit(names[1])),
            ],
            "{list}"
        );
    }
}

#[test]
fn a_list_is_read_from_standard_input_once() {
    let folder = folder();
    let list = std::fs::read(folder.path().join("known.txt")).unwrap();
    let matching = ["match", "--against", "-", "--format", "jsonl", "images/a.ppm"];
    let ran = folder.run_with_input(&matching, &list);
    assert_eq!((ran.status, ran.stderr.as_str()), (0, ""));
    assert_eq!(ran.objects()[0]["matches"][0]["name"], "-:1");
    let built = ["index", "build", "--output", "piped.index", "-"];
    assert_eq!(folder.run_with_input(&built, &list).status, 0);
    let ran = folder.run(&["match", "--against", "piped.index", "images/a.ppm"]);
    assert_eq!((ran.status, ran.stderr.as_str()), (0, ""));
    for twice in [
        &["match", "--against", "-", "--against", "-", "images/a.ppm"][..],
        &["match", "--against", "-", "-"],
        &["match", "--against", "-", "--files-from", "-"],
    ] {
        let ran = folder.run(twice);
        assert_eq!(ran.status, 2, "{twice:?}");
        assert!(ran.stderr.contains("standard input can be read only once"), "{}", ran.stderr);
    }
}

#[test]
fn an_index_gives_the_matches_of_its_lists() {
    let folder = folder();
    let built =
        folder.run(&["index", "build", "--output", "known.index", "known.jsonl", "known.txt"]);
    assert_eq!((built.status, built.stdout.as_str()), (0, ""));
    assert_eq!(built.stderr, "ownprint: wrote 4 hashes to known.index\n");
    let info = folder.run(&["index", "info", "--format", "json", "known.index"]);
    let info: serde_json::Value = serde_json::from_str(&info.stdout).unwrap();
    assert_eq!((&info["algorithm"], &info["hashes"]), (&json!("pdq"), &json!(4)));
    let info = folder.run(&["index", "info", "known.index"]).stdout;
    assert!(
        info.starts_with("algorithm  pdq, 256 bits, matches up to 31\nhashes     4\n"),
        "{info}"
    );
    let ran = folder.run(&["match", "--against", "known.index", "images/a.ppm", "images/c.ppm"]);
    assert_eq!(
        (ran.status, ran.stdout.as_str()),
        (0, "images/a.ppm\n    0  known/a.ppm\n    0  known.txt:1\n")
    );
    // The index is combined with a list and with another index.
    let ran = folder.run(&[
        "match",
        "--against",
        "known.index",
        "--against",
        "known.csv",
        "images/a.ppm",
    ]);
    assert_eq!(ran.lines().len(), 4);
    assert!(!folder.path().join("known.index.part").exists());
}

#[test]
fn an_existing_temporary_file_is_not_overwritten() {
    let folder = folder();
    folder.write("known.index.part", b"somebody's");
    let ran = folder.run(&["index", "build", "--output", "known.index", "known.txt"]);
    assert_eq!(ran.status, 2);
    assert!(ran.stderr.contains("known.index.part already exists"), "{}", ran.stderr);
    assert_eq!(std::fs::read(folder.path().join("known.index.part")).unwrap(), b"somebody's");
}

#[test]
fn exit_statuses_distinguish_matches_and_errors() {
    let folder = folder();
    let none = folder.run(&["match", "--against", "known.txt", "images/c.ppm"]);
    assert_eq!((none.status, none.stdout.as_str()), (1, ""));
    assert_eq!(none.stderr, "ownprint: no image is within 31 bits of the 2 pdq hashes listed\n");
    let missing = folder.run(&["match", "--against", "known.txt", "images/a.ppm", "nothing.ppm"]);
    assert_eq!(missing.status, 0);
    assert!(missing.stdout.starts_with("images/a.ppm\n"));
    assert!(missing.stderr.contains("nothing.ppm: could not be read"), "{}", missing.stderr);
    let others = folder.run(&["match", "--against", "known.txt", "images/c.ppm", "nothing.ppm"]);
    assert_eq!(
        (others.status, others.stderr.contains("nothing.ppm: could not be read")),
        (1, true)
    );
    folder.write("notes.txt", b"words");
    for path in ["nothing.ppm", "notes.txt"] {
        let nothing = folder.run(&["match", "--against", "known.txt", path]);
        assert_eq!((nothing.status, nothing.stdout.as_str()), (2, ""));
        assert!(nothing.stderr.contains(path) && !nothing.stderr.contains("no image is within"));
    }
    let far =
        folder.run(&["match", "--against", "known.txt", "--threshold", "256", "images/c.ppm"]);
    assert_eq!((far.status, far.lines().len()), (0, 3));
    for list in ["nothing.txt", "images/a.ppm"] {
        let ran = folder.run(&["match", "--against", list, "images"]);
        assert_eq!((ran.status, ran.stdout.as_str()), (2, ""));
        assert!(ran.stderr.starts_with(&format!("ownprint: {list}: ")), "{}", ran.stderr);
    }
}

#[test]
fn a_list_with_an_error_is_refused_with_line_and_column() {
    let folder = folder();
    let list = std::fs::read_to_string(folder.path().join("known.txt")).unwrap();
    let broken = list.replacen("\npdq ", "\npdq 0", 1);
    folder.write("broken.txt", broken.as_bytes());
    for command in [
        vec!["match", "--against", "broken.txt", "images"],
        vec!["index", "build", "--output", "x.index", "broken.txt"],
    ] {
        let ran = folder.run(&command);
        assert_eq!(ran.status, 2);
        assert!(ran.stderr.starts_with("ownprint: broken.txt: line 2, column "), "{}", ran.stderr);
    }
    assert!(!folder.path().join("x.index").exists());
}

#[test]
fn an_altered_index_is_refused() {
    let folder = folder();
    folder.run(&["index", "build", "--output", "known.index", "known.txt"]);
    let mut bytes = std::fs::read(folder.path().join("known.index")).unwrap();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    folder.write("altered.index", &bytes);
    for command in [
        vec!["match", "--against", "altered.index", "images"],
        vec!["index", "info", "altered.index"],
    ] {
        let ran = folder.run(&command);
        assert_eq!((ran.status, ran.stdout.as_str()), (2, ""));
        assert!(ran.stderr.contains("checksum"), "{}", ran.stderr);
    }
}

#[test]
fn an_index_of_another_algorithm_is_refused() {
    let folder = folder();
    let list = folder.run(&["hash", "--algorithms", "phash,pdq", "--format", "jsonl", "known"]);
    folder.write("both.jsonl", list.stdout.as_bytes());
    folder.run(&[
        "index",
        "build",
        "--algorithm",
        "phash",
        "--output",
        "phash.index",
        "both.jsonl",
    ]);
    let ran = folder.run(&["match", "--against", "phash.index", "images/b.ppm"]);
    assert_eq!(ran.stdout, "images/b.ppm\n    0  known/b.ppm\n");
    let ran =
        folder.run(&["match", "--against", "phash.index", "--algorithm", "pdq", "images/b.ppm"]);
    assert_eq!(ran.status, 2);
    assert!(ran.stderr.contains("this is an index of phash hashes, not of pdq"), "{}", ran.stderr);
    let ran =
        folder.run(&["match", "--against", "known.txt", "--algorithm", "phash", "images/b.ppm"]);
    assert_eq!(ran.status, 1);
    assert!(ran.stderr.contains("none of its 2 hashes is a phash hash"), "{}", ran.stderr);
}

#[test]
fn an_image_of_low_quality_never_matches() {
    let folder = folder();
    folder.write("plain.ppm", &flat());
    // As an exchange line, which has no quality, the hash is compared; its image is not.
    let hex =
        folder.run(&["hash", "-f", "jsonl", "plain.ppm"]).objects()[0]["hashes"]["pdq"]["hex"]
            .clone();
    folder.write("lines.txt", format!("pdq {}\n", hex.as_str().unwrap()).as_bytes());
    for options in [&[][..], &["--query-variants"], &["--threshold", "255"]] {
        let ran =
            folder.run(&[&["match", "--against", "lines.txt", "plain.ppm"], options].concat());
        assert_eq!((ran.status, ran.stdout.as_str()), (1, ""), "{options:?}");
        assert!(ran.stderr.contains("plain.ppm: quality 0 is below 50"), "{}", ran.stderr);
    }
    for form in ["jsonl", "csv"] {
        for variants in [&[][..], &["--variants", "compact"]] {
            let hash = ["hash", "--format", form, "plain.ppm", "known/a.ppm"];
            let list = folder.run(&[&hash, variants].concat());
            folder.write("list", list.stdout.as_bytes());
            let skipped = "list: skipped 1 with a quality below 50: too little detail to compare";
            let ran =
                folder.run(&["match", "--threshold", "255", "--against", "list", "known/a.ppm"]);
            assert_eq!(ran.status, 0);
            assert!(!ran.stdout.contains("plain.ppm"), "{}", ran.stdout);
            assert!(ran.stderr.contains(skipped), "{}", ran.stderr);
            let ran = folder.run(&["index", "build", "--output", "built.index", "list"]);
            assert!(ran.stderr.contains(skipped), "{}", ran.stderr);
            let ran = folder.run(&["match", "-t255", "--against", "built.index", "known/a.ppm"]);
            assert!(!ran.stdout.contains("plain.ppm"), "{}", ran.stdout);
        }
    }
}

#[test]
fn duplicates_are_grouped() {
    let folder = folder();
    folder.write("images/inner/another a.ppm", &image(1));
    folder.write("images/plain 1.ppm", &flat());
    folder.write("images/plain 2.ppm", &flat());
    let ran = folder.run(&["duplicates", "--recursive", "images"]);
    assert_eq!(
        (ran.status, ran.stdout.as_str()),
        (
            0,
            "2 images\n    0  images/a.ppm\n    0  images/inner/another a.ppm\n\
             2 images\n    0  images/b.ppm\n    0  images/copy of b.ppm\n"
        )
    );
    assert_eq!(
        ran.stderr,
        "ownprint: skipped 2 with a quality below 50: too little detail to compare\n"
    );
    let ran = folder.run(&["duplicates", "--format", "jsonl", "images"]);
    let groups = ran.objects();
    let group: Vec<_> =
        groups[0]["images"].as_array().unwrap().iter().map(|it| it["path"].clone()).collect();
    assert_eq!(
        (groups.len(), group),
        (1, vec![json!("images/b.ppm"), json!("images/copy of b.ppm")])
    );
}

#[test]
fn a_run_without_duplicates_prints_a_message() {
    let folder = folder();
    let ran = folder.run(&["duplicates", "--algorithm", "dhash", "--threshold", "0", "known"]);
    assert_eq!((ran.status, ran.stdout.as_str()), (0, ""));
    assert_eq!(ran.stderr, "ownprint: no two of 2 images are within 0 bits by dhash\n");
    let ran = folder.run(&["duplicates", "--algorithm", "pdq-dihedral", "known"]);
    assert_eq!(ran.status, 2);
    assert!(ran.stderr.contains("computes several hashes for each image"), "{}", ran.stderr);
}

#[test]
fn a_list_of_variants_finds_the_copy_and_names_its_edit() {
    let folder = folder();
    let mirrored = mirrored(&image(1));
    folder.write("mirrored.ppm", &mirrored);
    assert_eq!(folder.run(&["match", "--against", "known.jsonl", "mirrored.ppm"]).status, 1);
    for (form, name) in
        [("jsonl", "known/a.ppm"), ("csv", "known/a.ppm"), ("threatexchange", "list:2")]
    {
        let list =
            folder.run(&["hash", "--variants", "mirror,crop:4", "--format", form, "known/a.ppm"]);
        assert_eq!((list.status, list.stderr.as_str()), (0, ""));
        folder.write("list", list.stdout.as_bytes());
        let ran = folder.run(&["match", "--against", "list", "--format", "jsonl", "mirrored.ppm"]);
        let hit = &ran.objects()[0]["matches"][0];
        assert_eq!(hit["name"], json!(name));
        // Exchange lines do not contain the variant.
        let variant = if form == "threatexchange" { json!(null) } else { json!("mirror") };
        assert_eq!(hit["variant"], variant, "{form}");
        let ran = folder.run(&["match", "--against", "list", "mirrored.ppm"]).stdout;
        assert_eq!(
            ran.lines().any(|line| line.ends_with("known/a.ppm  its variant mirror, threshold 31")),
            form != "threatexchange"
        );
    }
    let plain = folder.run(&["compare", "known/a.ppm", "mirrored.ppm"]);
    assert_eq!(plain.status, 1);
    let ran = folder.run(&["compare", "--variants", "compact", "known/a.ppm", "mirrored.ppm"]);
    assert_eq!(ran.status, 0);
    assert!(ran.stdout.contains("  variant   mirror"), "{}", ran.stdout);
    let json = ["compare", "-f", "json", "--variants", "compact", "known/a.ppm", "mirrored.ppm"];
    assert_eq!(folder.run(&json).objects()[0]["variant"], json!("mirror"));
    let hash = "0".repeat(64);
    for (options, name) in [
        (["--variants=compact", &hash, "mirrored.ppm"], "A"),
        (["--query-variants", "mirrored.ppm", &hash], "B"),
    ] {
        let of_a_hash = folder.run(&[&["compare"], &options[..]].concat());
        assert_eq!(of_a_hash.status, 2);
        let message = format!("{name} is a hash");
        assert!(of_a_hash.stderr.contains(&message), "{}", of_a_hash.stderr);
    }
}

#[test]
fn variants_of_both_images_are_compared() {
    let folder = folder();
    folder.write("mirrored.ppm", &mirrored(&image(1)));
    let compare = |options: &[&str]| {
        let command = ["compare", "-f", "json", "known/a.ppm", "mirrored.ppm"];
        folder.run(&[&command, options].concat())
    };
    let ran = compare(&["--query-variants"]);
    let object = &ran.objects()[0];
    assert_eq!((ran.status, &object["query_variant"]), (0, &json!("mirror")));
    assert_eq!(object["variant"], json!(null));
    let ran = compare(&["--query-variants", "--variants", "rotate:90"]);
    let object = &ran.objects()[0];
    // Both sets have a pair at distance 0: the copy mirrored back, or rotated as the listed variant.
    assert_eq!((ran.status, &object["distance"]), (0, &json!(0)));
    assert!(object["variant"].is_string() && object["query_variant"].is_string(), "{object}");
    assert_eq!(object["threshold"], json!(31));
    let ran = folder.run(&["compare", "--query-variants", "known/a.ppm", "mirrored.ppm"]);
    let line = "  query     mirror: the variant of B that is nearest to A\n";
    assert!(ran.stdout.contains(line), "{}", ran.stdout);
    assert_eq!(compare(&["--query-variants", "--algorithm", "phash"]).status, 2);
}

#[test]
fn variants_of_the_image_find_its_original_on_a_list() {
    let folder = folder();
    folder.write("mirrored.ppm", &mirrored(&image(1)));
    let against = ["match", "--against", "known.jsonl", "mirrored.ppm"];
    assert_eq!(folder.run(&against).status, 1);
    let with = |options: &[&str]| folder.run(&[&against, options].concat());
    let ran = with(&["--query-variants", "--format", "jsonl"]);
    assert_eq!((ran.status, ran.stderr.as_str()), (0, ""));
    let matches = &ran.objects()[0]["matches"];
    assert_eq!(matches.as_array().unwrap().len(), 1);
    assert_eq!(
        (&matches[0]["name"], &matches[0]["query_variant"]),
        (&json!("known/a.ppm"), &json!("mirror"))
    );
    let ran = with(&["--query-variants"]).stdout;
    let reason = "known/a.ppm  by this image's variant mirror, threshold 31\n";
    assert!(ran.contains(reason), "{ran}");
    // The image itself is compared too, and named without a variant.
    let ran = folder.run(&[
        "match",
        "--query-variants",
        "--format",
        "jsonl",
        "--against",
        "known.jsonl",
        "images/b.ppm",
    ]);
    let found = json!({
        "name": "known/b.ppm", "algorithm": "pdq", "distance": 0, "threshold": 31
    });
    assert_eq!(ran.objects()[0]["matches"], json!([found]));
    // A set for lists of sets, or any variants.
    for set in ["query-wide", "mirror"] {
        let ran = with(&[&format!("--query-variants={set}"), "--format", "jsonl"]);
        assert_eq!(ran.objects()[0]["matches"][0]["query_variant"], json!("mirror"), "{set}");
    }
    let ran = with(&["--query-variants=mirorr"]);
    assert_eq!(ran.status, 2);
    assert!(ran.stderr.contains("unknown variant \"mirorr\""), "{}", ran.stderr);
    for options in [["--query-variants", "--algorithm=md5"], ["--query-variants", "-a=phash"]] {
        assert_eq!(with(&options).status, 2, "{options:?}");
    }
}

/// Mirrors a pixmap, whose header has three lines.
fn mirrored(pixmap: &[u8]) -> Vec<u8> {
    let header = pixmap.split_inclusive(|byte| *byte == b'\n').take(3).map(<[u8]>::len).sum();
    let (header, pixels) = pixmap.split_at(header);
    let words = String::from_utf8(header.to_vec()).unwrap();
    let width: usize = words.split_whitespace().nth(1).unwrap().parse().unwrap();
    let rows = pixels.chunks_exact(3 * width).flat_map(|row| row.chunks_exact(3).rev().flatten());
    header.iter().chain(rows).copied().collect()
}

/// Creates the lists of other programs, each with the hash of image 1, and returns their names.
fn lists_of_other_programs(folder: &Folder) -> Vec<(&'static str, Option<&'static str>)> {
    let line = std::fs::read_to_string(folder.path().join("known.txt")).unwrap();
    let hash = line.lines().next().unwrap().split_once(' ').unwrap().1.to_owned();
    let page = format!(
        "{{\"count\":1,\"nextPageToken\":null,\"nextSetTimestamp\":1,\"hasMoreRecords\":false,\
         \"hashRecords\":[{{\"lastModtimestamp\":1,\"signalType\":\"ImagePDQ\",\
         \"hashValue\":\"{hash}\",\"hashStatus\":\"Active\",\"caseNumbers\":{{}}}}]}}"
    );
    let lists = [
        ("upper", format!("pdq {}\n", hash.to_uppercase()), None),
        ("page", page, None),
        ("photo hasher", format!("{hash},100,a.jpg\n"), None),
        ("bare", format!("{hash}\n"), Some("pdq")),
        ("bare upper", format!("{}\r\n", hash.to_uppercase()), Some("pdq")),
        ("actioner", format!("{hash},2880742865368386,2020-07-31,tags\n"), Some("pdq")),
    ];
    let write = |(name, text, format): (&'static str, String, _)| {
        folder.write(name, text.as_bytes());
        (name, format)
    };
    lists.map(write).to_vec()
}

#[test]
fn lists_of_other_programs_are_read() {
    let folder = folder();
    for (list, format) in lists_of_other_programs(&folder) {
        let options = format.map_or_else(Vec::new, |name| vec!["--list-format", name]);
        let against = ["match", "--against", list, "images/a.ppm", "images/c.ppm"];
        let ran = folder.run(&[against.as_slice(), &options].concat());
        assert_eq!((ran.status, ran.stderr.as_str()), (0, ""), "{list}");
        assert!(ran.stdout.starts_with("images/a.ppm\n    0  "), "{}", ran.stdout);
        let build = ["index", "build", "--output", "other.index", list];
        let ran = folder.run(&[build.as_slice(), &options].concat());
        assert_eq!((ran.status, ran.stderr.contains("wrote 1 hashes")), (0, true), "{list}");
        if format.is_some() {
            for command in [against.as_slice(), &build] {
                let ran = folder.run(command);
                assert_eq!(ran.status, 2);
                assert!(ran.stderr.contains("the option is --list-format: "), "{}", ran.stderr);
            }
        }
    }
    let ran = folder.run(&["match", "--against", "bare", "--list-format", "mp3", "images"]);
    assert_eq!(ran.status, 2);
    assert!(ran.stderr.contains("pdq-photo-hasher"), "{}", ran.stderr);
}

#[test]
fn lists_of_digests_match_equal_files() {
    let folder = folder();
    folder.write("note.txt", b"words");
    let digest = |path: &str| {
        let ran = folder.run(&["hash", "--algorithms", "md5", "--format", "jsonl", path]);
        ran.objects()[0]["digests"]["md5"].as_str().unwrap().to_owned()
    };
    let list =
        format!("{}  video.mp4\n{}\n", digest("note.txt").to_uppercase(), digest("images/b.ppm"));
    folder.write("md5sums", list.as_bytes());
    let files = ["note.txt", "images/a.ppm", "images/b.ppm"];
    let options = ["match", "--against", "md5sums", "--list-format", "md5"];
    let ran = folder.run(&[options.as_slice(), &files].concat());
    assert_eq!((ran.status, ran.stderr.as_str()), (0, ""));
    let (note, image) = ("note.txt\n  md5  video.mp4\n", "images/b.ppm\n  md5  md5sums:2\n");
    assert_eq!(ran.stdout, [note, image].concat());
    let ran = folder.run(&[options.as_slice(), &["--format", "jsonl"], &files].concat());
    let matches: Vec<_> = ran.objects().iter().map(|it| it["matches"].clone()).collect();
    let hit = |name| json!([{ "name": name, "digest": "md5" }]);
    assert_eq!(matches, [hit("video.mp4"), json!([]), hit("md5sums:2")]);
    // SHA-512 in the output of `sha512sum`.
    let ran = folder.run(&["hash", "-a", "sha512", "--format", "jsonl", "note.txt"]);
    let sha512 = ran.objects()[0]["digests"]["sha512"].as_str().unwrap().to_owned();
    folder.write("sha512sums", format!("{sha512}  other.txt\n").as_bytes());
    let options = ["match", "--against", "sha512sums", "--list-format", "sha512"];
    let ran = folder.run(&[options.as_slice(), &files].concat());
    assert_eq!((ran.status, ran.stdout.as_str()), (0, "note.txt\n  sha512  other.txt\n"));
    // Digests of an exchange and hashes of a list together.
    folder.write("exchange", format!("video_md5 {}\n", digest("note.txt")).as_bytes());
    let both = ["match", "--against", "exchange", "--against", "known.txt"];
    let ran = folder.run(&[both.as_slice(), &files].concat());
    assert_eq!(ran.status, 0);
    assert!(ran.stdout.starts_with("note.txt\n  md5  exchange:1\n"), "{}", ran.stdout);
    assert!(ran.stdout.contains("images/a.ppm\n    0  known.txt:1\n"), "{}", ran.stdout);
    // The digests of records only on request.
    let ran = folder.run(&["match", "--against", "known.jsonl", "--algorithm", "md5", "images"]);
    assert_eq!(ran.lines().len(), 6, "{}", ran.stdout);
    assert!(ran.stdout.contains("  md5  known/b.ppm\n"), "{}", ran.stdout);
    let ran =
        folder.run(&["match", "--against", "md5sums", "--list-format", "md5", "images/c.ppm"]);
    assert_eq!(ran.status, 1);
    assert!(ran.stderr.contains("no file has one of the 2 digests listed"), "{}", ran.stderr);
}

#[test]
fn invalid_rows_are_skipped_on_request() {
    let folder = folder();
    let list = std::fs::read_to_string(folder.path().join("known.txt")).unwrap();
    let short = "pdq 0123456789abcdef0123456789abcdef\n";
    folder.write("some.txt", [short, &list, short].concat().as_bytes());
    for command in [
        vec!["match", "--skip-invalid", "--against", "some.txt", "images/a.ppm"],
        vec!["index", "build", "--skip-invalid", "--output", "some.index", "some.txt"],
    ] {
        let ran = folder.run(&command);
        assert_eq!(ran.status, 0);
        let first = "ownprint: some.txt: skipped line 1, column 5: a pdq hash of 256 bits has 64 \
                     digits, found 32\n";
        assert!(ran.stderr.starts_with(first), "{}", ran.stderr);
        assert!(ran.stderr.contains("ownprint: some.txt: skipped 2 invalid rows\n"));
    }
    folder.write("none.txt", short.as_bytes());
    let ran = folder.run(&["match", "--skip-invalid", "--against", "none.txt", "images"]);
    assert_eq!(ran.status, 2);
    assert!(ran.stderr.contains("no row of this list is valid"), "{}", ran.stderr);
}

#[cfg(unix)]
#[test]
fn an_index_replaces_only_regular_files() {
    use std::os::unix::fs::symlink;
    let folder = folder();
    let build = |output: &str| folder.run(&["index", "build", "--output", output, "known.txt"]);
    let fifo = folder.path().join("pipe");
    let made = std::process::Command::new("mkfifo").arg(&fifo).status().unwrap();
    assert!(made.success());
    let list = std::fs::read(folder.path().join("known.txt")).unwrap();
    symlink("known.txt", folder.path().join("link to list")).unwrap();
    symlink("nothing", folder.path().join("broken")).unwrap();
    for output in [
        "/dev/null",
        "/dev/full",
        "pipe",
        "known",
        "known.txt",
        "./known.txt",
        "link to list",
        "broken",
    ] {
        let ran = build(output);
        assert_eq!(ran.status, 2, "{output}");
        assert!(ran.stderr.starts_with(&format!("ownprint: {output}: ")), "{}", ran.stderr);
        assert!(!folder.path().join(format!("{output}.part")).exists());
    }
    assert_eq!(std::fs::read(folder.path().join("known.txt")).unwrap(), list);
    // The target of a link is replaced, and the link stays.
    folder.write("far/real.index", b"old");
    symlink("far/real.index", folder.path().join("known.index")).unwrap();
    assert_eq!(build("known.index").status, 0);
    assert!(folder.path().join("known.index").is_symlink());
    let written = std::fs::read(folder.path().join("far/real.index")).unwrap();
    assert!(written.starts_with(b"ownprint-index"));
    assert!(!folder.path().join("far/real.index.part").exists());
}
