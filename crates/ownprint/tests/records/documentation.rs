//! The examples in `docs/records.md` are valid.

use ownprint::exchange::{CsvRecords, FingerprintRecord, HashList, ListFormat, StopNciiPage, vpdq};

/// Returns the fenced blocks of a language in the order of the page.
fn blocks<'a>(text: &'a str, language: &str) -> Vec<&'a str> {
    let fence = format!("```{language}\n");
    text.split(fence.as_str()).skip(1).map(|rest| rest.split("```").next().unwrap()).collect()
}

#[test]
fn the_examples_are_valid() {
    let page = include_str!("../../../../docs/records.md");
    let json = blocks(page, "json");
    assert_eq!(json.len(), 6);
    for record in &json[..4] {
        FingerprintRecord::from_json(record).unwrap();
    }
    assert_eq!(StopNciiPage::from_json(json[4]).unwrap().records.len(), 2);
    assert_eq!(vpdq::features_from_json(json[5]).unwrap().len(), 2);
    let [csv] = blocks(page, "csv")[..] else { panic!("another number of tables") };
    assert_eq!(CsvRecords::new(csv.as_bytes()).map(Result::unwrap).count(), 2);
    let [exchange, features] = blocks(page, "text")[..] else { panic!("another number of texts") };
    let mut list = HashList::detecting(exchange.as_bytes());
    assert!(list.by_ref().all(|hash| hash.is_ok()));
    assert_eq!(list.format(), Some(ListFormat::Exchange));
    let again = |line| vpdq::frame_to_line(&vpdq::frame_from_line(line).unwrap());
    assert!(features.lines().map(again).eq(features.lines()));
}
