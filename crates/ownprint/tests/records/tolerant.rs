//! Lists of other programs, and lists with invalid rows.

use ownprint::exchange::{
    Error, HashList, HashListReader, ListEntry, ListFormat, SkippedRows, StopNciiPage,
};
use ownprint::{DigestAlgorithm, HashAlgorithm};

use super::{pdq_line, place, records};

const MD5: &str = "6e9c44002049964f36de016a79ef10d7";

fn pdq() -> String {
    pdq_line().split_off(4)
}

/// Returns hash or digest, name and line of each entry.
fn entries(mut list: HashList<&[u8]>) -> Result<Vec<(String, Option<String>, u64)>, Error> {
    let mut entries = Vec::new();
    while let Some(entry) = list.next_entry() {
        entries.push(match entry? {
            ListEntry::Hash(hash) => (hash.value.to_hex(), hash.name, hash.line),
            ListEntry::Digest(it) => (it.digest.to_hex(), it.name, it.line),
            ListEntry::Video(it) => (it.features[0].hash().to_hex(), it.name, it.line),
            _ => panic!("a new kind of entry"),
        });
    }
    Ok(entries)
}

fn page(records: &[&str]) -> String {
    format!(
        "{{\n\"count\":1,\"nextSetTimestamp\":1,\"hasMoreRecords\":false,\"hashRecords\":[\n{}\n]}}",
        records.join(",\n")
    )
}

fn page_record(signal: &str, value: &str, status: &str) -> String {
    format!(
        "{{\"lastModtimestamp\":1,\"signalType\":\"{signal}\",\"hashValue\":\"{value}\",\
         \"hashStatus\":\"{status}\",\"caseNumbers\":[]}}"
    )
}

#[test]
fn lists_of_other_programs_are_detected() {
    let (pdq, upper) = (pdq(), pdq().to_uppercase());
    let name = |name: &str| Some(name.to_owned());
    let page = page(&[
        &page_record("ImagePDQ", &upper, "Active"),
        &page_record("ImagePDQ", &pdq, "Withdrawn"),
        &page_record("VideoMD5", &MD5.to_uppercase(), "Received"),
        &page_record("ImagePDQ", &pdq, "Deleted"),
        &page_record("Text", "words", "Active"),
    ]);
    let cases = [
        (
            format!("pdq {upper}\nvideo_md5 {MD5}\n"),
            ListFormat::Exchange,
            vec![(pdq.clone(), None, 1), (MD5.to_owned(), None, 2)],
        ),
        (
            format!("{upper},100,a, b.jpg\r\n{pdq},0,\n"),
            ListFormat::PhotoHasher,
            vec![(pdq.clone(), name("a, b.jpg"), 1), (pdq.clone(), None, 2)],
        ),
        (
            page.clone(),
            ListFormat::StopNcii,
            vec![(pdq.clone(), None, 3), (MD5.to_owned(), None, 5)],
        ),
        (
            page.replace('\n', " "),
            ListFormat::StopNcii,
            vec![(pdq.clone(), None, 1), (MD5.to_owned(), None, 1)],
        ),
    ];
    for (text, format, expected) in cases {
        let mut list = HashList::detecting(text.as_bytes());
        assert!(list.by_ref().all(|hash| hash.is_ok()), "{text}");
        assert_eq!(list.format(), Some(format), "{text}");
        assert_eq!(entries(HashList::detecting(text.as_bytes())).unwrap(), expected, "{text}");
        assert_eq!(entries(HashList::new(text.as_bytes(), format)).unwrap(), expected, "{text}");
    }
}

#[test]
fn lists_of_bare_hashes_need_their_format() {
    let (pdq, upper) = (pdq(), pdq().to_uppercase());
    let pdq_lines = format!(
        "{pdq}\n{upper}\r\n{pdq}  a b.jpg\n{pdq} *c.jpg\n{pdq},99244958314735,2021-05-07,tags\n{pdq}\td.jpg"
    );
    let ambiguous = [
        format!("{pdq}\n"),
        format!("{upper}\n"),
        format!("{MD5}\n"),
        format!("{MD5}  a.jpg\n"),
        format!("{pdq},2880742865368386,2020-07-31T18:47:52+0000,tags\n"),
        format!("{pdq},101,a.jpg\n"),
        format!("{pdq}\t100\n"),
        format!("{pdq},100\n"),
        format!("{MD5},100,a.jpg\n"),
    ];
    for text in &ambiguous {
        let error = HashList::detecting(text.as_bytes()).next().unwrap().unwrap_err();
        assert_eq!(place(&error), (1, 1), "{text}");
        assert!(error.to_string().contains("does not name its algorithm"), "{error}");
    }
    let list = HashList::new(pdq_lines.as_bytes(), ListFormat::Hashes(HashAlgorithm::PDQ));
    let names: Vec<_> = entries(list)
        .unwrap()
        .into_iter()
        .map(|(hex, name, _)| {
            assert_eq!(hex, pdq);
            name.unwrap_or_default()
        })
        .collect();
    assert_eq!(names, ["", "", "a b.jpg", "c.jpg", "99244958314735,2021-05-07,tags", "d.jpg"]);
    let text = format!("{}  a.jpg\n{MD5}", MD5.to_uppercase());
    let list = HashList::new(text.as_bytes(), ListFormat::Digests(DigestAlgorithm::Md5));
    let expected = [(MD5.to_owned(), Some("a.jpg".to_owned()), 1), (MD5.to_owned(), None, 2)];
    assert_eq!(entries(list).unwrap(), expected);
    // Other lengths, and lines that do not begin with a hash, are errors.
    for (text, column) in
        [(format!("{}\n", &pdq[..32]), 1), (format!(" {pdq}"), 1), (format!("{pdq}x"), 65)]
    {
        let mut list = HashList::new(text.as_bytes(), ListFormat::Hashes(HashAlgorithm::PDQ));
        assert_eq!(place(&list.next().unwrap().unwrap_err()), (1, column), "{text}");
    }
}

/// A list, the lines of its hashes, and the places of its invalid rows.
type Case = (String, Vec<u64>, Vec<(u64, u64)>);

fn cases() -> Vec<Case> {
    let pdq = pdq();
    let line = |path: &str| {
        format!(
            "{{\"path\":\"{path}\",\"schema\":1,\"hashes\":{{\"pdq\":{{\"hex\":\"{pdq}\"}}}},\
             \"digests\":{{}},\"warnings\":[]}}\n"
        )
    };
    let short = &pdq[..32];
    let mut cases = vec![
        (
            format!("pdq {pdq}\n\npdq {short}\npdq {pdq}\nmd5 {MD5}\n"),
            vec![1, 4],
            vec![(2, 1), (3, 5), (5, 1)],
        ),
        (
            format!("{}{}\n{}{{\n", line("a"), line("b").replace('1', "2"), line("c")),
            vec![1, 4],
            vec![(2, 22), (3, 1), (5, 1)],
        ),
        (
            // A field with a line break is valid. A quotation mark without its pair ends at once,
            // at the next quotation mark or at the end, and swallows no other row.
            format!(
                "path,pdq\n\"a\nb\",{pdq}\n5\" wide,{pdq}\nc,{pdq}\n\"d,{pdq}\n\"e, f\",{pdq}\n\
                 g,{short}\nh,{pdq},\n\"i,{pdq}\nj,{pdq}\n"
            ),
            vec![2, 5, 7, 11],
            vec![(4, 2), (7, 2), (8, 3), (9, 68), (10, 1)],
        ),
        (
            page(&[
                &page_record("ImagePDQ", short, "Active"),
                &page_record("ImagePDQ", &pdq, "Active"),
                "7",
                &page_record("VideoMD5", "-", "Active"),
            ]),
            vec![4],
            vec![(3, 60), (5, 1), (6, 60)],
        ),
        (format!("{pdq},100,a\n{pdq},x,b\n{pdq}\n"), vec![1], vec![(2, 66), (3, 1)]),
    ];
    let records: Vec<_> = records().iter().map(|record| record.to_json() + "\n").collect();
    cases.push((records.concat() + "{}\n", Vec::new(), vec![(records.len() as u64 + 1, 1)]));
    cases
}

fn places(skipped: &SkippedRows) -> Vec<(u64, u64)> {
    assert_eq!(skipped.count(), skipped.rows().len() as u64);
    assert!(skipped.rows().iter().all(|row| row.code == "invalid-record"));
    skipped.rows().iter().map(|row| (row.line, row.column)).collect()
}

#[test]
fn invalid_rows_are_skipped_counted_and_named() {
    for (text, lines, skipped) in cases() {
        let mut list = HashList::detecting(text.as_bytes()).skip_invalid();
        let read: Vec<_> = list.by_ref().map(|hash| hash.unwrap()).collect();
        if !lines.is_empty() {
            assert_eq!(read.iter().map(|hash| hash.line).collect::<Vec<_>>(), lines, "{text}");
        }
        assert_eq!(places(list.skipped()), skipped, "{text}");
        // Strict reading fails at the first of them.
        let error = HashList::detecting(text.as_bytes()).find_map(Result::err).unwrap();
        assert_eq!(Some(&place(&error)), skipped.first(), "{text}");
        for length in [1, 7, 100, text.len()] {
            let mut reader = HashListReader::detecting().skip_invalid();
            let mut pieces = Vec::new();
            for piece in text.as_bytes().chunks(length) {
                pieces.extend(reader.update(piece).unwrap());
            }
            let (last, rows) = reader.finalize_with_skipped().unwrap();
            pieces.extend(last);
            assert_eq!(pieces, read, "in pieces of {length}: {text}");
            assert_eq!(places(&rows), skipped, "in pieces of {length}: {text}");
        }
    }
}

#[test]
fn bytes_that_are_not_utf_8_are_an_invalid_row() {
    let pdq = pdq_line();
    let text = [pdq.as_bytes(), b"\npdq \xe4\n", pdq.as_bytes(), b"\n"].concat();
    let mut list = HashList::detecting(text.as_slice()).skip_invalid();
    assert_eq!(list.by_ref().flatten().count(), 2);
    assert_eq!(places(list.skipped()), [(2, 5)]);
}

#[test]
fn errors_of_the_whole_list_remain() {
    let pdq = pdq();
    let long = format!("pdq {pdq}\npdq {}\n", "0".repeat(17 << 20));
    let broken = page(&[&page_record("ImagePDQ", &pdq, "Active")]).replace("\n]}", "\n]");
    for (text, line) in [
        (format!("\u{feff}pdq {pdq}\n"), 1),
        (format!("{pdq}\n"), 1),
        (format!("\npdq {pdq}\n"), 1),
        (format!("path,pdf\na,{pdq}\n"), 1),
        (broken, 4),
        (long, 2),
    ] {
        let mut list = HashList::detecting(text.as_bytes()).skip_invalid();
        let error = list.find_map(Result::err).unwrap();
        assert_eq!(place(&error).0, line, "{error}");
    }
}

#[test]
fn a_million_invalid_rows_are_counted() {
    let text = format!("pdq {}\n", "0".repeat(64)) + &"\n".repeat(1_000_000);
    let mut list = HashList::detecting(text.as_bytes()).skip_invalid();
    assert_eq!(list.by_ref().count(), 1);
    assert_eq!(list.skipped().count(), 1_000_000);
    assert_eq!(list.skipped().rows().len(), SkippedRows::MAX_ROWS);
}

#[test]
fn a_page_keeps_its_valid_records() {
    let pdq = pdq();
    let text = page(&[
        &page_record("ImagePDQ", &pdq[..32], "Active"),
        &page_record("ImagePDQ", &pdq, "Active"),
        &page_record("Sound", "", "Active"),
    ]);
    let (read, skipped) = StopNciiPage::from_json_tolerant(&text).unwrap();
    assert_eq!(read.records.len(), 1);
    assert_eq!(places(&skipped), [(3, 60), (5, 37)]);
    assert!(skipped.rows()[0].detail.contains("has 64 digits, found 32"), "{skipped:?}");
    let error = StopNciiPage::from_json(&text).unwrap_err();
    assert_eq!(place(&error), (3, 60));
    let sound = page(&[&page_record("ImagePDQ", &pdq.to_uppercase(), "Active")]);
    let (read, skipped) = StopNciiPage::from_json_tolerant(&sound).unwrap();
    assert_eq!((read.records[0].hash.value(), skipped.count()), (pdq.as_str(), 0));
    assert_eq!(StopNciiPage::from_json(&sound).unwrap(), read);
}
