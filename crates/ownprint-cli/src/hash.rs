//! `ownprint hash`: fingerprints of any number of files, in order, as they are ready.

use std::io;
use std::process::ExitCode;

use ownprint::hash::VpdqOptions;
use ownprint::{Fingerprinter, HashAlgorithm, Selection};

use crate::arguments::{HashArguments, OutputFormat, usage_error};
use crate::images::{self, write_whole};
use crate::progress::Progress;
use crate::{SOME_FAILED, messages, output};

pub(crate) fn run(arguments: &HashArguments) -> io::Result<ExitCode> {
    check(arguments).unwrap_or_else(|complaint| usage_error(&complaint));
    let selection = selection(arguments);
    let fingerprinter =
        arguments.images.decoding.fingerprinter().selection(selection.clone()).rgb_md5(arguments.rgb_md5);
    let fingerprinter = fingerprinter.vpdq(vpdq_options(arguments));
    let mut output = output::of(arguments.format, &selection);
    let progress = Progress::new();
    write_whole(&progress, &output.begin())?;
    let tally = images::each(&arguments.images, fingerprinter, &progress, |entry| {
        let (text, note) = output.entry(entry);
        write_whole(&progress, &text)?;
        if let Some(note) = note {
            progress.aside(|| messages::say(&format!("{}: {note}", messages::shown(&entry.path))));
        }
        Ok(())
    })?;
    write_whole(&progress, &output.end())?;
    tally.summarise();
    Ok(if tally.failed == 0 { ExitCode::SUCCESS } else { ExitCode::from(SOME_FAILED) })
}

/// What the shape of the arguments alone cannot forbid.
fn check(arguments: &HashArguments) -> Result<(), String> {
    arguments.images.check()?;
    if arguments.format == OutputFormat::Threatexchange {
        let carried = |hash: &HashAlgorithm| hash.threatexchange_signal().is_some();
        let fits = arguments
            .algorithms
            .as_ref()
            .is_none_or(|selection| selection.digests.is_empty() && selection.hashes.iter().all(carried));
        if !fits || arguments.rgb_md5 {
            let names: Vec<_> = HashAlgorithm::all().filter(carried).map(HashAlgorithm::name).collect();
            return Err(format!("--format threatexchange carries nothing but {}", names.join(", ")));
        }
    }
    if is_vpdq(arguments.format) {
        let fits = |selection: &Selection| selection.hashes.is_empty() && selection.digests.is_empty();
        if !arguments.algorithms.as_ref().is_none_or(fits)
            || arguments.rgb_md5
            || arguments.variants.is_some()
        {
            return Err("the forms vpdq and vpdq-json carry nothing but vpdq".to_owned());
        }
    }
    if !(arguments.seconds_per_hash.is_finite() && arguments.seconds_per_hash >= 0.0) {
        return Err("--seconds-per-hash is a number from 0".to_owned());
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
    let selection = match (&arguments.algorithms, arguments.format) {
        (Some(selection), _) => selection.clone(),
        (None, OutputFormat::Threatexchange) => {
            Selection { hashes: vec![HashAlgorithm::PDQ], ..Selection::default() }
        }
        (None, format) if is_vpdq(format) => Selection { vpdq: true, ..Selection::default() },
        (None, _) => Fingerprinter::builder().selection().clone(),
    };
    Selection { variants: arguments.variants.clone(), ..selection }
}
