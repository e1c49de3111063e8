//! Records from CSV. The crate `csv` takes what RFC 4180 does not allow for text (quotation marks inside plain fields and
//! behind quoted ones, lone carriage returns) and knows no columns in characters, so rows are cut here.

use std::io::BufRead;
use std::iter::FusedIterator;

use super::fingerprint::check_count;
use super::lines::{Line, Lines};
use super::text::{Origin, Place, Text, shown};
use super::values;
use crate::record::csv::{PICTURE_COLUMNS, QUALITY_SUFFIX};
use crate::record::{FingerprintRecord, Notice};
use crate::{DigestAlgorithm, Error, HashAlgorithm, PerceptualHash, Picture, Quality, Size};

/// The records of a table that [`CsvTable`](crate::CsvTable) wrote, one row at a time.
///
/// The header decides the columns: any of the known ones, each once, in any order, so that a list of two columns is
/// read too. Rows are as RFC 4180 has them, ended by a line feed with or without a carriage return. The sentences of
/// warnings are not in the table; they are empty.
///
/// ```
/// use ownprint::CsvRecords;
///
/// let table = format!("path,pdq,pdq_quality\n\"a, b.jpg\",{},98\n", "0f".repeat(32));
/// let record = CsvRecords::new(table.as_bytes()).next().unwrap()?;
/// assert_eq!(record.path.as_deref(), Some("a, b.jpg"));
/// assert_eq!(record.hashes[0].quality.unwrap().value(), 98);
/// # Ok::<(), ownprint::Error>(())
/// ```
///
/// Every item may be [`Error::InvalidRecord`], or [`Error::Io`] of the reader; either is the last.
#[derive(Debug)]
pub struct CsvRecords<R> {
    lines: Lines<R>,
    columns: Option<Vec<Column>>,
    has_ended: bool,
}

impl<R: BufRead> CsvRecords<R> {
    /// Reads from `reader`.
    pub fn new(reader: R) -> Self {
        Self { lines: Lines::new(reader), columns: None, has_ended: false }
    }

    fn read(&mut self) -> Result<Option<FingerprintRecord>, Error> {
        let record = next_record(&mut self.lines, None, &mut self.columns)?;
        Ok(record.map(|(record, _)| record))
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

/// The next record and the line it starts in; `first` is a line that was taken already.
pub(super) fn next_record(
    lines: &mut Lines<impl BufRead>,
    mut first: Option<Line>,
    columns: &mut Option<Vec<Column>>,
) -> Result<Option<(FingerprintRecord, u64)>, Error> {
    loop {
        let Some(row) = Row::next(lines, first.take())? else { return Ok(None) };
        if row.raw.trim_end_matches(['\r', '\n']).is_empty() {
            return Err(
                row.error_at(0, "this line is empty; a table has a header and a row of fields in each line")
            );
        }
        match columns {
            None => *columns = Some(header(&row)?),
            Some(columns) => return Ok(Some((record(&row, columns)?, row.number))),
        }
    }
}

/// A row of fields.
#[derive(Debug)]
struct Row {
    raw: String,
    number: u64,
    fields: Vec<Field>,
}

#[derive(Debug, Default)]
struct Field {
    value: String,
    /// Where the value starts in the row.
    start: usize,
    /// Whether the row has these very characters there.
    is_verbatim: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    FieldStart,
    Plain,
    Quoted,
    /// Behind a quotation mark inside a quoted field: its end, or half of a doubled one.
    Closed,
}

impl Row {
    fn next(lines: &mut Lines<impl BufRead>, first: Option<Line>) -> Result<Option<Self>, Error> {
        let first = match first {
            Some(line) => line,
            None => match lines.next(0)? {
                Some(line) => line,
                None => return Ok(None),
            },
        };
        let mut row = Self { raw: String::new(), number: first.number, fields: vec![Field::default()] };
        let mut state = State::FieldStart;
        let mut line = first;
        loop {
            state = row.push(state, &line)?;
            if state != State::Quoted {
                return Ok(Some(row));
            }
            match lines.next(row.raw.len())? {
                Some(next) => line = next,
                None => return Err(row.error_at(row.last_start(), "this quoted field has no end")),
            }
        }
    }

    fn last_start(&self) -> usize {
        self.fields.last().map_or(0, |field| field.start.saturating_sub(1))
    }

    fn origin(&self) -> Origin<'_> {
        Origin::new(&self.raw, Place::line(self.number))
    }

    fn error_at(&self, byte: usize, detail: &str) -> Error {
        self.origin().skip(byte).error(detail)
    }

    /// Takes a line; the row ends with it unless a quoted field goes on.
    fn push(&mut self, mut state: State, line: &Line) -> Result<State, Error> {
        let before = self.raw.len();
        self.raw.push_str(&line.text);
        for (at, c) in line.text.char_indices() {
            let place = before + at;
            // The end of a line is the row's, or a quoted field's.
            if state != State::Quoted && at >= line.content().len() {
                break;
            }
            state = match (state, c) {
                (State::Quoted, '"') => State::Closed,
                (State::FieldStart, '"') => {
                    self.begin(place + 1);
                    State::Quoted
                }
                (State::Closed, '"') => {
                    self.take('"', false);
                    State::Quoted
                }
                (State::FieldStart | State::Plain | State::Closed, ',') => {
                    self.fields.push(Field { start: place + 1, is_verbatim: true, ..Field::default() });
                    State::FieldStart
                }
                (State::Quoted, c) => {
                    self.take(c, true);
                    State::Quoted
                }
                (_, '"') => {
                    return Err(self.error_at(
                        place,
                        "a field with a quotation mark is quoted whole, and its quotation marks are doubled",
                    ));
                }
                (_, '\r') => {
                    return Err(self.error_at(
                        place,
                        "a carriage return stands alone here; a field that has one is quoted",
                    ));
                }
                (State::Closed, _) => {
                    return Err(self.error_at(place, "a comma or the line's end follows a quoted field"));
                }
                (State::FieldStart, c) => {
                    self.begin(place);
                    self.take(c, true);
                    State::Plain
                }
                (State::Plain, c) => {
                    self.take(c, true);
                    State::Plain
                }
            };
        }
        Ok(state)
    }

    fn begin(&mut self, start: usize) {
        if let Some(field) = self.fields.last_mut() {
            (field.start, field.is_verbatim) = (start, true);
        }
    }

    fn take(&mut self, c: char, is_verbatim: bool) {
        if let Some(field) = self.fields.last_mut() {
            field.value.push(c);
            field.is_verbatim &= is_verbatim;
        }
    }

    fn texts(&self) -> impl Iterator<Item = Text<'_>> {
        self.fields.iter().map(|field| {
            let origin = self.origin().skip(field.start);
            if field.is_verbatim {
                Text::verbatim(&field.value, origin)
            } else {
                Text::unescaped(field.value.clone(), origin)
            }
        })
    }
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Column {
    Path,
    /// A place in [`PICTURE_COLUMNS`].
    Picture(usize),
    Hash(HashAlgorithm),
    Quality(HashAlgorithm),
    Digest(DigestAlgorithm),
    Warnings,
    Decoder,
    Exact,
    ErrorCode,
    ErrorMessage,
}

impl Column {
    fn of(name: &Text<'_>) -> Result<Self, Error> {
        if let Some(place) = PICTURE_COLUMNS.iter().position(|column| *column == name.value) {
            return Ok(Self::Picture(place));
        }
        let algorithm =
            |name: &str| name.parse::<HashAlgorithm>().ok().filter(|algorithm| algorithm.name() == name);
        Ok(match name.value.as_ref() {
            "path" => Self::Path,
            "warnings" => Self::Warnings,
            "decoder" => Self::Decoder,
            "exact" => Self::Exact,
            "error_code" => Self::ErrorCode,
            "error_message" => Self::ErrorMessage,
            other => {
                let quality = other.strip_suffix(QUALITY_SUFFIX).and_then(algorithm).map(Self::Quality);
                let hash = || algorithm(other).map(Self::Hash);
                let digest = || other.parse().ok().map(Self::Digest);
                quality.or_else(hash).or_else(digest).ok_or_else(|| {
                    let shown = shown(other);
                    name.error(format!(
                        "there is no column {shown}; a header names path, hashes, digests and the like"
                    ))
                })?
            }
        })
    }

    /// Whether a header begins with the name of a column.
    pub(super) fn is_name(name: &str) -> bool {
        Self::of(&Text::verbatim(name, Origin::new(name, Place::START))).is_ok()
    }
}

fn header(row: &Row) -> Result<Vec<Column>, Error> {
    let mut columns = Vec::with_capacity(row.fields.len());
    for name in row.texts() {
        let column = Column::of(&name)?;
        if columns.contains(&column) {
            return Err(name.error(format!("the column {} stands here a second time", shown(&name.value))));
        }
        columns.push(column);
    }
    for (at, column) in columns.iter().enumerate() {
        let needs = match *column {
            Column::Quality(algorithm) => Column::Hash(algorithm),
            Column::ErrorMessage => Column::ErrorCode,
            Column::Exact => Column::Decoder,
            _ => continue,
        };
        if let Some(name) = row.texts().nth(at).filter(|_| !columns.contains(&needs)) {
            return Err(
                name.error(format!("the column {} stands without the one it belongs to", shown(&name.value)))
            );
        }
    }
    Ok(columns)
}

/// The fields of a row by their columns.
struct Fields<'a> {
    columns: &'a [Column],
    texts: Vec<Text<'a>>,
}

impl Fields<'_> {
    /// The field of a column, where it is there and not empty.
    fn get(&self, column: Column) -> Option<&Text<'_>> {
        let place = self.columns.iter().position(|it| *it == column)?;
        self.texts.get(place).filter(|text| !text.value.is_empty())
    }

    fn owned(&self, column: Column) -> Option<String> {
        self.get(column).map(|text| text.value.clone().into_owned())
    }
}

fn record(row: &Row, columns: &[Column]) -> Result<FingerprintRecord, Error> {
    let (wanted, given) = (columns.len(), row.fields.len());
    if wanted != given {
        let last = row.fields.get(wanted.min(given.saturating_sub(1))).map_or(0, |field| field.start);
        return Err(row.error_at(last, &format!("the header has {wanted} columns, this row {given} fields")));
    }
    let fields = Fields { columns, texts: row.texts().collect() };
    let mut record = FingerprintRecord { path: fields.owned(Column::Path), ..FingerprintRecord::default() };
    if let Some(code) = fields.get(Column::ErrorCode) {
        let is_result =
            |column: &Column| !matches!(column, Column::Path | Column::ErrorCode | Column::ErrorMessage);
        if let Some(field) = columns.iter().filter(|it| is_result(it)).find_map(|&column| fields.get(column))
        {
            return Err(field.error("a row with an error has nothing else but a path"));
        }
        let message = fields.owned(Column::ErrorMessage).unwrap_or_default();
        record.error = Some(Notice { code: values::code(code)?, message });
        return Ok(record);
    }
    if let Some(message) = fields.get(Column::ErrorMessage) {
        return Err(message.error("an error has a code, which is missing here"));
    }
    record.picture = picture(row, &fields)?;
    for &column in columns {
        match column {
            Column::Hash(algorithm) => record.hashes.extend(hash(algorithm, &fields)?),
            Column::Digest(algorithm) => {
                let digest = fields.get(column).map(|text| values::digest(algorithm, text));
                record.digests.extend(digest.transpose()?);
            }
            _ => {}
        }
    }
    if let Some(codes) = fields.get(Column::Warnings) {
        for code in codes.split(' ', usize::MAX) {
            record.warnings.push(Notice { code: values::code(&code)?, message: String::new() });
        }
    }
    record.by_platform = by_platform(&fields)?;
    Ok(record)
}

fn hash(algorithm: HashAlgorithm, fields: &Fields<'_>) -> Result<Option<PerceptualHash>, Error> {
    let quality = fields.get(Column::Quality(algorithm));
    let Some(text) = fields.get(Column::Hash(algorithm)) else {
        return match quality {
            Some(quality) => Err(quality.error(format!("a quality stands without its {algorithm} hash"))),
            None => Ok(None),
        };
    };
    let pieces = text.split(' ', usize::MAX);
    let values = pieces.iter().map(|it| values::hash(algorithm, it)).collect::<Result<Vec<_>, _>>()?;
    check_count(algorithm, values.len()).map_err(|detail| text.error(detail))?;
    let quality = quality.map(|it| values::number("a quality", it, 0, values::LARGEST_QUALITY));
    let quality: Option<Quality> = quality.transpose()?.map(values::quality);
    Ok(Some(PerceptualHash::new(algorithm, values, quality)))
}

fn picture(row: &Row, fields: &Fields<'_>) -> Result<Option<Picture>, Error> {
    let get = |name: &str| {
        let place = PICTURE_COLUMNS.iter().position(|column| *column == name)?;
        fields.get(Column::Picture(place))
    };
    let Some(width) = get("width") else {
        return match PICTURE_COLUMNS.into_iter().find_map(get) {
            Some(field) => Err(field.error("a picture has a width, which is missing here")),
            None => Ok(None),
        };
    };
    let need = |name: &str| {
        get(name).ok_or_else(|| {
            row.error_at(0, &format!("a picture has a value in the column \"{name}\", here is none"))
        })
    };
    let side = |text: &Text<'_>| values::number("a side", text, 1, u32::MAX.into()).map(|side| side as u32);
    let truth = |text: &Text<'_>| match text.value.as_ref() {
        "true" => Ok(true),
        "false" => Ok(false),
        other => Err(text.error(format!("damaged is true, false or empty, not {}", shown(other)))),
    };
    let rgb_md5 = get("rgb_md5").map(|text| values::digest(DigestAlgorithm::Md5, text)).transpose()?;
    Ok(Some(Picture {
        format: get("format").map(values::format).transpose()?,
        stored: Size { width: side(need("stored_width")?)?, height: side(need("stored_height")?)? },
        size: Size { width: side(width)?, height: side(need("height")?)? },
        orientation: values::orientation(values::number("an orientation", need("orientation")?, 1, 8)?),
        order: values::pixel_order(need("pixels")?)?,
        damaged: get("damaged").map(truth).transpose()?.unwrap_or_default(),
        rgb_md5: rgb_md5.map(|digest| digest.to_hex()),
    }))
}

fn by_platform(fields: &Fields<'_>) -> Result<bool, Error> {
    let (decoder, exact) = (fields.get(Column::Decoder), fields.get(Column::Exact));
    match (decoder, exact) {
        (None, None) => Ok(false),
        (Some(decoder), Some(exact)) if decoder.value == "platform" && exact.value == "false" => Ok(true),
        (Some(field), _) | (None, Some(field)) => {
            Err(field.error("the decoder is \"platform\" and exact is \"false\", or both are empty"))
        }
    }
}
