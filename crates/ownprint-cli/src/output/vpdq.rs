//! A video's frames alone, in the forms of other programs.

use ownprint::hash::{VpdqFeature, VpdqFrame};

use super::Output;
use crate::images::Entry;

/// The lines of vPDQ's command line.
#[derive(Debug)]
pub(crate) struct Lines;

impl Output for Lines {
    fn entry(&mut self, entry: &Entry) -> (String, Option<String>) {
        with_frames(entry, |frames| frames.iter().map(|frame| frame.to_line() + "\n").collect())
    }
}

/// The list of python-threatexchange, a video a line.
#[derive(Debug)]
pub(crate) struct Json;

impl Output for Json {
    fn entry(&mut self, entry: &Entry) -> (String, Option<String>) {
        with_frames(entry, |frames| {
            let features: Vec<_> = frames.iter().map(|frame| frame.feature.clone()).collect();
            VpdqFeature::to_json(&features) + "\n"
        })
    }
}

fn with_frames(entry: &Entry, write: impl Fn(&[VpdqFrame]) -> String) -> (String, Option<String>) {
    let Ok(fingerprint) = &entry.result else { return (String::new(), None) };
    match &fingerprint.video {
        Some(video) => (write(&video.vpdq), None),
        None => (String::new(), Some("skipped: it is no video".to_owned())),
    }
}
