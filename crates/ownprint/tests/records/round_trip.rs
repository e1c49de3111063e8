//! Written records are read back unchanged.

use std::io::{self, BufReader, Read};

use ownprint::exchange::{
    CsvRecords, CsvTable, Decoder, Diagnostic, Error, FingerprintRecord, HashList, ListFormat,
    StopNciiFeedback, StopNciiFeedbackValue, StopNciiHash, StopNciiPage, StopNciiRecord,
    StopNciiSignal, StopNciiStatus, threatexchange, vpdq,
};
use ownprint::hash::{VpdqFeature, VpdqFrame};
use ownprint::{
    DigestAlgorithm, ExifOrientation, Fingerprinter, HashAlgorithm, PixelFormat, Pixels, Quality,
    Selection,
};
use serde_json::{Value, json};

use super::{everything, pdq_line, records, without_sentences};

fn table() -> (CsvTable, String) {
    let table = CsvTable::new(&Selection { vpdq: true, ..everything() });
    let text = records().iter().map(|record| table.row(record)).collect::<String>();
    let text = table.header() + &text;
    (table, text)
}

#[test]
fn json_round_trips() {
    for record in records() {
        let text = record.to_json();
        let read = FingerprintRecord::from_json(&text).unwrap();
        assert_eq!(read, record);
        assert_eq!(read.to_json(), text);
        let spaced = text.replace("\":", "\"\r\n\t: ");
        assert_eq!(FingerprintRecord::from_json(&spaced).unwrap(), record);
    }
}

#[test]
fn a_fingerprint_has_the_json_of_its_record_without_a_path() {
    let fingerprint = ownprint::fingerprint_bytes(b"no image").unwrap();
    assert_eq!(fingerprint.to_record().to_json(), fingerprint.to_json());
    assert!(fingerprint.to_json().starts_with("{\"schema\":1,"));
}

#[test]
fn a_fingerprint_of_pixels_has_these_members() {
    let grey: Vec<u8> = (0..80 * 60).map(|at| (at * at / 7) as u8).collect();
    let pixels = Pixels::new(&grey, 80, 60, PixelFormat::L8).unwrap();
    let fingerprinter = Fingerprinter::builder().hashes(HashAlgorithm::all()).rgb_md5(true).build();
    let fingerprint =
        fingerprinter.fingerprint_pixels(&pixels, ExifOrientation::Rotated90).unwrap();
    let text = fingerprint.to_json();
    assert!(!text.contains('\n'));
    let object: Value = serde_json::from_str(&text).unwrap();
    let keys: Vec<_> = object.as_object().unwrap().keys().collect();
    let expected = "schema format width height orientation stored_width stored_height orientation_applied \
                    rgb_md5 hashes digests warnings";
    assert_eq!(keys, expected.split(' ').collect::<Vec<_>>());
    assert_eq!(object["format"], Value::Null);
    assert_eq!((&object["width"], &object["stored_width"]), (&json!(60), &json!(80)));
    let pdq = fingerprint.image().unwrap().pdq().unwrap();
    let expected = json!({ "hex": pdq.hash.to_hex(), "quality": pdq.quality.value() });
    assert_eq!(object["hashes"]["pdq"], expected);
    assert_eq!(object["hashes"]["pdq-dihedral"]["hex"].as_array().unwrap().len(), 8);
    assert_eq!(object["digests"], json!({}));
}

#[test]
fn an_error_is_a_diagnostic() {
    let error = ownprint::Error::from("\u{7}".parse::<HashAlgorithm>().unwrap_err());
    let expected = json!({ "code": "unknown-algorithm", "message": error.to_string() });
    let text = Diagnostic::from(&error).to_json();
    assert!(!text.contains('\n'));
    assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), expected);
}

#[test]
fn csv_round_trips_without_the_messages_of_warnings() {
    let (table, text) = table();
    let read: Vec<_> = CsvRecords::new(text.as_bytes()).collect::<Result<_, _>>().unwrap();
    // The CSV of the command line has no columns for the decoder and `deterministic`.
    let expected = records().into_iter().map(|mut record| {
        record.decoder = None;
        record.image.iter_mut().for_each(|image| image.deterministic = true);
        without_sentences(record)
    });
    assert_eq!(read, expected.collect::<Vec<_>>());
    let again: String = read.iter().map(|record| table.row(record)).collect();
    assert_eq!(table.header() + &again, text);
    let windows = text.replace("Kopie\n", "Kopie ").replace('\n', "\r\n");
    let rows: Vec<_> = CsvRecords::new(windows.as_bytes()).collect::<Result<_, _>>().unwrap();
    assert_eq!(rows[1..5], read[1..5]);
    assert_eq!(rows.len(), read.len());
}

#[test]
fn a_csv_table_of_the_web_page_is_read() {
    let hash = pdq_line().split_off(4);
    let md5 = "0".repeat(32);
    let text = format!(
        "path,format,width,height,orientation,stored_width,stored_height,orientation_applied,damaged,decoder,deterministic,pdq,\
         pdq_quality,md5,warnings\nImage 1,heic,80,60,1,80,60,true,,platform,false,{hash},100,{md5},\n\
         Image 2,,,,,,,,,,,,,{md5},not-an-image\n\
         Image 3,jxl,80,60,1,80,60,true,,ownprint 2,false,{hash},100,{md5},\n"
    );
    let read: Vec<_> = CsvRecords::new(text.as_bytes()).collect::<Result<_, _>>().unwrap();
    assert_eq!((read[0].decoder, read[1].decoder), (Some(Decoder::Platform), None));
    assert_eq!(read[2].decoder, Some(Decoder::Ownprint { revision: 2 }));
    assert!(read.iter().all(|it| it.image.as_ref().is_none_or(|image| !image.deterministic)));
    for (wrong, message) in [
        (",ownprint 2,", ",ownprint,"),
        (",ownprint 2,", ",ownprint 0,"),
        (",ownprint 2,", ",ownprint 1 2,"),
        (",platform,false", ",platform,"),
        (",ownprint 2,false", ",ownprint 2,true"),
        ("Image 2,,,,,,,,,,,", "Image 2,,,,,,,,,,false,"),
    ]
    .map(|(from, to)| (text.replace(from, to), to))
    {
        assert_ne!(wrong, text, "{message}");
        let read: Result<Vec<_>, _> = CsvRecords::new(wrong.as_bytes()).collect();
        assert!(read.is_err(), "{message}");
    }
    assert_eq!(read[0].hashes[0].quality, Some(Quality::new(100)));
    assert_eq!((read[1].hashes.len(), read[1].digests.len()), (0, 1));
    assert_eq!(read[1].warnings[0].code, "not-an-image");
}

#[test]
fn exchange_lines_round_trip_without_quality() {
    let record = &records()[0];
    for algorithm in [HashAlgorithm::PDQ, HashAlgorithm::PDQ_512] {
        let hash = record.hash(algorithm).unwrap();
        let read = threatexchange::from_line(&threatexchange::to_line(hash).unwrap()).unwrap();
        assert_eq!(
            (read.algorithm, &read.values, read.quality),
            (HashAlgorithm::PDQ, &hash.values, None)
        );
    }
}

#[test]
fn every_form_of_a_list_gives_the_same_hashes() {
    let records = records();
    let lines: String = records.iter().map(|record| record.to_json() + "\n").collect();
    let (_, rows) = table();
    let json: Vec<_> = HashList::detecting(lines.as_bytes()).collect::<Result<_, _>>().unwrap();
    let csv: Vec<_> =
        HashList::new(rows.as_bytes(), ListFormat::Csv).collect::<Result<_, _>>().unwrap();
    let expected: Vec<_> = records
        .iter()
        .flat_map(|record| {
            // The `pdq` of the image is in its set of variants.
            let others = record.hashes.iter().filter(|hash| hash.algorithm != HashAlgorithm::PDQ);
            let others = others.flat_map(|hash| {
                hash.values.iter().map(|value| (hash.algorithm, value.clone(), hash.quality, None))
            });
            let set = record.variants.iter().flat_map(|set| &set.hashes).map(|hash| {
                let variant = Some(hash.variant.clone());
                (HashAlgorithm::PDQ, hash.value.clone(), Some(hash.quality), variant)
            });
            others.chain(set).map(|(algorithm, value, quality, variant)| {
                (algorithm, value, quality, variant, record.path.clone())
            })
        })
        .collect();
    for list in [&json, &csv] {
        let given: Vec<_> = list
            .iter()
            .map(|it| {
                (it.algorithm, it.value.clone(), it.quality, it.variant.clone(), it.name.clone())
            })
            .collect();
        assert_eq!(given, expected);
    }
    let line_of =
        |path: &str| json.iter().find(|it| it.name.as_deref() == Some(path)).unwrap().line;
    assert_eq!(line_of("flat.pgm"), 2);
    // The header and the line break in the first path precede it.
    assert_eq!(csv.iter().find(|it| it.name.as_deref() == Some("flat.pgm")).unwrap().line, 4);

    let exchange = format!("{0}\r\n{0}\n{0}", pdq_line());
    let mut list = HashList::detecting(exchange.as_bytes());
    assert_eq!(list.format(), None);
    let read: Vec<_> = list.by_ref().collect::<Result<_, _>>().unwrap();
    assert_eq!((list.format(), read.len(), read[2].line), (Some(ListFormat::Exchange), 3, 3));
    let own = json.iter().find(|it| it.algorithm == HashAlgorithm::PDQ).unwrap();
    assert_eq!((&read[0].value, read[0].quality, &read[0].name), (&own.value, None, &None));
}

#[test]
fn a_list_is_read_in_pieces_of_any_size() {
    let (_, rows) = table();
    let whole: Vec<_> = HashList::detecting(rows.as_bytes()).map(Result::unwrap).collect();
    for capacity in [1, 2, 7, 64] {
        let reader = BufReader::with_capacity(capacity, rows.as_bytes());
        assert_eq!(HashList::detecting(reader).map(Result::unwrap).collect::<Vec<_>>(), whole);
    }
}

#[test]
fn empty_input_is_an_empty_list_and_formats_have_names() {
    assert!(HashList::detecting(io::empty()).next().is_none());
    for format in ListFormat::ALL {
        assert!(HashList::new(io::empty(), format).next().is_none());
        assert!(!format.name().is_empty());
    }
}

#[test]
fn a_list_without_line_ends_is_rejected_at_the_maximum_length() {
    let endless = |start: &'static str| BufReader::new(start.as_bytes().chain(io::repeat(b'a')));
    for (start, format) in [
        ("{\"path\":\"", ListFormat::JsonLines),
        ("path\n", ListFormat::Csv),
        ("path\n\"a\nb", ListFormat::Csv),
        ("pdq ", ListFormat::Exchange),
    ] {
        let named = HashList::new(endless(start), format).next();
        let probed = HashList::detecting(endless(start)).next();
        for error in [named, probed].map(|it| it.unwrap().unwrap_err()) {
            assert!(error.to_string().contains("maximum of 16777216 bytes"), "{error}");
        }
    }
    assert!(HashList::detecting(endless("")).next().unwrap().is_err());
}

#[test]
fn an_io_error_ends_the_list() {
    struct Broken;
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("gone"))
        }
    }
    let line = pdq_line() + "\n";
    let mut list = HashList::detecting(BufReader::new(line.as_bytes().chain(Broken)));
    assert!(list.next().unwrap().is_ok());
    assert!(matches!(list.next(), Some(Err(Error::Io(_)))));
    assert!(list.next().is_none());
}

fn stopncii() -> StopNciiPage {
    let record = &records()[0];
    let image = StopNciiHash::of_image(record.hash(HashAlgorithm::PDQ).unwrap()).unwrap();
    let md5 =
        record.digests.iter().find(|digest| digest.algorithm == DigestAlgorithm::Md5).unwrap();
    let video = StopNciiHash::of_video(md5).unwrap();
    let text = StopNciiHash::new(StopNciiSignal::Text, "any \"text\"").unwrap();
    let feedback = |value| StopNciiFeedback {
        value,
        tags: vec!["ä".to_owned()],
        source: "somebody".to_owned(),
    };
    let entry = |hash, status| StopNciiRecord {
        last_modified: 1_700_000_000,
        hash,
        status,
        cases: StopNciiStatus::ALL
            .iter()
            .map(|&status| (status.name().to_owned(), status))
            .collect(),
        feedbacks: StopNciiFeedbackValue::ALL.iter().copied().map(feedback).collect(),
    };
    StopNciiPage {
        count: 3,
        next_page_token: Some("more".to_owned()),
        next_set_timestamp: 1_700_000_001,
        has_more_records: true,
        records: vec![
            entry(image, StopNciiStatus::Active),
            entry(video, StopNciiStatus::Withdrawn),
            entry(text, StopNciiStatus::Unknown),
        ],
    }
}

#[test]
fn a_stopncii_page_round_trips() {
    let page = stopncii();
    let read = StopNciiPage::from_json(&page.to_json()).unwrap();
    assert_eq!(read, page);
    assert_eq!(
        read.records[0].hash.pdq().as_ref(),
        records()[0].hash(HashAlgorithm::PDQ).unwrap().values.first()
    );
    assert_eq!(
        (read.records[1].hash.signal(), read.records[1].hash.pdq()),
        (StopNciiSignal::VideoMd5, None)
    );
    let empty =
        r#"{"count":0,"nextSetTimestamp":1,"hasMoreRecords":false,"hashRecords":[],"new":[1]}"#;
    assert_eq!(StopNciiPage::from_json(empty).unwrap().next_page_token, None);
}

#[test]
fn hashes_that_stopncii_discards_are_not_written() {
    let flat = &records()[1];
    assert_eq!(StopNciiHash::of_image(flat.hash(HashAlgorithm::PDQ).unwrap()), None);
    let several = &records()[0];
    assert_eq!(StopNciiHash::of_image(several.hash(HashAlgorithm::PDQ_DIHEDRAL).unwrap()), None);
    let sha1 =
        several.digests.iter().find(|digest| digest.algorithm == DigestAlgorithm::Sha1).unwrap();
    assert_eq!(StopNciiHash::of_video(sha1), None);
}

#[test]
fn vpdq_round_trips_as_json_and_lines() {
    let hash = threatexchange::from_line(&pdq_line()).unwrap().values[0].clone();
    let frames: Vec<_> = (0..5000_u64)
        .map(|at| VpdqFrame {
            frame: at * 25,
            feature: VpdqFeature::new(
                hash.clone(),
                Quality::new((at % 101) as u8),
                at as f64 / 1000.0,
            )
            .unwrap(),
        })
        .collect();
    for frame in &frames {
        assert_eq!(vpdq::frame_from_line(&vpdq::frame_to_line(frame)).unwrap(), *frame);
    }
    // Written with three significant digits, which are exact for these values.
    let features: Vec<_> = frames.into_iter().map(|it| it.feature).take(1000).collect();
    let text = vpdq::features_to_json(&features);
    assert_eq!(vpdq::features_from_json(&text).unwrap(), features);
    assert_eq!(vpdq::features_from_json("[]").unwrap(), []);
    for seconds in [-1.0, f64::NAN, f64::INFINITY] {
        assert!(VpdqFeature::new(hash.clone(), Quality::new(1), seconds).is_err());
    }
}
