//! Reads videos and the hashes of their frames.

use ownprint_hash::{HashAlgorithm, VideoFingerprint, VpdqFeature, VpdqFrame};
use ownprint_pixels::Size;

use super::json::{Node, Object};
use super::text::{Text, shown};
use super::{values, vpdq};
use crate::error::Error;
use crate::video::MICROSECONDS;

pub(super) fn video(node: Node<'_>) -> Result<VideoFingerprint, Error> {
    let mut object = Object::of(node, "a video")?;
    let name = |node: Node<'_>, what: &str| values::code(&node.text(what)?);
    let length =
        |node: Node<'_>, what: &str| node.number(what, 1, u32::MAX.into()).map(|it| it as u32);
    let format = name(object.need("format")?, "a video's format")?;
    let codec = name(object.need("codec")?, "a video's codec")?;
    let size = Size {
        width: length(object.need("width")?, "a width")?,
        height: length(object.need("height")?, "a height")?,
    };
    let frames = object.need("frames")?.number("a number of frames", 0, u64::MAX)?;
    let rate = rate(&object.need("frame_rate")?.text("a frame rate")?)?;
    let damaged = object.take("damaged").map(|node| node.constant("damaged", true));
    let vpdq = object.need("vpdq")?.list("a video's frames", frame)?;
    object.finish()?;
    let mut video = VideoFingerprint::from_parts(format, codec, size, frames, rate, vpdq);
    video.damaged = damaged.transpose()?.is_some();
    Ok(video)
}

fn frame(node: Node<'_>) -> Result<VpdqFrame, Error> {
    let mut object = Object::of(node, "a frame")?;
    let frame = object.need("frame")?.number("a frame's number", 0, u64::MAX)?;
    let seconds = seconds(&object.need("seconds")?.literal("a time", "a number")?)?;
    let hash = values::hash(HashAlgorithm::PDQ, &object.need("hex")?.text("a frame's hash")?)?;
    let quality = object.need("quality")?.number("a quality", 0, values::LARGEST_QUALITY)?;
    object.finish()?;
    Ok(VpdqFrame { frame, feature: VpdqFeature::new(hash, values::quality(quality), seconds)? })
}

/// Parses a frame of a table.
pub(super) fn frame_in_line(text: &Text<'_>) -> Result<VpdqFrame, Error> {
    let [frame, quality, hash, time] = vpdq::fields(text)?;
    let (hash, quality) = (vpdq::pdq(&hash)?, vpdq::quality_of(&quality)?);
    let feature = VpdqFeature::new(hash, quality, seconds(&time)?)?;
    Ok(VpdqFrame { frame: values::number("a frame's number", &frame, 0, u64::MAX)?, feature })
}

/// Parses a time in seconds with up to six decimals.
fn seconds(text: &Text<'_>) -> Result<f64, Error> {
    let number = |digits: &str| {
        digits.parse::<u32>().ok().filter(|_| digits.bytes().all(|it| it.is_ascii_digit()))
    };
    let (whole, decimals) = text.value.split_once('.').unwrap_or((&text.value, "0"));
    let scaled = format!("{decimals:0<6}");
    let parsed =
        number(whole).zip(number(&scaled).filter(|_| !decimals.is_empty() && decimals.len() <= 6));
    let (whole, rest) = parsed.ok_or_else(|| {
        text.error(format!(
            "a time must be seconds with up to six decimals, found {}",
            shown(&text.value)
        ))
    })?;
    Ok((u64::from(whole) * MICROSECONDS + u64::from(rest)) as f64 / MICROSECONDS as f64)
}

/// Returns the video of two fields of a table: its properties and its frames.
pub(super) fn of_fields(
    facts: &Text<'_>,
    frames: Option<&Text<'_>>,
) -> Result<VideoFingerprint, Error> {
    let pieces: Vec<_> = facts.split(' ', 7).collect();
    let (pieces, damaged) = match pieces.as_slice() {
        [facts @ .., last] if last.value == "damaged" => (facts, true),
        facts => (facts, false),
    };
    let [format, codec, size, count, rate_of] = pieces else {
        return Err(facts.error(format!(
            "a video must be written like \"mp4 h264 1280x720 90 30/1\", found {}",
            shown(&facts.value)
        )));
    };
    let (width, height) = size.split_once('x').ok_or_else(|| {
        size.error(format!("a size must be written like 1280x720, found {}", shown(&size.value)))
    })?;
    let length = |text: &Text<'_>, what: &str| {
        values::number(what, text, 1, u32::MAX.into()).map(|it| it as u32)
    };
    let size = Size { width: length(&width, "a width")?, height: length(&height, "a height")? };
    let count = values::number("a number of frames", count, 0, u64::MAX)?;
    let frames = frames.into_iter().flat_map(|frames| frames.split(' ', usize::MAX));
    let frames = frames.map(|frame| frame_in_line(&frame)).collect::<Result<_, _>>()?;
    let mut video = VideoFingerprint::from_parts(
        values::code(format)?,
        values::code(codec)?,
        size,
        count,
        rate(rate_of)?,
        frames,
    );
    video.damaged = damaged;
    Ok(video)
}

/// Parses two integers from 1, separated by a slash.
fn rate(text: &Text<'_>) -> Result<(u64, u64), Error> {
    let (frames, seconds) = text.split_once('/').ok_or_else(|| {
        text.error(format!(
            "a frame rate must be written like 30000/1001, found {}",
            shown(&text.value)
        ))
    })?;
    let number = |text: &Text<'_>| values::number("a frame rate", text, 1, u64::MAX);
    Ok((number(&frames)?, number(&seconds)?))
}
