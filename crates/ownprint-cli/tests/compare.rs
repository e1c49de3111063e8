//! Tests of `ownprint compare`, and of the commands that list algorithms and formats.

#![allow(clippy::unwrap_used, reason = "a test must stop at the first failure")]

mod support;

use support::{Folder, flat, image};

fn hash_of(folder: &Folder, name: &str) -> String {
    folder.run(&["hash", "-f", "jsonl", name]).objects()[0]["hashes"]["pdq"]["hex"]
        .as_str()
        .unwrap()
        .to_owned()
}

#[test]
fn images_and_hashes_are_compared_in_any_combination() {
    let folder = Folder::new();
    folder.write("a.ppm", &image(1));
    folder.write("b.ppm", &image(2));
    let (a, b) = (hash_of(&folder, "a.ppm"), hash_of(&folder, "b.ppm"));
    for first in ["a.ppm", &a, &a.to_uppercase()] {
        let same = folder.run(&["compare", first, "a.ppm"]);
        assert_eq!((same.status, same.stderr.as_str()), (0, ""));
        assert!(same.stdout.starts_with("match: the same hash\n"), "{}", same.stdout);
        for second in ["b.ppm", &b] {
            let different = folder.run(&["compare", first, second]);
            assert_eq!(different.status, 1);
            assert!(different.stdout.starts_with("no match: distance "), "{}", different.stdout);
            assert!(different.stdout.contains(", threshold 31\n"), "{}", different.stdout);
        }
    }
    let from_input = folder.run_with_input(&["compare", "-", &a], &image(1));
    assert_eq!(from_input.status, 0);
}

#[test]
fn a_distance_of_31_matches_and_32_does_not() {
    let folder = Folder::new();
    let zero = "0".repeat(64);
    let near = format!("{}7{}", "0".repeat(56), "f".repeat(7));
    let far = format!("{}{}", "0".repeat(56), "f".repeat(8));
    assert_eq!(folder.run(&["compare", &zero, &near]).status, 0);
    let ran = folder.run(&["compare", "--format", "json", &zero, &far]);
    assert_eq!(ran.status, 1);
    let object = &ran.objects()[0];
    assert_eq!((&object["distance"], &object["threshold"]), (&32.into(), &31.into()));
    assert_eq!((&object["match"], &object["algorithm"]), (&false.into(), &"pdq".into()));
    assert_eq!(object["b"]["hex"], far);
    let keys: Vec<_> = object.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["algorithm", "distance", "bits", "threshold", "match", "a", "b"]);
    let near = folder.run(&["compare", &zero, &near]).stdout;
    assert!(near.starts_with("match: distance 31, threshold 31\n"), "{near}");
}

#[test]
fn an_image_of_low_quality_never_matches() {
    let folder = Folder::new();
    folder.write("flat.ppm", &flat());
    for options in [
        &["--algorithm", "pdq-512"][..],
        &[],
        &["--variants", "compact"],
        &["--query-variants"],
        &["--variants", "compact", "--query-variants"],
    ] {
        let ran = folder.run(&[&["compare", "flat.ppm", "flat.ppm"], options].concat());
        assert_eq!(ran.status, 1, "{options:?}");
        assert!(ran.stdout.starts_with("no match: a quality is below 50\n"), "{}", ran.stdout);
        assert!(ran.stderr.contains("flat.ppm: quality 0 is below 50"), "{}", ran.stderr);
        let json =
            folder.run(&[&["compare", "-f", "json", "flat.ppm", "flat.ppm"], options].concat());
        let object = &json.objects()[0];
        assert_eq!((&object["distance"], &object["match"]), (&0.into(), &false.into()));
    }
    // A hash without a quality is compared.
    let hash = hash_of(&folder, "flat.ppm");
    assert_eq!(folder.run(&["compare", &hash, &hash]).status, 0);
    assert_eq!(folder.run(&["compare", &hash, "flat.ppm"]).status, 1);
}

#[test]
fn errors_and_differences_have_different_exit_statuses() {
    let folder = Folder::new();
    folder.write("a.ppm", &image(1));
    folder.write("notes.txt", b"words");
    for (arguments, says) in [
        (&["compare", "a.ppm", "gone.ppm"][..], "gone.ppm: could not be read"),
        (&["compare", "a.ppm", "notes.txt"], "notes.txt: neither an image nor a video"),
        (
            &["compare", "a.ppm", "abcdef"],
            "abcdef: there is no such file, and as a hash it has 24 bits",
        ),
        (&["compare", "-", "-"], "pass - once"),
        (&["compare", "a.ppm"], "required"),
        (&["compare", "--algorithm", "fhash", "a.ppm", "a.ppm"], "pdq-512"),
        (&["compare", "--algorithm", "pdq-dihedral", "a.ppm", "a.ppm"], "use one of: pdq"),
        (&["compare", "--max-pixels", "10", "a.ppm", "a.ppm"], "--max-pixels"),
        (&["compare", "a.ppm", "."], "it is a folder; pass a file inside it"),
    ] {
        let ran = folder.run(arguments);
        assert_eq!((ran.status, ran.stdout.as_str()), (2, ""), "{arguments:?}");
        assert!(ran.stderr.contains(says), "{}", ran.stderr);
    }
}

#[test]
fn formats_and_algorithms_are_listed_as_text_and_json() {
    let folder = Folder::new();
    assert!(folder.run(&["formats"]).stdout.contains("jxl     decoded and hashed"));
    let formats: serde_json::Value =
        serde_json::from_str(&folder.run(&["formats", "-f", "json"]).stdout).unwrap();
    assert_eq!(
        formats[0],
        serde_json::json!({ "name": "jpeg", "decoded": true, "deterministic": "always" })
    );
    assert!(folder.run(&["algorithms"]).stdout.contains("pdq-512"));
    let ran = folder.run(&["algorithms", "--format", "json"]);
    let algorithms: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(
        (&algorithms["hashes"][0]["name"], &algorithms["hashes"][0]["bits"]),
        (&"pdq".into(), &256.into())
    );
    assert_eq!(algorithms["digests"][0]["name"], "md5");
}

#[test]
fn help_version_and_completions_are_printed() {
    let folder = Folder::new();
    assert!(folder.run(&["--version"]).stdout.starts_with("ownprint 0."));
    for command in ["hash", "compare"] {
        let help = folder.run(&[command, "--help"]);
        assert_eq!(help.status, 0);
        assert!(help.stdout.contains("Examples:") && help.stdout.contains("Exit status: 0"));
    }
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        assert!(folder.run(&["completions", shell]).stdout.contains("ownprint"));
    }
}
