//! Finds import cycles between the modules of a crate and between TypeScript files.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::{Path, PathBuf};

use syn::visit::{self, Visit};
use syn::{Attribute, File, ImplItemFn, Item, ItemFn, ItemMod, ItemUse, UseTree, Visibility};

use crate::files;
use crate::process::{Outcome, root};

/// For each module, the modules that it uses, with the location of one use.
type Arrows = BTreeMap<String, BTreeMap<String, String>>;

/// Returns a description of every import cycle below a crate's `src` folder.
pub(super) fn rust_cycles(src: &Path) -> Outcome<Vec<String>> {
    let crate_root =
        ["lib.rs", "main.rs"].map(|name| src.join(name)).into_iter().find(|path| path.exists());
    let Some(crate_root) = crate_root else { return Ok(Vec::new()) };
    let mut sources = BTreeMap::new();
    for path in files::below(src)? {
        let Some(module) = module_of(src, &path, &crate_root) else { continue };
        let text = files::read_text(&path)?;
        let name = path.strip_prefix(root()).unwrap_or(&path).display().to_string();
        let file = syn::parse_file(&text).map_err(|error| format!("{name}: {error}"))?;
        sources.insert(module, (name, file));
    }
    Ok(cycles(&rust_arrows(&sources)))
}

/// Returns the module path of a file, relative to the crate root. The root has an empty path.
fn module_of(src: &Path, file: &Path, crate_root: &Path) -> Option<Vec<String>> {
    if file == crate_root {
        return Some(Vec::new());
    }
    let path = file.strip_prefix(src).ok().filter(|path| !path.starts_with("bin"))?;
    let path = path.to_str()?.strip_suffix(".rs")?;
    let path = path.strip_suffix("/mod").unwrap_or(path);
    (path != "main" && path != "tests" && !path.ends_with("/tests"))
        .then(|| path.split('/').map(str::to_owned).collect())
}

fn rust_arrows(sources: &BTreeMap<Vec<String>, (String, File)>) -> Arrows {
    let mut arrows = Arrows::new();
    for (module, (name, file)) in sources {
        let mut uses = Uses {
            module,
            modules: sources.keys().collect(),
            within: Vec::new(),
            found: Vec::new(),
        };
        uses.visit_file(file);
        for (used, line) in uses.found {
            if used != *module {
                let place = format!("{name}:{line}");
                arrows.entry(shown(module)).or_default().entry(shown(&used)).or_insert(place);
            }
        }
    }
    arrows
}

fn shown(module: &[String]) -> String {
    std::iter::once("crate").chain(module.iter().map(String::as_str)).collect::<Vec<_>>().join("::")
}

/// A visitor that finds the modules that a file uses.
struct Uses<'a> {
    module: &'a [String],
    /// The modules of the crate that have their own file.
    modules: BTreeSet<&'a Vec<String>>,
    /// The inline modules around the visited item.
    within: Vec<String>,
    found: Vec<(Vec<String>, usize)>,
}

impl Uses<'_> {
    /// Records a path if it leads to a module of this crate.
    fn note(&mut self, path: &[String], line: usize) {
        let mut base: Vec<String> = self.module.iter().chain(&self.within).cloned().collect();
        let mut rest = path;
        match rest.first().map(String::as_str) {
            Some("crate") => base.clear(),
            Some("self" | "super") => {}
            // A relative path starts with a child module.
            Some(first) if self.within.is_empty() => {
                base.push(first.to_owned());
                if !self.modules.contains(&base) {
                    return;
                }
            }
            _ => return,
        }
        rest = rest.get(1..).unwrap_or_default();
        if path.first().is_some_and(|first| first == "super") {
            base.pop();
        }
        while let Some("super") = rest.first().map(String::as_str) {
            base.pop();
            rest = &rest[1..];
        }
        for segment in rest {
            base.push(segment.clone());
            if !self.modules.contains(&base) {
                base.pop();
                break;
            }
        }
        // A use inside of an inline module counts as a use by the file.
        while !base.is_empty() && !self.modules.contains(&base) {
            base.pop();
        }
        self.found.push((base, line));
    }

    fn note_tree(&mut self, prefix: &[String], tree: &UseTree, line: usize) {
        let with = |name: String| prefix.iter().cloned().chain([name]).collect::<Vec<_>>();
        match tree {
            UseTree::Path(path) => self.note_tree(&with(path.ident.to_string()), &path.tree, line),
            UseTree::Group(group) => {
                group.items.iter().for_each(|tree| self.note_tree(prefix, tree, line));
            }
            UseTree::Name(name) if name.ident == "self" => self.note(prefix, line),
            UseTree::Name(name) => self.note(&with(name.ident.to_string()), line),
            UseTree::Rename(name) => self.note(&with(name.ident.to_string()), line),
            UseTree::Glob(_) => self.note(prefix, line),
        }
    }
}

impl<'ast> Visit<'ast> for Uses<'_> {
    fn visit_item(&mut self, item: &'ast Item) {
        let attributes = match item {
            Item::Mod(ItemMod { attrs, .. })
            | Item::Fn(ItemFn { attrs, .. })
            | Item::Use(ItemUse { attrs, .. }) => attrs.as_slice(),
            Item::Impl(item) => item.attrs.as_slice(),
            _ => &[],
        };
        if !is_for_tests(attributes) {
            visit::visit_item(self, item);
        }
    }

    fn visit_impl_item_fn(&mut self, item: &'ast ImplItemFn) {
        if !is_for_tests(&item.attrs) {
            visit::visit_impl_item_fn(self, item);
        }
    }

    fn visit_item_mod(&mut self, item: &'ast ItemMod) {
        self.within.push(item.ident.to_string());
        visit::visit_item_mod(self, item);
        self.within.pop();
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        // A re-export does not count as a use.
        if item.leading_colon.is_none() && matches!(item.vis, Visibility::Inherited) {
            self.note_tree(&[], &item.tree, item.use_token.span.start().line);
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        if path.leading_colon.is_none() && path.segments.len() > 1 {
            let segments: Vec<String> =
                path.segments.iter().map(|segment| segment.ident.to_string()).collect();
            let line = path.segments.first().map_or(0, |segment| segment.ident.span().start().line);
            self.note(&segments, line);
        }
        visit::visit_path(self, path);
    }

    fn visit_visibility(&mut self, _: &'ast Visibility) {}
}

fn is_for_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("test")
            || attribute.path().is_ident("cfg")
                && attribute.parse_args::<syn::Ident>().is_ok_and(|condition| condition == "test")
    })
}

/// Returns a description of every import cycle between the TypeScript files of a folder.
pub(super) fn typescript_cycles(folder: &Path) -> Outcome<Vec<String>> {
    let mut sources = BTreeMap::new();
    for path in files::below(folder)? {
        if path.extension().is_some_and(|extension| extension == "ts") {
            sources.insert(path.clone(), files::read_text(&path)?);
        }
    }
    Ok(cycles(&typescript_arrows(folder, &sources)))
}

fn typescript_arrows(folder: &Path, sources: &BTreeMap<PathBuf, String>) -> Arrows {
    let shown = |path: &Path| path.strip_prefix(folder).unwrap_or(path).display().to_string();
    let mut arrows = Arrows::new();
    for (path, text) in sources {
        for (number, line) in (1..).zip(text.lines()) {
            for used in imported(line) {
                let used = normalized(&path.with_file_name(used).with_extension("ts"));
                if sources.contains_key(&used) && used != *path {
                    let place = format!("{}:{number}", shown(path));
                    arrows.entry(shown(path)).or_default().entry(shown(&used)).or_insert(place);
                }
            }
        }
    }
    arrows
}

/// Returns the relative paths in the imports and exports of TypeScript source.
fn imported(line: &str) -> Vec<&str> {
    let starts = ["from \"", "import(\"", "import \""];
    let found = starts
        .into_iter()
        .flat_map(|start| line.match_indices(start).map(move |(at, _)| at + start.len()));
    let quoted = found.filter_map(|at| line.get(at..)?.split('"').next());
    let is_script =
        |path: &str| Path::new(path).extension().is_some_and(|extension| extension == "js");
    quoted.filter(|path| path.starts_with('.') && is_script(path)).collect()
}

fn normalized(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for component in path.components() {
        match component {
            std::path::Component::ParentDir => drop(normal.pop()),
            std::path::Component::CurDir => {}
            other => normal.push(other),
        }
    }
    normal
}

/// Describes each set of modules that form a cycle, with the imports between them.
fn cycles(arrows: &Arrows) -> Vec<String> {
    let reach: BTreeMap<&str, BTreeSet<&str>> =
        arrows.keys().map(|from| (from.as_str(), reachable(arrows, from))).collect();
    let reaches =
        |from: &str, to: &str| reach.get(from).is_some_and(|reached| reached.contains(to));
    let mut seen = BTreeSet::new();
    let mut described = Vec::new();
    for start in arrows.keys().map(String::as_str) {
        if !reaches(start, start) || !seen.insert(start) {
            continue;
        }
        let circle: BTreeSet<&str> =
            reach[start].iter().copied().filter(|module| reaches(module, start)).collect();
        seen.extend(&circle);
        let mut text = format!("{} modules in a cycle:", circle.len());
        for (from, to, place) in circle.iter().flat_map(|from| {
            arrows
                .get(*from)
                .into_iter()
                .flatten()
                .map(move |(to, place)| (from, to.as_str(), place))
        }) {
            if circle.contains(to) {
                // Writing to a `String` cannot fail.
                let _ = write!(text, "\n    {place}: {from} -> {to}");
            }
        }
        described.push(text);
    }
    described
}

fn reachable<'a>(arrows: &'a Arrows, from: &'a str) -> BTreeSet<&'a str> {
    let mut reached = BTreeSet::new();
    let mut waiting = vec![from];
    while let Some(module) = waiting.pop() {
        let next = arrows.get(module).into_iter().flat_map(|used| used.keys());
        waiting.extend(next.map(String::as_str).filter(|next| reached.insert(*next)));
    }
    reached
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arrows(files: &[(&str, &str)]) -> Vec<String> {
        let sources = files.iter().map(|(module, text)| {
            let path = module.split("::").filter(|it| !it.is_empty()).map(str::to_owned).collect();
            (path, ((*module).to_owned(), syn::parse_file(text).unwrap()))
        });
        let arrows = rust_arrows(&sources.collect());
        let pairs = arrows
            .into_iter()
            .flat_map(|(from, used)| used.into_keys().map(move |to| format!("{from}->{to}")));
        pairs.collect()
    }

    #[test]
    fn imports_count_as_uses_but_declarations_and_re_exports_do_not() {
        let root = ("", "mod a; pub mod b; pub use a::A; pub(crate) use crate::b::B;");
        assert_eq!(
            arrows(&[root, ("a", "use crate::b::{B, self};"), ("b", "")]),
            ["crate::a->crate::b"]
        );
        assert_eq!(arrows(&[root, ("a", "use crate::B;"), ("b", "")]), ["crate::a->crate"]);
        assert_eq!(arrows(&[root, ("a", "use super::b;"), ("b", "")]), ["crate::a->crate::b"]);
        assert_eq!(
            arrows(&[root, ("a", "fn f(b: crate::b::B) {}"), ("b", "")]),
            ["crate::a->crate::b"]
        );
        assert_eq!(
            arrows(&[("", "mod a; fn f() { a::f() }"), ("a", "use std::fmt; use b::C;")]),
            ["crate->crate::a"]
        );
        assert_eq!(
            arrows(&[("", "mod a; use a::f;"), ("a", "use super::*;")]),
            ["crate->crate::a", "crate::a->crate"]
        );
    }

    #[test]
    fn inline_modules_count_for_their_file_and_tests_are_ignored() {
        assert!(arrows(&[("", ""), ("a", "mod inner { use super::X; use self::Y; }")]).is_empty());
        let test = "#[cfg(test)] mod tests { use crate::b::B; } #[test] fn t() { crate::b::f() }";
        assert!(arrows(&[("", ""), ("a", test), ("b", "")]).is_empty());
        assert_eq!(
            arrows(&[("", ""), ("a", ""), ("a::b", "mod inner { use super::super::X; }")]),
            ["crate::a::b->crate::a"]
        );
    }

    #[test]
    fn each_cycle_is_described_once_with_its_imports() {
        let text = |pairs: &[(&str, &str)]| {
            let mut arrows = Arrows::new();
            for (from, to) in pairs {
                arrows
                    .entry((*from).to_owned())
                    .or_default()
                    .insert((*to).to_owned(), "p:1".to_owned());
            }
            cycles(&arrows)
        };
        assert!(text(&[("a", "b"), ("b", "c"), ("a", "c")]).is_empty());
        let found = text(&[("a", "b"), ("b", "c"), ("c", "b"), ("x", "y"), ("y", "x")]);
        assert_eq!(found.len(), 2);
        assert_eq!(found[0], "2 modules in a cycle:\n    p:1: b -> c\n    p:1: c -> b");
    }

    #[test]
    fn typescript_imports_are_found() {
        assert_eq!(imported("import type { A } from \"./a.js\";"), ["./a.js"]);
        assert_eq!(
            imported("} from \"../b/c.js\"; const x = await import(\"./d.js\");"),
            ["../b/c.js", "./d.js"]
        );
        assert!(imported("import x from \"node:fs\"; // from './y.js'").is_empty());
        let folder = Path::new("/f");
        let sources =
            [("/f/a.ts", "export * from \"./b/c.js\";"), ("/f/b/c.ts", "import \"../a.js\";")];
        let sources = sources.map(|(path, text)| (PathBuf::from(path), text.to_owned())).into();
        assert_eq!(cycles(&typescript_arrows(folder, &sources)).len(), 1);
    }
}
