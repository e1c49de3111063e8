//! `cargo xtask site`: the documents as a site, built by mdBook. Fails if a link leads nowhere.
//!
//! The pages are those that `docs/README.md` lists, in its order. Links to other files of the
//! repository lead to the repository.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};
use std::process::Command;

use crate::files;
use crate::process::{Outcome, root, run, target_folder};
use crate::python;

/// The table of contents.
const CONTENTS: &str = "docs/README.md";

const REPOSITORY: &str = env!("CARGO_PKG_REPOSITORY");

pub(crate) fn build() -> Outcome {
    let mdbook = python::mdbook()?;
    let folder = target_folder().join("site");
    if folder.exists() {
        files::remove_folder(&folder)?;
    }
    let contents = files::read_text(root().join(CONTENTS))?;
    let mut pages: BTreeSet<String> = ["README.md", CONTENTS].map(str::to_owned).into();
    pages.extend(listed(&contents).into_iter().flat_map(|(_, pages)| pages).map(|(_, path)| path));
    for page in &pages {
        let text = files::read_text(root().join(page))?;
        let (text, images) = with_site_links(page, &text, &pages)?;
        write(&folder.join("src").join(page), text.as_bytes())?;
        for image in images {
            write(&folder.join("src").join(&image), &files::read(root().join(&image))?)?;
        }
    }
    write(&folder.join("src/SUMMARY.md"), summary(&contents).as_bytes())?;
    write(&folder.join("book.toml"), settings().as_bytes())?;
    run(Command::new(mdbook).arg("build").arg(&folder))?;
    let dead = dead_links(&folder.join("book"))?;
    if dead.is_empty() {
        println!("{} pages in {}", pages.len(), folder.join("book").display());
        return Ok(());
    }
    Err(format!("these links lead nowhere:\n{}", dead.join("\n")))
}

fn settings() -> String {
    format!(
        "[book]\ntitle = \"ownprint\"\nlanguage = \"en\"\n\n[output.html]\n\
         git-repository-url = \"{REPOSITORY}\"\n"
    )
}

fn write(path: &Path, bytes: &[u8]) -> Outcome {
    if let Some(parent) = path.parent() {
        files::create_folder(parent)?;
    }
    files::write(path, bytes)
}

/// A title and the path of a page.
type Entry = (String, String);

/// Returns the sections of the table of contents with their pages.
fn listed(contents: &str) -> Vec<(String, Vec<Entry>)> {
    let mut sections = Vec::new();
    for line in contents.lines() {
        if let Some(title) = line.strip_prefix("## ") {
            sections.push((title.to_owned(), Vec::new()));
        }
        let link = line.strip_prefix("| [").and_then(|rest| rest.split_once("]("));
        let (Some((title, rest)), Some((_, pages))) = (link, sections.last_mut()) else { continue };
        let path = rest.split([')', '#']).next().unwrap_or_default();
        if let Some(path) = resolved(CONTENTS, path).filter(|path| has_extension(path, "md")) {
            pages.push((title.trim_end_matches(".md").to_owned(), path));
        }
    }
    sections
}

/// Returns mdBook's table of contents.
fn summary(contents: &str) -> String {
    let start = format!("# Summary\n\n[ownprint](README.md)\n[All pages]({CONTENTS})\n");
    let mut parts = vec![start];
    for (title, pages) in listed(contents) {
        parts.push(format!("\n# {title}\n\n"));
        for (name, path) in pages {
            parts.push(format!("- [{name}]({path})\n"));
        }
    }
    parts.concat()
}

fn has_extension(path: &str, extension: &str) -> bool {
    Path::new(path).extension().is_some_and(|found| found == extension)
}

/// Returns the path in the repository that a relative link of a page leads to.
fn resolved(page: &str, link: &str) -> Option<String> {
    let mut path = PathBuf::from(page);
    path.pop();
    for part in Path::new(link).components() {
        match part {
            Component::Normal(name) => path.push(name),
            Component::ParentDir => {
                if !path.pop() {
                    return None;
                }
            }
            Component::CurDir => {}
            _ => return None,
        }
    }
    Some(path.to_string_lossy().replace('\\', "/"))
}

/// Replaces links to files that are no pages. Returns the text and the images that it shows.
fn with_site_links(
    page: &str,
    text: &str,
    pages: &BTreeSet<String>,
) -> Outcome<(String, Vec<String>)> {
    let (mut changed, mut images) = (String::new(), Vec::new());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("](") {
        let Some((link, behind)) = after.split_once(')') else { break };
        changed += before;
        changed += "](";
        rest = behind;
        let (path, anchor) = link.split_once('#').unwrap_or((link, ""));
        let is_relative = !path.is_empty() && !path.contains(':') && !path.contains(' ');
        let target = if is_relative { resolved(page, path) } else { None };
        match target {
            // mdBook renames these pages, but not the links to them.
            Some(target) if pages.contains(&target) => {
                changed += &link.replace("README.md", "index.md");
            }
            Some(target) if root().join(&target).exists() => {
                if has_extension(&target, "svg") || has_extension(&target, "png") {
                    changed += link;
                    images.push(target);
                } else {
                    let kind = if root().join(&target).is_dir() { "tree" } else { "blob" };
                    let anchor =
                        if anchor.is_empty() { String::new() } else { format!("#{anchor}") };
                    changed.extend([REPOSITORY, "/", kind, "/main/", &target, &anchor]);
                }
            }
            // Code such as `array[i](x)` is no link.
            None => changed += link,
            Some(_) if !link.contains(['.', '/']) => changed += link,
            Some(target) => return Err(format!("{page} links to {target}, which does not exist")),
        }
        changed.push(')');
    }
    changed += rest;
    Ok((changed, images))
}

/// Returns the links between pages that have no target, with the page that contains them.
fn dead_links(book: &Path) -> Outcome<Vec<String>> {
    let mut pages = BTreeMap::new();
    for path in files::below(book)? {
        if path.extension().is_some_and(|extension| extension == "html") {
            let name =
                path.strip_prefix(book).unwrap_or(&path).to_string_lossy().replace('\\', "/");
            pages.insert(name, files::read_text(&path)?);
        }
    }
    let mut dead = Vec::new();
    for (name, html) in &pages {
        // These repeat other pages, or are read from another folder.
        if ["print.html", "404.html", "toc.html"].contains(&name.as_str()) {
            continue;
        }
        for link in attributes(html, "href") {
            let (path, anchor) = link.split_once('#').unwrap_or((link, ""));
            if path.contains(':') || path.starts_with("//") {
                continue;
            }
            let target = if path.is_empty() { Some(name.clone()) } else { resolved(name, path) };
            let is_found = target.is_some_and(|target| match pages.get(&target) {
                Some(html) => anchor.is_empty() || attributes(html, "id").any(|id| id == anchor),
                None => book.join(target).exists(),
            });
            if !is_found {
                dead.push(format!("{name}: {link}"));
            }
        }
    }
    dead.sort();
    dead.dedup();
    Ok(dead)
}

/// Returns the values of an attribute.
fn attributes<'a>(html: &'a str, name: &str) -> impl Iterator<Item = &'a str> {
    let start = format!(" {name}=\"");
    let starts: Vec<usize> = html.match_indices(&start).map(|(at, _)| at + start.len()).collect();
    starts.into_iter().filter_map(|at| html.get(at..)?.split('"').next())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_to_pages_stay_and_others_lead_to_the_repository() {
        let pages: BTreeSet<String> = ["docs/pdq.md", "README.md"].map(str::to_owned).into();
        let changed = |text| with_site_links("docs/cli.md", text, &pages).map(|(text, _)| text);
        assert_eq!(changed("[a](pdq.md#edges) x[i](j)").unwrap(), "[a](pdq.md#edges) x[i](j)");
        assert_eq!(changed("[a](../README.md#use)").unwrap(), "[a](../index.md#use)");
        let url = format!("[a]({REPOSITORY}/blob/main/Cargo.toml)");
        assert_eq!(changed("[a](../Cargo.toml)").unwrap(), url);
        assert!(changed("[a](nothing.md)").is_err());
    }

    #[test]
    fn every_listed_page_exists() {
        let contents = files::read_text(root().join(CONTENTS)).unwrap();
        let pages: Vec<_> = listed(&contents).into_iter().flat_map(|(_, pages)| pages).collect();
        assert!(pages.len() > 20, "{} pages", pages.len());
        for (_, page) in pages {
            assert!(root().join(&page).exists(), "{page}");
        }
    }
}
