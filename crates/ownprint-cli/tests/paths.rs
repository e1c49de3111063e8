//! Tests of paths: folders, lists, links, pipes, and names of any bytes.

#![allow(clippy::unwrap_used, reason = "a test must stop at the first failure")]

mod support;

use support::{Folder, Ran, image};

fn paths(ran: &Ran) -> Vec<String> {
    ran.objects().iter().map(|it| it["path"].as_str().unwrap().replace('\\', "/")).collect()
}

fn tree() -> Folder {
    let folder = Folder::new();
    for (seed, name) in (0..).zip([
        "d/b.ppm",
        "d/a.ppm",
        "d/.hidden.ppm",
        "d/inner/c.ppm",
        "d/inner/deep/e.ppm",
        "z.ppm",
    ]) {
        folder.write(name, &image(seed));
    }
    folder
}

#[test]
fn a_folder_stands_for_its_files_sorted_by_name() {
    let ran = tree().run(&["hash", "--format", "jsonl", "z.ppm", "d"]);
    assert_eq!(ran.status, 0);
    assert_eq!(paths(&ran), ["z.ppm", "d/.hidden.ppm", "d/a.ppm", "d/b.ppm"]);
    assert!(ran.stderr.contains("1 subfolder was skipped; use --recursive"), "{}", ran.stderr);
}

#[test]
fn recursive_includes_subfolders() {
    let ran = tree().run(&["hash", "--format", "jsonl", "--recursive", "d"]);
    assert_eq!(
        paths(&ran),
        ["d/.hidden.ppm", "d/a.ppm", "d/b.ppm", "d/inner/c.ppm", "d/inner/deep/e.ppm"]
    );
    assert_eq!((ran.status, ran.stderr.as_str()), (0, ""));
}

#[test]
fn an_empty_folder_is_reported_and_is_not_a_failure() {
    let folder = Folder::new();
    let ran = folder.run(&["hash", "."]);
    assert_eq!((ran.status, ran.stdout.as_str()), (0, ""));
    assert!(ran.stderr.contains("no files found"));
}

#[test]
fn paths_are_read_from_standard_input_separated_by_newline_or_nul() {
    let folder = tree();
    folder.write("two\nlines.ppm", &image(9));
    let lines = folder
        .run_with_input(&["hash", "-f", "jsonl", "--files-from", "-"], b"z.ppm\n\nd\ngone.ppm");
    assert_eq!(paths(&lines), ["z.ppm", "d/.hidden.ppm", "d/a.ppm", "d/b.ppm", "gone.ppm"]);
    assert_eq!(lines.status, 1);
    if cfg!(unix) {
        let nul = folder.run_with_input(
            &["hash", "-f", "jsonl", "--files-from", "-", "-0"],
            b"two\nlines.ppm\0z.ppm",
        );
        assert_eq!(
            (nul.status, paths(&nul)),
            (0, vec!["two\nlines.ppm".to_owned(), "z.ppm".to_owned()])
        );
    }
}

#[test]
fn paths_are_read_from_a_file_with_either_line_ending() {
    let folder = tree();
    folder.write("-", &image(8));
    for (list, option) in [
        (&b"z.ppm\r\n\r\nd\r\n-\r\n"[..], None),
        (b"z.ppm\nd\n-", None),
        (b"z.ppm\0d\0-\0", Some("-0")),
    ] {
        folder.write("list", list);
        let arguments = ["hash", "-f", "jsonl", "--files-from", "list"];
        let ran = folder.run(&arguments.into_iter().chain(option).collect::<Vec<_>>());
        assert_eq!(
            (ran.status, paths(&ran)),
            (0, ["z.ppm", "d/.hidden.ppm", "d/a.ppm", "d/b.ppm", "./-"].map(str::to_owned).into())
        );
    }
    let missing = folder.run(&["hash", "--files-from", "gone"]);
    assert_eq!((missing.status, missing.stdout.as_str()), (2, ""));
    assert!(missing.stderr.contains("--files-from gone: "), "{}", missing.stderr);
}

#[test]
fn a_dash_is_an_image_on_standard_input() {
    let folder = Folder::new();
    folder.write("a.ppm", &image(1));
    let given = folder.run_with_input(&["hash", "-f", "jsonl", "-"], &image(1));
    let named = folder.run(&["hash", "-f", "jsonl", "a.ppm"]);
    assert_eq!(given.objects()[0]["path"], "-");
    assert_eq!(given.objects()[0]["hashes"], named.objects()[0]["hashes"]);
    assert_eq!(given.objects()[0]["digests"], named.objects()[0]["digests"]);
}

#[cfg(unix)]
mod unix {
    use std::ffi::OsStr;
    use std::fs::Permissions;
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
    use std::os::unix::process::CommandExt;
    use std::process::Command;

    use super::{Folder, Ran, image, paths, tree};

    #[test]
    fn names_that_are_not_utf_8_are_opened() {
        let folder = Folder::new();
        folder.write(OsStr::from_bytes(b"caf\xe9.ppm"), &image(1));
        let listed = folder.run(&["hash", "-f", "jsonl", "."]);
        assert_eq!((listed.status, paths(&listed)), (0, vec!["./caf\u{fffd}.ppm".to_owned()]));
        let from_list =
            folder.run_with_input(&["hash", "-f", "jsonl", "--files-from", "-"], b"caf\xe9.ppm\n");
        assert_eq!(from_list.status, 0, "{}", from_list.stderr);
        let named = [
            OsStr::new("hash"),
            OsStr::new("-f"),
            OsStr::new("csv"),
            OsStr::from_bytes(b"caf\xe9.ppm"),
        ];
        assert_eq!(folder.run(&named).status, 0);
    }

    #[test]
    fn a_file_that_is_not_regular_is_an_error_and_never_blocks() {
        let folder = tree();
        assert!(
            Command::new("mkfifo").arg(folder.path().join("d/pipe")).status().unwrap().success()
        );
        let _socket =
            std::os::unix::net::UnixListener::bind(folder.path().join("d/socket")).unwrap();
        symlink("nowhere", folder.path().join("d/broken")).unwrap();
        let ran = folder.run(&["hash", "-f", "jsonl", "d", "d/pipe", "/dev/zero"]);
        assert_eq!(ran.status, 1);
        let objects = ran.objects();
        let failed: Vec<_> = objects
            .iter()
            .filter(|it| it.get("error").is_some())
            .map(|it| it["path"].as_str().unwrap())
            .collect();
        assert_eq!(failed, ["d/broken", "d/pipe", "d/socket", "d/pipe", "/dev/zero"]);
        assert!(objects.iter().filter_map(|it| it.get("error")).all(|error| error["code"] == "io"));
        assert!(
            ran.stderr.contains("d/pipe: could not be read: it is a named pipe"),
            "{}",
            ran.stderr
        );
    }

    /// Root may read every file, so the test runs the command as another user, from a folder that
    /// this user can access.
    #[test]
    fn an_unreadable_file_is_an_error_and_the_others_are_hashed() {
        let folder = tree();
        let copy = folder.path().join("ownprint");
        std::fs::copy(env!("CARGO_BIN_EXE_ownprint"), &copy).unwrap();
        let permit = |path: &str, mode| {
            std::fs::set_permissions(folder.path().join(path), Permissions::from_mode(mode))
                .unwrap();
        };
        let is_root = std::fs::metadata(folder.path()).unwrap().uid() == 0;
        permit("z.ppm", 0o000);
        permit("d/inner", 0o000);
        let mut command = Command::new(copy);
        command
            .args(["hash", "-f", "jsonl", "--recursive", "z.ppm", "d"])
            .current_dir(folder.path());
        if is_root {
            command.uid(65_534);
        }
        let ran = Ran::of(command.output().unwrap());
        permit("d/inner", 0o755);
        let (failed, hashed): (Vec<_>, Vec<_>) =
            ran.objects().into_iter().partition(|it| it.get("error").is_some());
        assert_eq!((ran.status, hashed.len()), (1, 3), "{ran:?}");
        let failed: Vec<_> =
            failed.iter().map(|it| (it["path"].as_str(), it["error"]["code"].as_str())).collect();
        assert_eq!(failed, [(Some("z.ppm"), Some("io")), (Some("d/inner"), Some("io"))]);
        assert!(
            ran.stderr.contains("z.ppm: could not be read: Permission denied"),
            "{}",
            ran.stderr
        );
    }

    #[test]
    fn links_to_files_are_followed_and_links_to_folders_are_not() {
        let folder = tree();
        symlink("../z.ppm", folder.path().join("d/link.ppm")).unwrap();
        symlink("..", folder.path().join("d/inner/loop")).unwrap();
        let ran = folder.run(&["hash", "-f", "jsonl", "--recursive", "d"]);
        assert_eq!(ran.status, 0);
        assert_eq!(paths(&ran).len(), 6);
        assert!(ran.stderr.contains("1 link to a folder was not followed"), "{}", ran.stderr);
        assert!(paths(&ran).contains(&"d/link.ppm".to_owned()));
        symlink("d", folder.path().join("named")).unwrap();
        assert_eq!(paths(&folder.run(&["hash", "-f", "jsonl", "named"])).len(), 4);
    }

    #[test]
    fn control_characters_in_names_are_escaped() {
        let folder = Folder::new();
        folder.write("\x1b[2J.ppm", &image(1));
        folder.write("\x1b]0;x\x07.jpg", b"\xff\xd8\xff");
        let ran = folder.run(&["hash", "."]);
        assert!(!ran.stdout.contains('\x1b') && !ran.stderr.contains('\x1b'), "{ran:?}");
        assert!(ran.stdout.contains("\\u{1b}[2J.ppm"), "{}", ran.stdout);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn files_of_the_kernel_are_refused() {
    let ran = Folder::new().run(&["hash", "-f", "jsonl", "/proc/cpuinfo", "/proc/self/pagemap"]);
    assert_eq!(ran.status, 1);
    for object in ran.objects() {
        assert_eq!(object["error"]["code"], "io", "{object}");
    }
}

#[test]
fn misleading_characters_of_names_are_escaped() {
    let folder = Folder::new();
    for name in ["a\u{202e}gnp.exe", "b\u{200b}\u{feff}", "c\u{1b}[31m\u{9b}", "é\u{1f5bc}"] {
        folder.write(name, b"words");
    }
    let ran = folder.run(&["hash", "--algorithms", "md5,pdq", "."]);
    let shown = ["a\\u{202e}gnp.exe", "b\\u{200b}\\u{feff}", "c\\u{1b}[31m\\u{9b}", "é\u{1f5bc}"];
    for name in shown {
        assert!(ran.stdout.contains(name), "{name}: {}", ran.stdout);
    }
    let ran = folder.run(&["hash", "--algorithms", "pdq", "."]);
    for name in shown {
        assert!(ran.stderr.contains(name), "{name}: {}", ran.stderr);
    }
}

#[test]
fn lists_of_paths_of_the_reported_corpus_are_read() {
    let Some(corpus) = std::env::var_os("OWNPRINT_CORPUS") else {
        eprintln!("skipped: OWNPRINT_CORPUS is not set");
        return;
    };
    let folder = std::path::Path::new(&corpus).join("reported");
    if !folder.is_dir() {
        eprintln!("skipped: the corpus has no folder reported");
        return;
    }
    let mut command = Folder::new().command(&["hash", "-f", "jsonl", "-a", "md5", "--files-from"]);
    let ran = Ran::of(command.arg("crlf-paths.txt").current_dir(&folder).output().unwrap());
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    assert_eq!(paths(&ran), ["jpeg-noninterleaved-420-48x48.jpg"]);
}
