//! A list that arrives in pieces gives the same hashes and errors as the whole list.

use ownprint::exchange::{
    self, CsvTable, FingerprintRecord, HashList, HashListReader, ListFormat, ListedHash,
};
use ownprint::search::Index;
use ownprint::{Error, HashAlgorithm, IndexReader, Selection};

use super::{pdq_line, records};

/// The hashes of a list, and the message of its error.
type Outcome = (Vec<ListedHash>, Option<String>);

fn whole(list: &[u8]) -> Outcome {
    let mut hashes = Vec::new();
    for listed in HashList::detecting(list) {
        match listed {
            Ok(hash) => hashes.push(hash),
            Err(error) => return (hashes, Some(error.to_string())),
        }
    }
    (hashes, None)
}

/// An error discards the hashes of its piece, so only the earlier ones are compared.
fn pushed<'a>(pieces: impl Iterator<Item = &'a [u8]>) -> Outcome {
    let mut hashes = Vec::new();
    let mut list = HashListReader::detecting();
    for piece in pieces {
        match list.update(piece) {
            Ok(more) => hashes.extend(more),
            Err(error) => {
                let again = list.update(b"pdq").unwrap_err().to_string();
                assert_eq!(again, error.to_string(), "a list that has ended");
                assert_eq!(list.finalize().unwrap_err().to_string(), again);
                return (hashes, Some(again));
            }
        }
    }
    match list.finalize() {
        Ok(more) => hashes.extend(more),
        Err(error) => return (hashes, Some(error.to_string())),
    }
    (hashes, None)
}

fn lists() -> Vec<String> {
    let selection: Selection = "pdq,phash,crop-resistant,md5".parse().unwrap();
    let mut records = records();
    let keep = |record: &mut FingerprintRecord| {
        record.hashes.retain(|hash| selection.hashes.contains(&hash.algorithm));
    };
    records.iter_mut().for_each(keep);
    let table = CsvTable::new(&selection);
    let rows: String = records.iter().map(|record| table.row(record)).collect();
    let lines: Vec<_> = records.iter().map(FingerprintRecord::to_json).collect();
    let pdq = pdq_line();
    vec![
        String::new(),
        format!("{pdq}\n{pdq}\r\n{pdq}"),
        format!("{}{rows}", table.header()),
        lines.join("\n"),
        format!("{}\n", lines.join("\r\n")),
        // Errors in the middle, in the first line and at the end.
        format!("{pdq}\n{pdq} \n{pdq}\n"),
        format!("{pdq}\n\n{pdq}\n"),
        format!("{}\n", pdq.to_uppercase()),
        format!("\u{feff}{pdq}\n"),
        format!("{pdq}\npdq 00"),
        format!("path,pdq\n\"a\n\"\"b\"\"\n\",{}\n\"c\"d,\n", &pdq[4..]),
        format!("path,pdq\n\"no end\n{}\n", &pdq[4..]),
        format!("{}\n{{\"schema\":1", lines[0]),
    ]
}

#[test]
fn a_list_split_at_any_position_gives_the_same_hashes() {
    let (mut mistakes, mut cuts) = (0, 0);
    for list in lists() {
        let list = list.as_bytes();
        let expected = whole(list);
        mistakes += usize::from(expected.1.is_some());
        let check = |outcome: Outcome, how: &str| {
            let shown = String::from_utf8_lossy(list);
            assert_eq!(outcome.1, expected.1, "{how}: {shown}");
            let is_start = expected.0.starts_with(&outcome.0);
            assert!(
                is_start && (expected.1.is_some() || outcome.0.len() == expected.0.len()),
                "{how}: {shown}"
            );
        };
        check(pushed([list].into_iter()), "whole");
        check(pushed(list.chunks(1)), "byte by byte");
        check(pushed(list.chunks(997)), "in pieces");
        // The list is long, so only some of the positions are tested.
        for at in (0..list.len()).step_by(list.len() / 500 + 1) {
            let (first, second) = list.split_at(at);
            check(pushed([first, &[], second].into_iter()), &format!("cut at {at}"));
            cuts += 1;
        }
    }
    assert!(mistakes == 8 && cuts > 1000, "{mistakes} mistakes, {cuts} cuts");
}

#[test]
fn only_incomplete_lines_are_buffered() {
    let line = format!("{}\n", pdq_line());
    let mut list = HashListReader::new(ListFormat::Exchange);
    let read: usize = (0..3).map(|_| list.update(line.as_bytes()).unwrap().len()).sum();
    assert_eq!((read, list.format()), (3, Some(ListFormat::Exchange)));
    // A record without an end is rejected at the maximum length, before memory is exhausted.
    let mut list = HashListReader::detecting();
    list.update(b"path,pdq\n\"").unwrap();
    let endless = vec![b'a'; 1 << 20];
    let refused =
        (0..).find_map(|megabytes| list.update(&endless).err().map(|error| (megabytes, error)));
    let (megabytes, error) = refused.unwrap();
    assert!((15..=16).contains(&megabytes), "after {megabytes} MiB");
    assert!(
        error.to_string().contains("the record exceeds the maximum of 16777216 bytes"),
        "{error}"
    );
}

#[test]
fn an_index_inserts_a_complete_list_or_nothing() {
    let pdq = pdq_line();
    let list = format!("{pdq}\n{pdq}\n");
    let mut index = Index::new(HashAlgorithm::PDQ).unwrap();
    let mut reader = IndexReader::new(HashAlgorithm::PDQ);
    list.as_bytes().chunks(7).for_each(|piece| reader.update(piece).unwrap());
    assert_eq!((reader.finalize(&mut index).unwrap(), index.len()), (2, 2));
    let mut reader = IndexReader::new(HashAlgorithm::PDQ);
    let error = reader.update(format!("{pdq}\npdq {}\n", "0".repeat(63)).as_bytes()).unwrap_err();
    assert_eq!(reader.finalize(&mut index).unwrap_err().to_string(), error.to_string());
    let mut reader = IndexReader::new(HashAlgorithm::PDQ);
    reader.update(format!("{pdq}\npdq 0").as_bytes()).unwrap();
    let error = reader.finalize(&mut index);
    assert!(matches!(error, Err(Error::Exchange(exchange::Error::InvalidRecord { line: 2, .. }))));
    let other = IndexReader::new("pdq-512".parse().unwrap());
    assert_eq!(other.finalize(&mut index).unwrap_err().code(), "not-comparable");
    assert_eq!(index.len(), 2);
}

#[test]
fn an_index_skips_hashes_of_low_quality() {
    let mut record = records().into_iter().find(|it| it.to_json().contains("\"pdq\"")).unwrap();
    for (quality, expected) in [(49, 0), (50, 1)] {
        record.hashes.retain(|hash| hash.algorithm == HashAlgorithm::PDQ);
        record.variants = None;
        for hash in &mut record.hashes {
            hash.quality = Some(ownprint::Quality::new(quality));
        }
        let line = record.to_json();
        let mut index = Index::new(HashAlgorithm::PDQ).unwrap();
        assert_eq!(ownprint::insert_list(&mut index, line.as_bytes()).unwrap(), expected);
        let mut reader = IndexReader::new(HashAlgorithm::PDQ);
        reader.update(line.as_bytes()).unwrap();
        assert_eq!(reader.finalize(&mut index).unwrap(), expected);
    }
}
