//! The index: exact search by distance.

use std::fs::File;
use std::io::BufReader;
use std::num::NonZero;
use std::path::PathBuf;
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use ownprint::search::{self, Index as CoreIndex, VariantHit};
use ownprint::{BitHash, Error};
use pyo3::prelude::*;

use crate::comparison::{Variants, parse_variants};
use crate::error::run;
use crate::hash::Hash;
use crate::input::Bytes;
use crate::observer::Observer;

/// Entry, distance, payload, variant.
type Hit = (u32, u32, String, Option<String>);

/// Hashes of one algorithm in memory, each with a text.
#[pyclass(frozen, module = "ownprint._ownprint")]
pub(crate) struct Index(RwLock<CoreIndex>);

#[pymethods]
impl Index {
    #[new]
    fn new(py: Python<'_>, algorithm: &str) -> PyResult<Self> {
        run(py, || Ok(Self::of(CoreIndex::new(algorithm.parse()?)?)))
    }

    /// Loads the index that was saved at a path.
    #[staticmethod]
    fn load(py: Python<'_>, path: PathBuf, threads: usize) -> PyResult<Self> {
        let shown = path.to_string_lossy();
        Observer::new(None, None).run(py, Some(&shown), |_| {
            let file = BufReader::new(File::open(&path)?);
            Ok(Self::of(CoreIndex::load(file, count(threads))?))
        })
    }

    /// Opens the index that was saved at a path, where it is.
    #[staticmethod]
    fn open(py: Python<'_>, path: PathBuf) -> PyResult<Self> {
        let shown = path.to_string_lossy();
        Observer::new(None, None).run(py, Some(&shown), |_| Ok(Self::of(CoreIndex::open(&path)?)))
    }

    /// Replaces the entries by those of the index that was saved at a path, opened where it is.
    fn reopen(&self, py: Python<'_>, path: PathBuf) -> PyResult<()> {
        let shown = path.to_string_lossy();
        Observer::new(None, None).run(py, Some(&shown), |_| {
            let opened = CoreIndex::open(&path)?;
            // The previous index is freed after searches may go on.
            let previous = std::mem::replace(&mut *self.write(), opened);
            drop(previous);
            Ok(())
        })
    }

    /// Compares everything with the checksums of the file that the index was opened from.
    fn verify(&self, py: Python<'_>, threads: usize) -> PyResult<()> {
        run(py, || Ok(self.read().verify(count(threads))?))
    }

    /// Loads the index from the bytes of a saved file.
    #[staticmethod]
    fn from_bytes(py: Python<'_>, bytes: Bytes, threads: usize) -> PyResult<Self> {
        run(py, || Ok(Self::of(CoreIndex::load(&*bytes, count(threads))?)))
    }

    /// Saves the index at a path, and replaces an existing file.
    fn save(&self, py: Python<'_>, path: PathBuf) -> PyResult<()> {
        let shown = path.to_string_lossy();
        Observer::new(None, None).run(py, Some(&shown), |_| {
            search::replace_file(&path, |file| Ok(self.read().save(file)?))
        })
    }

    /// Returns the bytes of a saved file.
    fn to_bytes(&self, py: Python<'_>) -> PyResult<Py<pyo3::types::PyBytes>> {
        let file = run(py, || {
            let mut file = Vec::new();
            self.read().save(&mut file)?;
            Ok(file)
        })?;
        Ok(pyo3::types::PyBytes::new(py, &file).unbind())
    }

    #[getter]
    fn algorithm(&self, py: Python<'_>) -> PyResult<String> {
        run(py, || Ok(self.read().algorithm().name().into_owned()))
    }

    fn __len__(&self, py: Python<'_>) -> PyResult<usize> {
        run(py, || Ok(self.read().len()))
    }

    /// The memory that the index uses, in bytes.
    #[getter]
    fn memory(&self, py: Python<'_>) -> PyResult<usize> {
        run(py, || Ok(self.read().memory()))
    }

    fn insert(&self, py: Python<'_>, hash: Hash, payload: String) -> PyResult<u32> {
        run(py, || {
            let mut index = self.write();
            let hash = hash.parse(index.algorithm())?;
            Ok(index.insert(&hash, payload)?)
        })
    }

    /// Inserts many entries. If a hash is invalid, none is inserted.
    fn extend(&self, py: Python<'_>, entries: Vec<(Hash, String)>) -> PyResult<()> {
        run(py, || {
            let mut index = self.write();
            let algorithm = index.algorithm();
            let parse = |(hash, payload): (Hash, String)| Ok((hash.parse(algorithm)?, payload));
            let entries = entries.into_iter().map(parse).collect::<Result<Vec<_>, Error>>()?;
            Ok(index.extend(entries)?)
        })
    }

    /// Inserts the hashes of a list that have this algorithm. If a line is invalid, none is
    /// inserted.
    fn insert_list(&self, py: Python<'_>, list: Bytes) -> PyResult<usize> {
        run(py, || ownprint::insert_list(&mut self.write(), &*list))
    }

    /// Inserts the hashes of the list at a path.
    fn insert_list_file(&self, py: Python<'_>, path: PathBuf) -> PyResult<usize> {
        let shown = path.to_string_lossy();
        Observer::new(None, None).run(py, Some(&shown), |_| {
            let list = BufReader::new(File::open(&path)?);
            ownprint::insert_list(&mut self.write(), list)
        })
    }

    fn remove(&self, py: Python<'_>, entry: u32) -> PyResult<Option<String>> {
        run(py, || Ok(self.write().remove(entry)))
    }

    fn payload(&self, py: Python<'_>, entry: u32) -> PyResult<Option<String>> {
        run(py, || Ok(self.read().payload(entry).map(str::to_owned)))
    }

    #[pyo3(signature = (hash, radius=None))]
    fn within(&self, py: Python<'_>, hash: Hash, radius: Option<u32>) -> PyResult<Vec<Hit>> {
        run(py, || {
            let index = self.read();
            within(&index, &hash.parse(index.algorithm())?, radius)
        })
    }

    /// Returns the entries that the variants of an image find, each with the name of the variant.
    #[pyo3(signature = (query, radius=None))]
    fn within_variants(
        &self,
        py: Python<'_>,
        query: Variants,
        radius: Option<u32>,
    ) -> PyResult<Vec<(Hit, String)>> {
        run(py, || {
            let index = self.read();
            let radius = radius.unwrap_or(index.algorithm().threshold());
            let query = parse_variants(&query)?;
            let named = |found: &VariantHit<'_, '_>| (hit(&found.hit), found.variant.to_string());
            Ok(index.within_variants(&query, radius)?.iter().map(named).collect())
        })
    }

    fn nearest(&self, py: Python<'_>, hash: Hash, count: usize) -> PyResult<Vec<Hit>> {
        run(py, || {
            let index = self.read();
            Ok(hits(&index.nearest(&hash.parse(index.algorithm())?, count)?))
        })
    }

    /// Answers many queries on several threads, in their order.
    #[pyo3(signature = (hashes, radius=None, threads=1))]
    fn within_many(
        &self,
        py: Python<'_>,
        hashes: Vec<Hash>,
        radius: Option<u32>,
        threads: usize,
    ) -> PyResult<Vec<Vec<Hit>>> {
        run(py, || {
            let index = self.read();
            let hashes = parsed(&index, &hashes)?;
            let radius = radius.unwrap_or(index.algorithm().threshold());
            let found = index.within_many(&hashes, radius, count(threads))?;
            Ok(found.iter().map(|found| hits(found)).collect())
        })
    }

    /// Answers many queries for the nearest entries on several threads, in their order.
    #[pyo3(signature = (hashes, number, threads=1))]
    fn nearest_many(
        &self,
        py: Python<'_>,
        hashes: Vec<Hash>,
        number: usize,
        threads: usize,
    ) -> PyResult<Vec<Vec<Hit>>> {
        run(py, || {
            let index = self.read();
            let hashes = parsed(&index, &hashes)?;
            let found = index.nearest_many(&hashes, number, count(threads))?;
            Ok(found.iter().map(|found| hits(found)).collect())
        })
    }

    /// Returns every entry near any of the hashes, with the position of the nearest hash.
    #[pyo3(signature = (hashes, radius=None))]
    fn within_any(
        &self,
        py: Python<'_>,
        hashes: Vec<Hash>,
        radius: Option<u32>,
    ) -> PyResult<Vec<(usize, Hit)>> {
        run(py, || {
            let index = self.read();
            let radius = radius.unwrap_or(index.algorithm().threshold());
            let found = index.within_any(&parsed(&index, &hashes)?, radius)?;
            Ok(found.iter().map(|(position, found)| (*position, hit(found))).collect())
        })
    }

    /// Returns the first entry of every distinct hash near a hash, and the number of its entries.
    #[pyo3(signature = (hash, radius=None))]
    fn distinct_within(
        &self,
        py: Python<'_>,
        hash: Hash,
        radius: Option<u32>,
    ) -> PyResult<Vec<(Hit, usize)>> {
        run(py, || {
            let index = self.read();
            let radius = radius.unwrap_or(index.algorithm().threshold());
            let found = index.distinct_within(&hash.parse(index.algorithm())?, radius)?;
            Ok(found.iter().map(|found| (hit(&found.first), found.count)).collect())
        })
    }

    /// Returns the hashes with a minimum number of entries, and the number of their entries.
    fn repeated(&self, py: Python<'_>, minimum: usize) -> PyResult<Vec<(String, usize)>> {
        run(py, || {
            let repeated = self.read().repeated(minimum)?;
            Ok(repeated.iter().map(|(hash, count)| (hash.to_hex(), *count)).collect())
        })
    }

    #[pyo3(signature = (radius=None))]
    fn groups(&self, py: Python<'_>, radius: Option<u32>) -> PyResult<Vec<Vec<u32>>> {
        run(py, || {
            let mut index = self.write();
            let radius = radius.unwrap_or(index.algorithm().threshold());
            Ok(index.groups(radius)?)
        })
    }

    /// Returns the number, the hash and the payload of every entry, by their numbers.
    fn entries(&self, py: Python<'_>) -> PyResult<Vec<(u32, String, String)>> {
        run(py, || {
            let mut entries = Vec::new();
            self.read().each(|entry, hash, payload| {
                entries.push((entry, hash.to_hex(), payload.to_owned()));
            })?;
            entries.sort_unstable();
            Ok(entries)
        })
    }
}

impl Index {
    fn of(index: CoreIndex) -> Self {
        Self(RwLock::new(index))
    }

    // A panic leaves an index that is still valid.
    fn read(&self) -> RwLockReadGuard<'_, CoreIndex> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, CoreIndex> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }
}

fn within(index: &CoreIndex, hash: &BitHash, radius: Option<u32>) -> Result<Vec<Hit>, Error> {
    Ok(hits(&index.within(hash, radius.unwrap_or(index.algorithm().threshold()))?))
}

fn parsed(index: &CoreIndex, hashes: &[Hash]) -> Result<Vec<BitHash>, Error> {
    hashes.iter().map(|hash| hash.parse(index.algorithm())).collect()
}

fn hits(hits: &[search::Hit<'_>]) -> Vec<Hit> {
    hits.iter().map(hit).collect()
}

fn hit(hit: &search::Hit<'_>) -> Hit {
    let variant = hit.name_and_variant().1.map(|variant| variant.to_string());
    (hit.entry, hit.distance, hit.payload.to_owned(), variant)
}

fn count(threads: usize) -> NonZero<usize> {
    NonZero::new(threads).unwrap_or(NonZero::<usize>::MIN)
}
