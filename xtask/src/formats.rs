//! The optional image formats and video codecs of the native library. Each is a feature of
//! `bindings/ffi` that is off by default.

const ALL: [&str; 8] = ["heic", "avif", "jxl", "h264", "hevc", "vp9", "vp8", "av1"];
/// Those that `rusty_av1d` decodes.
const AV1: [&str; 2] = ["avif", "av1"];

/// A selection of optional formats.
#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct Formats {
    /// Decoders to add.
    #[arg(long, value_delimiter = ',', value_parser = ALL)]
    formats: Vec<String>,
}

impl Formats {
    /// Returns all optional formats, which the tests need.
    pub(crate) fn all() -> Self {
        Self { formats: ALL.map(str::to_owned).to_vec() }
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.formats.iter().any(|format| format == name)
    }

    /// Returns `true` if AV1 is decoded, in images or videos.
    pub(crate) fn has_av1(&self) -> bool {
        AV1.iter().any(|name| self.has(name))
    }

    /// Returns the formats that build for a target. AV1 does not for 32-bit ARM, where
    /// `rusty_av1d` needs a nightly compiler.
    pub(crate) fn on(&self, target: &str) -> Self {
        let mut formats = self.formats.clone();
        if target.starts_with("armv7") && self.has_av1() {
            println!("{target}: without AVIF and AV1, whose decoder does not build for it");
            formats.retain(|name| !AV1.contains(&name.as_str()));
        }
        Self { formats }
    }

    /// Returns the arguments for cargo.
    pub(crate) fn arguments(&self) -> Vec<String> {
        if self.formats.is_empty() {
            Vec::new()
        } else {
            vec!["--features".to_owned(), self.formats.join(",")]
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_features() {
        assert!(Formats::default().arguments().is_empty());
        assert_eq!(
            Formats::all().arguments(),
            ["--features", "heic,avif,jxl,h264,hevc,vp9,vp8,av1"]
        );
        assert_eq!(
            Formats::all().on("armv7-linux-androideabi").arguments(),
            ["--features", "heic,jxl,h264,hevc,vp9,vp8"]
        );
    }
}
