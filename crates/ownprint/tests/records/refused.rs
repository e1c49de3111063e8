//! Invalid texts are rejected with the position of the error.

use ownprint::exchange::{
    CsvRecords, Error, FingerprintRecord, HashList, ListFormat, StopNciiPage, threatexchange, vpdq,
};

use super::place;

const MD5: &str = "6e9c44002049964f36de016a79ef10d7";

fn pdq() -> String {
    "0f".repeat(32)
}

/// Replaces the only `from` in a valid text, and expects an error at a position.
fn assert_refused<T: std::fmt::Debug>(
    read: impl Fn(&str) -> Result<T, Error>,
    sound: &str,
    cases: &[(&str, &str, (u64, u64), &str)],
) {
    read(sound).unwrap_or_else(|error| panic!("{error}: {sound}"));
    let mut wrong = Vec::new();
    for &(from, to, expected, part) in cases {
        assert_eq!(sound.matches(from).count(), 1, "{from} in {sound}");
        let text = sound.replacen(from, to, 1);
        let Err(error) = read(&text) else {
            wrong.push(format!("{from} as {to} is taken"));
            continue;
        };
        assert_eq!(error.code(), "invalid-record");
        let (line, column) = place(&error);
        if (line, column) != expected || !error.to_string().contains(part) {
            let line = text.lines().nth(line as usize - 1).unwrap_or_default();
            let rest: String = line.chars().skip(column as usize - 1).take(16).collect();
            wrong.push(format!(
                "{from:?} as {to:?}: {expected:?} is expected, not {error}, at {rest}"
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn decoders_in_json() {
    let sound = "{\"schema\":1,\"hashes\":{},\"digests\":{},\"warnings\":[]}";
    let with = |decoder: &'static str| format!("[],\"decoder\":{decoder}}}");
    for (decoder, column, part) in [
        ("\"platform\"", 62, "a decoder must be an object"),
        ("{\"name\":\"browser\"}", 71, "\"ownprint\" or \"platform\", found \"browser\""),
        ("{\"name\":\"ownprint\"}", 62, "\"revision\", which is missing"),
        ("{\"name\":\"ownprint\",\"revision\":0}", 92, "the revision of a decoder"),
        ("{\"name\":\"platform\",\"revision\":1}", 82, "unknown member \"revision\""),
    ] {
        let case = ("[]}", &*with(decoder), (1, column), part);
        assert_refused(FingerprintRecord::from_json, sound, &[case]);
    }
}

#[test]
fn records_in_json() {
    let pdq = pdq();
    let sound = format!(
        "{{\"path\":\"é.jpg\",\"schema\":1,\n\"format\":\"jpeg\",\"width\":60,\"height\":80,\"orientation\":6,\n\
         \"stored_width\":80,\"stored_height\":61,\"orientation_applied\":true,\"damaged\":true,\n\
         \"hashes\":{{\"pdq\":{{\"hex\":\"{pdq}\",\"quality\":98}},\"phash:16\":{{\"hex\":\"{pdq}\"}}}},\n\
         \"digests\":{{\"md5\":\"{MD5}\"}},\n\
         \"warnings\":[{{\"code\":\"damaged\",\"message\":\"it is\"}}]}}"
    );
    let hash = format!("\"{pdq}\",\"quality\"");
    let of = |text: &str| hash.replace(&pdq, text);
    assert_refused(
        FingerprintRecord::from_json,
        &sound,
        &[
            ("{\"path\"", "\u{feff}{\"path\"", (1, 1), "byte order mark"),
            ("\"schema\":1", "\"schema\":2", (1, 26), "unsupported schema 2"),
            ("\"schema\":1", "\"schema\":1.0", (1, 26), "an integer"),
            ("\"schema\":1", "\"schema\":\"1\"", (1, 26), "a number, found a string"),
            ("\"schema\":1", "\"skema\":1", (1, 1), "\"schema\", which is missing"),
            ("\"path\":\"é.jpg\"", "\"path\":null", (1, 9), "a string, found null"),
            ("\"path\"", "\"name\"", (1, 3), "unknown member \"name\""),
            ("\"jpeg\"", "\"JPEG\"", (2, 11), "unknown image format \"JPEG\""),
            ("\"width\":60", "\"width\":0", (2, 25), "from 1 to 4294967295"),
            ("\"width\":60", "\"width\":4294967296", (2, 25), "from 1 to 4294967295"),
            ("\"width\":60", "\"width\":-6", (2, 25), "integer"),
            ("\"width\":60,", "", (2, 2), "unknown member \"format\""),
            ("\"height\":80,", "", (1, 1), "\"height\", which is missing"),
            ("\"orientation\":6", "\"orientation\":9", (2, 54), "from 1 to 8"),
            (
                "\"orientation_applied\":true",
                "\"orientation_applied\":1",
                (3, 60),
                "a boolean, found a number",
            ),
            ("\"damaged\":true", "\"damaged\":false", (3, 75), "true or omitted"),
            ("\"pdq\":", "\"PDQ\":", (4, 12), "unknown algorithm"),
            ("\"phash:16\":", "\"phash:8\":", (4, 106), "must be written phash in records"),
            ("\"phash:16\":", "\"pdq\":", (4, 106), "is repeated"),
            ("\"phash:16\":", "\"p\\u0064q\":", (4, 105), "is repeated"),
            ("\"phash:16\":", "\"pdq-dihedral\":", (4, 127), "an array, found a string"),
            (&hash, &of(&pdq[..32]), (4, 25), "has 64 digits, found 32"),
            (&hash, &of(&pdq.replacen("0f", "0F", 1)), (4, 26), "in lower case, found \"F\""),
            (&hash, &of(&pdq.replacen("f0f", "f f", 1)), (4, 27), "0-9 and a-f, found \" \""),
            (&hash, &of(&(pdq.clone() + "0")), (4, 25), "has 64 digits, found 65"),
            (&hash, &of(""), (4, 25), "has 64 digits, found 0"),
            ("98", "101", (4, 101), "from 0 to 100"),
            ("98", "98.5", (4, 101), "from 0 to 100"),
            ("\"quality\"", "\"Quality\"", (4, 92), "unknown member \"Quality\""),
            ("\"md5\"", "\"md6\"", (5, 13), "unknown algorithm"),
            (MD5, "6e9c", (5, 19), "has 32 digits, found 4"),
            ("\"digests\"", "\"digest\"", (1, 1), "\"digests\", which is missing"),
            ("\"code\":\"damaged\"", "\"code\":\"Damaged!\"", (6, 22), "a code must be"),
            ("\"it is\"}]", "\"it is\"}", (6, 49), "invalid JSON"),
            ("\"it is\"}]", "\"it is\"}],\"error\":null", (6, 59), "an object, found null"),
            (
                "\"it is\"}]",
                "\"it is\"}],\"error\":{\"code\":\"io\"}",
                (6, 59),
                "\"message\", which is missing",
            ),
            (
                "\"it is\"}]",
                "\"it is\"}],\"error\":{\"code\":\"io\",\"message\":\"\",\"path\":\"\"}",
                (6, 86),
                "unknown member \"path\"",
            ),
        ],
    );
    // An error stands next to everything that is known, and not without it.
    let error = ",\"error\":{\"code\":\"truncated\",\"message\":\"it ends\"}}";
    let with_error = sound.strip_suffix('}').unwrap().to_owned() + error;
    let with_error = FingerprintRecord::from_json(&with_error).unwrap();
    assert_eq!(with_error.error.unwrap().code, "truncated");
    assert!(with_error.image.is_some() && with_error.digests.len() == 1);
    let alone = FingerprintRecord::from_json(&format!("{{\"schema\":1{error}")).unwrap_err();
    assert_eq!(
        (place(&alone), alone.to_string().contains("\"hashes\", which is missing")),
        ((1, 1), true)
    );
    let two = sound.clone() + "\n{}";
    assert_eq!(place(&FingerprintRecord::from_json(&two).unwrap_err()), (7, 1));
    let dihedral = format!(
        "{{\"schema\":1,\"hashes\":{{\"pdq-dihedral\":{{\"hex\":[\"{pdq}\"]}}}},\"digests\":{{}},\"warnings\":[]}}"
    );
    let error = FingerprintRecord::from_json(&dihedral).unwrap_err();
    assert_eq!((place(&error), error.to_string().contains("expected 8 hashes")), ((1, 45), true));
}

#[test]
fn tables() {
    let pdq = pdq();
    let sound = format!(
        "path,format,width,height,orientation,stored_width,stored_height,orientation_applied,damaged,rgb_md5,pdq,pdq_quality,md5,\
         warnings,error_code,error_message\r\n\
         \"é \"\"1\"\",\n2\",jpeg,60,80,6,80,60,true,false,,{pdq},98,{MD5},damaged low-quality,,\r\n\
         b.jpg,,,,,,,,,,,,,,io,\"no, gone\"\n"
    );
    let read = |text: &str| CsvRecords::new(text.as_bytes()).collect::<Result<Vec<_>, _>>();
    let field = format!(",{pdq}");
    assert_refused(
        read,
        &sound,
        &[
            ("path,f", "\u{feff}path,f", (1, 1), "byte order mark"),
            ("path,f", "Path,f", (1, 1), "unknown column \"Path\""),
            ("path,f", "\"pa\"th,f", (1, 5), "followed by a comma"),
            ("format,", "path,", (1, 6), "is repeated"),
            ("pdq,pdq_quality", "pdq,pdq-512_quality", (1, 105), "requires another column"),
            ("pdq,pdq_quality", "pdq,ahash:8_quality", (1, 105), "unknown column"),
            ("\"é \"", "é \"", (2, 3), "must be quoted"),
            ("60,80,6", "60,80,+6", (3, 15), "from 1 to 8"),
            ("60,80,6", "060,80,6", (3, 9), "integer"),
            ("60,80,6", ",80,6", (3, 4), "a width, which is missing"),
            ("60,80,6", "60,,6", (2, 1), "\"height\", found none"),
            ("60,80,6", "60,80,6,7", (3, 159), "16 columns, found 17"),
            ("60,80,6,", "60,80,", (3, 155), "16 columns, found 15"),
            ("80,60,true", "80,60,yes", (3, 23), "orientation_applied must be true or false"),
            ("false", "no", (3, 28), "true or false"),
            (&field, ",0f", (3, 35), "has 64 digits, found 2"),
            (&field, &format!(",{pdq} {pdq}"), (3, 35), "expected 1 hashes"),
            (&field, &format!(",0f {pdq}"), (3, 35), "has 64 digits, found 2"),
            (&field, &field.replacen('f', "F", 1), (3, 36), "lower case"),
            (&field, ",", (3, 36), "there is a quality, but no pdq hash"),
            (",98,", ",101,", (3, 100), "from 0 to 100"),
            ("damaged low", "damaged  low", (3, 144), "a code must be"),
            ("low-quality,,\r\n", "low-quality,,\rx\n", (3, 157), "a carriage return without"),
            ("low-quality,,\r\n", "low-quality,,\r\n\r\n", (4, 1), "empty line"),
            (",,io,", ",,I/O,", (4, 20), "a code must be"),
            (",,io,", ",,,", (4, 22), "an error must have a code"),
            ("gone\"\n", "gone\n", (4, 23), "has no end"),
            ("gone\"\n", "gone\"x\n", (4, 33), "followed by a comma"),
        ],
    );
}

#[test]
fn sets_of_variants() {
    let pdq = pdq();
    let start = "{\"schema\":1,\"hashes\":{},\n";
    let own = format!("{{\"variant\":\"original\",\"hex\":\"{pdq}\",\"quality\":98}}");
    let sound = format!(
        "{start}\"variants\":{{\"set\":\"wide\",\"hashes\":[\n{own},\n\
         {{\"variant\":\"crop:4\",\"hex\":\"{pdq}\",\"quality\":60}}],\n\
         \"skipped\":[{{\"variant\":\"mirror\",\"reason\":\"near\",\"to\":\"crop:4\",\"distance\":2}},\n\
         {{\"variant\":\"invert\",\"reason\":\"quality\",\"quality\":49}}]}},\n\"digests\":{{}},\"warnings\":[]}}"
    );
    let crop = "{\"variant\":\"crop:4\",\"hex\"";
    assert_refused(
        FingerprintRecord::from_json,
        &sound,
        &[
            ("\"wide\"", "\"Wide\"", (2, 20), "a code must be"),
            ("\"original\"", "\"mirror\"", (2, 35), "begin with the image's own"),
            (crop, "{\"variant\":\"original\",\"hex\"", (2, 35), "is repeated"),
            (crop, "{\"variant\":\"crop:4.0\",\"hex\"", (4, 13), "unknown variant"),
            (crop, "{\"hex\"", (4, 1), "variant"),
            ("\"quality\":60", "\"quality\":101", (4, 104), "from 0 to 100"),
            ("\"near\"", "\"far\"", (5, 42), "\"quality\" or \"near\""),
            ("\"distance\":2", "\"distance\":257", (5, 73), "from 0 to 256"),
            (",\"distance\":2", "", (5, 12), "distance"),
            ("\"quality\":49", "\"quality\":49,\"to\":\"mirror\"", (6, 54), "to"),
            ("\"skipped\"", "\"omitted\"", (2, 12), "skipped"),
        ],
    );
    let table = format!(
        "path,variants,variants_pdq,variants_quality\n\
         a.jpg,original mirror,{pdq} {pdq},98 60\nb.jpg,,,\n"
    );
    let read = |text: &str| CsvRecords::new(text.as_bytes()).collect::<Result<Vec<_>, _>>();
    assert_refused(
        read,
        &table,
        &[
            (",variants_quality", "", (1, 15), "requires another column"),
            ("original mirror", "mirror original", (2, 7), "begin with the image's own"),
            ("original mirror", "original original", (2, 7), "is repeated"),
            ("original mirror", "original", (2, 7), "found 1, 2 and 2"),
            ("original mirror", "original mirorr", (2, 16), "unknown variant"),
            ("98 60", "98 160", (2, 156), "from 0 to 100"),
            ("b.jpg,,,", "b.jpg,original,,", (3, 7), "or none of them"),
        ],
    );
}

#[test]
fn exchange_lines() {
    let pdq = pdq();
    let sound = format!("pdq {pdq}\npdq {}\n", pdq.replace("0f", "f0"));
    let read = |text: &str| {
        HashList::new(text.as_bytes(), ListFormat::Exchange).collect::<Result<Vec<_>, _>>()
    };
    let first = format!("pdq {pdq}");
    let of = |text: &str| first.replace(&pdq, text);
    assert_refused(
        read,
        &sound,
        &[
            (&first, &format!("\u{feff}{first}"), (1, 1), "byte order mark"),
            (&first, &of(&pdq[..32]), (1, 5), "has 64 digits, found 32"),
            (&first, &of(&format!(" {pdq}")), (1, 5), "found \" \""),
            (&first, &of(&format!("{pdq} ")), (1, 69), "found \" \""),
            (&first, &of(&format!("{pdq}\r\r")), (1, 69), "found"),
            (&first, &pdq, (1, 1), "a signal name, a space and a hash"),
            (&first, &first.replace("pdq", "PDQ"), (1, 1), "must be pdq, found \"PDQ\""),
            (&first, &format!("raw_text {pdq}"), (1, 1), "must be pdq, found \"raw_text\""),
            (&first, &format!("video_md5 {pdq}"), (1, 11), "has 32 digits, found 64"),
            (&first, "", (1, 1), "empty line"),
            (&first, &first.replace(' ', "\t"), (1, 1), "a signal name"),
            ("\npdq f", "\n\npdq f", (2, 1), "empty line"),
            ("\npdq f", "\npdq \u{444}", (2, 5), "0-9 and a-f"),
        ],
    );
    assert!(threatexchange::from_line(&first).is_ok());
    assert_eq!(place(&threatexchange::from_line(&sound).unwrap_err()), (1, 69));
    let latin = [first.as_bytes(), b"\npdq \xe4"].concat();
    let error = HashList::detecting(latin.as_slice()).nth(1).unwrap().unwrap_err();
    assert_eq!((place(&error), error.to_string().contains("UTF-8")), ((2, 5), true));
}

#[test]
fn lists_in_lines_of_json() {
    let read = |text: &str| HashList::detecting(text.as_bytes()).collect::<Result<Vec<_>, _>>();
    let line = format!(
        "{{\"path\":\"é\",\"schema\":1,\"hashes\":{{\"pdq\":{{\"hex\":\"{}\"}}}},\"digests\":{{}},\"warnings\":[]}}\n",
        pdq()
    );
    let sound = format!("{line}{}", line.replace('é', "b"));
    assert_refused(
        read,
        &sound,
        &[
            ("\"b\"", "\"b\"]", (2, 12), "invalid JSON"),
            ("\n{\"path\":\"b\"", "\n\n{\"path\":\"b\"", (2, 1), "empty line"),
            ("\n{\"path\":\"b\"", "{\"path\":\"b\"", (1, 143), "invalid JSON"),
            ("{\"path\":\"é\"", "[{\"path\":\"é\"", (1, 1), "not a list of hashes"),
            ("{\"path\":\"é\"", "\u{feff}{\"path\":\"é\"", (1, 1), "byte order mark"),
        ],
    );
    let mut list = HashList::detecting(sound.as_bytes());
    assert!(list.by_ref().all(|hash| hash.is_ok()));
    assert!(list.next().is_none());
}

#[test]
fn pages_of_stopncii() {
    let pdq = pdq();
    let sound = format!(
        "{{\"count\":2,\"nextPageToken\":\"x\",\"nextSetTimestamp\":9,\"hasMoreRecords\":false,\"hashRecords\":[\n\
         {{\"lastModtimestamp\":7,\"signalType\":\"ImagePDQ\",\"hashValue\":\"{pdq}\",\"hashStatus\":\"Active\",\n\
         \"caseNumbers\":{{\"1\":\"Received\"}},\"CSPFeedbacks\":[{{\"feedbackValue\":\"Blocked\",\"tags\":[\"a\"]}}]}},\n\
         {{\"lastModtimestamp\":8,\"signalType\":\"VideoMD5\",\"hashValue\":\"{MD5}\",\"hashStatus\":\"Deleted\",\
         \"caseNumbers\":[]}}]}}"
    );
    assert_refused(
        StopNciiPage::from_json,
        &sound,
        &[
            ("\"count\":2", "\"count\":-2", (1, 10), "integer from 0"),
            ("\"x\"", "7", (1, 28), "a string, found a number"),
            ("\"count\":2,", "", (1, 1), "\"count\", which is missing"),
            ("\"ImagePDQ\"", "\"ImagePdq\"", (2, 37), "\"ImagePdq\" is unknown"),
            (&pdq, &pdq[..32], (2, 60), "has 64 digits, found 32"),
            (&pdq, MD5, (2, 60), "has 64 digits, found 32"),
            ("\"Active\"", "\"active\"", (2, 140), "a status \"active\""),
            ("\"Received\"", "1", (3, 20), "a string"),
            ("\"1\":\"Received\"", "\"1\":\"Received\",\"1\":\"Active\"", (3, 32), "is repeated"),
            ("\"Blocked\"", "\"Block\"", (3, 66), "a feedback value \"Block\""),
            ("[\"a\"]", "[1]", (3, 83), "a tag must be a string"),
            ("\"caseNumbers\":[]", "\"caseNumbers\":[1]", (4, 131), "an object, found an array"),
        ],
    );
}

#[test]
fn features_of_vpdq() {
    let pdq = pdq();
    let line = format!("42,98,{pdq},1.402");
    assert_refused(
        vpdq::frame_from_line,
        &line,
        &[
            ("42,", "", (1, 1), "4 fields separated by commas, found 3"),
            ("402", "402,", (1, 1), "found more"),
            ("42,", "-42,", (1, 1), "a frame's number"),
            ("42,", "042,", (1, 1), "a frame's number"),
            ("98", "101", (1, 4), "from 0 to 100"),
            ("98", " 98", (1, 4), "from 0 to 100"),
            (&pdq, &pdq[..32], (1, 7), "has 64 digits, found 32"),
            (&pdq, &pdq.to_uppercase(), (1, 8), "lower case"),
            ("1.402", "1.4", (1, 72), "three decimals"),
            ("1.402", "-1.402", (1, 72), "three decimals"),
            ("1.402", "inf", (1, 72), "three decimals"),
        ],
    );
    let json = format!("[\n\"{pdq},98,1.23e+02\"]");
    assert_refused(
        vpdq::features_from_json,
        &json,
        &[
            ("[\n", "{\n", (2, 79), "invalid JSON"),
            (&format!("\"{pdq},98,1.23e+02\""), "7", (2, 1), "a feature must be a string"),
            (",98", "", (2, 2), "3 fields"),
            ("98", "98.0", (2, 67), "from 0 to 100"),
            ("1.23e+02", "-1.0", (2, 70), "seconds from 0"),
            ("1.23e+02", "nan", (2, 70), "seconds from 0"),
            ("1.23e+02", "1e999", (2, 70), "seconds from 0"),
            ("1.23e+02", "1e", (2, 70), "seconds from 0"),
            (&pdq, &pdq[2..], (2, 2), "has 64 digits, found 62"),
        ],
    );
    assert_eq!(place(&vpdq::features_from_json("").unwrap_err()), (1, 1));
}
