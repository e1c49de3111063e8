//! The segments of VP8 frames (RFC 6386, 9.3), which are kept from frame to frame.
//!
//! The decoder forgets them after each frame: it decodes a frame that relies on those of an earlier
//! frame with other quantizers and filters, without an error. Such frames are found here.

use oxideav_vp8::{UpdateSegmentation, Vp8CodedHeader};

use crate::detail::short;
use crate::error::Error;
use crate::video::errors::{damaged, unsupported};

/// What a frame may rely on.
#[derive(Debug, Default)]
pub(super) struct Segments {
    /// Whether a frame has set the quantizer or the filter of a segment.
    has_values: bool,
    /// Whether a frame has assigned macroblocks to segments.
    has_map: bool,
}

impl Segments {
    /// Checks the header of a frame, which its first partition begins with.
    ///
    /// # Errors
    /// [`Error::UnsupportedVideo`] if the frame relies on the segments of an earlier frame.
    pub(super) fn check(&mut self, partition: &[u8], is_key: bool) -> Result<(), Error> {
        let header = Vp8CodedHeader::parse(partition, is_key)
            .map_err(|error| damaged(short(&error.to_string())))?;
        if is_key {
            // A key frame resets the values; whether it resets the map is not specified.
            self.has_values = false;
        }
        let Some(update) = header.update_segmentation.filter(|_| header.segmentation_enabled)
        else {
            return Ok(());
        };
        let keeps_values = !update.update_segment_feature_data && self.has_values;
        let has_values = keeps_values || sets_values(&update);
        // Without values, all segments are alike.
        let keeps_map =
            !update.update_mb_segmentation_map && (self.has_map || is_key) && has_values;
        if keeps_values || keeps_map {
            return Err(unsupported("VP8 segments of an earlier frame"));
        }
        self.has_map |= update.update_mb_segmentation_map;
        if update.update_segment_feature_data {
            self.has_values = has_values;
        }
        Ok(())
    }
}

/// Returns `true` if a segment has another quantizer or filter than the frame.
fn sets_values(update: &UpdateSegmentation) -> bool {
    let values = update.quantizer_update.iter().chain(&update.loop_filter_update);
    update.update_segment_feature_data
        && (update.segment_feature_mode_absolute || values.flatten().any(|value| *value != 0))
}

#[cfg(test)]
mod tests {
    use oxideav_vp8::UpdateSegmentation;

    use super::sets_values;

    #[test]
    fn segments_without_differences_have_no_values() {
        let none = UpdateSegmentation {
            update_mb_segmentation_map: true,
            update_segment_feature_data: true,
            segment_feature_mode_absolute: false,
            quantizer_update: [None, Some(0), None, None],
            loop_filter_update: [None; 4],
            segment_prob: [None; 3],
        };
        assert!(!sets_values(&none));
        assert!(sets_values(&UpdateSegmentation { segment_feature_mode_absolute: true, ..none }));
        let filter = [None, None, Some(-3), None];
        assert!(sets_values(&UpdateSegmentation { loop_filter_update: filter, ..none }));
    }
}
