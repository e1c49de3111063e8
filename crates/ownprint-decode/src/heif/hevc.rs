//! Decodes HEVC tiles with `heifer-hevc-dec`.

use heifer_hevc_dec::Error;
use heifer_hevc_dec::nal::{NalUnit, split_annex_b};
use heifer_hevc_dec::params::ParameterSets;
use heifer_hevc_dec::recon::{Frame, Reconstructor};
use heifer_hevc_dec::slice::SliceHeader;
use heifer_hevc_dec::syntax::{Picture, decode_slice_segment};
use zeroize::Zeroize;

use super::colours::Colours;
use super::container::{Container, Tile};
use super::paint::{Planes, Rules, Shape};
use super::reason::Reason;
use crate::detail::short;

/// The maximum by which the coded width and height exceed those of the image: coding blocks have up
/// to 64 pixels.
const PADDING: u64 = 64;

/// The maximum of units in an image: a slice for each of 600 (ITU-T H.265, table A.8), parameter
/// sets, and messages. The decoder allocates memory for each unit.
const MAX_UNITS: usize = 16_384;

pub(super) fn decode(container: &Container<'_>, tile: &Tile) -> Result<Image, Reason> {
    let stream = container.hevc_stream(tile.id)?;
    let units = stream.0.windows(3).filter(|code| *code == [0, 0, 1]).count();
    if units > MAX_UNITS {
        let detail = format!("{units} HEVC units in one image (maximum {MAX_UNITS})");
        return Err(Reason::Unsupported(detail));
    }
    let size = tile.position.size;
    let max_pixels = (u64::from(size.width) + PADDING) * (u64::from(size.height) + PADDING);
    let image = first_image(&stream.0, max_pixels).map_err(|error| refusal(&error))?;
    match image.0 {
        Frame { bit_depth: [luma, chroma], chroma_format: 1.., .. } if luma != chroma => {
            Err(Reason::Unsupported(format!("{luma}-bit luma with {chroma}-bit chroma")))
        }
        _ => Ok(image),
    }
}

/// Decodes the first image of a stream, as `heifer_hevc_dec::decoder::decode_picture` does.
///
/// That function does not compare the slices with one another. Each could decode the image again,
/// or begin outside it, which panics.
fn first_image(stream: &[u8], max_pixels: u64) -> Result<Image, Error> {
    let units: Vec<NalUnit<'_>> =
        split_annex_b(stream).map(NalUnit::parse).collect::<Result<_, _>>()?;
    let mut sets = ParameterSets::default();
    for unit in units.iter().take_while(|unit| !unit.header.unit_type.is_slice()) {
        sets.add(unit)?;
    }
    let mut state: Option<(Picture<'_>, Reconstructor<'_>)> = None;
    let mut previous = None;
    for unit in units.iter().filter(|unit| unit.header.unit_type.is_slice()) {
        // The flag `first_slice_segment_in_pic_flag`.
        let is_first = unit.rbsp.first().is_some_and(|byte| byte & 0x80 != 0);
        if is_first && state.is_some() {
            break;
        }
        let header = SliceHeader::parse(&unit.rbsp, &unit.header, &sets, previous.as_ref())?;
        let (pps, sps) = sets.get(usize::from(header.slice_pic_parameter_set_id))?;
        let (width, height) = (sps.pic_width_in_luma_samples, sps.pic_height_in_luma_samples);
        if u64::from(width) * u64::from(height) > max_pixels {
            return Err(Error::Unimplemented("an image larger than its size in the container"));
        }
        let (image, blocks) =
            state.get_or_insert_with(|| (Picture::new(sps, pps), Reconstructor::new(sps, pps)));
        // A slice begins where the previous one ends (7.4.7.1).
        let start = image.layout.rs_to_ts.get(header.slice_segment_address as usize);
        if start != Some(&image.decoded_ctbs) {
            return Err(Error::Invalid("slices that overlap or leave a gap"));
        }
        blocks.start_slice(&header);
        let data = unit.rbsp.get(header.header_size..).ok_or(Error::UnexpectedEof)?;
        decode_slice_segment(image, &header, header.slice_qp_y(&sets)?, data, blocks)?;
        if let Some(error) = blocks.error.take() {
            return Err(error);
        }
        if !header.dependent_slice_segment_flag {
            previous = Some(header);
        }
    }
    let (image, blocks) = state.ok_or(Error::Invalid("no slice"))?;
    if !image.is_complete() {
        return Err(Error::Invalid("incomplete image"));
    }
    let whole = Image(blocks.finish(false));
    let is_cropped = image.sps.conf_win_offsets != [0; 4];
    Ok(if is_cropped { Image(whole.0.cropped(image.sps)) } else { whole })
}

fn refusal(error: &Error) -> Reason {
    let detail = short(&error.to_string());
    match error {
        Error::UnexpectedEof => Reason::Truncated,
        Error::Unimplemented(_) => Reason::Unsupported(detail),
        _ => Reason::Damaged(detail),
    }
}

/// A decoded image, wiped on drop.
pub(super) struct Image(Frame);

impl Planes for Image {
    fn shape(&self) -> Shape {
        let frame = &self.0;
        let [width, chroma_width, _] = frame.widths;
        let [height, chroma_height, _] = frame.heights;
        Shape {
            width,
            height,
            depth: frame.bit_depth[0],
            halved: (chroma_width > 0).then_some([chroma_width < width, chroma_height < height]),
            // The reference hashers read HEIC with libheif.
            rules: Rules::Libheif,
            colours: Colours { matrix: frame.matrix_coeffs.into(), full_range: frame.full_range },
        }
    }

    fn read(&self, plane: usize, y: usize, into: &mut [u16]) {
        let (Some(width), Some(samples)) = (self.0.widths.get(plane), self.0.planes.get(plane))
        else {
            return;
        };
        let row = samples.get(y * *width as usize..).unwrap_or_default();
        for (sample, from) in into.iter_mut().zip(row) {
            *sample = *from;
        }
    }
}

impl Drop for Image {
    fn drop(&mut self) {
        for plane in &mut self.0.planes {
            bytemuck::cast_slice_mut::<u16, u8>(plane).zeroize();
        }
    }
}
