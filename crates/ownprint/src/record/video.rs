//! A video in a record: what it is, and the hashes of its frames.
//!
//! Times are written in whole microseconds, by hand: code for fractions would be 27 kB (gzip) of the WebAssembly module.

use super::members::Members;
use crate::{VideoFingerprint, VpdqFrame};

impl VideoFingerprint {
    /// The member `video`: `format`, `codec`, `width`, `height`, `frames`, `frame_rate` (two whole numbers with a stroke between),
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
        write_frames(object.inner("vpdq", '['), &self.vpdq);
        object.close('}');
    }

    /// Its frames, in one field of a table: `FRAME,QUALITY,HASH,SECONDS` with spaces between.
    pub(super) fn frames_in_line(&self) -> String {
        let frame = |it: &VpdqFrame| {
            let (hash, quality) = (it.feature.hash(), it.feature.quality);
            format!("{},{quality},{hash},{}", it.frame, seconds(it))
        };
        self.vpdq.iter().map(frame).collect::<Vec<_>>().join(" ")
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

impl VpdqFrame {
    /// Frames as the member `vpdq` of a video's record has them: for a video that was decoded elsewhere.
    ///
    /// ```
    /// use ownprint::VpdqFrame;
    ///
    /// let frame = VpdqFrame::from_line(&format!("25,100,{},1.000", "0f".repeat(32)))?;
    /// let json = VpdqFrame::list_to_json(&[frame]);
    /// assert!(json.starts_with(r#"[{"frame":25,"seconds":1,"hex":"0f0f"#));
    /// # Ok::<(), ownprint::Error>(())
    /// ```
    #[must_use]
    pub fn list_to_json(frames: &[Self]) -> String {
        let mut text = String::new();
        write_frames(Members::open(&mut text, '['), frames);
        text
    }
}

fn write_frames(mut list: Members<'_>, frames: &[VpdqFrame]) {
    for it in frames {
        let mut frame = list.inner_item('{');
        frame.bare("frame", it.frame);
        frame.bare("seconds", seconds(it));
        frame.text("hex", &it.feature.hash().to_hex());
        frame.bare("quality", it.feature.quality);
        frame.close('}');
    }
    list.close(']');
}

/// The digits of a frame's time, rounded to microseconds.
fn seconds(frame: &VpdqFrame) -> String {
    let microseconds = (frame.feature.seconds() * MICROSECONDS as f64 + 0.5) as u64;
    let (whole, rest) = (microseconds / MICROSECONDS, microseconds % MICROSECONDS);
    if rest == 0 {
        return whole.to_string();
    }
    format!("{whole}.{rest:06}").trim_end_matches('0').to_owned()
}

/// Microseconds a second.
pub(super) const MICROSECONDS: u64 = 1_000_000;
