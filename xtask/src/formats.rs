//! The formats that the native library decodes on request: each is a feature of `bindings/ffi`, and off unless it is named.

use crate::process::Outcome;

/// Their names, as features and as the capabilities has them.
const ALL: [&str; 3] = ["heic", "avif", "jxl"];

/// Some of them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Formats(Vec<&'static str>);

impl Formats {
    pub(crate) fn none() -> Self {
        Self::default()
    }

    /// What is tested has all of them.
    pub(crate) fn all() -> Self {
        Self(ALL.to_vec())
    }

    /// Of a command's further words: none, or `--formats heic,avif`.
    pub(crate) fn of_words(words: &[&str]) -> Outcome<Self> {
        match words {
            [] => Ok(Self::none()),
            ["--formats", names] => names.split(',').map(known).collect::<Outcome<_>>().map(Self),
            _ => Err(format!("not understood: `{}`; it takes --formats {}", words.join(" "), ALL.join(","))),
        }
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.contains(&name)
    }

    /// Those that can be built for a target, and says so where one cannot: `rusty_av1d` needs a nightly compiler for 32-bit ARM.
    pub(crate) fn on(&self, target: &str) -> Self {
        if target.starts_with("armv7") && self.has("avif") {
            println!("{target}: without AVIF, whose decoder does not build for it");
            return Self(self.0.iter().copied().filter(|name| *name != "avif").collect());
        }
        self.clone()
    }

    /// The words that tell cargo.
    pub(crate) fn arguments(&self) -> Vec<String> {
        if self.0.is_empty() {
            return Vec::new();
        }
        vec!["--features".to_owned(), self.0.join(",")]
    }
}

fn known(name: &str) -> Outcome<&'static str> {
    ALL.into_iter()
        .find(|known| *known == name)
        .ok_or_else(|| format!("there is no format `{name}` to add; there are: {}", ALL.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_name_formats() {
        let arguments = |words: &[&str]| Formats::of_words(words).map(|formats| formats.arguments());
        assert_eq!(arguments(&[]), Ok(vec![]));
        assert_eq!(arguments(&["--formats", "avif,jxl"]), Ok(vec!["--features".into(), "avif,jxl".into()]));
        for words in [&["--formats"][..], &["--formats", "avif,"], &["--formats", "jpeg"], &["heic"]] {
            assert!(arguments(words).is_err(), "{words:?}");
        }
        assert_eq!(Formats::all().arguments(), ["--features", "heic,avif,jxl"]);
        assert_eq!(Formats::all().on("armv7-linux-androideabi").arguments(), ["--features", "heic,jxl"]);
    }
}
