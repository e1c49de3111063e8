//! The memory and time of reading hostile texts. Each text is read by a child process, which is this
//! test again and reports its peak memory.

#![cfg(target_os = "linux")]

use std::process::Command;

use ownprint::exchange::{
    CsvRecords, FingerprintRecord, HashList, HashListReader, StopNciiPage, vpdq,
};

use super::pdq_line;

/// The length of a text. With `OWNPRINT_LIMITS`, it is ten megabytes, which takes minutes.
fn length() -> usize {
    if std::env::var_os("OWNPRINT_LIMITS").is_some() { 10_000_000 } else { 2_000_000 }
}
/// The maximum memory of a reader, in addition to the text.
const MEBIBYTES: u64 = 64;
/// The maximum processor time of a reader, in seconds.
const SECONDS: f64 = 10.0;

/// The environment variable with the file that the child reads.
const FILE: &str = "OWNPRINT_TEXT";

/// Returns `start`, many times `unit`, and `end`.
fn filled(start: &str, unit: &str, end: &str) -> String {
    [start, &unit.repeat((length() - start.len() - end.len()) / unit.len()), end].concat()
}

/// The texts, with names.
fn texts() -> Vec<(&'static str, String)> {
    let pdq = pdq_line().split_off(4);
    let plain = "{\"schema\":1,\"hashes\":{},\"digests\":{},\"warnings\":[]}";
    let page = |records: &str| {
        format!(
            "{{\"count\":1,\"nextSetTimestamp\":1,\"hasMoreRecords\":false,\"hashRecords\":[{records}"
        )
    };
    let record = format!(
        "{{\"lastModtimestamp\":1,\"signalType\":\"ImagePDQ\",\"hashValue\":\"{pdq}\",\
         \"hashStatus\":\"Active\",\"caseNumbers\":"
    );
    vec![
        ("csv: columns", filled("path", ",", "\n")),
        ("csv: named columns", filled("path", ",pdq", "\n")),
        ("csv: fields", filled("path,pdq\n", ",", "\n")),
        ("csv: fields of a character", filled("path,pdq\n", ",a", "\n")),
        ("csv: quotation marks", filled("path,pdq\n", "\"\"", "\n")),
        ("csv: lines in a quoted field", filled("path,pdq\n\"", "\n", "")),
        ("csv: lines of a quotation mark", filled("path,pdq\n", "\"\n", "")),
        ("csv: warnings", filled("path,warnings\na,", "a ", "a\n")),
        ("csv: spaces", filled("path,warnings\na,", " ", "\n")),
        ("csv: segments", filled("crop-resistant\n", "00000000000000ff ", "00000000000000ff\n")),
        ("csv: variants", {
            filled("variants,variants_pdq,variants_quality\n", "mirror ", "mirror,0,0\n")
        }),
        ("csv: frames", filled("video,vpdq\nmp4 h264 2x2 1 1/1,\"", " ", "\"\n")),
        ("csv: empty lines", filled("path\n", "\n", "")),
        ("jsonl: a long path", {
            let hashes = filled("", "\"00000000000000ff\",", "\"00000000000000ff\"");
            let half = hashes.len() / 2 / 19 * 19 - 1;
            format!(
                "{{\"path\":\"{}\",\"schema\":1,\"hashes\":{{\"crop-resistant\":{{\"hex\":[{}]}}}},\
                 \"digests\":{{}},\"warnings\":[]}}\n",
                "a".repeat(length() / 2),
                &hashes[..half]
            )
        }),
        ("jsonl: brackets", filled("", "[", "")),
        ("jsonl: objects", filled("", "{\"a\":", "")),
        ("jsonl: members", filled("{\"a\":0", ",\"\":0", "}\n")),
        ("jsonl: warnings", {
            let unit = "{\"code\":\"a\",\"message\":\"\"},";
            let end = "{\"code\":\"a\",\"message\":\"\"}]}\n";
            filled("{\"schema\":1,\"hashes\":{},\"digests\":{},\"warnings\":[", unit, end)
        }),
        ("jsonl: items", {
            filled("{\"schema\":1,\"hashes\":{},\"digests\":{},\"warnings\":[", "0,", "0]}\n")
        }),
        ("jsonl: records", filled("", &format!("{plain}\n"), "")),
        ("lines: empty", filled(&format!("pdq {pdq}\n"), "\n", "")),
        ("lines: hashes", filled("", &format!("pdq {pdq}\n"), "")),
        ("lines: one", filled("pdq ", "0", "\n")),
        ("lines: photo hasher", filled("", &format!("{pdq},1,\n"), "")),
        ("stopncii: items", filled(&page(""), "0,", "0]}")),
        ("stopncii: empty objects", filled(&page(""), "{},", "{}]}")),
        ("stopncii: brackets", filled(&page(""), "[", "")),
        ("stopncii: members", filled("{\"count\":0", ",\"\":0", "}")),
        ("stopncii: records", filled(&page(""), &format!("{record}[]}},"), "0]}")),
        ("stopncii: cases", {
            let cases: Vec<_> = (0..4000).map(|at| format!("\"{at}\":\"Active\"")).collect();
            let record = format!("{record}{{{}}}}}", cases.join(","));
            filled(&page(&record), &format!(",{record}"), "]}")
        }),
        ("stopncii: tags", {
            let tags = filled("", "\"a\",", "\"a\"");
            page(&format!(
                "{record}[],\"CSPFeedbacks\":[{{\"feedbackValue\":\"None\",\"tags\":[{tags}]}}]}}]}}"
            ))
        }),
        ("stopncii: feedbacks", {
            let one = "{\"feedbackValue\":\"None\"},";
            let all = one.repeat(4000);
            let record = format!("{record}[],\"CSPFeedbacks\":[{}]}}", all.trim_end_matches(','));
            filled(&page(&record), &format!(",{record}"), "]}")
        }),
        ("vpdq: items", filled("[", "0,", "0]")),
        ("vpdq: commas", filled("[\"", ",", "\"]")),
        ("vpdq: features", filled("[", &format!("\"{pdq},1,0.0\","), "0]")),
        ("vpdq: digits", filled("0,0,", "0", ",0.000")),
    ]
}

/// Passes a text to every reader, strict and tolerant, and returns the most processor time of one.
fn read_all(text: &str) -> f64 {
    let bytes = text.as_bytes();
    let readers: [&dyn Fn(); 9] = [
        &|| drop(HashList::detecting(bytes).find(Result::is_err)),
        &|| {
            let mut list = HashList::detecting(bytes).skip_invalid();
            while list.next_entry().is_some() {}
        },
        &|| {
            let mut reader = HashListReader::detecting().skip_invalid();
            if bytes.chunks(1 << 16).all(|piece| reader.update(piece).is_ok()) {
                drop(reader.finalize_with_skipped());
            }
        },
        &|| drop(CsvRecords::new(bytes).find(Result::is_err)),
        &|| drop(FingerprintRecord::from_json(text)),
        &|| drop(StopNciiPage::from_json(text)),
        &|| drop(StopNciiPage::from_json_tolerant(text)),
        &|| drop(vpdq::features_from_json(text)),
        &|| drop(vpdq::frame_from_line(text)),
    ];
    let seconds = readers.map(|read| {
        let start = processor_time();
        read();
        (processor_time() - start) / 1e9
    });
    seconds.into_iter().fold(0.0, f64::max)
}

/// Returns the processor time of this thread in nanoseconds.
fn processor_time() -> f64 {
    let times = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    times.split_whitespace().next().unwrap().parse().unwrap()
}

#[test]
fn reading_is_bounded_by_the_length_of_the_text() {
    if let Some(path) = std::env::var_os(FILE) {
        let text = std::fs::read_to_string(path).unwrap();
        let before = peak();
        let seconds = read_all(&text);
        println!("COST {} {seconds}", peak() - before);
        return;
    }
    let texts = texts();
    assert!(texts.len() > 30);
    let path = std::env::temp_dir().join(format!("ownprint-text-{}", std::process::id()));
    let mut excessive = Vec::new();
    for (name, text) in texts {
        std::fs::write(&path, &text).unwrap();
        let output = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "cost::reading_is_bounded_by_the_length_of_the_text"])
            .args(["--nocapture", "--test-threads=1"])
            .env(FILE, &path)
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&output.stdout);
        let cost = text
            .lines()
            .find_map(|line| line.split_once("COST "))
            .unwrap_or_else(|| panic!("{name}: {text}{}", String::from_utf8_lossy(&output.stderr)));
        let (kibibytes, seconds) = cost.1.split_once(' ').unwrap();
        let memory = kibibytes.parse::<u64>().unwrap() >> 10;
        let seconds: f64 = seconds.parse().unwrap();
        println!("{name}: {memory} MiB, {seconds:.2} s");
        if memory > MEBIBYTES || seconds > SECONDS {
            excessive.push(format!("{name}: {memory} MiB, {seconds:.2} s"));
        }
    }
    std::fs::remove_file(&path).unwrap();
    assert!(excessive.is_empty(), "{excessive:#?}");
}

/// Returns the peak memory of this process in KiB.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}
