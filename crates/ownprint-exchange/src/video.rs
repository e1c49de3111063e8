//! The video of a record, with the hashes of its frames.
//!
//! Times are formatted from whole microseconds, because the formatting code for floating-point
//! numbers would add 27 kB (gzip) to the WebAssembly module.

use ownprint_hash::{VideoFingerprint, VpdqFrame};

use super::members::Members;

/// Writes the member `video`: `format`, `codec`, `width`, `height`, `frames`, `frame_rate`
/// (`30000/1001`), `damaged` (only if true), `vpdq`: objects with `frame`, `seconds`, `hex` and
/// `quality`.
pub(super) fn write(video: &VideoFingerprint, mut object: Members<'_>) {
    object.text("format", &video.format);
    object.text("codec", &video.codec);
    object.bare("width", video.size.width);
    object.bare("height", video.size.height);
    object.bare("frames", video.frames);
    object.text("frame_rate", &frame_rate(video));
    if video.damaged {
        object.bare("damaged", true);
    }
    write_frames(object.inner("vpdq", '['), &video.vpdq);
    object.close('}');
}

/// Returns the frames as one field of a table: `FRAME,QUALITY,HASH,SECONDS`, separated by spaces.
pub(super) fn frames_in_line(video: &VideoFingerprint) -> String {
    let frame = |it: &VpdqFrame| {
        let (hash, quality) = (it.feature.hash(), it.feature.quality);
        format!("{},{quality},{hash},{}", it.frame, seconds(it))
    };
    video.vpdq.iter().map(frame).collect::<Vec<_>>().join(" ")
}

/// Returns the properties of the video as one field of a table.
pub(super) fn facts(video: &VideoFingerprint) -> String {
    let VideoFingerprint { format, codec, size, frames, damaged, .. } = video;
    let damaged = if *damaged { " damaged" } else { "" };
    format!("{format} {codec} {size} {frames} {}{damaged}", frame_rate(video))
}

/// Returns the average frame rate as records contain it: `30000/1001`.
fn frame_rate(video: &VideoFingerprint) -> String {
    let (frames, seconds) = video.frames_per_second;
    format!("{frames}/{seconds}")
}

/// Writes the frames and closes the array.
pub(super) fn write_frames(mut list: Members<'_>, frames: &[VpdqFrame]) {
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

/// Returns the time of a frame in seconds, rounded to microseconds.
fn seconds(frame: &VpdqFrame) -> String {
    let microseconds = (frame.feature.seconds() * MICROSECONDS as f64 + 0.5) as u64;
    let (whole, rest) = (microseconds / MICROSECONDS, microseconds % MICROSECONDS);
    if rest == 0 {
        return whole.to_string();
    }
    format!("{whole}.{rest:06}").trim_end_matches('0').to_owned()
}

/// Microseconds per second.
pub(super) const MICROSECONDS: u64 = 1_000_000;
