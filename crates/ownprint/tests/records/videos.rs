//! Lists of videos: records, tables, and the formats of vPDQ and python-threatexchange.

use ownprint::exchange::{
    CsvTable, HashList, HashListReader, ListEntry, ListFormat, ListedVideo, vpdq,
};
use ownprint::hash::VpdqFeature;
use ownprint::{DigestAlgorithm, Selection};

use super::{place, video};

fn features() -> Vec<VpdqFeature> {
    video().video.unwrap().vpdq.into_iter().map(|frame| frame.feature).collect()
}

/// Returns the format and the videos of a list, whose hashes are skipped.
fn videos(list: &str) -> (Option<ListFormat>, Vec<ListedVideo>) {
    let mut reader = HashList::detecting(list.as_bytes());
    let mut videos = Vec::new();
    while let Some(entry) = reader.next_entry() {
        if let ListEntry::Video(video) = entry.unwrap() {
            videos.push(video);
        }
    }
    (reader.format(), videos)
}

/// Every form in which this project writes videos is a list.
#[test]
fn videos_are_read_from_every_form() {
    let (record, frames) = (video(), video().video.unwrap().vpdq);
    let json = record.to_json();
    let selection =
        Selection { vpdq: true, digests: vec![DigestAlgorithm::Md5], ..Selection::default() };
    let table = CsvTable::new(&selection);
    let csv = table.header() + &table.row(&record) + &table.row(&record);
    let lines: String = frames.iter().map(|it| vpdq::frame_to_line(it) + "\n").collect();
    let array = vpdq::features_to_json(&features());
    let error = "{\"path\":\"c.mp4\",\"error\":{\"code\":\"io\",\"message\":\"\"}}";
    let object = |path: &str, items: &str| format!("{{\"path\":\"{path}\",\"vpdq\":{items}}}");
    let quoted: Vec<_> = lines.lines().map(|line| format!("\"{line}\"")).collect();
    let of_lines = format!("[{}]", quoted.join(","));
    let objects = [error, &object("a.mp4", &array), &object("b.mp4", &of_lines)].join("\n");
    for (list, format, expected) in [
        (format!("{json}\n{json}"), ListFormat::JsonLines, &[(Some("video.mp4"), 1); 2][..]),
        (csv, ListFormat::Csv, &[(Some("video.mp4"), 2); 2]),
        (lines, ListFormat::Vpdq, &[(None, 1)]),
        (format!("{array}\r\n{array}\n"), ListFormat::VpdqJson, &[(None, 1); 2]),
        (objects, ListFormat::VpdqJson, &[(Some("a.mp4"), 2), (Some("b.mp4"), 2)]),
    ] {
        let (detected, videos) = videos(&list);
        assert_eq!(detected, Some(format), "{list}");
        assert_eq!(videos.len(), expected.len(), "{list}");
        for (at, (video, (name, line))) in (0..).zip(videos.iter().zip(expected)) {
            assert_eq!((video.name.as_deref(), video.line), (*name, line + at));
            let near = |(a, b): (&VpdqFeature, &VpdqFeature)| {
                (a.hash(), a.quality) == (b.hash(), b.quality)
                    && (a.seconds() - b.seconds()).abs() < 0.01
            };
            assert!(video.features.iter().zip(&features()).all(near), "{video:?}");
            assert_eq!(video.features.len(), 3);
        }
        // Readers of hashes skip videos, in one piece and in several.
        assert!(HashList::detecting(list.as_bytes()).next().is_none());
        let mut pieces = HashListReader::detecting();
        for piece in list.as_bytes().chunks(7) {
            assert_eq!(pieces.update(piece).unwrap(), []);
        }
        assert_eq!(pieces.finalize().unwrap(), []);
    }
}

#[test]
fn invalid_features_are_refused_with_line_and_column() {
    let pdq = "0f".repeat(32);
    let short = "0f".repeat(16);
    for (list, expected) in [
        (format!("0,100,{pdq},0.000\n1,101,{pdq},1.000\n"), (2, 3)),
        (format!("0,100,{pdq},0.000\n1,100,{pdq}\n"), (2, 1)),
        (format!("[\"{pdq},100,0.0\"]\n[\"{short},100,0.0\"]\n"), (2, 3)),
        (format!("[\"{pdq},100,0.0\", \"{pdq},100,1e\"]\n"), (1, 148)),
        (format!("[\"{pdq},100,1e999\"]\n"), (1, 72)),
        ("{\"path\":\"a\",\"vpdq\":[],\"more\":1}\n".to_owned(), (1, 24)),
    ] {
        let mut reader = HashList::detecting(list.as_bytes());
        let error = std::iter::from_fn(|| reader.next_entry()).find_map(Result::err);
        let error = error.unwrap_or_else(|| panic!("{list} is accepted"));
        assert_eq!(place(&error), expected, "{list}: {error}");
        // The rest of the list is read if invalid rows are skipped.
        let mut tolerant = HashList::detecting(list.as_bytes()).skip_invalid();
        while let Some(entry) = tolerant.next_entry() {
            assert!(entry.is_ok());
        }
        assert_eq!(tolerant.skipped().count(), 1, "{list}");
    }
    let hash = format!("{pdq},100,a.jpg\n");
    assert_eq!(ListFormat::probe(hash.as_bytes()), Some(ListFormat::PhotoHasher));
    assert_eq!(ListFormat::probe(b"[{\"path\":\"a\"}"), None);
}
