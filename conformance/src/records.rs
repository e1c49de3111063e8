//! The vectors of records: texts with their parsed values or errors. The tests of every language
//! read the file, to check that its binding returns the complete answer of the core.

#![allow(
    clippy::panic,
    reason = "a mistake in these lists must stop the program that writes the vectors"
)]

use ownprint::exchange::{
    CsvRecords, CsvTable, Error, FingerprintRecord, HashList, SkippedRows, StopNciiPage,
    threatexchange, vpdq,
};
use ownprint::hash::VpdqFeature;
use ownprint::{HashAlgorithm, PerceptualHash, Quality, Selection};
use serde_json::{Value, json};

/// The name of the file in the folder of vectors.
pub const FILE: &str = "records.json";

const MD5: &str = "6e9c44002049964f36de016a79ef10d7";
const PDQ: &str = "8c739cdb99cb579246da24d2d84b98cb9f9c06901690e4c3e96b8b6bdf0c55b4";
const OTHER_PDQ: &str = "b241f21934344db0e9a068fb9267924714340cb44d2ee8fbf2efb24fb37f0d34";

/// Returns the contents of the file.
///
/// # Panics
/// Panics if the core rejects a valid text or accepts an invalid text.
#[must_use]
pub fn vectors() -> Value {
    json!({
        "about": "See conformance/README.md. Written by `cargo xtask vectors`; do not edit.",
        "forms": {
            "record": form(&records(), |text| {
                Ok(json!({ "written": FingerprintRecord::from_json(text)?.to_json() }))
            }),
            "csv": form(&tables(), |text| {
                let records = CsvRecords::new(text.as_bytes()).map(|record| Ok(record?.to_json()));
                Ok(json!({ "records": records.collect::<Result<Vec<_>, Error>>()? }))
            }),
            "list": form(&lists(), list),
            "stopncii": form(&pages(), |text| Ok(json!({ "written": StopNciiPage::from_json(text)?.to_json() }))),
            "vpdq-line": form(&frames(), |text| {
                let frame = vpdq::frame_from_line(text)?;
                Ok(json!({ "frame": frame.frame, "feature": feature(&frame.feature), "written": vpdq::frame_to_line(&frame) }))
            }),
            "vpdq-json": form(&videos(), |text| {
                let features = vpdq::features_from_json(text)?;
                let written = vpdq::features_to_json(&features);
                Ok(json!({ "features": features.iter().map(feature).collect::<Vec<_>>(), "written": written }))
            }),
        },
        "tolerant": {
            "lists": tolerant_lists().iter().map(|text| tolerant_list(text)).collect::<Vec<_>>(),
            "pages": tolerant_pages().iter().map(|text| tolerant_page(text)).collect::<Vec<_>>(),
        },
        "tables": [
            table("pdq,phash:16,md5", None),
            table("sha256,sha512", Some("compact")),
            table("crop-resistant,pdq-dihedral,blake3,sha1", None),
        ],
        "exchange_lines": exchange_lines(),
    })
}

/// Valid and invalid texts.
struct Texts {
    valid: Vec<String>,
    invalid: Vec<String>,
}

impl Texts {
    /// Makes each invalid text from the first valid text by one replacement.
    fn new(valid: Vec<String>, replacements: &[(&str, &str)]) -> Self {
        let first = &valid[0];
        let replaced = |(from, to): &(&str, &str)| {
            assert_eq!(first.matches(from).count(), 1, "{from} in {first}");
            first.replacen(from, to, 1)
        };
        Self { invalid: replacements.iter().map(replaced).collect(), valid }
    }
}

fn form(texts: &Texts, read: impl Fn(&str) -> Result<Value, Error>) -> Value {
    let valid = texts.valid.iter().map(|text| {
        let mut entry = json!({ "text": text });
        let Ok(Value::Object(answer)) = read(text) else { panic!("{:?}: {text}", read(text)) };
        answer.into_iter().for_each(|(key, value)| entry[key] = value);
        entry
    });
    let invalid = texts.invalid.iter().map(|text| match read(text) {
        Err(error) => mistake(text, &error),
        Ok(value) => panic!("{text} was parsed as {value}"),
    });
    json!({ "valid": valid.collect::<Vec<_>>(), "invalid": invalid.collect::<Vec<_>>() })
}

fn mistake(text: &str, error: &Error) -> Value {
    let Error::InvalidRecord { line, column, .. } = error else {
        panic!("{error} has no position")
    };
    json!({ "text": text, "code": error.code(), "line": line, "column": column, "message": error.to_string() })
}

fn records() -> Texts {
    let sound = format!(
        "{{\"path\":\"é \u{1f5bc}.jpg\",\"schema\":1,\n\"format\":\"jpeg\",\"width\":60,\"height\":80,\"orientation\":6,\n\
         \"stored_width\":80,\"stored_height\":61,\"orientation_applied\":true,\"damaged\":true,\"rgb_md5\":\"{MD5}\",\n\
         \"hashes\":{{\"pdq\":{{\"hex\":\"{PDQ}\",\"quality\":98}},\"phash:16\":{{\"hex\":\"{OTHER_PDQ}\"}}}},\n\
         \"digests\":{{\"md5\":\"{MD5}\"}},\n\
         \"warnings\":[{{\"code\":\"damaged\",\"message\":\"it is \\\"damaged\\\"\"}}]}}"
    );
    let hash = format!("\"{PDQ}\",\"quality\"");
    let of = |text: &str| hash.replace(PDQ, text);
    let dihedral = |count| format!("{{\"pdq-dihedral\":{{\"hex\":{}}}}}", json!(vec![PDQ; count]));
    let plain = |hashes: &str| {
        format!("{{\"schema\":1,\"hashes\":{hashes},\"digests\":{{}},\"warnings\":[]}}")
    };
    let valid = vec![
        sound,
        plain("{}"),
        with_set("é", &set()),
        plain(&dihedral(8)),
        plain("{\"crop-resistant\":{\"hex\":[\"00000000000000ff\",\"ff00000000000000\"]}}"),
        format!(
            " {{\"deterministic\":false,\"decoder\":{{\"name\":\"platform\"}},\"warnings\":[],\"digests\":{{}},\"hashes\":{{}},\"orientation_applied\":false,\
             \"stored_height\":1,\"stored_width\":2147483647,\"orientation\":1,\"height\":1,\"width\":2147483647,\
             \"format\":null,\"schema\":1,\"path\":\"a\\u0000\\n\\\"\\\\{OTHER_PDQ}\"}}\n"
        ),
        "{\"path\":\"gone.jpg\",\"schema\":1,\"hashes\":{},\"digests\":{},\"warnings\":[],\
         \"error\":{\"code\":\"io\",\"message\":\"could not be read: \\u00e9\"}}"
            .to_owned(),
        format!(
            "{{\"path\":\"cut.jpg\",\"schema\":1,\"hashes\":{{}},\"digests\":{{\"md5\":\"{MD5}\"}},\"warnings\":[],\
             \"error\":{{\"code\":\"truncated\",\"message\":\"this jpeg file is truncated\"}}}}"
        ),
        with_video("videos/é.mp4", &video()),
        with_video("b.mov", &video().replace("\"damaged\":true,", "").replace("mp4", "mov")),
        everything(),
    ];
    let mut texts = Texts::new(
        valid,
        &[
            ("{\"path\"", "\u{feff}{\"path\""),
            ("{\"path\"", "[{\"path\""),
            ("\"schema\":1", "\"schema\":2"),
            ("\"schema\":1", "\"schema\":1.0"),
            ("\"schema\":1", "\"schema\":\"1\""),
            ("\"schema\":1", "\"skema\":1"),
            ("\"path\"", "\"name\""),
            ("\"jpeg\"", "\"JPEG\""),
            ("\"width\":60", "\"width\":0"),
            ("\"width\":60", "\"width\":4294967296"),
            ("\"width\":60,", ""),
            ("\"orientation\":6", "\"orientation\":9"),
            ("\"orientation_applied\":true", "\"orientation_applied\":1"),
            ("\"damaged\":true", "\"damaged\":false"),
            ("\"pdq\":", "\"PDQ\":"),
            ("\"phash:16\":", "\"phash:8\":"),
            ("\"phash:16\":", "\"pdq\":"),
            ("\"phash:16\":", "\"pdq-dihedral\":"),
            (&hash, &of(&PDQ[..32])),
            (&hash, &of(&PDQ.to_uppercase())),
            (&hash, &of(&format!("{PDQ} "))),
            ("\"quality\":98", "\"quality\":101"),
            ("\"quality\":98", "\"quality\":98.5"),
            ("\"md5\"", "\"md6\""),
            ("\"digests\"", "\"digest\""),
            ("\"code\":\"damaged\"", "\"code\":\"Damaged!\""),
            ("damaged\\\"\"}]", "damaged\\\"\"}"),
            ("damaged\\\"\"}]", "damaged\\\"\"}],\"decoder\":\"browser\""),
            ("damaged\\\"\"}]", "damaged\\\"\"}],\"error\":null"),
            ("damaged\\\"\"}]", "damaged\\\"\"}],\"error\":{\"code\":\"io\"}"),
            ("damaged\\\"\"}]", "damaged\\\"\"}],\"error\":{\"code\":\"I/O\",\"message\":\"\"}"),
            ("damaged\\\"\"}]", "damaged\\\"\"}],\"failure\":{\"code\":\"io\",\"message\":\"\"}"),
        ],
    );
    // A record with an error must have the other members too.
    texts.invalid.push("{\"schema\":1,\"error\":{\"code\":\"io\",\"message\":\"\"}}".to_owned());
    texts.invalid.extend([String::new(), "null".to_owned(), plain(&dihedral(7))]);
    let broken = [
        ("\"original\"", "\"mirror\""),
        ("\"crop:6.5\"", "\"crop:6.50\""),
        ("\"near\"", "\"far\""),
        ("\"distance\":2", "\"distance\":257"),
        ("\"quality\":49", "\"quality\":101"),
        (OTHER_PDQ, MD5),
    ];
    texts.invalid.extend(broken.map(|(from, to)| with_set("a", &set().replacen(from, to, 1))));
    let broken = [
        ("\"mp4\"", "\"MP4!\""),
        ("\"codec\":\"h264\",", ""),
        ("\"width\":1280", "\"width\":0"),
        ("\"frames\":90", "\"frames\":-90"),
        ("30000/1001", "29.97"),
        ("30000/1001", "30000/0"),
        ("\"damaged\":true", "\"damaged\":false"),
        ("\"vpdq\"", "\"features\""),
        ("\"seconds\":0.967634", "\"seconds\":0.9676341"),
        ("\"seconds\":0.967634", "\"seconds\":-1"),
        ("\"quality\":98", "\"quality\":101"),
        (PDQ, MD5),
    ];
    texts.invalid.extend(broken.map(|(from, to)| with_video("a", &video().replacen(from, to, 1))));
    texts
}

/// A set of variants in the format of records.
fn set() -> String {
    format!(
        "{{\"set\":\"compact\",\"hashes\":[{{\"variant\":\"original\",\"hex\":\"{PDQ}\",\"quality\":98}},\
         {{\"variant\":\"mirror\",\"hex\":\"{OTHER_PDQ}\",\"quality\":97}}],\
         \"skipped\":[{{\"variant\":\"crop:6.5\",\"reason\":\"near\",\"to\":\"mirror\",\"distance\":2}},\
         {{\"variant\":\"border:4:grey\",\"reason\":\"quality\",\"quality\":49}}]}}"
    )
}

/// A record with variants.
fn with_set(path: &str, set: &str) -> String {
    format!(
        "{{\"path\":\"{path}\",\"schema\":1,\"hashes\":{{\"phash\":{{\"hex\":\"96961e6b6b678584\"}}}},\"variants\":{set},\
         \"digests\":{{}},\"warnings\":[]}}"
    )
}

/// A video in the format of records.
fn video() -> String {
    format!(
        "{{\"format\":\"mp4\",\"codec\":\"h264\",\"width\":1280,\"height\":720,\"frames\":90,\
         \"frame_rate\":\"30000/1001\",\"damaged\":true,\
         \"vpdq\":[{{\"frame\":0,\"seconds\":0,\"hex\":\"{PDQ}\",\"quality\":98}},\
         {{\"frame\":29,\"seconds\":0.967634,\"hex\":\"{OTHER_PDQ}\",\"quality\":100}}]}}"
    )
}

/// A record with a video.
fn with_video(path: &str, video: &str) -> String {
    format!(
        "{{\"path\":\"{path}\",\"schema\":1,\"hashes\":{{}},\"video\":{video},\
         \"digests\":{{\"md5\":\"{MD5}\"}},\"warnings\":[],\
         \"decoder\":{{\"name\":\"ownprint\",\"revision\":2147483647}}}}"
    )
}

/// A record with every member of the schema. No real file has all of them.
fn everything() -> String {
    format!(
        "{{\"path\":\"all\",\"schema\":1,\"format\":\"jxl\",\"width\":2,\"height\":3,\"orientation\":8,\
         \"stored_width\":3,\"stored_height\":2,\"orientation_applied\":true,\"damaged\":true,\
         \"rgb_md5\":\"{MD5}\",\"hashes\":{{\"pdq\":{{\"hex\":\"{PDQ}\",\"quality\":98}}}},\
         \"variants\":{},\"video\":{},\"digests\":{{\"md5\":\"{MD5}\",\
         \"sha1\":\"{PDQ:.40}\",\"sha256\":\"{PDQ}\",\"sha512\":\"{PDQ}{OTHER_PDQ}\",\
         \"blake3\":\"{OTHER_PDQ}\"}},\
         \"warnings\":[{{\"code\":\"damaged\",\"message\":\"it is\"}}],\
         \"error\":{{\"code\":\"truncated\",\"message\":\"it is\"}},\
         \"decoder\":{{\"name\":\"platform\"}},\"deterministic\":false}}",
        set(),
        video()
    )
}

fn tables() -> Texts {
    let sound = format!(
        "path,format,width,height,orientation,stored_width,stored_height,orientation_applied,damaged,rgb_md5,pdq,pdq_quality,md5,\
         warnings,error_code,error_message\r\n\
         \"é \"\"1\"\",\n2\",jpeg,60,80,6,80,60,true,true,{MD5},{PDQ},98,{MD5},damaged low-quality,,\r\n\
         b.jpg,,,,,,,,,,,,,,io,\"no, gone\"\n"
    );
    let field = format!(",{PDQ}");
    let valid = vec![
        sound,
        String::new(),
        format!("pdq,path\n{PDQ},a.jpg\n"),
        format!(
            "path,variants,variants_pdq,variants_quality\na.jpg,original mirror,{PDQ} {OTHER_PDQ},98 97\nb,,,\n"
        ),
        "crop-resistant,decoder,deterministic\n00000000000000ff ff00000000000000,platform,false"
            .to_owned(),
        format!("path,md5,warnings,error_code,error_message\na,{MD5},low-quality,damaged,no end\n"),
        format!(
            "path,video,vpdq\na.mp4,mp4 h264 1280x720 90 30000/1001 damaged,\"0,98,{PDQ},0 29,100,{OTHER_PDQ},0.967634\"\n\
             b.mov,mov h264 2x2 0 1/1,\nc,,\n"
        ),
    ];
    Texts::new(
        valid,
        &[
            ("path,f", "\u{feff}path,f"),
            ("path,f", "Path,f"),
            ("path,f", "\"pa\"th,f"),
            ("format,", "path,"),
            ("pdq,pdq_quality", "pdq,pdq-512_quality"),
            ("\"é \"", "é \""),
            ("60,80,6", "60,80,+6"),
            ("60,80,6", ",80,6"),
            ("60,80,6", "60,80,6,7"),
            ("80,60,true", "80,60,yes"),
            (&field, ",8c"),
            (&field, ","),
            (&field, &field.to_uppercase()),
            ("damaged low", "damaged  low"),
            ("low-quality,,\r\n", "low-quality,,\rx\n"),
            ("low-quality,,\r\n", "low-quality,,\r\n\r\n"),
            (",,io,", ",damaged,I/O,"),
            ("gone\"\n", "gone\n"),
        ],
    )
}

fn lists() -> Texts {
    let line = |path: &str| {
        format!(
            "{{\"path\":\"{path}\",\"schema\":1,\"hashes\":{{\"pdq\":{{\"hex\":\"{PDQ}\",\"quality\":0}},\
             \"crop-resistant\":{{\"hex\":[\"00000000000000ff\",\"ff00000000000000\"]}}}},\"digests\":{{}},\"warnings\":[]}}\n"
        )
    };
    let failed = "{\"schema\":1,\"hashes\":{},\"digests\":{},\"warnings\":[],\
                  \"error\":{\"code\":\"io\",\"message\":\"\"}}\n";
    let first = format!("pdq {PDQ}");
    let of = |text: &str| first.replace(PDQ, text);
    let valid = vec![
        format!("{first}\npdq {OTHER_PDQ}\r\npdq {PDQ}"),
        String::new(),
        format!("{}{failed}{}", line("é"), line("b \\\"c\\\"")),
        format!("{}{}\n{}", line("a"), with_set("b", &set()), line("c")),
        format!(
            "path,pdq,pdq_quality,phash\n\"a\n,\"\"b\"\"\",{PDQ},100,\nc,{OTHER_PDQ},,96961e6b6b678584\n"
        ),
        format!("pdq {}\nvideo_md5 {MD5}\n", PDQ.to_uppercase()),
        format!("{PDQ},100,a, b.jpg\n{},0,\r\n", OTHER_PDQ.to_uppercase()),
        pages().valid[0].clone(),
        pages().valid[0].replace('\n', ""),
    ];
    let second = format!("\npdq {OTHER_PDQ}");
    let mut texts = Texts::new(
        valid,
        &[
            (&second, &format!("\n{second}")),
            (&second, "\npdq \u{444}"),
            (&second, &second.to_uppercase()),
            (&second, &format!("{second} ")),
            (&second, &second[..40]),
            (&second, &second.replace("pdq", "md5")),
            (&second, &second.replace(' ', "\t")),
        ],
    );
    texts.invalid.extend([
        PDQ.to_owned(),
        format!("\u{feff}{first}\n"),
        of(&format!(" {PDQ}")),
        "\n".to_owned(),
        format!("{}\n{}", line("a"), line("b")),
        format!("{}{}", line("a"), line("b").replace("\"schema\"", "\"skema\"")),
        format!("path,pdq\na,{PDQ}\n\"b,{PDQ}\n"),
        format!("path,pdq\na,{PDQ},\n"),
    ]);
    texts
}

fn pages() -> Texts {
    let sound = format!(
        "{{\"count\":2,\"nextPageToken\":\"x\",\"nextSetTimestamp\":1700000001,\"hasMoreRecords\":true,\"hashRecords\":[\n\
         {{\"lastModtimestamp\":1700000000,\"signalType\":\"ImagePDQ\",\"hashValue\":\"{PDQ}\",\"hashStatus\":\"Active\",\n\
         \"caseNumbers\":{{\"case-1\":\"Received\"}},\"more\":[],\n\
         \"CSPFeedbacks\":[{{\"feedbackValue\":\"Blocked\",\"tags\":[\"a\",\"é\"],\"source\":\"s\"}},{{\"feedbackValue\":\"None\"}}]}},\n\
         {{\"lastModtimestamp\":8,\"signalType\":\"VideoMD5\",\"hashValue\":\"{MD5}\",\"hashStatus\":\"Deleted\",\
         \"caseNumbers\":[]}}]}}"
    );
    let empty = "{\"count\":0,\"nextPageToken\":null,\"nextSetTimestamp\":0,\"hasMoreRecords\":false,\"hashRecords\":[]}";
    Texts::new(
        vec![sound, empty.to_owned()],
        &[
            ("\"count\":2", "\"count\":-2"),
            ("\"x\"", "7"),
            ("\"count\":2,", ""),
            ("\"ImagePDQ\"", "\"ImagePdq\""),
            (PDQ, MD5),
            ("\"hashValue\":\"6e", "\"hashValue\":\"6g"),
            ("\"Active\"", "\"active\""),
            ("\"Received\"", "1"),
            ("\"case-1\":\"Received\"", "\"case-1\":\"Received\",\"case-1\":\"Active\""),
            ("\"Blocked\"", "\"Block\""),
            ("\"é\"", "1"),
            ("\"caseNumbers\":[]", "\"caseNumbers\":[1]"),
            ("[]}]}", "[]}]"),
        ],
    )
}

fn frames() -> Texts {
    let sound = format!("42,98,{PDQ},1.402");
    let valid =
        vec![sound, format!("0,0,{OTHER_PDQ},0.000"), format!("4294967295,100,{PDQ},143165.576")];
    Texts::new(
        valid,
        &[
            ("42,", ""),
            ("1.402", "1.402,"),
            ("42,", "-42,"),
            ("42,", "042,"),
            (",98,", ",101,"),
            (",98,", ", 98,"),
            (PDQ, &PDQ[..32]),
            (PDQ, &PDQ.to_uppercase()),
            ("1.402", "1.4"),
            ("1.402", "-1.402"),
            ("1.402", "inf"),
        ],
    )
}

fn videos() -> Texts {
    let sound = format!("[\n\"{PDQ},98,12.345\",\"{OTHER_PDQ},0,4512.7\"]");
    let valid = vec![
        sound,
        "[]".to_owned(),
        format!("[\"{PDQ},100,0.0\", \"{PDQ},50,1.2e-05\", \"{PDQ},1,1.23e+02\"]"),
    ];
    Texts::new(
        valid,
        &[
            ("[\n", "{\n"),
            ("98,12.345", "98"),
            (",98,", ",98.0,"),
            ("12.345", "-1.0"),
            ("12.345", "nan"),
            ("12.345", "1e999"),
            (PDQ, &PDQ[2..]),
            ("4512.7\"", "4512.7\",7"),
        ],
    )
}

/// Lists with valid and invalid rows.
fn tolerant_lists() -> Vec<String> {
    let record = |path: &str| format!("{}\n", with_set(path, &set()));
    let page = &tolerant_pages()[0];
    vec![
        format!("pdq {PDQ}\n\npdq {MD5}\npdq {OTHER_PDQ}\r\nmd5 {MD5}\npdq \u{444}"),
        format!("{}{}\n{}", record("a"), record("b").replace("schema", "skema"), record("c")),
        format!("path,pdq\n\"a\nb\",{PDQ}\n5\" wide,{PDQ}\nc,{MD5}\n\"d,{PDQ}\ne,{OTHER_PDQ}\n"),
        format!("{PDQ},98,a\n{PDQ},101,b\n{OTHER_PDQ}\n"),
        page.clone(),
        String::new(),
    ]
}

fn tolerant_pages() -> Vec<String> {
    let sound = &pages().valid[0];
    let record = |from: &str, to: &str| sound.replacen(from, to, 1);
    vec![
        record(PDQ, MD5),
        record("\"hashStatus\":\"Deleted\"", "\"hashStatus\":\"Gone\""),
        record("[\n", "[7,"),
        record(PDQ, &PDQ.to_uppercase()),
    ]
}

fn tolerant_list(text: &str) -> Value {
    let mut list = HashList::detecting(text.as_bytes()).skip_invalid();
    let hashes: Result<Vec<_>, _> = list.by_ref().map(|listed| listed.map(hash)).collect();
    let Ok(hashes) = hashes else { panic!("{hashes:?}: {text}") };
    json!({ "text": text, "hashes": hashes, "skipped": skipped(list.skipped()) })
}

fn tolerant_page(text: &str) -> Value {
    let read = StopNciiPage::from_json_tolerant(text);
    let Ok((page, rows)) = read else { panic!("{read:?}: {text}") };
    json!({ "text": text, "written": page.to_json(), "skipped": skipped(&rows) })
}

fn skipped(skipped: &SkippedRows) -> Value {
    let row = |row: &ownprint::exchange::SkippedRow| {
        let (line, column, code, message) = (row.line, row.column, row.code, &row.detail);
        json!({ "line": line, "column": column, "code": code, "message": message })
    };
    let rows: Vec<_> = skipped.rows().iter().map(row).collect();
    json!({ "count": skipped.count(), "rows": rows })
}

fn list(text: &str) -> Result<Value, Error> {
    let mut list = HashList::detecting(text.as_bytes());
    let hashes = list.by_ref().map(|listed| listed.map(hash)).collect::<Result<Vec<_>, _>>()?;
    Ok(json!({ "form": list.format().map(ownprint::exchange::ListFormat::name), "hashes": hashes }))
}

/// Returns a hash of a list.
fn hash(listed: ownprint::exchange::ListedHash) -> Value {
    json!({
        "algorithm": listed.algorithm.name(),
        "hex": listed.value.to_hex(),
        "quality": listed.quality.map(Quality::value),
        "name": listed.name,
        "line": listed.line,
        "variant": listed.variant.map(|variant| variant.to_string()),
    })
}

fn feature(feature: &VpdqFeature) -> Value {
    json!({ "hex": feature.hash().to_hex(), "quality": feature.quality.value(), "seconds": feature.seconds() })
}

/// Returns the valid records as a CSV table.
fn table(names: &str, variants: Option<&str>) -> Value {
    let mut selection: Selection = names.parse().unwrap_or_default();
    selection.variants = variants.and_then(|name| name.parse().ok());
    let table = CsvTable::new(&selection);
    let texts = records().valid;
    let row = |text: &String| {
        FingerprintRecord::from_json(text).map(|record| table.row(&record)).unwrap_or_default()
    };
    json!({
        "algorithms": names.split(',').collect::<Vec<_>>(),
        "variants": variants,
        "header": table.header(),
        "records": texts,
        "rows": texts.iter().map(row).collect::<Vec<_>>(),
    })
}

fn exchange_lines() -> Vec<Value> {
    let cases = [
        ("pdq", PDQ, None),
        ("pdq", PDQ, Some(100)),
        ("pdq", PDQ, Some(50)),
        ("pdq", PDQ, Some(49)),
        ("pdq-512", OTHER_PDQ, Some(80)),
        ("phash", "96961e6b6b678584", None),
    ];
    let line = |(name, hex, quality): (&str, &str, Option<u8>)| {
        let algorithm: HashAlgorithm = name.parse().ok()?;
        let hash = PerceptualHash::from_parts(
            algorithm,
            vec![algorithm.parse_hash(hex).ok()?],
            quality.map(Quality::new),
        );
        let line = threatexchange::to_line(&hash.ok()?);
        Some(json!({ "algorithm": name, "hex": hex, "quality": quality, "line": line }))
    };
    cases.into_iter().filter_map(line).collect()
}
