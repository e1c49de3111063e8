//! The index: exact search by distance.

use std::ffi::c_char;
use std::fs::File;
use std::io::{BufReader, BufWriter};
use std::mem::MaybeUninit;
use std::num::NonZero;
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use ownprint::search;

use crate::error::{ErrorInfo, Failure, Status, assign, create, release, run};
use crate::hash::hash_of;
use crate::memory;

/// Hashes of one algorithm in memory, each with a text. Opaque.
///
/// Any number of threads may use one at the same time. Searches run in parallel; a call that changes
/// the index waits for them.
#[derive(Debug)]
pub struct Index(RwLock<search::Index>);

impl Index {
    fn of(index: search::Index) -> Self {
        Self(RwLock::new(index))
    }

    // A panic leaves an index that is still valid.
    fn read(index: Option<&Self>) -> Result<RwLockReadGuard<'_, search::Index>, Failure> {
        Ok(existing(index)?.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn write(index: Option<&Self>) -> Result<RwLockWriteGuard<'_, search::Index>, Failure> {
        Ok(existing(index)?.0.write().unwrap_or_else(PoisonError::into_inner))
    }
}

fn existing(index: Option<&Index>) -> Result<&Index, Failure> {
    index.ok_or_else(|| Failure::null("pointer to the index"))
}

/// An entry of an index that a search found. Its texts are valid as long as the hits are.
#[repr(C)]
#[derive(Debug)]
pub struct Hit {
    /// The number of the entry.
    pub entry: u32,
    /// The Hamming distance from the query, in bits.
    pub distance: u32,
    /// The text of the entry. A zero byte inside of it, which lists allow, ends it here.
    pub payload: *const c_char,
    /// The variant of the listed image whose hash was found, or NULL.
    pub variant: *const c_char,
}

/// The result of a search. Opaque and immutable.
///
/// Any number of threads may use one at the same time.
#[derive(Debug)]
pub struct Hits {
    hits: Vec<Hit>,
    /// What the pointers of the hits point to.
    _texts: Vec<Box<[u8]>>,
}

impl Hits {
    fn of(found: &[search::Hit<'_>]) -> Self {
        let mut texts = Vec::with_capacity(found.len());
        let mut text = |text: &str| {
            let bytes: Box<[u8]> = text.bytes().chain([0]).collect();
            let pointer = bytes.as_ptr().cast();
            texts.push(bytes);
            pointer
        };
        let hit = |hit: &search::Hit<'_>| {
            let (name, variant) = hit.name_and_variant();
            Hit {
                entry: hit.entry,
                distance: hit.distance,
                payload: text(name),
                variant: variant.map_or(std::ptr::null(), |variant| text(&variant.to_string())),
            }
        };
        let hits = found.iter().map(hit).collect();
        Self { hits, _texts: texts }
    }
}

/// The radius that stands for the threshold of the algorithm of an index.
const THRESHOLD: u32 = u32::MAX;

/// Creates an empty index for hashes of an algorithm, as `pdq`.
///
/// `algorithm` and `out` must not be NULL. The caller frees `*out` with `ownprint_index_free`; it is
/// NULL if the call fails. Errors: `unknown-algorithm`, `not-comparable` for hashes of more than
/// 1,024 bits. Any thread may call it.
#[unsafe(no_mangle)]
pub extern "C" fn ownprint_index_new(
    algorithm: *const c_char,
    out: Option<&mut MaybeUninit<Option<Box<Index>>>>,
    error: Option<&mut MaybeUninit<ErrorInfo>>,
) -> Status {
    create(out, error, || Ok(Index::of(search::Index::new(memory::text(algorithm)?.parse()?)?)))
}

/// Loads the index that was saved at a path, on a number of threads; 0 means one.
///
/// `path` and `out` must not be NULL. The caller frees `*out` with `ownprint_index_free`; it is NULL
/// if the call fails. Errors: `io`, `invalid-index`. Any thread may call it.
#[unsafe(no_mangle)]
pub extern "C" fn ownprint_index_load(
    path: *const c_char,
    threads: usize,
    out: Option<&mut MaybeUninit<Option<Box<Index>>>>,
    error: Option<&mut MaybeUninit<ErrorInfo>>,
) -> Status {
    create(out, error, || {
        let file = BufReader::new(File::open(memory::path(path)?)?);
        let threads = NonZero::new(threads).unwrap_or(NonZero::<usize>::MIN);
        Ok(Index::of(search::Index::load(file, threads)?))
    })
}

/// Saves the index at a path, and replaces an existing file.
///
/// `index` and `path` must not be NULL. Errors: `io`.
#[unsafe(no_mangle)]
pub extern "C" fn ownprint_index_save(
    index: Option<&Index>,
    path: *const c_char,
    error: Option<&mut MaybeUninit<ErrorInfo>>,
) -> Status {
    run(error, || {
        let index = Index::read(index)?;
        Ok(index.save(BufWriter::new(File::create(memory::path(path)?)?))?)
    })
}

/// Frees an index. NULL is ignored. No thread may use it then or later; hits stay valid.
#[unsafe(no_mangle)]
pub extern "C" fn ownprint_index_free(index: Option<Box<Index>>) {
    release(index);
}

/// Returns the number of entries; 0 if `index` is NULL.
#[unsafe(no_mangle)]
pub extern "C" fn ownprint_index_length(index: Option<&Index>) -> usize {
    let mut length = 0;
    run(None, || {
        length = Index::read(index)?.len();
        Ok(())
    });
    length
}

/// Inserts a hash of `length` bytes with a text, and writes the number of the new entry to `*entry`.
///
/// `index`, `hash` and `payload` must not be NULL; the text is UTF-8 and is copied. `entry` may be
/// NULL. Errors: `invalid-hash`, `not-comparable`, `index-full`, `invalid-argument`.
#[unsafe(no_mangle)]
pub extern "C" fn ownprint_index_insert(
    index: Option<&Index>,
    hash: *const u8,
    length: usize,
    payload: *const c_char,
    entry: Option<&mut MaybeUninit<u32>>,
    error: Option<&mut MaybeUninit<ErrorInfo>>,
) -> Status {
    run(error, || {
        let payload = memory::text(payload)?;
        let mut index = Index::write(index)?;
        let hash = hash_of(index.algorithm(), hash, length)?;
        assign(entry, index.insert(&hash, payload)?);
        Ok(())
    })
}

/// Inserts the hashes of a list that have the algorithm of the index, and writes their number to
/// `*inserted`. If a line is invalid, none is inserted.
///
/// `list` has `length` bytes of a form that `docs/records.md` describes, which is detected; it may be
/// NULL if `length` is 0. `index` must not be NULL; `inserted` may be NULL. Errors: `invalid-record`
/// with line and column in the message, `index-full`, `invalid-argument`.
#[unsafe(no_mangle)]
pub extern "C" fn ownprint_index_insert_list(
    index: Option<&Index>,
    list: *const u8,
    length: usize,
    inserted: Option<&mut MaybeUninit<usize>>,
    error: Option<&mut MaybeUninit<ErrorInfo>>,
) -> Status {
    run(error, || {
        let list = memory::bytes(list, length)?;
        assign(inserted, ownprint::insert_list(&mut *Index::write(index)?, list)?);
        Ok(())
    })
}

/// Removes an entry by its number, and writes whether it existed to `*was_there`.
///
/// `index` must not be NULL; `was_there` may be NULL.
#[unsafe(no_mangle)]
pub extern "C" fn ownprint_index_remove(
    index: Option<&Index>,
    entry: u32,
    was_there: Option<&mut MaybeUninit<bool>>,
    error: Option<&mut MaybeUninit<ErrorInfo>>,
) -> Status {
    run(error, || {
        assign(was_there, Index::write(index)?.remove(entry).is_some());
        Ok(())
    })
}

/// Finds all entries within a distance in bits of a hash of `length` bytes, the nearest first. A
/// radius of `UINT32_MAX` means the threshold of the algorithm.
///
/// `index`, `hash` and `out` must not be NULL. The caller frees `*out` with `ownprint_hits_free`; it
/// is NULL if the call fails. Errors: `invalid-hash`, `not-comparable`, `invalid-argument`.
#[unsafe(no_mangle)]
pub extern "C" fn ownprint_index_within(
    index: Option<&Index>,
    hash: *const u8,
    length: usize,
    radius: u32,
    out: Option<&mut MaybeUninit<Option<Box<Hits>>>>,
    error: Option<&mut MaybeUninit<ErrorInfo>>,
) -> Status {
    create(out, error, || {
        let index = Index::read(index)?;
        let radius = if radius == THRESHOLD { index.algorithm().threshold() } else { radius };
        Ok(Hits::of(&index.within(&hash_of(index.algorithm(), hash, length)?, radius)?))
    })
}

/// Finds the `count` entries that are nearest to a hash of `length` bytes, the nearest first.
///
/// `index`, `hash` and `out` must not be NULL. The caller frees `*out` with `ownprint_hits_free`; it
/// is NULL if the call fails. Errors: `invalid-hash`, `not-comparable`, `invalid-argument`.
#[unsafe(no_mangle)]
pub extern "C" fn ownprint_index_nearest(
    index: Option<&Index>,
    hash: *const u8,
    length: usize,
    count: usize,
    out: Option<&mut MaybeUninit<Option<Box<Hits>>>>,
    error: Option<&mut MaybeUninit<ErrorInfo>>,
) -> Status {
    create(out, error, || {
        let index = Index::read(index)?;
        Ok(Hits::of(&index.nearest(&hash_of(index.algorithm(), hash, length)?, count)?))
    })
}

/// Returns a hit by its position, from 0, or NULL behind the last one or if `hits` is NULL.
///
/// The hit belongs to `hits` and must not be freed.
#[unsafe(no_mangle)]
pub extern "C" fn ownprint_hits_get(hits: Option<&Hits>, position: usize) -> Option<&Hit> {
    hits?.hits.get(position)
}

/// Frees the result of a search. NULL is ignored. No thread may use it then or later.
#[unsafe(no_mangle)]
pub extern "C" fn ownprint_hits_free(hits: Option<Box<Hits>>) {
    release(hits);
}
