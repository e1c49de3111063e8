//! Reads records from JSON.

use ownprint_hash::{Digest, DigestAlgorithm, HashAlgorithm, PerceptualHash};
use ownprint_pixels::{ImageInfo, Size};

use super::json::{Member, Node, Object};
use super::text::{Position, shown};
use super::values;
use super::variants;
use super::video;
use crate::error::Error;
use crate::fingerprint::{Decoder, Diagnostic, FingerprintRecord};

impl FingerprintRecord {
    /// Parses one record, as [`to_json`](Self::to_json) and the bindings write it. Members may be
    /// in any order, with blanks and line breaks between them.
    ///
    /// ```
    /// use ownprint_exchange::FingerprintRecord;
    ///
    /// let short = r#"{"schema":1,"hashes":{"pdq":{"hex":"00000000000000000000000000000000"}},"digests":{},"warnings":[]}"#;
    /// let error = FingerprintRecord::from_json(short).unwrap_err();
    /// assert_eq!(
    ///     error.to_string(),
    ///     "line 1, column 37: a pdq hash of 256 bits has 64 digits, found 32"
    /// );
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::InvalidRecord`] if the text is not JSON or starts with a byte order mark, `schema`
    /// is not [`SCHEMA`](Self::SCHEMA), a member is missing, unknown or repeated, a name is unknown
    /// or not in its shortest form, or a value has another type, range, length or case.
    pub fn from_json(text: &str) -> Result<Self, Error> {
        read(Node::parse(text, Position::START)?)
    }
}

#[cfg(feature = "serde")]
impl Diagnostic {
    /// Parses the output of [`to_json`](Self::to_json).
    pub(crate) fn from_json(text: &str) -> Result<Self, Error> {
        diagnostic(Node::parse(text, Position::START)?, "a diagnostic")
    }
}

pub(super) fn read(node: Node<'_>) -> Result<FingerprintRecord, Error> {
    let mut object = Object::of(node, "a record")?;
    let schema = object.need("schema")?;
    let number = schema.number("the schema's number", 0, u64::MAX)?;
    if number != u64::from(FingerprintRecord::SCHEMA) {
        let known = FingerprintRecord::SCHEMA;
        return Err(
            schema.error(format!("unsupported schema {number}; this version reads schema {known}"))
        );
    }
    let mut record = FingerprintRecord {
        path: object.take("path").map(|path| owned(path, "a path")).transpose()?,
        ..FingerprintRecord::default()
    };
    record.image = image(&mut object)?;
    record.hashes = hashes(object.need("hashes")?)?;
    record.variants = object.take("variants").map(variants::variants).transpose()?;
    record.video = object.take("video").map(video::video).transpose()?;
    record.digests = digests(object.need("digests")?)?;
    record.warnings = object
        .need("warnings")?
        .few("the list of warnings", |warning| diagnostic(warning, "a warning"))?;
    record.error = object.take("error").map(|it| diagnostic(it, "an error")).transpose()?;
    record.decoder = object.take("decoder").map(decoder).transpose()?;
    let deterministic = match (&record.image, record.decoder) {
        (_, Some(Decoder::Platform)) => Some(object.need("deterministic")?),
        (Some(_), _) => object.take("deterministic"),
        // Without an image or a platform decoder the member is unknown.
        (None, _) => None,
    };
    deterministic
        .map(|node| node.constant("deterministic", false))
        .transpose()?
        .inspect(|()| record.set_nondeterministic());
    object.finish()?;
    Ok(record)
}

fn owned(node: Node<'_>, what: &str) -> Result<String, Error> {
    Ok(node.text(what)?.value.into_owned())
}

fn diagnostic(node: Node<'_>, what: &'static str) -> Result<Diagnostic, Error> {
    let mut object = Object::of(node, what)?;
    let code = values::code(&object.need("code")?.text("a code")?)?;
    let message = owned(object.need("message")?, "a message")?;
    object.finish()?;
    Ok(Diagnostic { code, message })
}

fn image(object: &mut Object<'_>) -> Result<Option<ImageInfo>, Error> {
    // `width` decides whether there is an image; without it, the other members are unknown.
    let Some(width) = object.take("width") else { return Ok(None) };
    let length =
        |node: Node<'_>, what: &str| node.number(what, 1, u32::MAX.into()).map(|it| it as u32);
    let format = object.need("format")?;
    let format =
        if format.is_null() { None } else { Some(values::format(&format.text("a format")?)?) };
    let size = Size {
        width: length(width, "a width")?,
        height: length(object.need("height")?, "a height")?,
    };
    let orientation = object.need("orientation")?.number("an orientation", 1, 8)?;
    let stored = Size {
        width: length(object.need("stored_width")?, "a width")?,
        height: length(object.need("stored_height")?, "a height")?,
    };
    let orientation_applied =
        object.need("orientation_applied")?.truth("the member \"orientation_applied\"")?;
    let damaged =
        object.take("damaged").map(|node| node.constant("damaged", true)).transpose()?.is_some();
    let rgb_md5 = match object.take("rgb_md5") {
        Some(node) => {
            Some(values::digest(DigestAlgorithm::Md5, &node.text("the pixels' MD5")?)?.to_hex())
        }
        None => None,
    };
    let mut image = ImageInfo::from_parts(
        format,
        stored,
        size,
        values::orientation(orientation),
        orientation_applied,
    );
    image.damaged = damaged;
    image.rgb_md5 = rgb_md5;
    Ok(Some(image))
}

fn decoder(node: Node<'_>) -> Result<Decoder, Error> {
    let mut object = Object::of(node, "a decoder")?;
    let name = object.need("name")?.text("the name of a decoder")?;
    let decoder = match name.value.as_ref() {
        Decoder::PLATFORM => Decoder::Platform,
        Decoder::OWNPRINT => {
            let revision = object.need("revision")?;
            let revision = revision.number(
                "the revision of a decoder",
                1,
                Decoder::LARGEST_REVISION.into(),
            )?;
            Decoder::Ownprint { revision: revision as u32 }
        }
        other => {
            return Err(name.error(format!(
                "the decoder must be \"ownprint\" or \"platform\", found {}",
                shown(other)
            )));
        }
    };
    object.finish()?;
    Ok(decoder)
}

fn hashes(node: Node<'_>) -> Result<Vec<PerceptualHash>, Error> {
    let hash = |Member { key, value }| hash(values::hash_algorithm(&key)?, value);
    node.members("the list of hashes")?.into_iter().map(hash).collect()
}

fn hash(algorithm: HashAlgorithm, node: Node<'_>) -> Result<PerceptualHash, Error> {
    let mut object = Object::of(node, "a hash")?;
    let hex = object.need("hex")?;
    let value = |node: Node<'_>| values::hash(algorithm, &node.text("a hash's value")?);
    let values = if algorithm.hashes() == Some(1) {
        vec![value(hex)?]
    } else {
        let values = hex.few(&format!("the value of {algorithm}"), value)?;
        check_count(algorithm, values.len()).map_err(|detail| hex.error(detail))?;
        values
    };
    let quality =
        object.take("quality").map(|it| it.number("a quality", 0, values::LARGEST_QUALITY));
    object.finish()?;
    Ok(PerceptualHash::new(algorithm, values, quality.transpose()?.map(values::quality)))
}

/// Checks the number of hashes per image.
pub(super) fn check_count(algorithm: HashAlgorithm, count: usize) -> Result<(), String> {
    match algorithm.hashes() {
        Some(wanted) if wanted != count => {
            Err(format!("expected {wanted} hashes of {algorithm}, found {count}"))
        }
        None if count == 0 => Err(format!("expected one hash or more of {algorithm}, found none")),
        _ => Ok(()),
    }
}

fn digests(node: Node<'_>) -> Result<Vec<Digest>, Error> {
    let digest = |Member { key, value }: Member<'_>| {
        values::digest(values::digest_algorithm(&key)?, &value.text("a digest's value")?)
    };
    node.members("the list of digests")?.into_iter().map(digest).collect()
}
