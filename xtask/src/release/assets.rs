//! The files of a release on GitHub: checksums, notes and the Homebrew formula.

use std::path::Path;

use super::version;
use crate::files;
use crate::process::{Outcome, root};
use crate::reproduce::sha256;

/// Files that must be there, with `*` for any text.
const REQUIRED: [&str; 15] = [
    "ownprint-VERSION-x86_64-unknown-linux-musl.tar.gz",
    "ownprint-VERSION-aarch64-unknown-linux-musl.tar.gz",
    "ownprint-VERSION-aarch64-apple-darwin.tar.gz",
    "ownprint-VERSION-x86_64-apple-darwin.tar.gz",
    "ownprint-VERSION-x86_64-pc-windows-msvc.tar.gz",
    "ownprint-VERSION.tgz",
    "ownprint-codecs-VERSION.tgz",
    "ownprint-VERSION.tar.gz",
    "ownprint-VERSION-*.whl",
    "ownprint-c-VERSION-*.tar.gz",
    "OwnprintFFI.xcframework.zip",
    "ownprint-swift-package.tar.gz",
    "conformance-kit.tar.gz",
    "ownprint_conformance_kit-VERSION-py3-none-any.whl",
    "*.cdx.json",
];

const SUMS: &str = "SHA256SUMS";

/// Checks the files in a folder, and writes `SHA256SUMS`, `NOTES.md` and `ownprint.rb` there.
pub(super) fn complete(folder: &Path) -> Outcome {
    let version = version::common()?;
    flatten(folder)?;
    let written = [SUMS, "NOTES.md", "ownprint.rb"];
    let mut sums = Vec::new();
    for file in files::below(folder)? {
        let name = files::name(&file);
        if !written.contains(&name.as_str()) {
            sums.push((name, sha256(&file)?));
        }
    }
    let names: Vec<&str> = sums.iter().map(|(name, _)| name.as_str()).collect();
    for required in REQUIRED.map(|name| name.replace("VERSION", &version)) {
        if !names.iter().any(|name| matches(name, &required)) {
            return Err(format!("{} lacks {required}", folder.display()));
        }
    }
    let formula = formula(&version, &sums)?;
    files::write(folder.join("ownprint.rb"), formula)?;
    sums.push(("ownprint.rb".to_owned(), sha256(&folder.join("ownprint.rb"))?));
    sums.sort();
    let lines: Vec<_> = sums.iter().map(|(name, sum)| format!("{sum}  {name}\n")).collect();
    let lines = lines.concat();
    files::write(folder.join(SUMS), &lines)?;
    let changes = changes(&files::read_text(root().join("CHANGELOG.md"))?, &version)?;
    files::write(
        folder.join("NOTES.md"),
        format!("{changes}\n\n## SHA-256\n\n```text\n{lines}```\n"),
    )?;
    print!("{lines}");
    Ok(())
}

/// Moves all files to the top of the folder: a release has no folders.
fn flatten(folder: &Path) -> Outcome {
    for file in files::below(folder)? {
        let place = folder.join(files::name(&file));
        if place == file {
            continue;
        }
        if place.exists() {
            return Err(format!("two files have the name {}", files::name(&file)));
        }
        files::copy(&file, &place)?;
    }
    for path in files::entries(folder)?.iter().filter(|path| path.is_dir()) {
        files::remove_folder(path)?;
    }
    Ok(())
}

/// Compares a name with a pattern that contains one `*` or none.
fn matches(name: &str, pattern: &str) -> bool {
    pattern.split_once('*').map_or(name == pattern, |(start, end)| {
        name.len() >= start.len() + end.len() && name.starts_with(start) && name.ends_with(end)
    })
}

/// Returns the section of a version in the changelog.
fn changes(changelog: &str, version: &str) -> Outcome<String> {
    let heading = format!("\n## [{version}] - ");
    let section = changelog.split_once(&heading).map(|(_, rest)| rest);
    let section = section.and_then(|rest| rest.split_once('\n')).map(|(_, rest)| rest);
    let section = section.ok_or_else(|| format!("CHANGELOG.md has no version {version}"))?;
    Ok(section.split("\n## ").next().unwrap_or_default().trim().to_owned())
}

/// Returns the Homebrew formula, which installs the archives of the release.
fn formula(version: &str, sums: &[(String, String)]) -> Outcome<String> {
    let repository = env!("CARGO_PKG_REPOSITORY");
    let archive = |target: &str| {
        let name = format!("ownprint-{version}-{target}.tar.gz");
        let sum = sums.iter().find(|(found, _)| *found == name).map(|(_, sum)| sum);
        let sum = sum.ok_or_else(|| format!("there is no {name}"))?;
        Ok::<_, String>(format!(
            "url \"{repository}/releases/download/v{version}/{name}\"\n      sha256 \"{sum}\""
        ))
    };
    let [mac_arm, mac_intel, linux_arm, linux_intel] = [
        archive("aarch64-apple-darwin")?,
        archive("x86_64-apple-darwin")?,
        archive("aarch64-unknown-linux-musl")?,
        archive("x86_64-unknown-linux-musl")?,
    ];
    Ok(format!(
        r##"class Ownprint < Formula
  desc "Perceptual hashes and digests of images and videos"
  homepage "{repository}"
  version "{version}"
  license any_of: ["MIT", "Apache-2.0"]

  on_macos do
    on_arm do
      {mac_arm}
    end
    on_intel do
      {mac_intel}
    end
  end

  on_linux do
    on_arm do
      {linux_arm}
    end
    on_intel do
      {linux_intel}
    end
  end

  def install
    bin.install "ownprint"
    man1.install Dir["man/*.1"]
    bash_completion.install "completions/ownprint.bash" => "ownprint"
    zsh_completion.install "completions/_ownprint"
    fish_completion.install "completions/ownprint.fish"
  end

  test do
    (testpath/"a.ppm").write "P6\n1 1\n255\n\0\0\0"
    assert_match "0" * 64, shell_output("#{{bin}}/ownprint hash --format csv a.ppm")
  end
end
"##
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_notes_are_the_section_of_the_version() {
        let changelog = "# Changelog\n\n## [Unreleased]\n\nnew\n\n## [1.2.0] - 2026-12-01\n\n\
                         - this\n\n## [1.1.0] - 2026-11-01\n\n- that\n";
        assert_eq!(changes(changelog, "1.2.0").unwrap(), "- this");
        assert_eq!(changes(changelog, "1.1.0").unwrap(), "- that");
        assert!(changes(changelog, "1.0.0").is_err());
    }

    #[test]
    fn an_incomplete_folder_has_no_formula() {
        assert!(formula("1.0.0", &[]).is_err());
        assert!(matches("ownprint-1.0-cp311.whl", "ownprint-1.0-*.whl"));
        assert!(!matches("ownprint-1.1-cp311.whl", "ownprint-1.0-*.whl"));
    }
}
