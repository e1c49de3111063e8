//! The hashed frames of videos, in the formats of vPDQ and python-threatexchange.
//!
//! Neither format can name a video. If there can be several files, each becomes a JSON object with
//! its path.

use ownprint::Error;
use ownprint::exchange::{Diagnostic, vpdq};
use ownprint::hash::VpdqFrame;
use serde_json::{Value, json};

use super::format::Output;
use crate::batch::FileResult;

/// How the frames of one video are written.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Form {
    /// The lines of vPDQ's command line.
    Lines,
    /// The list of python-threatexchange.
    Json,
}

#[derive(Debug)]
pub(crate) struct Vpdq {
    form: Form,
    is_single_file: bool,
}

impl Vpdq {
    pub(crate) fn new(form: Form, is_single_file: bool) -> Self {
        Self { form, is_single_file }
    }
}

impl Output for Vpdq {
    fn file(&mut self, file: &FileResult) -> (String, Option<String>) {
        let video = match &file.fingerprint {
            Ok(fingerprint) => fingerprint.video().map_err(|error| (&Error::from(error)).into()),
            Err(error) => Err(Diagnostic::from(error)),
        };
        let text = match (video, self.is_single_file) {
            (Ok(video), true) => self.form.text(&video.vpdq),
            (Err(_), true) => String::new(),
            (Ok(video), false) => object(file, "vpdq", &self.form.value(&video.vpdq)),
            (Err(error), false) => {
                object(file, "error", &json!({ "code": error.code, "message": error.message }))
            }
        };
        (text, None)
    }
}

fn object(file: &FileResult, key: &str, value: &Value) -> String {
    format!("{}\n", json!({ "path": file.path.to_string_lossy(), key: value }))
}

impl Form {
    fn text(self, frames: &[VpdqFrame]) -> String {
        match self {
            Self::Lines => frames.iter().map(|frame| vpdq::frame_to_line(frame) + "\n").collect(),
            Self::Json => features_to_json(frames) + "\n",
        }
    }

    fn value(self, frames: &[VpdqFrame]) -> Value {
        match self {
            Self::Lines => frames.iter().map(vpdq::frame_to_line).collect(),
            Self::Json => serde_json::from_str(&features_to_json(frames)).unwrap_or_default(),
        }
    }
}

fn features_to_json(frames: &[VpdqFrame]) -> String {
    let features: Vec<_> = frames.iter().map(|frame| frame.feature.clone()).collect();
    vpdq::features_to_json(&features)
}
