//! The samples of a fragmented MP4 file (ISO/IEC 14496-12, 8.8).

use super::samples::{Entry, Samples};
use super::top_level::{TopLevel, TopLevelBox};
use crate::boxes::Boxes;
use crate::error::Error;
use crate::video::errors::unsupported;
use crate::video::fields::Fields;
use crate::video::source::Source;

/// Flags of `tfhd` and `trun`: which fields are present.
mod flags {
    pub(super) const BASE_OFFSET: u32 = 1;
    pub(super) const DESCRIPTION: u32 = 2;
    pub(super) const DEFAULT_DURATION: u32 = 8;
    pub(super) const DEFAULT_SIZE: u32 = 0x10;
    pub(super) const DATA_OFFSET: u32 = 1;
    pub(super) const FIRST_FLAGS: u32 = 4;
    pub(super) const DURATION: u32 = 0x100;
    pub(super) const SIZE: u32 = 0x200;
    pub(super) const FLAGS: u32 = 0x400;
    pub(super) const SHIFT: u32 = 0x800;
    /// Offsets are relative to the fragment, in every track.
    pub(super) const BASE_IS_FRAGMENT: u32 = 0x2_0000;
}

/// The values of samples that do not state them.
#[derive(Debug, Clone, Copy, Default)]
struct Defaults {
    duration: u32,
    size: u32,
}

/// Reads the fragments of one track.
pub(super) struct Fragments {
    track: u32,
    defaults: Defaults,
}

impl Fragments {
    /// Reads the defaults of a track from the body of `mvex`.
    pub(super) fn new(extends: &[u8], track: u32) -> Self {
        let defaults = Boxes::of(extends).filter(|(kind, _)| kind == b"trex");
        let mut defaults = defaults.filter_map(|(_, body)| {
            let mut fields = Fields(body);
            let [_version, id, _description, duration, size] = [(); 5].map(|()| fields.u32().ok());
            (id == Some(track)).then_some(Defaults { duration: duration?, size: size? })
        });
        Self { track, defaults: defaults.next().unwrap_or_default() }
    }

    /// Adds the samples of all fragments in the file.
    pub(super) async fn read(
        &self,
        source: &mut Source<'_>,
        samples: &mut Samples,
    ) -> Result<(), Error> {
        let mut boxes = TopLevel::default();
        while let Some(TopLevelBox { kind, start, body }) = boxes.next(source).await? {
            if &kind == b"moof" {
                self.fragment(source.read(body).await?, start, samples)?;
            }
        }
        Ok(())
    }

    fn fragment(&self, fragment: &[u8], start: u64, samples: &mut Samples) -> Result<(), Error> {
        // Without a base, data follows that of the previous track.
        let mut next = start;
        for (_, track) in Boxes::of(fragment).filter(|(kind, _)| kind == b"traf") {
            let Some(header) = Boxes::of(track).find(*b"tfhd") else { continue };
            let mut header = Fields(header);
            let present = header.u32()?;
            let is_ours = header.u32()? == self.track;
            let base = if present & flags::BASE_OFFSET > 0 {
                header.u64()?
            } else if present & flags::BASE_IS_FRAGMENT > 0 {
                start
            } else {
                next
            };
            if present & flags::DESCRIPTION > 0 && header.u32()? > 1 && is_ours {
                // Only the first has been read.
                return Err(unsupported("several sample descriptions"));
            }
            let mut defaults = self.defaults;
            if present & flags::DEFAULT_DURATION > 0 {
                defaults.duration = header.u32()?;
            }
            if present & flags::DEFAULT_SIZE > 0 {
                defaults.size = header.u32()?;
            }
            if let Some(time) = Boxes::of(track).find(*b"tfdt").filter(|_| is_ours) {
                let mut time = Fields(time);
                let version = time.version()?;
                samples.decoded = i64::try_from(time.sized(version)?).unwrap_or(i64::MAX);
            }
            next = base;
            let into = &mut *samples;
            for (_, run) in Boxes::of(track).filter(|(kind, _)| kind == b"trun") {
                let into = is_ours.then_some(&mut *into);
                next = read_run(Fields(run), (base, next), defaults, into)?;
            }
        }
        Ok(())
    }
}

/// Reads a run of samples, adds them if the track is ours, and returns where its data end.
fn read_run(
    mut run: Fields<'_>,
    (base, next): (u64, u64),
    defaults: Defaults,
    mut samples: Option<&mut Samples>,
) -> Result<u64, Error> {
    let present = run.u32()?;
    let count = run.u32()?;
    let mut offset = if present & flags::DATA_OFFSET > 0 {
        base.saturating_add_signed(i64::from(run.u32()? as i32))
    } else {
        next
    };
    if present & flags::FIRST_FLAGS > 0 {
        run.u32()?;
    }
    let Some(samples) = &mut samples else {
        // Only its length matters, which other tracks without a base rely on.
        return skip_run(run, present, count, defaults.size)
            .map(|size| offset.saturating_add(size));
    };
    samples.claim(count)?;
    for _ in 0..count {
        let mut field = |flag: u32, default: u32| {
            if present & flag > 0 { run.u32() } else { Ok(default) }
        };
        let duration = field(flags::DURATION, defaults.duration)?;
        let size = field(flags::SIZE, defaults.size)?;
        field(flags::FLAGS, 0)?;
        // Signed in practice, whatever the version of the table says.
        let shift = field(flags::SHIFT, 0)? as i32;
        let is_listed = samples.advances();
        samples.add(Entry { offset, size, shift, is_listed, is_sync: false }, duration)?;
        samples.timed.0 = samples.timed.0.saturating_add(1);
        samples.timed.1 = samples.timed.1.saturating_add(duration.into());
        offset = offset.saturating_add(size.into());
    }
    Ok(offset)
}

/// Returns the bytes of the samples of a run in another track.
fn skip_run(mut run: Fields<'_>, present: u32, count: u32, size: u32) -> Result<u64, Error> {
    if present & flags::SIZE == 0 {
        return Ok(u64::from(count).saturating_mul(size.into()));
    }
    let before = usize::from(present & flags::DURATION > 0) * 4;
    let after = [flags::FLAGS, flags::SHIFT].iter().filter(|flag| present & **flag > 0).count() * 4;
    let mut bytes = 0_u64;
    for _ in 0..count {
        run.take(before)?;
        bytes = bytes.saturating_add(run.u32()?.into());
        run.take(after)?;
    }
    Ok(bytes)
}
