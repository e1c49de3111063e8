//! `ownprint compare`: the distance between two images or hashes, or the share that two videos have
//! in common, and whether it is a match.

use std::io::{self, Write};
use std::process::ExitCode;

use ownprint::exchange::comparison_to_json;
use ownprint::hash::{Comparison, Variant, VpdqComparison};
use ownprint::{Fingerprinter, HashAlgorithm, Quality};
use serde_json::{Map, Value, json};

use crate::arguments::{CompareArguments, HashOrVideos, SingleHash, TextOrJson};
use crate::exit_status::{COULD_NOT_RUN, NO_MATCH};
use crate::operands::{Content, ImageOperand, VideoOperand, operand};
use crate::{compare_videos, messages, source};

pub(crate) fn run(arguments: &CompareArguments) -> io::Result<ExitCode> {
    match compare(arguments) {
        Ok(Compared::Images(compared)) => report(arguments.format, &compared),
        Ok(Compared::Videos(comparison, operands)) => {
            compare_videos::report(arguments.format, &comparison, &operands)
        }
        Err(message) => {
            messages::print(&message);
            Ok(ExitCode::from(COULD_NOT_RUN))
        }
    }
}

enum Compared {
    Images(ComparedImages),
    Videos(VpdqComparison, [VideoOperand; 2]),
}

struct ComparedImages {
    comparison: Comparison,
    /// The variant of A that is nearest to B, if variants of A were requested.
    variant: Option<Variant>,
    /// The variant of B that is nearest to A, if variants of B were requested.
    query_variant: Option<Variant>,
    operands: [ImageOperand; 2],
}

fn compare(arguments: &CompareArguments) -> Result<Compared, String> {
    let (hash, has_videos) = HashOrVideos::selected(arguments.algorithm);
    let algorithm = hash.unwrap_or(SingleHash::default().0);
    let (first, second) = (&arguments.first, &arguments.second);
    if [first, second].iter().all(|operand| *operand == source::STANDARD_INPUT) {
        return Err(source::READ_ONCE.to_owned());
    }
    let has_variants = arguments.variants.is_some() || arguments.query_variants.is_some();
    if has_variants && hash != Some(HashAlgorithm::PDQ) {
        return Err("variants have only pdq hashes: omit --algorithm".to_owned());
    }
    let videos = has_videos.then(|| arguments.videos.options());
    let builder = arguments.decoding.fingerprinter().hashes(hash).digests([]).vpdq(videos);
    let of_variants = builder.clone().variants(arguments.variants.clone()).build();
    let of_query = builder.variants(arguments.query_variants.clone()).build();
    let read = |given, fingerprinter: &Fingerprinter| {
        operand(given, algorithm, &arguments.decoding, fingerprinter)
    };
    let operands = [read(first, &of_variants)?, read(second, &of_query)?];
    match operands {
        [Content::Image(first), Content::Image(second)] => {
            for (image, name, is_requested) in [
                (&first, "A", arguments.variants.is_some()),
                (&second, "B", arguments.query_variants.is_some()),
            ] {
                if is_requested && image.variants.is_none() {
                    return Err(format!(
                        "variants need an image, and {name} is a hash: pass the image itself as \
                         {name}"
                    ));
                }
            }
            compare_images(algorithm, [first, second]).map(Compared::Images)
        }
        [Content::Video(first), Content::Video(second)] => {
            if has_variants {
                return Err("variants need images, and A and B are videos: omit --variants and \
                     --query-variants"
                    .to_owned());
            }
            let thresholds = arguments.videos.thresholds();
            let comparison = VpdqComparison::new(&first.features, &second.features, &thresholds);
            Ok(Compared::Videos(comparison, [first, second]))
        }
        [first, second] => Err(format!(
            "{} is {} and {} is {}: compare two of the same kind",
            first.name().shown,
            first.kind(),
            second.name().shown,
            second.kind(),
        )),
    }
}

fn compare_images(
    algorithm: HashAlgorithm,
    operands: [ImageOperand; 2],
) -> Result<ComparedImages, String> {
    let [first, second] = &operands;
    if first.variants.is_some() || second.variants.is_some() {
        let (a, b) = (first.to_variants()?, second.to_variants()?);
        if let Some(nearest) = a.nearest_pair(&b).map_err(|error| error.to_string())? {
            let comparison = nearest.comparison().map_err(|error| error.to_string())?;
            let variant = first.variants.is_some().then(|| nearest.hash.variant.clone());
            let query_variant = second.variants.is_some().then(|| nearest.query.variant.clone());
            return Ok(ComparedImages { comparison, variant, query_variant, operands });
        }
    }
    let comparison = Comparison::new(algorithm, &first.hash, &second.hash);
    let comparison = comparison.map_err(|error| error.to_string())?;
    let qualities = operands.iter().filter_map(|operand| operand.quality);
    let comparison = qualities.fold(comparison, Comparison::with_quality);
    Ok(ComparedImages { comparison, variant: None, query_variant: None, operands })
}

fn report(format: TextOrJson, compared: &ComparedImages) -> io::Result<ExitCode> {
    let text = match format {
        TextOrJson::Text => text(compared),
        TextOrJson::Json => format!("{}\n", json(compared)),
    };
    io::stdout().write_all(text.as_bytes())?;
    for operand in &compared.operands {
        if let Some(quality) = operand.quality.filter(|quality| !quality.is_reliable()) {
            messages::print(&messages::low_quality(&operand.name.shown, quality));
        }
    }
    Ok(if compared.comparison.is_match() { ExitCode::SUCCESS } else { ExitCode::from(NO_MATCH) })
}

fn text(compared: &ComparedImages) -> String {
    let ComparedImages { comparison, variant, query_variant, operands: [first, second] } = compared;
    let Comparison { algorithm, distance, .. } = comparison;
    let (bits, threshold) = (algorithm.bits(), algorithm.threshold());
    let result = match (distance, comparison.is_match()) {
        _ if !comparison.is_reliable => {
            format!("no match: a quality is below {}", Quality::EXCHANGE_THRESHOLD)
        }
        (0, _) => "match: the same hash".to_owned(),
        (_, true) => format!("match: distance {distance}, threshold {threshold}"),
        (_, false) => format!("no match: distance {distance}, threshold {threshold}"),
    };
    let variant = variant.as_ref().map_or_else(String::new, |variant| {
        format!("  variant   {variant}: the variant of A that is nearest to B\n")
    });
    let query = query_variant.as_ref().map_or_else(String::new, |variant| {
        format!("  query     {variant}: the variant of B that is nearest to A\n")
    });
    format!(
        "{result}\n  distance  {distance} of {bits} bits; {algorithm} matches up to {threshold}\n\
         {variant}{query}  A         {}\n  B         {}\n",
        operand_text(first),
        operand_text(second),
    )
}

fn operand_text(operand: &ImageOperand) -> String {
    match operand.quality {
        Some(quality) => {
            format!("{}\n            {}  quality {quality}", operand.name.shown, operand.hash)
        }
        None => operand.hash.to_string(),
    }
}

fn json(compared: &ComparedImages) -> String {
    let ComparedImages { comparison, variant, query_variant, operands: [first, second] } = compared;
    let member = |name: &str, variant: &Option<Variant>| {
        let value = variant.as_ref().map(|variant| json!(variant.to_string()));
        value.map_or_else(String::new, |value| format!(",\"{name}\":{value}"))
    };
    let variants = member("variant", variant) + &member("query_variant", query_variant);
    let operands =
        format!("{variants},\"a\":{},\"b\":{}}}", operand_json(first), operand_json(second));
    let mut object = comparison_to_json(comparison);
    object.pop();
    object + &operands
}

fn operand_json(operand: &ImageOperand) -> Value {
    let mut object = Map::from_iter([("given".to_owned(), json!(operand.name.given))]);
    object.insert("hex".to_owned(), json!(operand.hash.to_hex()));
    if let Some(quality) = operand.quality {
        object.insert("quality".to_owned(), json!(quality.value()));
        object.insert("reliable".to_owned(), json!(quality.is_reliable()));
    }
    object.into()
}
