//! Loading and saving a canonical file changes no byte, and every odd file becomes canonical.

use std::collections::BTreeMap;

use evalward_core::{
    Digest, Document, Example, Failure, Partition, Review, Rules, Source, TextList, Timestamp,
};
use evalward_dataset::{ExportFormat, FixOptions, ImportOptions, check, export, fix, import};
use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use serde_json::Value;

use crate::support::Sandbox;

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_filter("JSON has no others", |x| x.is_finite()).prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            btree_map(any::<String>(), inner, 0..4)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

fn content() -> impl Strategy<Value = Example> {
    let texts = || vec(any::<String>(), 0..3);
    (
        btree_map(any::<String>(), value(), 0..3),
        option::of(any::<String>()),
        texts(),
        texts(),
        btree_map(any::<String>(), value(), 0..3),
        texts(),
        option::of(any::<String>()),
    )
        .prop_map(
            |(input, expected_output, acceptable_outputs, context, metadata, tags, cluster)| {
                let mut example = Example::new("any", Partition::Golden);
                example.context = context.into_iter().map(Document::from_text).collect();
                Example {
                    input,
                    expected_output,
                    acceptable_outputs,
                    metadata,
                    tags,
                    cluster,
                    ..example
                }
            },
        )
}

fn example() -> impl Strategy<Value = Example> {
    let time = || (-9_000_000_000_000_i64..9_000_000_000_000).prop_map(Timestamp::from_millis);
    let checks = option::of(vec("[a-z|]{1,5}", 1..3));
    (
        content(),
        option::of(time()),
        checks,
        option::of(any::<String>()),
        option::of(time()),
        0..4_usize,
    )
        .prop_map(|(mut example, created_at, includes, root_cause, fixed_at, partition)| {
            example.partition = Partition::ALL[partition];
            example.created_at = created_at;
            example.checks = includes.map(|texts| Rules {
                includes_all: texts.into_iter().collect::<TextList>(),
                ..Rules::default()
            });
            if let Some(root_cause) = root_cause {
                let path = root_cause.clone();
                let content = Digest::of(path.as_bytes());
                example.sources.push(Source { path: path.clone(), hash: content });
                let time = created_at.unwrap_or(Timestamp::from_millis(0));
                example.reviews.push(Review { reviewer: path.clone(), time, note: path, content });
                let failure = Failure { root_cause, observed_output: None, origin: None, fixed_at };
                example.failure = Some(failure);
            }
            example
        })
}

/// Examples with ids that are distinct.
fn examples() -> impl Strategy<Value = Vec<Example>> {
    btree_map("[^\\s\\p{Cc}][^\\p{Cc}]{0,6}[^\\s\\p{Cc}]", example(), 1..6).prop_map(|examples| {
        let named = examples.into_iter().map(|(id, example)| Example {
            id: evalward_core::ExampleId::new(id).unwrap(),
            ..example
        });
        named.collect()
    })
}

/// Writes partition files as a canonical dataset has them.
fn canonical(examples: &[Example]) -> (Sandbox, BTreeMap<String, String>) {
    let mut files: BTreeMap<String, String> = BTreeMap::new();
    for example in examples {
        let file = files.entry(example.partition.file_name()).or_default();
        file.push_str(&example.to_line());
        file.push('\n');
    }
    let sandbox = Sandbox::new(&[]);
    for (name, content) in &files {
        sandbox.write(name, content);
    }
    (sandbox, files)
}

fn read_all(sandbox: &Sandbox) -> Vec<Example> {
    sandbox.open().all_examples().map(|example| example.unwrap().value).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

    #[test]
    fn a_canonical_dataset_is_left_alone(examples in examples()) {
        let (sandbox, files) = canonical(&examples);
        let mut by_partition = examples;
        by_partition.sort_by_key(|example| example.partition);
        prop_assert_eq!(read_all(&sandbox), by_partition);
        let report = fix(&sandbox.open(), &FixOptions::default()).unwrap();
        prop_assert_eq!(report.rewritten.len(), 0);
        for (name, content) in &files {
            prop_assert_eq!(&sandbox.read(name), content);
        }
        let codes = sandbox.check().findings.into_iter().map(|finding| finding.code.name()).collect::<Vec<_>>();
        prop_assert!(!codes.contains(&"not-canonical"));
    }

    #[test]
    fn an_odd_dataset_becomes_canonical(examples in examples()) {
        let (sandbox, files) = canonical(&examples);
        for (name, content) in &files {
            let pretty = content.replace("{\"id\":", "  { \"id\" : ").replace('\n', "\r\n");
            sandbox.write(name, format!("\u{feff}{}\n\n", pretty.trim_end_matches(['\r', '\n'])));
        }
        let hash = sandbox.open().hash().unwrap();
        let report = fix(&sandbox.open(), &FixOptions::default()).unwrap();
        prop_assert_eq!(report.rewritten.len(), files.len());
        for (name, content) in &files {
            prop_assert_eq!(&sandbox.read(name), content);
        }
        prop_assert_eq!(sandbox.open().hash().unwrap(), hash);
    }

    #[test]
    fn single_json_and_jsonl_come_back_as_they_went(examples in examples()) {
        let (sandbox, files) = canonical(&examples);
        for (name, format) in [("all.json", ExportFormat::Json), ("all.ndjson", ExportFormat::Jsonl)] {
            let mut out = Vec::new();
            let count = export(&sandbox.open(), format, &mut out).unwrap();
            prop_assert_eq!(usize::try_from(count).unwrap(), examples.len());
            sandbox.write(name, out);
            let folder = sandbox.file(&format!("copy-of-{name}"));
            let report = import(&sandbox.file(name), &folder, &ImportOptions::default()).unwrap();
            prop_assert_eq!(report.total_added(), count);
            for (name, content) in &files {
                prop_assert_eq!(&std::fs::read_to_string(folder.join(name)).unwrap(), content);
            }
        }
    }
}

#[test]
fn the_hash_feels_order_and_content_but_not_reviews() {
    let (a, b) = (r#"{"id":"a","input":{"n":1.10}}"#, r#"{"id":"b","input":{}}"#);
    let hash = |content: String| Sandbox::new(&[("golden.jsonl", &content)]).open().hash().unwrap();
    let first = hash(format!("{a}\n{b}\n"));
    assert_eq!(first, hash(format!("{a}\r\n  {b}")));
    assert_ne!(first, hash(format!("{b}\n{a}\n")));
    assert_ne!(first, hash(format!("{a}\n")));
    let sandbox = Sandbox::new(&[("golden.jsonl", &format!("{a}\n{b}\n"))]);
    let report = check(&sandbox.open(), &evalward_dataset::CheckOptions::default(), &mut |_| {});
    assert_eq!(report.unwrap().hash, Some(first));
}
