//! Files of examples from elsewhere: `csv`, `jsonl` or `json` and mappings on the first line, the file below.

#![no_main]

use std::collections::BTreeMap;
use std::fs;
use std::sync::LazyLock;

use evalward_core::{Example, Partition};
use evalward_dataset::{
    CheckOptions, Dataset, ExportFormat, ImportFormat, ImportOptions, check, export_file, import,
};
use evalward_fuzz::Scratch;
use libfuzzer_sys::fuzz_target;

static SCRATCH: LazyLock<Scratch> = LazyLock::new(Scratch::new);

fuzz_target!(|text: &str| {
    let (head, body) = text.split_once('\n').unwrap_or(("csv", text));
    let mut words = head.split_whitespace();
    let (format, name) = match words.next() {
        Some("jsonl") => (ImportFormat::Jsonl, "source.jsonl"),
        Some("json") => (ImportFormat::Json, "source.json"),
        _ => (ImportFormat::Csv, "source.csv"),
    };
    let options = ImportOptions {
        format: Some(format),
        mappings: words.filter_map(|word| word.parse().ok()).collect(),
        partition: (format != ImportFormat::Json).then_some(Partition::Distribution),
        ..ImportOptions::default()
    };
    SCRATCH.remove("first");
    SCRATCH.remove("second");
    let source = SCRATCH.write(name, body);
    let report = match import(&source, &SCRATCH.path("first"), &options) {
        Ok(report) => report,
        Err(error) => {
            drop(format!("{error}"));
            assert!(!SCRATCH.path("first").exists(), "a refused file leaves something behind");
            return;
        }
    };
    let dataset = Dataset::open(SCRATCH.path("first")).expect("an imported dataset opens");
    let examples = examples(&dataset);
    assert_eq!(u64::try_from(examples.len()).ok(), Some(report.total_added()));
    drop(check(&dataset, &CheckOptions::default(), &mut |_| {}));
    // JSON lines keep everything that the examples hold.
    let exported = SCRATCH.path("exported.jsonl");
    export_file(&dataset, ExportFormat::Jsonl, &exported).expect("a dataset can be exported");
    import(&exported, &SCRATCH.path("second"), &ImportOptions::default())
        .expect("what was exported can be imported");
    let again = Dataset::open(SCRATCH.path("second")).expect("an imported dataset opens");
    assert_eq!(self::examples(&again), examples);
    drop(fs::remove_file(exported));
});

fn examples(dataset: &Dataset) -> BTreeMap<String, Example> {
    dataset
        .all_examples()
        .map(|example| example.expect("an imported example is readable").value)
        .map(|example| (example.id.to_string(), example))
        .collect()
}
