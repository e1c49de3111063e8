//! Readers return a result for any bytes, and every error has a position.

use ownprint::Selection;
use ownprint::exchange::{
    CsvRecords, CsvTable, Error, FingerprintRecord, HashList, ListFormat, StopNciiPage,
    threatexchange, vpdq,
};
use proptest::prelude::*;
use proptest::sample::Index;

use super::{pdq_line, place, records};

/// Valid texts in every format.
fn sound() -> Vec<String> {
    let pdq = pdq_line().split_off(4);
    let small: Selection = "pdq,pdq-dihedral,md5".parse().unwrap();
    let table = CsvTable::new(&small);
    let rows: String = records().iter().map(|record| table.row(record)).collect();
    vec![
        records().iter().take(4).map(|record| record.to_json() + "\n").collect(),
        table.header() + &rows,
        format!("{0}\n{0}\n", pdq_line()),
        format!("42,98,{pdq},1.402"),
        format!("[\"{pdq},98,1.4\", \"{pdq},0,1.23e+02\"]"),
        format!(
            r#"{{"count":1,"nextPageToken":null,"nextSetTimestamp":9,"hasMoreRecords":false,"hashRecords":[{{"lastModtimestamp":7,"signalType":"ImagePDQ","hashValue":"{pdq}","hashStatus":"Active","caseNumbers":{{"1":"Active"}},"CSPFeedbacks":[{{"feedbackValue":"None","tags":["a"],"source":"b"}}]}}]}}"#
        ),
    ]
}

fn answer<T>(result: Result<T, Error>, lines: u64, longest: u64) -> bool {
    let Err(error) = result else { return true };
    let (line, column) = place(&error);
    assert!((1..=lines + 1).contains(&line) && (1..=longest + 1).contains(&column), "{error}");
    false
}

/// Passes bytes to every reader.
fn read_all(bytes: &[u8]) {
    let lines = bytes.split(|&byte| byte == b'\n').count() as u64;
    let longest =
        bytes.split(|&byte| byte == b'\n').map(<[u8]>::len).max().unwrap_or_default() as u64;
    for format in ListFormat::ALL {
        let read = HashList::new(bytes, format).collect::<Result<Vec<_>, _>>();
        if let Ok(read) = &read {
            assert!(
                read.iter().all(|it| it.value.bits() == it.algorithm.bits() && it.line <= lines)
            );
        }
        answer(read, lines, longest);
    }
    answer(HashList::detecting(bytes).collect::<Result<Vec<_>, _>>(), lines, longest);
    answer(CsvRecords::new(bytes).collect::<Result<Vec<_>, _>>(), lines, longest);
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Ok(record) = FingerprintRecord::from_json(text) {
        assert_eq!(FingerprintRecord::from_json(&record.to_json()).unwrap(), record);
    }
    answer(FingerprintRecord::from_json(text), lines, longest);
    answer(threatexchange::from_line(text), lines, longest);
    answer(StopNciiPage::from_json(text), lines, longest);
    answer(vpdq::features_from_json(text), lines, longest);
    answer(vpdq::frame_from_line(text), lines, longest);
}

#[derive(Debug, Clone)]
enum Change {
    Remove(Index, usize),
    Put(Index, Vec<u8>),
    Swap(Index, u8),
    Repeat(Index, usize),
    Cut(Index),
}

fn changes() -> impl Strategy<Value = Vec<Change>> {
    let pieces = prop::sample::select(vec![
        "\"",
        "\"\"",
        ",",
        "\n",
        "\r",
        "\r\n",
        "{",
        "}",
        "[",
        "]",
        "\\u0000",
        "\\ud800",
        "\u{feff}",
        "é",
        "0",
        "-",
        "e9",
        "null",
        "pdq ",
        "\"schema\":1,",
        "\u{0}",
        "\t",
        " ",
    ]);
    let put = prop_oneof![
        pieces.prop_map(|piece| piece.as_bytes().to_vec()),
        prop::collection::vec(any::<u8>(), 1..4)
    ];
    let change = prop_oneof![
        (any::<Index>(), 1..40_usize).prop_map(|(at, length)| Change::Remove(at, length)),
        (any::<Index>(), put).prop_map(|(at, bytes)| Change::Put(at, bytes)),
        (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Change::Swap(at, byte)),
        (any::<Index>(), 1..80_usize).prop_map(|(at, length)| Change::Repeat(at, length)),
        any::<Index>().prop_map(Change::Cut),
    ];
    prop::collection::vec(change, 1..4)
}

fn apply(bytes: &mut Vec<u8>, change: &Change) {
    if bytes.is_empty() {
        return;
    }
    let length = bytes.len();
    match change {
        Change::Remove(at, count) => {
            let at = at.index(length);
            bytes.drain(at..length.min(at + count));
        }
        Change::Put(at, put) => {
            let at = at.index(length);
            bytes.splice(at..at, put.iter().copied());
        }
        Change::Swap(at, byte) => bytes[at.index(length)] = *byte,
        Change::Repeat(at, count) => {
            let at = at.index(length);
            let piece = bytes[at..length.min(at + count)].to_vec();
            bytes.splice(at..at, piece);
        }
        Change::Cut(at) => bytes.truncate(at.index(length)),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_bytes(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        read_all(&bytes);
    }

    #[test]
    fn random_text(text in "[{}\\[\\]\",:a-f0-9 \\\\\n\ré\u{feff}-]{0,120}") {
        read_all(text.as_bytes());
    }
}

#[test]
fn changed_texts() {
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig {
        cases: 4000,
        failure_persistence: None,
        ..ProptestConfig::default()
    });
    let sound = sound();
    for text in &sound {
        read_all(text.as_bytes());
    }
    let result = runner.run(&(0..sound.len(), changes()), |(which, changes)| {
        let mut bytes = sound[which].clone().into_bytes();
        for change in &changes {
            apply(&mut bytes, change);
        }
        read_all(&bytes);
        Ok(())
    });
    result.unwrap();
}

#[test]
fn cut_texts() {
    for text in sound() {
        for length in 0..text.len() {
            read_all(&text.as_bytes()[..length]);
        }
    }
}
