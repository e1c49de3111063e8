//! A film in a record: what it is, and the hashes of its frames.

use super::members::Members;
use crate::Film;

impl Film {
    /// The member `film`: `format`, `codec`, `width`, `height`, `frames`, `frame_rate` (two whole numbers with a stroke between),
    /// `damaged` (only when true), `vpdq`: objects with `frame`, `seconds`, `hex` and `quality`.
    pub(super) fn write(&self, mut object: Members<'_>) {
        object.text("format", &self.format);
        object.text("codec", &self.codec);
        object.bare("width", self.size.width);
        object.bare("height", self.size.height);
        object.bare("frames", self.frames);
        object.text("frame_rate", &self.frame_rate());
        if self.damaged {
            object.bare("damaged", true);
        }
        let mut frames = object.inner("vpdq", '[');
        for it in &self.vpdq {
            let mut frame = frames.inner_item('{');
            frame.bare("frame", it.frame);
            frame.bare("seconds", it.feature.seconds());
            frame.text("hex", &it.feature.hash().to_hex());
            frame.bare("quality", it.feature.quality);
            frame.close('}');
        }
        frames.close(']');
        object.close('}');
    }

    /// What it is, in one field of a table.
    pub(super) fn facts(&self) -> String {
        let Self { format, codec, size, frames, damaged, .. } = self;
        let damaged = if *damaged { " damaged" } else { "" };
        format!("{format} {codec} {size} {frames} {}{damaged}", self.frame_rate())
    }

    /// The average rate as records have it: `30000/1001`.
    pub(super) fn frame_rate(&self) -> String {
        let (frames, seconds) = self.frames_per_second;
        format!("{frames}/{seconds}")
    }
}
