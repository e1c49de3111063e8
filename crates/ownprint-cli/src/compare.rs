//! `ownprint compare`: the distance between two images or hashes, and whether it is a match.

use std::ffi::OsStr;
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use ownprint::exchange::comparison_to_json;
use ownprint::hash::{Comparison, Variant, VariantHashes};
use ownprint::{BitHash, Error, Fingerprinter, HashAlgorithm, Quality};
use serde_json::{Map, Value, json};

use crate::arguments::{CompareArguments, TextOrJson};
use crate::exit_status::{COULD_NOT_RUN, NO_MATCH};
use crate::{messages, source};

pub(crate) fn run(arguments: &CompareArguments) -> io::Result<ExitCode> {
    match compare(arguments) {
        Ok(compared) => report(arguments.format, &compared),
        Err(message) => {
            messages::print(&message);
            Ok(ExitCode::from(COULD_NOT_RUN))
        }
    }
}

/// A or B.
#[derive(Debug)]
struct Operand {
    /// As on the command line, for programs.
    given: String,
    /// As on the command line, for a terminal.
    shown: String,
    hash: BitHash,
    /// `None` if the operand is a hash.
    quality: Option<Quality>,
    variants: Option<VariantHashes>,
}

struct Compared {
    comparison: Comparison,
    /// The variant of A that is nearest to B, if variants were requested.
    variant: Option<Variant>,
    operands: [Operand; 2],
}

fn compare(arguments: &CompareArguments) -> Result<Compared, String> {
    let algorithm = arguments.algorithm.0;
    let (first, second) = (&arguments.first, &arguments.second);
    if [first, second].iter().all(|operand| *operand == source::STANDARD_INPUT) {
        return Err("standard input can be read only once: pass - once".to_owned());
    }
    if arguments.variants.is_some() && algorithm != HashAlgorithm::PDQ {
        return Err("variants have only pdq hashes: omit --algorithm".to_owned());
    }
    let builder = arguments.decoding.fingerprinter().hashes([algorithm]).digests([]);
    let of_variants = builder.clone().variants(arguments.variants.clone()).build();
    let operands =
        [operand(first, arguments, &of_variants)?, operand(second, arguments, &builder.build())?];
    if arguments.variants.is_some() && operands[0].variants.is_none() {
        return Err(
            "variants need an image, and A is a hash: pass the original image as A".to_owned()
        );
    }
    let nearest = match &operands[0].variants {
        Some(variants) => variants.nearest(&operands[1].hash).map_err(|error| error.to_string())?,
        None => None,
    };
    let hash = nearest.map_or(&operands[0].hash, |(nearest, _)| &nearest.value);
    let comparison =
        Comparison::new(algorithm, hash, &operands[1].hash).map_err(|error| error.to_string())?;
    let variant = nearest.map(|(nearest, _)| nearest.variant.clone());
    Ok(Compared { comparison, variant, operands })
}

fn operand(
    given: &OsStr,
    arguments: &CompareArguments,
    fingerprinter: &Fingerprinter,
) -> Result<Operand, String> {
    let (path, algorithm) = (Path::new(given), arguments.algorithm.0);
    let shown = messages::shown(path);
    let given_text = given.to_string_lossy().into_owned();
    if let Some(hash) = given.to_str().and_then(|text| algorithm.parse_hash(text).ok()) {
        return Ok(Operand { given: given_text, shown, hash, quality: None, variants: None });
    }
    let fingerprint = source::fingerprint(fingerprinter, path, |_| ()).map_err(|error| {
        let as_hash = given.to_str().and_then(|text| BitHash::from_hex(text).ok());
        match (&error, as_hash) {
            (Error::Io(cause), Some(hash)) if cause.kind() == io::ErrorKind::NotFound => format!(
                "{shown}: there is no such file, and as a hash it has {} bits instead of the {} of {algorithm}",
                hash.bits(),
                algorithm.bits(),
            ),
            _ => messages::unreadable(path, &error),
        }
    })?;
    if let Some(message) = messages::undecodable(path, &fingerprint, &arguments.decoding) {
        return Err(message);
    }
    let image = fingerprint.image().map_err(|error| format!("{shown}: {error}"))?;
    let hash =
        image.hash(algorithm).and_then(|hash| Some((hash.values.first()?.clone(), hash.quality)));
    let (hash, quality) = hash.ok_or_else(|| format!("{shown}: no {algorithm} hash"))?;
    Ok(Operand { given: given_text, shown, hash, quality, variants: image.variants.clone() })
}

fn report(format: TextOrJson, compared: &Compared) -> io::Result<ExitCode> {
    let text = match format {
        TextOrJson::Text => text(compared),
        TextOrJson::Json => format!("{}\n", json(compared)),
    };
    io::stdout().write_all(text.as_bytes())?;
    for operand in &compared.operands {
        if let Some(quality) = operand.quality.filter(|quality| !quality.is_reliable()) {
            messages::print(&messages::low_quality(&operand.shown, quality, "this comparison"));
        }
    }
    Ok(if compared.comparison.is_match() { ExitCode::SUCCESS } else { ExitCode::from(NO_MATCH) })
}

fn text(Compared { comparison, variant, operands: [first, second] }: &Compared) -> String {
    let Comparison { algorithm, distance, .. } = comparison;
    let (bits, threshold) = (algorithm.bits(), algorithm.threshold());
    let result = match (distance, comparison.is_match()) {
        (0, _) => "match: the same hash".to_owned(),
        (_, true) => format!("match: distance {distance}, threshold {threshold}"),
        (_, false) => format!("no match: distance {distance}, threshold {threshold}"),
    };
    let variant = variant.as_ref().map_or_else(String::new, |variant| {
        format!("  variant   {variant}: the variant of A that is nearest to B\n")
    });
    format!(
        "{result}\n  distance  {distance} of {bits} bits; {algorithm} matches up to {threshold}\n\
         {variant}  A         {}\n  B         {}\n",
        operand_text(first),
        operand_text(second),
    )
}

fn operand_text(operand: &Operand) -> String {
    match operand.quality {
        Some(quality) => {
            format!("{}\n            {}  quality {quality}", operand.shown, operand.hash)
        }
        None => operand.hash.to_string(),
    }
}

fn json(Compared { comparison, variant, operands: [first, second] }: &Compared) -> String {
    let variant = variant
        .as_ref()
        .map_or_else(String::new, |variant| format!(",\"variant\":{}", json!(variant.to_string())));
    let operands =
        format!("{variant},\"a\":{},\"b\":{}}}", operand_json(first), operand_json(second));
    let mut object = comparison_to_json(comparison);
    object.pop();
    object + &operands
}

fn operand_json(operand: &Operand) -> Value {
    let mut object = Map::from_iter([("given".to_owned(), json!(operand.given))]);
    object.insert("hex".to_owned(), json!(operand.hash.to_hex()));
    if let Some(quality) = operand.quality {
        object.insert("quality".to_owned(), json!(quality.value()));
        object.insert("reliable".to_owned(), json!(quality.is_reliable()));
    }
    object.into()
}
