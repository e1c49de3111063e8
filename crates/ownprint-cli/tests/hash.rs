//! Tests of `ownprint hash`: output and exit status.

#![allow(clippy::unwrap_used, reason = "a test must stop at the first failure")]

mod support;

use std::io::{BufRead, BufReader, Write};
use std::process::Stdio;

use ownprint::exchange::{CsvRecords, FingerprintRecord};
use serde_json::json;
use support::{Folder, Ran, flat, gradient, image};

#[test]
fn jsonl_has_one_object_per_path_in_input_order_and_continues_after_failures() {
    let folder = Folder::new();
    let names: Vec<String> =
        (0..200).map(|number| format!("{:03}.ppm", number * 71 % 200)).collect();
    for (number, name) in (0..).zip(&names) {
        let mut bytes = image(number);
        if number % 10 == 3 {
            bytes.truncate(500);
        }
        folder.write(name, &bytes);
    }
    let mut arguments = vec!["hash", "--format", "jsonl", "--threads", "4", "missing.jpg"];
    arguments.extend(names.iter().map(String::as_str));
    let ran = folder.run(&arguments);
    assert_eq!(ran.status, 1);
    let objects = ran.objects();
    let paths: Vec<_> = objects.iter().map(|it| it["path"].as_str().unwrap()).collect();
    assert_eq!(paths, arguments[5..]);
    let unreadable = objects[0].as_object().unwrap();
    assert_eq!(
        unreadable.keys().collect::<Vec<_>>(),
        ["path", "schema", "hashes", "digests", "warnings", "error"]
    );
    assert_eq!(
        (&objects[0]["error"]["code"], &objects[0]["digests"]),
        (&"io".into(), &serde_json::json!({}))
    );
    for (number, object) in objects[1..].iter().enumerate() {
        let failed = number % 10 == 3;
        assert_eq!(object.get("error").is_some(), failed, "{object}");
        assert_eq!(object["hashes"].get("pdq").is_some(), !failed, "{object}");
        assert_eq!(object["digests"].as_object().unwrap().len(), 3, "{object}");
    }
    assert!(ran.stderr.contains("missing.jpg: could not be read"), "{}", ran.stderr);
    assert!(ran.stderr.contains("21 of 201 files failed"), "{}", ran.stderr);
}

#[test]
fn a_jsonl_object_has_the_documented_members() {
    let folder = Folder::new();
    folder.write("a.ppm", &image(1));
    let ran = folder.run(&[
        "hash",
        "-f",
        "jsonl",
        "--rgb-md5",
        "-a",
        "pdq,pdq-dihedral,md5,sha1",
        "a.ppm",
    ]);
    assert_eq!((ran.status, ran.stderr.as_str()), (0, ""));
    let object = &ran.objects()[0];
    let keys: Vec<_> = object.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys[..5], ["path", "schema", "format", "width", "height"]);
    assert_eq!(keys[keys.len() - 5..], ["rgb_md5", "hashes", "digests", "warnings", "decoder"]);
    let revision = ownprint::decode::image_decoder_revision(ownprint::Format::Pnm);
    assert_eq!(object["decoder"], serde_json::json!({ "name": "ownprint", "revision": revision }));
    assert_eq!(
        (&object["format"], &object["width"], &object["height"]),
        (&"pnm".into(), &80.into(), &64.into())
    );
    assert_eq!(object["hashes"]["pdq"]["hex"].as_str().unwrap().len(), 64);
    assert_eq!(object["hashes"]["pdq"]["quality"], 100);
    assert_eq!(object["hashes"]["pdq-dihedral"]["hex"].as_array().unwrap().len(), 8);
    assert_eq!(object["digests"].as_object().unwrap().len(), 2);
    assert_eq!(object["rgb_md5"].as_str().unwrap().len(), 32);
    assert_eq!(object["warnings"], serde_json::json!([]));
}

#[test]
fn the_core_reads_the_printed_records() {
    let folder = Folder::new();
    folder.write("a \"b\", c.ppm", &image(1));
    folder.write("flat.ppm", &flat());
    folder.write("plain.txt", b"no image");
    let paths = ["a \"b\", c.ppm", "flat.ppm", "plain.txt", "gone.ppm"];
    let print = |format| {
        let options = ["hash", "-a", "all", "--rgb-md5", "-f", format];
        folder.run(&[&options[..], &paths[..]].concat())
    };
    let lines = print("jsonl");
    let records: Vec<_> =
        lines.lines().iter().map(|line| FingerprintRecord::from_json(line).unwrap()).collect();
    assert_eq!(records.iter().map(|it| it.path.as_deref().unwrap()).collect::<Vec<_>>(), paths);
    assert!(lines.lines().into_iter().eq(records.iter().map(FingerprintRecord::to_json)));
    let mut rows: Vec<_> =
        CsvRecords::new(print("csv").stdout.as_bytes()).map(Result::unwrap).collect();
    for (row, record) in rows.iter_mut().zip(&records) {
        // A table has neither the messages of warnings nor the decoder.
        row.warnings.clone_from(&record.warnings);
        row.decoder = record.decoder;
    }
    assert_eq!(rows, records);
}

#[test]
fn jsonl_prints_each_result_before_the_next_path_is_read() {
    let folder = Folder::new();
    folder.write("a.ppm", &image(1));
    let mut command = folder.command(&["hash", "--format", "jsonl", "--files-from", "-"]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut questions = child.stdin.take().unwrap();
    let mut answers = BufReader::new(child.stdout.take().unwrap()).lines();
    for _ in 0..3 {
        questions.write_all(b"a.ppm\n").unwrap();
        assert!(answers.next().unwrap().unwrap().starts_with(r#"{"path":"a.ppm","#));
    }
    drop(questions);
    assert!(answers.next().is_none());
    assert!(child.wait().unwrap().success());
}

#[test]
fn a_damaged_file_keeps_its_digests_in_every_format() {
    let folder = Folder::new();
    let whole = image(1);
    folder.write("cut.ppm", &whole[..whole.len() / 2]);
    let run = |format: &str| folder.run(&["hash", "-a", "pdq,md5", "-f", format, "cut.ppm"]);
    let object = &run("jsonl").objects()[0];
    assert_eq!(
        (&object["error"]["code"], &object["hashes"]),
        (&"truncated".into(), &serde_json::json!({}))
    );
    let md5 = object["digests"]["md5"].as_str().unwrap();
    let csv = run("csv");
    assert!(csv.stdout.contains(&format!(",{md5},,truncated,")), "{}", csv.stdout);
    let table = run("table");
    assert!(table.stdout.contains(&format!("  md5   {md5}\n")), "{}", table.stdout);
    assert!(table.stderr.contains("cut.ppm: this pnm file is truncated"), "{}", table.stderr);
    assert_eq!((csv.status, table.status), (1, 1));
    let no_digests = folder.run(&["hash", "-a", "pdq", "cut.ppm"]);
    assert_eq!((no_digests.status, no_digests.stdout.as_str()), (1, ""));
}

/// `--accept-damaged` changes nothing for formats other than JPEG and videos.
#[test]
fn the_hint_about_accept_damaged_is_only_printed_if_it_helps() {
    let folder = Folder::new();
    let jpeg = include_bytes!("../../../fuzz/corpus/decode-jpeg/baseline.jpeg");
    let png = include_bytes!("../../../fuzz/corpus/decode-png/rgb.png");
    folder.write("cut.jpg", &jpeg[..jpeg.len() - 40]);
    folder.write("cut.png", &png[..png.len() - 40]);
    let refused = folder.run(&["hash", "cut.jpg", "cut.png"]);
    let advised: Vec<_> =
        refused.stderr.lines().filter(|it| it.contains("--accept-damaged")).collect();
    assert!(advised.len() == 1 && advised[0].contains("cut.jpg"), "{}", refused.stderr);
    let accepted = folder.run(&["hash", "--accept-damaged", "cut.jpg", "cut.png"]);
    assert_eq!(accepted.status, 1);
    assert!(!accepted.stderr.contains("--accept-damaged"), "{}", accepted.stderr);
    assert!(!accepted.stderr.contains("cut.jpg"), "{}", accepted.stderr);
}

#[test]
fn the_orientation_is_applied_or_ignored() {
    let folder = Folder::new();
    folder.write("a.jpg", include_bytes!("../../../fuzz/corpus/decode-jpeg/turned.jpeg"));
    let run = |option: &str| {
        folder.run(&["hash", "-f", "jsonl", "--orientation", option, "a.jpg"]).objects().remove(0)
    };
    let (applied, ignored) = (run("apply"), run("ignore"));
    assert_eq!(
        (&applied["orientation_applied"], &ignored["orientation_applied"]),
        (&true.into(), &false.into())
    );
    assert_eq!(
        (&ignored["width"], &ignored["height"]),
        (&applied["stored_width"], &applied["stored_height"])
    );
    assert_ne!(applied["hashes"]["pdq"]["hex"], ignored["hashes"]["pdq"]["hex"]);
    assert_eq!(folder.run(&["hash", "a.jpg"]).stdout.matches("applied; stored as ").count(), 1);
}

#[test]
fn json_is_one_array_of_the_same_objects() {
    let folder = Folder::new();
    folder.write("a.ppm", &image(1));
    let array = folder.run(&["hash", "--format", "json", "a.ppm", "b.ppm"]);
    let lines = folder.run(&["hash", "--format", "jsonl", "a.ppm", "b.ppm"]);
    let objects: Vec<serde_json::Value> = serde_json::from_str(&array.stdout).unwrap();
    assert_eq!((array.status, objects), (1, lines.objects()));
    std::fs::create_dir(folder.path().join("empty")).unwrap();
    let empty = folder.run(&["hash", "--format", "json", "empty"]);
    assert_eq!(serde_json::from_str::<Vec<()>>(&empty.stdout).unwrap(), []);
}

#[test]
fn csv_has_the_same_columns_in_every_row_and_quotes_special_characters() {
    let folder = Folder::new();
    let awkward = "a \"b\", c.ppm";
    folder.write(awkward, &image(1));
    folder.write("plain.txt", b"no image");
    let ran =
        folder.run(&["hash", "--format", "csv", "-a", "pdq,md5", awkward, "plain.txt", "gone.ppm"]);
    assert_eq!(ran.status, 1);
    let lines = ran.lines();
    assert_eq!(
        lines[0],
        "path,format,width,height,orientation,stored_width,stored_height,orientation_applied,damaged,rgb_md5,pdq,pdq_quality,\
         md5,warnings,error_code,error_message"
    );
    assert!(
        lines[1].starts_with(r#""a ""b"", c.ppm",pnm,80,64,1,80,64,true,false,,"#),
        "{}",
        lines[1]
    );
    assert!(lines[2].starts_with("plain.txt,,,,,,,,,,,,"), "{}", lines[2]);
    assert!(lines[2].ends_with(",not-an-image,,"), "{}", lines[2]);
    assert!(lines[3].starts_with("gone.ppm,,,,,,,,,,,,,,io,could not be read"), "{}", lines[3]);
}

#[test]
fn threatexchange_skips_unreliable_hashes_with_a_warning() {
    let folder = Folder::new();
    folder.write("a.ppm", &image(1));
    folder.write("flat.ppm", &flat());
    let ran = folder.run(&["hash", "--format", "threatexchange", "a.ppm", "flat.ppm"]);
    assert_eq!(ran.status, 0);
    let json = folder.run(&["hash", "--format", "jsonl", "a.ppm"]).objects();
    assert_eq!(ran.stdout, format!("pdq {}\n", json[0]["hashes"]["pdq"]["hex"].as_str().unwrap()));
    assert!(ran.stderr.contains("flat.ppm: skipped: pdq quality 0; "), "{}", ran.stderr);
    let refused = folder.run(&["hash", "--format", "threatexchange", "-a", "md5", "a.ppm"]);
    assert_eq!(refused.status, 2);
    assert!(refused.stderr.contains("supports only pdq, pdq-512"), "{}", refused.stderr);
}

#[test]
fn the_table_shows_every_hash_in_full_and_colors_only_on_request() {
    let folder = Folder::new();
    folder.write("a.ppm", &image(1));
    folder.write("flat.ppm", &flat());
    let ran = folder.run(&["hash", "a.ppm", "flat.ppm"]);
    assert_eq!(ran.status, 0);
    let lines = ran.lines();
    assert!(lines[0].starts_with("FILE") && lines[0].ends_with("QUALITY"));
    assert!(
        lines[1].starts_with("a.ppm") && lines[1].ends_with("pnm           80x64      100"),
        "{}",
        lines[1]
    );
    assert!(lines[2].starts_with("  pdq     ") && lines[2].len() == 74, "{}", lines[2]);
    assert!(ran.stdout.contains("  note    the image has too little detail"), "{}", ran.stdout);
    assert!(lines.iter().all(|line| line.chars().count() <= 100));
    assert!(!ran.stdout.contains('\x1b') && !ran.stderr.contains('\x1b'));
    let forced = folder.command(&["hash", "a.ppm"]).env("CLICOLOR_FORCE", "1").output().unwrap();
    assert!(forced.stdout.contains(&0x1b));
    let plain = folder
        .command(&["hash", "a.ppm"])
        .env("CLICOLOR_FORCE", "1")
        .env("NO_COLOR", "1")
        .output()
        .unwrap();
    assert!(!plain.stdout.contains(&0x1b));
}

#[test]
fn the_table_shows_differing_qualities() {
    let folder = Folder::new();
    folder.write("wide.ppm", &gradient(1200, 90));
    let ran = folder.run(&["hash", "-a", "pdq,pdq-512,md5", "wide.ppm"]);
    let json = &folder.run(&["hash", "-f", "jsonl", "-a", "pdq,pdq-512", "wide.ppm"]).objects()[0]
        ["hashes"];
    let quality = |name: &str| json[name]["quality"].as_u64().unwrap();
    let (full, reduced) = (quality("pdq"), quality("pdq-512"));
    assert!(ran.lines()[1].ends_with(&format!(" {}", full.min(reduced))), "{}", ran.stdout);
    assert_eq!(
        ran.stdout.contains("the lowest quality is shown"),
        full != reduced,
        "{}",
        ran.stdout
    );
    assert!(ran.lines().iter().all(|line| line.len() <= 100), "{}", ran.stdout);
}

#[test]
fn a_closed_pipe_ends_the_program_without_a_message() {
    let folder = Folder::new();
    for number in 0..60 {
        folder.write(format!("{number}.ppm"), &image(number));
    }
    let mut command = folder.command(&["hash", "--format", "jsonl", "-a", "all", "."]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    // Dropping the reader closes the pipe.
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
    assert_eq!(output.status.code(), Some(0));
    assert!(line.ends_with("}\n"));
}

#[cfg(target_os = "linux")]
#[test]
fn output_that_cannot_be_written_is_an_error() {
    let folder = Folder::new();
    folder.write("a.ppm", &image(1));
    let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
    let output = folder.command(&["hash", "a.ppm"]).stdout(full).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().contains("could not write the output"));
    let closed =
        folder.command(&["hash", "gone.ppm"]).stderr(std::io::pipe().unwrap().1).output().unwrap();
    assert_eq!(closed.status.code(), Some(1));
}

#[test]
fn limits_are_enforced_and_the_message_names_the_option() {
    let folder = Folder::new();
    folder.write("a.ppm", &image(1));
    // 64 megapixels without data, which exceed no other limit.
    folder.write("claim.pbm", b"P4 8000 8000\n");
    for (flag, refused, allowed, path) in [
        ("--max-width", "79", "80", "a.ppm"),
        ("--max-height", "63", "64", "a.ppm"),
        ("--max-pixels", "5119", "5120", "a.ppm"),
        ("--max-file-bytes", "15372", "15373", "a.ppm"),
        ("--max-memory", "15359", "15360", "a.ppm"),
        ("--max-expansion", "5000", "99999999", "claim.pbm"),
    ] {
        let ran = folder.run(&["hash", "--format", "jsonl", flag, refused, path]);
        assert_eq!(ran.status, 1);
        assert_eq!(ran.objects()[0]["error"]["code"], "limit-exceeded");
        assert!(ran.stderr.contains(&format!("the option is {flag}")), "{}", ran.stderr);
        let ran = folder.run(&["hash", "--format", "jsonl", flag, allowed, path]);
        assert_ne!(ran.objects()[0]["error"]["code"], "limit-exceeded", "{flag}: {}", ran.stderr);
    }
}

#[test]
fn algorithms_are_selected_by_name() {
    let folder = Folder::new();
    folder.write("a.ppm", &image(1));
    let unknown = folder.run(&["hash", "-a", "pdq,fhash", "a.ppm"]);
    assert_eq!((unknown.status, unknown.stdout.as_str()), (2, ""));
    for part in
        ["\"fhash\"", "pdq-512-dihedral", "phash[:N][:pillow13] (N from 2 to 128)", "blake3", "all"]
    {
        assert!(unknown.stderr.contains(part), "{}", unknown.stderr);
    }
    let all = &folder.run(&["hash", "-f", "jsonl", "-a", "all", "a.ppm"]).objects()[0];
    assert_eq!(all["digests"].as_object().unwrap().len(), 5);
    assert!(all["hashes"].as_object().unwrap().len() >= 4);
    let digest = &folder.run(&["hash", "-f", "jsonl", "-a", "md5", "a.ppm"]).objects()[0];
    assert_eq!(digest["hashes"], serde_json::json!({}));
    let default = &folder.run(&["hash", "-f", "jsonl", "a.ppm"]).objects()[0];
    let names: Vec<_> = default["digests"].as_object().unwrap().keys().collect();
    assert_eq!(names, ["md5", "sha256", "blake3"]);
}

#[test]
fn a_file_that_is_not_an_image_has_digests() {
    let folder = Folder::new();
    folder.write("notes.txt", b"words and so on");
    let ran = folder.run(&["hash", "--format", "jsonl", "notes.txt"]);
    assert_eq!(ran.status, 0);
    let object = &ran.objects()[0];
    assert_eq!(object["warnings"][0]["code"], "not-an-image");
    assert_eq!(object["digests"]["md5"].as_str().unwrap().len(), 32);
    let no_digests = folder.run(&["hash", "--format", "jsonl", "-a", "pdq", "notes.txt"]);
    assert_eq!(
        (no_digests.status, &no_digests.objects()[0]["error"]["code"]),
        (1, &"not-an-image".into())
    );
}

/// A build without a video decoder recognizes videos too, and says why they have no hashes.
#[test]
fn a_video_that_is_not_hashed_is_called_a_video() {
    let folder = Folder::new();
    folder.write("video.mp4", include_bytes!("../../../fuzz/corpus/video/fragments.mp4"));
    let ran = folder.run(&["hash", "--format", "jsonl", "-a", "pdq,md5", "video.mp4"]);
    assert_eq!(ran.objects()[0]["warnings"][0]["code"], "video-not-requested");
    let no_digests = folder.run(&["hash", "-a", "pdq", "video.mp4"]);
    assert_eq!(no_digests.status, 1);
    assert!(no_digests.stderr.contains("video.mp4: a video, and only hashes of images"));
    if cfg!(not(feature = "video")) {
        let ran = folder.run(&["hash", "--format", "jsonl", "video.mp4"]);
        let warning = &ran.objects()[0]["warnings"][0];
        assert_eq!(warning["code"], "unsupported-video");
        assert!(warning["message"].as_str().unwrap().contains("this build decodes no videos"));
    }
}

#[test]
fn wrong_arguments_end_with_status_2() {
    let folder = Folder::new();
    for arguments in [
        &["hash"][..],
        &["hash", "--files-from", "-", "a.ppm"],
        &["hash", "--files-from", "gone.txt"],
        &["hash", "--null", "a.ppm"],
        &["hash", "--threads", "0", "a.ppm"],
        &["hash", "-", "-"],
        &["hash", "--format", "xml", "a.ppm"],
        &["unknown"],
        &[],
    ] {
        let ran = folder.run(arguments);
        assert_eq!((ran.status, ran.stdout.as_str()), (2, ""), "{arguments:?}");
        assert!(!ran.stderr.is_empty());
    }
}

#[test]
fn a_set_of_variants_is_complete_in_every_format() {
    let folder = Folder::new();
    folder.write("a.ppm", &image(1));
    folder.write("flat.ppm", &flat());
    let set = ["--variants", "mirror,crop:4,crop:4.1", "a.ppm"];
    let run = |form: &str| {
        folder.run(&[&["hash", "--algorithms", "pdq", "--format", form][..], &set].concat())
    };
    let object = &run("jsonl").objects()[0];
    let hashes = object["variants"]["hashes"].as_array().unwrap();
    let names: Vec<_> = hashes.iter().map(|hash| hash["variant"].as_str().unwrap()).collect();
    assert_eq!(names, ["original", "mirror", "crop:4"]);
    assert_eq!(hashes[0]["hex"], object["hashes"]["pdq"]["hex"]);
    let skipped = &object["variants"]["skipped"][0];
    assert_eq!((&skipped["variant"], &skipped["reason"]), (&"crop:4.1".into(), &"near".into()));
    assert_eq!(skipped["to"], "crop:4");
    let lines: Vec<_> =
        hashes.iter().map(|hash| format!("pdq {}", hash["hex"].as_str().unwrap())).collect();
    assert_eq!(run("threatexchange").stdout.lines().collect::<Vec<_>>(), lines);
    let table = run("table").stdout;
    assert!(table.contains(&format!("  mirror    {}\n", &lines[1][4..])), "{table}");
    assert!(table.contains("note      crop:4.1 skipped: "), "{table}");
    assert!(run("csv").stdout.contains(",original mirror crop:4,"));
    let flat =
        folder.run(&["hash", "--variants", "standard", "--format", "threatexchange", "flat.ppm"]);
    assert_eq!((flat.stdout.as_str(), flat.stderr.contains("pdq quality 0")), ("", true));
    let wrong = folder.run(&["hash", "--variants", "mirorr", "a.ppm"]);
    assert_eq!(wrong.status, 2);
    assert!(wrong.stderr.contains("unknown variant \"mirorr\""), "{}", wrong.stderr);
}

#[test]
#[cfg(feature = "video")]
fn a_video_has_one_hash_per_interval() {
    let folder = Folder::new();
    folder.write("video.mp4", include_bytes!("../../../fuzz/corpus/video/b-frames.mp4"));
    folder.write("mpeg-4.mp4", include_bytes!("../../../fuzz/corpus/video/mpeg-4.mp4"));
    folder.write("a.ppm", &image(1));
    folder.write("notes.txt", b"words");
    let half = ["hash", "--seconds-per-hash", "0.5"];
    let run = |words: &[&str]| folder.run(&[&half, words].concat());

    // By default a video has vPDQ as an image has PDQ.
    let ran = run(&["--format", "jsonl", "video.mp4", "mpeg-4.mp4", "a.ppm"]);
    assert_eq!((ran.status, ran.stderr.as_str()), (0, ""));
    let [video, unsupported, image] = &ran.objects()[..] else { panic!("{}", ran.stdout) };
    assert_eq!(video["video"]["frame_rate"], "12/1");
    let frames = video["video"]["vpdq"].as_array().unwrap();
    assert_eq!(
        frames.iter().map(|it| it["frame"].as_u64().unwrap()).collect::<Vec<_>>(),
        [0, 6, 12, 18]
    );
    assert_eq!(unsupported["warnings"][0]["code"], "unsupported-video");
    assert!(image.get("video").is_none() && image["hashes"]["pdq"].is_object());
    assert_eq!((&video["hashes"], &video["warnings"]), (&json!({}), &json!([])));
    assert!(
        [video, unsupported, image]
            .iter()
            .all(|it| it["digests"]["md5"].as_str().unwrap().len() == 32)
    );

    let lines = run(&["--format", "vpdq", "video.mp4"]);
    let hashes: Vec<_> =
        lines.lines().iter().map(|line| line.split(',').nth(2).unwrap().to_owned()).collect();
    assert_eq!(hashes, frames.iter().map(|it| it["hex"].as_str().unwrap()).collect::<Vec<_>>());
    let json = run(&["--format", "vpdq-json", "video.mp4"]);
    assert!(json.stdout.starts_with(&format!("[\"{},100,0.0\", ", hashes[0])), "{}", json.stdout);
    let table = run(&["video.mp4"]).stdout;
    assert!(table.contains("mp4") && hashes.iter().all(|hash| table.contains(hash)), "{table}");
    let csv = run(&["--format", "csv", "video.mp4"]).stdout;
    assert!(csv.contains("mp4 h264 98x66 24 12/1") && csv.lines().count() == 2, "{csv}");
    let pruned = run(&["--format", "vpdq", "--prune", "256", "video.mp4"]);
    assert_eq!(pruned.lines().len(), 1);

    let no_video = run(&["--format", "vpdq", "a.ppm"]);
    assert!(
        no_video.stdout.is_empty() && no_video.stderr.contains("a.ppm: not a video"),
        "{}",
        no_video.stderr
    );
    assert_eq!(run(&["--format", "vpdq", "--algorithms", "pdq", "video.mp4"]).status, 2);
    let neither = run(&["--format", "vpdq", "notes.txt"]);
    assert_eq!((neither.status, neither.stdout.as_str()), (1, ""));
    assert!(neither.stderr.contains("notes.txt: not a video"), "{}", neither.stderr);
    assert_eq!(folder.run(&["hash", "--seconds-per-hash", "-1", "video.mp4"]).status, 2);
}

#[test]
#[cfg(feature = "video")]
fn vpdq_of_several_videos_names_each_and_reports_failures() {
    let folder = Folder::new();
    let video = include_bytes!("../../../fuzz/corpus/video/b-frames.mp4");
    folder.write("v/a.mp4", video);
    folder.write("v/b.mp4", include_bytes!("../../../fuzz/corpus/video/mpeg-4.mp4"));
    folder.write("v/c.mp4", video);
    folder.write("v/d.ppm", &image(1));
    let paths = ["v/a.mp4", "v/b.mp4", "v/c.mp4", "v/d.ppm", "v/gone.mp4"];
    for format in ["vpdq", "vpdq-json"] {
        let single = folder.run(&["hash", "--format", format, "v/a.mp4"]).stdout;
        let items: serde_json::Value = if format == "vpdq" {
            single.lines().collect()
        } else {
            serde_json::from_str(&single).unwrap()
        };
        let ran = folder.run(&[&["hash", "--format", format][..], &paths].concat());
        assert_eq!(ran.status, 1);
        let objects = ran.objects();
        assert!(objects.iter().map(|it| it["path"].as_str().unwrap()).eq(paths));
        for at in [0, 2] {
            assert_eq!(objects[at]["vpdq"], items, "{}", ran.stdout);
            assert!(objects[at].get("error").is_none());
        }
        for (at, code) in [(1, "unsupported-video"), (3, "not-a-video"), (4, "io")] {
            assert_eq!(
                (&objects[at]["error"]["code"], objects[at].get("vpdq")),
                (&code.into(), None)
            );
        }
        assert!(ran.stderr.contains("v/d.ppm: not a video"), "{}", ran.stderr);
        assert!(ran.stderr.contains("3 of 5 files failed"), "{}", ran.stderr);
        // The number of files in a folder or list is not known in advance.
        let listed =
            folder.run_with_input(&["hash", "--format", format, "--files-from", "-"], b"v/a.mp4\n");
        assert_eq!(listed.objects(), objects[..1]);
        assert_eq!(folder.run(&["hash", "--format", format, "v"]).objects(), objects[..4]);
    }
}

#[test]
fn fields_that_begin_like_a_formula_are_escaped_on_request() {
    let folder = Folder::new();
    let names = ["=1+1", "+1", "-1", "@a", "\ta", "\ra", "a=1"];
    for name in names {
        folder.write(name, b"words");
    }
    let plain = folder.run(&["hash", "-a", "md5", "-f", "csv", "--", "=1+1"]).stdout;
    assert!(plain.contains("\n=1+1,"), "{plain}");
    let escaped = folder.run(
        &[&["hash", "-a", "md5", "-f", "csv", "--escape-formulas", "--"], &names[..]].concat(),
    );
    for row in ["\n'=1+1,", "\n'+1,", "\n'-1,", "\n'@a,", "\n'\ta,", "\n\"'\ra\",", "\na=1,"] {
        assert!(escaped.stdout.contains(row), "{row:?}: {}", escaped.stdout);
    }
    let ran = folder.run(&["hash", "-f", "jsonl", "--escape-formulas", "a=1"]);
    assert_eq!(ran.status, 2);
}

#[cfg(target_os = "linux")]
#[test]
fn help_that_cannot_be_written_is_an_error() {
    let folder = Folder::new();
    for arguments in [vec!["--help"], vec!["hash", "--help"], vec!["--version"], vec!["formats"]] {
        let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
        let ran = Ran::of(folder.command(&arguments).stdout(full).output().unwrap());
        assert_eq!(ran.status, 2, "{arguments:?}");
        assert!(ran.stderr.contains("could not write the output"), "{}", ran.stderr);
        assert_eq!(folder.run(&arguments).status, 0);
    }
}
