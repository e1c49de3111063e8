//! `ownprint compare`: how far apart two images or hashes are, in bits and in words.

use std::ffi::OsStr;
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use ownprint::hash::{Comparison, Variant, VariantHashes};
use ownprint::{BitHash, Error, Fingerprinter, HashAlgorithm, Quality};
use serde_json::{Map, Value, json};

use crate::arguments::{CompareArguments, TextOrJson};
use crate::{TROUBLE, messages, source};

/// The status when the two do not match, as `cmp` and `grep` have it.
const NO_MATCH: u8 = 1;

pub(crate) fn run(arguments: &CompareArguments) -> io::Result<ExitCode> {
    match compare(arguments) {
        Ok((comparison, variant, sides)) => report(arguments.format, &comparison, variant.as_ref(), &sides),
        Err(trouble) => {
            messages::say(&trouble);
            Ok(ExitCode::from(TROUBLE))
        }
    }
}

/// One of the two things compared.
#[derive(Debug)]
struct Side {
    /// As it was given, for programs.
    given: String,
    /// The same for a terminal.
    shown: String,
    hash: BitHash,
    /// Unknown for a hash that was given as such.
    quality: Option<Quality>,
    variants: Option<VariantHashes>,
}

/// The comparison, the variant of A that it is of where some were asked for, and the sides.
type Compared = (Comparison, Option<Variant>, [Side; 2]);

fn compare(arguments: &CompareArguments) -> Result<Compared, String> {
    let algorithm = arguments.algorithm.0;
    let (first, second) = (&arguments.first, &arguments.second);
    if [first, second].iter().all(|side| *side == source::STANDARD_INPUT) {
        return Err("standard input can be read only once: give - a single time".to_owned());
    }
    if arguments.variants.is_some() && algorithm != HashAlgorithm::PDQ {
        return Err("variants have pdq hashes and no others: leave --algorithm out".to_owned());
    }
    let fingerprinter = arguments.decoding.fingerprinter().hashes([algorithm]).digests([]);
    let of_variants = fingerprinter.clone().variants(arguments.variants.clone());
    let sides = [side(first, arguments, &of_variants)?, side(second, arguments, &fingerprinter)?];
    if arguments.variants.is_some() && sides[0].variants.is_none() {
        return Err(
            "variants are made of an image, and A is a hash: give the original's file as A".to_owned()
        );
    }
    let nearest = match &sides[0].variants {
        Some(variants) => variants.nearest(&sides[1].hash).map_err(|error| error.to_string())?,
        None => None,
    };
    let hash = nearest.map_or(&sides[0].hash, |(nearest, _)| &nearest.value);
    let comparison = Comparison::new(algorithm, hash, &sides[1].hash).map_err(|error| error.to_string())?;
    let variant = nearest.map(|(nearest, _)| nearest.variant.clone());
    Ok((comparison, variant, sides))
}

fn side(given: &OsStr, arguments: &CompareArguments, fingerprinter: &Fingerprinter) -> Result<Side, String> {
    let (path, algorithm) = (Path::new(given), arguments.algorithm.0);
    let shown = messages::shown(path);
    let given_text = given.to_string_lossy().into_owned();
    let written = given.to_str().and_then(|text| BitHash::from_hex(text).ok());
    if let Some(hash) = given.to_str().and_then(|text| algorithm.parse_hash(text).ok()) {
        return Ok(Side { given: given_text, shown, hash, quality: None, variants: None });
    }
    let failure = |error: &Error| match (error, &written) {
        (Error::Io(cause), Some(hash)) if cause.kind() == io::ErrorKind::NotFound => format!(
            "{shown}: there is no such file, and as a hash it has {} bits where {algorithm} has {}",
            hash.bits(),
            algorithm.bits(),
        ),
        _ => messages::failure(path, error, &arguments.decoding),
    };
    let mut fingerprint =
        source::fingerprint(fingerprinter, path, |_| ()).map_err(|error| failure(&error))?;
    let variants = fingerprint.variants.take();
    let computed = fingerprint.hashes.pop().and_then(|mut hash| Some((hash.values.pop()?, hash.quality)));
    let (hash, quality) = computed.ok_or_else(|| failure(&Error::Internal))?;
    Ok(Side { given: given_text, shown, hash, quality, variants })
}

fn report(
    format: TextOrJson,
    comparison: &Comparison,
    variant: Option<&Variant>,
    sides: &[Side; 2],
) -> io::Result<ExitCode> {
    let text = match format {
        TextOrJson::Text => text(comparison, variant, sides),
        TextOrJson::Json => format!("{}\n", json(comparison, variant, sides)),
    };
    io::stdout().write_all(text.as_bytes())?;
    for side in sides {
        if let Some(quality) = side.quality.filter(|quality| !quality.is_reliable()) {
            messages::say(&messages::too_plain(&side.shown, quality, "this comparison"));
        }
    }
    Ok(if comparison.is_match() { ExitCode::SUCCESS } else { ExitCode::from(NO_MATCH) })
}

fn text(comparison: &Comparison, variant: Option<&Variant>, [first, second]: &[Side; 2]) -> String {
    let Comparison { algorithm, distance, .. } = comparison;
    let answer = if comparison.is_match() { "match" } else { "no match" };
    let nearest =
        variant.map_or_else(String::new, |variant| format!("  variant   {variant}: what is nearest of A\n"));
    format!(
        "{answer}: {}\n  distance  {distance} of {} bits; up to {} is a match by {algorithm}\n{nearest}  A         {}\n  B         {}\n",
        comparison.verdict(),
        algorithm.bits(),
        algorithm.threshold(),
        side_text(first),
        side_text(second),
    )
}

fn side_text(side: &Side) -> String {
    match side.quality {
        Some(quality) => format!("{}\n            {}  quality {quality}", side.shown, side.hash),
        None => side.hash.to_string(),
    }
}

fn json(comparison: &Comparison, variant: Option<&Variant>, [first, second]: &[Side; 2]) -> String {
    let variant =
        variant.map_or_else(String::new, |variant| format!(",\"variant\":{}", json!(variant.to_string())));
    let sides = format!("{variant},\"a\":{},\"b\":{}}}", side_json(first), side_json(second));
    let mut object = comparison.to_json();
    object.pop();
    object + &sides
}

fn side_json(side: &Side) -> Value {
    let mut object = Map::from_iter([("given".to_owned(), json!(side.given))]);
    object.insert("hex".to_owned(), json!(side.hash.to_hex()));
    if let Some(quality) = side.quality {
        object.insert("quality".to_owned(), json!(quality.value()));
        object.insert("reliable".to_owned(), json!(quality.is_reliable()));
    }
    object.into()
}
