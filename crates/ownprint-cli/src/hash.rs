//! `ownprint hash`: hashes and digests of files, in input order.

use std::io;
use std::process::ExitCode;

use ownprint::exchange::threatexchange;
use ownprint::hash::VpdqOptions;
use ownprint::{Fingerprinter, HashAlgorithm, Selection};

use crate::arguments::{HashArguments, OutputFormat, usage_error};
use crate::batch::{self, write_whole};
use crate::exit_status::SOME_FAILED;
use crate::progress::Progress;
use crate::{messages, output};

pub(crate) fn run(arguments: &HashArguments) -> io::Result<ExitCode> {
    let paths = check(arguments)
        .and_then(|()| arguments.files.paths())
        .unwrap_or_else(|message| usage_error(&message));
    let selection = selection(arguments);
    let fingerprinter = arguments
        .files
        .decoding
        .fingerprinter()
        .selection(selection.clone())
        .vpdq_options(vpdq_options(arguments))
        .rgb_md5(arguments.rgb_md5)
        .build();
    let mut output = output::new(arguments, &selection);
    let progress = Progress::new();
    write_whole(&progress, &output.begin())?;
    let summary =
        batch::fingerprint_files(&arguments.files, paths, fingerprinter, &progress, |file| {
            let (text, note) = output.file(file);
            write_whole(&progress, &text)?;
            if let Some(note) = note {
                progress.suspend(|| {
                    messages::print(&format!("{}: {note}", messages::shown(&file.path)));
                });
            }
            Ok(())
        })?;
    write_whole(&progress, &output.end())?;
    summary.print();
    Ok(if summary.failed == 0 { ExitCode::SUCCESS } else { ExitCode::from(SOME_FAILED) })
}

/// Checks what clap cannot: which algorithms a format can hold.
fn check(arguments: &HashArguments) -> Result<(), String> {
    if arguments.format == OutputFormat::Threatexchange {
        let has_signal = |hash: &HashAlgorithm| threatexchange::signal(*hash).is_some();
        let fits = arguments.algorithms.as_ref().is_none_or(|selection| {
            selection.digests.is_empty() && selection.hashes.iter().all(has_signal)
        });
        if !fits || arguments.rgb_md5 {
            let names: Vec<_> =
                HashAlgorithm::all().filter(has_signal).map(HashAlgorithm::name).collect();
            return Err(format!("--format threatexchange supports only {}", names.join(", ")));
        }
    }
    if arguments.escape_formulas && arguments.format != OutputFormat::Csv {
        return Err("--escape-formulas is an option of --format csv".to_owned());
    }
    if is_vpdq(arguments.format) {
        let fits =
            |selection: &Selection| selection.hashes.is_empty() && selection.digests.is_empty();
        if !arguments.algorithms.as_ref().is_none_or(fits)
            || arguments.rgb_md5
            || arguments.variants.is_some()
        {
            return Err("the formats vpdq and vpdq-json support only vpdq".to_owned());
        }
    }
    if !(arguments.seconds_per_hash.is_finite() && arguments.seconds_per_hash >= 0.0) {
        return Err("--seconds-per-hash must be 0 or more".to_owned());
    }
    Ok(())
}

fn is_vpdq(format: OutputFormat) -> bool {
    matches!(format, OutputFormat::Vpdq | OutputFormat::VpdqJson)
}

fn vpdq_options(arguments: &HashArguments) -> VpdqOptions {
    let mut options = VpdqOptions::default();
    options.seconds_per_hash = arguments.seconds_per_hash;
    options.prune = arguments.prune;
    options
}

fn selection(arguments: &HashArguments) -> Selection {
    let mut selection = match &arguments.algorithms {
        Some(selection) => selection.clone(),
        None => default_selection(arguments.format),
    };
    selection.variants.clone_from(&arguments.variants);
    selection
}

fn default_selection(format: OutputFormat) -> Selection {
    let mut selection = Selection::default();
    match format {
        OutputFormat::Threatexchange => selection.hashes = vec![HashAlgorithm::PDQ],
        format if is_vpdq(format) => selection.vpdq = true,
        _ => selection.clone_from(Fingerprinter::default().selection()),
    }
    selection
}
