//! Reads records from CSV.

use std::collections::BTreeMap;
use std::io::BufRead;
use std::iter::FusedIterator;

use ownprint_hash::{
    DigestAlgorithm, HashAlgorithm, PerceptualHash, Quality, VariantHashes, VideoFingerprint,
};
use ownprint_pixels::{ImageInfo, Size};

use super::fingerprint::check_count;
use super::lines::Lines;
use super::rows::Row;
use super::text::{Origin, Position, Text, check_items, shown};
use super::values;
use super::variants;
use super::video;
use crate::csv::{IMAGE_COLUMNS, QUALITY_SUFFIX, VARIANT_COLUMNS, VIDEO_COLUMNS};
use crate::error::Error;
use crate::fingerprint::{Decoder, Diagnostic, FingerprintRecord};

/// Reads the records of a table that [`CsvTable`](crate::CsvTable) wrote, one row at a time.
///
/// The header names the columns: any known ones, each once, in any order, so lists of two columns
/// are valid too. Rows follow RFC 4180; line ends are LF or CR LF. The messages of warnings are not
/// in the table and are empty.
///
/// ```
/// use ownprint_exchange::CsvRecords;
///
/// let table = format!("path,pdq,pdq_quality\n\"a, b.jpg\",{},98\n", "0f".repeat(32));
/// let record = CsvRecords::new(table.as_bytes()).next().unwrap()?;
/// assert_eq!(record.path.as_deref(), Some("a, b.jpg"));
/// assert_eq!(record.hashes[0].quality.unwrap().value(), 98);
/// # Ok::<(), ownprint_exchange::Error>(())
/// ```
///
/// An item may be [`Error::InvalidRecord`], or [`Error::Io`] if the reader fails; an error is the
/// last item.
#[derive(Debug)]
pub struct CsvRecords<R> {
    lines: Lines<R>,
    table: Table,
    has_ended: bool,
}

impl<R: BufRead> CsvRecords<R> {
    /// Creates a reader of the table in `reader`.
    pub fn new(reader: R) -> Self {
        Self { lines: Lines::new(reader), table: Table::default(), has_ended: false }
    }

    fn read(&mut self) -> Result<Option<FingerprintRecord>, Error> {
        Ok(self.table.next(&mut self.lines)?.map(|row| row.record))
    }
}

impl<R: BufRead> Iterator for CsvRecords<R> {
    type Item = Result<FingerprintRecord, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.has_ended {
            return None;
        }
        let next = self.read().transpose();
        self.has_ended = !matches!(next, Some(Ok(_)));
        next
    }
}

impl<R: BufRead> FusedIterator for CsvRecords<R> {}

/// A table that is being read.
#[derive(Debug, Default)]
pub(super) struct Table {
    /// The columns, once the header was read.
    pub(super) columns: Option<Columns>,
    /// A row whose quoted field continues on lines that are not there yet.
    open: Option<Row>,
}

/// A record of a table.
#[derive(Debug)]
pub(super) struct TableRecord {
    pub(super) record: FingerprintRecord,
    /// The number of its first line.
    pub(super) line: u64,
    /// The length of its row in bytes.
    pub(super) bytes: usize,
}

impl Table {
    /// Returns the next record.
    pub(super) fn next(
        &mut self,
        lines: &mut Lines<impl BufRead>,
    ) -> Result<Option<TableRecord>, Error> {
        loop {
            let Some(row) = Row::next(lines, &mut self.open)? else { return Ok(None) };
            if row.raw.trim_end_matches(['\r', '\n']).is_empty() {
                let detail = "empty line; a table has a header and one row of fields per line";
                return Err(row.error_at(0, detail));
            }
            let Some(columns) = &self.columns else {
                self.columns = Some(header(&row)?);
                continue;
            };
            let (line, bytes) = (row.number, row.raw.len());
            return Ok(Some(TableRecord { record: record(&row, columns)?, line, bytes }));
        }
    }
}

/// The content of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Column {
    Path,
    /// An index of [`IMAGE_COLUMNS`].
    Image(usize),
    Hash(HashAlgorithm),
    Quality(HashAlgorithm),
    /// An index of [`VARIANT_COLUMNS`].
    Variants(usize),
    /// An index of [`VIDEO_COLUMNS`].
    Video(usize),
    Digest(DigestAlgorithm),
    Warnings,
    Decoder,
    Deterministic,
    ErrorCode,
    ErrorMessage,
}

impl Column {
    fn of(name: &Text<'_>) -> Result<Self, Error> {
        if let Some(index) = IMAGE_COLUMNS.iter().position(|column| *column == name.value) {
            return Ok(Self::Image(index));
        }
        if let Some(index) = VARIANT_COLUMNS.iter().position(|column| *column == name.value) {
            return Ok(Self::Variants(index));
        }
        if let Some(index) = VIDEO_COLUMNS.iter().position(|column| *column == name.value) {
            return Ok(Self::Video(index));
        }
        let algorithm = |name: &str| {
            name.parse::<HashAlgorithm>().ok().filter(|algorithm| algorithm.name() == name)
        };
        Ok(match name.value.as_ref() {
            "path" => Self::Path,
            "warnings" => Self::Warnings,
            "decoder" => Self::Decoder,
            "deterministic" => Self::Deterministic,
            "error_code" => Self::ErrorCode,
            "error_message" => Self::ErrorMessage,
            other => {
                let quality =
                    other.strip_suffix(QUALITY_SUFFIX).and_then(algorithm).map(Self::Quality);
                let hash = || algorithm(other).map(Self::Hash);
                let digest = || other.parse().ok().map(Self::Digest);
                quality.or_else(hash).or_else(digest).ok_or_else(|| {
                    let shown = shown(other);
                    name.error(format!(
                        "unknown column {shown}; a header contains path, hashes, digests and the like"
                    ))
                })?
            }
        })
    }

    /// Returns `true` if `name` is the name of a column.
    pub(super) fn is_name(name: &str) -> bool {
        Self::of(&Text::verbatim(name, Origin::new(name, Position::START))).is_ok()
    }
}

/// The columns of a table, in order and by content.
#[derive(Debug, Default)]
pub(super) struct Columns {
    order: Vec<Column>,
    positions: BTreeMap<Column, usize>,
}

fn header(row: &Row) -> Result<Columns, Error> {
    let mut columns = Columns::default();
    for (position, name) in row.texts().enumerate() {
        let column = Column::of(&name)?;
        if columns.positions.insert(column, position).is_some() {
            return Err(name.error(format!("the column {} is repeated", shown(&name.value))));
        }
        columns.order.push(column);
    }
    for (column, name) in columns.order.iter().zip(row.texts()) {
        let needs = match *column {
            // Each of the three requires the next.
            Column::Variants(index) => Column::Variants((index + 1) % VARIANT_COLUMNS.len()),
            Column::Video(index) => Column::Video(1 - index),
            Column::Quality(algorithm) => Column::Hash(algorithm),
            Column::ErrorMessage => Column::ErrorCode,
            Column::Deterministic => Column::Decoder,
            _ => continue,
        };
        if !columns.positions.contains_key(&needs) {
            let shown = shown(&name.value);
            return Err(
                name.error(format!("the column {shown} requires another column, which is missing"))
            );
        }
    }
    Ok(columns)
}

/// The fields of a row, by column.
struct Fields<'a> {
    columns: &'a Columns,
    texts: Vec<Text<'a>>,
}

impl Fields<'_> {
    /// Returns the field of a column, if it exists and is not empty.
    fn get(&self, column: Column) -> Option<&Text<'_>> {
        let position = *self.columns.positions.get(&column)?;
        self.texts.get(position).filter(|text| !text.value.is_empty())
    }

    fn owned(&self, column: Column) -> Option<String> {
        self.get(column).map(|text| text.value.clone().into_owned())
    }
}

fn record(row: &Row, columns: &Columns) -> Result<FingerprintRecord, Error> {
    let (wanted, given) = (columns.order.len(), row.fields.len());
    if wanted != given {
        let last =
            row.fields.get(wanted.min(given.saturating_sub(1))).map_or(0, |field| field.start);
        return Err(
            row.error_at(last, &format!("the header has {wanted} columns, found {given} fields"))
        );
    }
    let fields = Fields { columns, texts: row.texts().collect() };
    let mut record =
        FingerprintRecord { path: fields.owned(Column::Path), ..FingerprintRecord::default() };
    if let Some(code) = fields.get(Column::ErrorCode) {
        let message = fields.owned(Column::ErrorMessage).unwrap_or_default();
        record.error = Some(Diagnostic { code: values::code(code)?, message });
    } else if let Some(message) = fields.get(Column::ErrorMessage) {
        return Err(message.error("an error must have a code, which is missing"));
    }
    record.image = image(row, &fields)?;
    for &column in &columns.order {
        match column {
            Column::Hash(algorithm) => record.hashes.extend(hash(algorithm, &fields)?),
            Column::Digest(algorithm) => {
                let digest = fields.get(column).map(|text| values::digest(algorithm, text));
                record.digests.extend(digest.transpose()?);
            }
            _ => {}
        }
    }
    record.variants = variant_set(&fields)?;
    record.video = video_of(&fields)?;
    if let Some(codes) = fields.get(Column::Warnings) {
        check_number(codes, "warnings")?;
        for code in codes.split(' ', usize::MAX) {
            record.warnings.push(Diagnostic { code: values::code(&code)?, message: String::new() });
        }
    }
    record.decoder = decoder(&fields)?;
    if is_nondeterministic(&fields, &record)? {
        record.set_nondeterministic();
    }
    Ok(record)
}

/// Checks the number of values in a field before they are read.
fn check_number(text: &Text<'_>, what: &str) -> Result<(), Error> {
    let number = 1 + text.value.matches(' ').count();
    check_items(number, what).map_err(|detail| text.error(detail))
}

fn hash(algorithm: HashAlgorithm, fields: &Fields<'_>) -> Result<Option<PerceptualHash>, Error> {
    let quality = fields.get(Column::Quality(algorithm));
    let Some(text) = fields.get(Column::Hash(algorithm)) else {
        return match quality {
            Some(quality) => {
                Err(quality.error(format!("there is a quality, but no {algorithm} hash")))
            }
            None => Ok(None),
        };
    };
    check_number(text, "hashes")?;
    let pieces = text.split(' ', usize::MAX);
    let values = pieces.map(|it| values::hash(algorithm, &it)).collect::<Result<Vec<_>, _>>()?;
    check_count(algorithm, values.len()).map_err(|detail| text.error(detail))?;
    let quality = quality.map(|it| values::number("a quality", it, 0, values::LARGEST_QUALITY));
    let quality: Option<Quality> = quality.transpose()?.map(values::quality);
    Ok(Some(PerceptualHash::new(algorithm, values, quality)))
}

fn variant_set(fields: &Fields<'_>) -> Result<Option<VariantHashes>, Error> {
    match [0, 1, 2].map(|index| fields.get(Column::Variants(index))) {
        [None, None, None] => Ok(None),
        [Some(names), Some(hashes), Some(qualities)] => {
            variants::of_fields(names, hashes, qualities).map(Some)
        }
        [first, second, third] => match first.or(second).or(third) {
            Some(field) => {
                Err(field.error("variants have names, hashes and qualities, or none of them"))
            }
            None => Ok(None),
        },
    }
}

fn video_of(fields: &Fields<'_>) -> Result<Option<VideoFingerprint>, Error> {
    match (fields.get(Column::Video(0)), fields.get(Column::Video(1))) {
        (Some(facts), frames) => video::of_fields(facts, frames).map(Some),
        (None, Some(frames)) => Err(frames.error("there are frames, but no video")),
        (None, None) => Ok(None),
    }
}

fn image(row: &Row, fields: &Fields<'_>) -> Result<Option<ImageInfo>, Error> {
    let get = |name: &str| {
        let index = IMAGE_COLUMNS.iter().position(|column| *column == name)?;
        fields.get(Column::Image(index))
    };
    let Some(width) = get("width") else {
        return match IMAGE_COLUMNS.into_iter().find_map(get) {
            Some(field) => Err(field.error("an image must have a width, which is missing")),
            None => Ok(None),
        };
    };
    let need = |name: &str| {
        get(name).ok_or_else(|| {
            row.error_at(
                0,
                &format!("an image must have a value in the column \"{name}\", found none"),
            )
        })
    };
    let length = |text: &Text<'_>, what: &str| {
        values::number(what, text, 1, u32::MAX.into()).map(|it| it as u32)
    };
    let truth = |name: &str, text: &Text<'_>| match text.value.as_ref() {
        "true" => Ok(true),
        "false" => Ok(false),
        other => Err(text.error(format!("{name} must be true or false, found {}", shown(other)))),
    };
    let rgb_md5 =
        get("rgb_md5").map(|text| values::digest(DigestAlgorithm::Md5, text)).transpose()?;
    let mut image = ImageInfo::from_parts(
        get("format").map(values::format).transpose()?,
        Size {
            width: length(need("stored_width")?, "a width")?,
            height: length(need("stored_height")?, "a height")?,
        },
        Size { width: length(width, "a width")?, height: length(need("height")?, "a height")? },
        values::orientation(values::number("an orientation", need("orientation")?, 1, 8)?),
        truth("orientation_applied", need("orientation_applied")?)?,
    );
    image.damaged =
        get("damaged").map(|text| truth("damaged", text)).transpose()?.unwrap_or_default();
    image.rgb_md5 = rgb_md5.map(|digest| digest.to_hex());
    Ok(Some(image))
}

fn decoder(fields: &Fields<'_>) -> Result<Option<Decoder>, Error> {
    let Some(text) = fields.get(Column::Decoder) else { return Ok(None) };
    if text.value == Decoder::PLATFORM {
        return Ok(Some(Decoder::Platform));
    }
    let words: Vec<_> = text.split(' ', 3).collect();
    match words.as_slice() {
        [name, revision] if name.value == Decoder::OWNPRINT => {
            let largest = Decoder::LARGEST_REVISION.into();
            let revision = values::number("the revision of a decoder", revision, 1, largest)?;
            Ok(Some(Decoder::Ownprint { revision: revision as u32 }))
        }
        _ => Err(text
            .error("the decoder must be \"platform\", or \"ownprint\" with a revision, or empty")),
    }
}

/// Checks the column `deterministic`, which is empty or `false`.
fn is_nondeterministic(fields: &Fields<'_>, record: &FingerprintRecord) -> Result<bool, Error> {
    let is_by_platform = record.decoder == Some(Decoder::Platform);
    match (fields.get(Column::Deterministic), fields.get(Column::Decoder)) {
        (None, Some(decoder)) if is_by_platform => {
            Err(decoder.error("with the decoder \"platform\", deterministic must be \"false\""))
        }
        (None, _) => Ok(false),
        (Some(text), _) if text.value != "false" => {
            Err(text.error("deterministic must be \"false\" or empty"))
        }
        (Some(text), _) if !is_by_platform && record.image.is_none() => {
            Err(text.error("deterministic must be empty, because there is no image"))
        }
        (Some(_), _) => Ok(true),
    }
}
