//! Import and export.

use std::fmt::Write as _;

use evalward_core::Partition;
use evalward_dataset::{
    ExistingIds, ExportFormat, FieldMapping, GeneratedIds, ImportOptions, export, import,
};
use insta::assert_snapshot;

use crate::support::Sandbox;

/// Imports a file into a new folder `made` and shows the files, or the error.
fn imported(name: &str, content: &str, options: &ImportOptions) -> String {
    let sandbox = Sandbox::new(&[(name, content)]);
    let folder = sandbox.file("made");
    match import(&sandbox.file(name), &folder, options) {
        Ok(report) => {
            let mut shown = String::new();
            for name in ["dataset.toml"]
                .map(str::to_owned)
                .into_iter()
                .chain(Partition::ALL.map(Partition::file_name))
            {
                let Ok(content) = std::fs::read_to_string(folder.join(&name)) else { continue };
                write!(shown, "{name}:\n{content}").unwrap();
            }
            if !report.ignored.is_empty() {
                writeln!(shown, "ignored: {:?}", report.ignored).unwrap();
            }
            shown
        }
        Err(error) => {
            assert!(!folder.exists(), "a refused import must leave nothing");
            sandbox.show_error(&error)
        }
    }
}

fn mapped(mappings: &[&str]) -> ImportOptions {
    let mappings = mappings.iter().map(|mapping| mapping.parse().unwrap()).collect();
    ImportOptions { mappings, partition: Some(Partition::Distribution), ..ImportOptions::default() }
}

#[test]
fn the_single_json_form_is_read() {
    let file = r#"{
  "name": "support_qa",
  "task_type": "customer_support",
  "examples": [
    {
      "id": "golden_001",
      "partition": "golden",
      "input": {"query": "How much?"},
      "expected_output": "12 euros",
      "metadata": {"difficulty": "hard"},
      "created_at": "2024-05-01T12:00:00.123456",
      "tags": ["pricing"]
    },
    {
      "id": "adv_001",
      "partition": "adversarial",
      "input": {},
      "expected_output": null,
      "metadata": {},
      "created_at": "2024-05-01T12:00:00+02:00",
      "tags": []
    }
  ]
}"#;
    let options = ImportOptions { owners: vec!["ann".to_owned()], ..ImportOptions::default() };
    assert_snapshot!(imported("lesson.json", file, &options), @r#"
    dataset.toml:
    name = "support_qa"
    task_type = "customer_support"
    owners = ["ann"]
    golden.jsonl:
    {"id":"golden_001","input":{"query":"How much?"},"expected_output":"12 euros","metadata":{"difficulty":"hard"},"tags":["pricing"],"created_at":"2024-05-01T12:00:00.123456Z"}
    adversarial.jsonl:
    {"id":"adv_001","input":{},"created_at":"2024-05-01T10:00:00Z"}
    "#);
    let refused = |old: &str, new: &str| {
        imported("lesson.json", &file.replace(old, new), &ImportOptions::default())
    };
    assert_snapshot!(refused("\"adversarial\"", "\"adverse\""), @"lesson.json:14:5: `examples[1]`: `partition`: unknown partition `adverse`: expected `golden`, `regression`, `adversarial` or `distribution`");
    assert_snapshot!(refused("\"tags\": [],", ""), @r#"
    dataset.toml:
    name = "support_qa"
    task_type = "customer_support"
    owners = []
    golden.jsonl:
    {"id":"golden_001","input":{"query":"How much?"},"expected_output":"12 euros","metadata":{"difficulty":"hard"},"tags":["pricing"],"created_at":"2024-05-01T12:00:00.123456Z"}
    adversarial.jsonl:
    {"id":"adv_001","input":{},"created_at":"2024-05-01T10:00:00Z"}
    "#);
    assert_snapshot!(refused("[\"pricing\"]", "[1]"), @"lesson.json:5:5: `examples[0]`: `tags`: invalid type: integer `1`, expected a string");
    assert_snapshot!(refused("adv_001", "golden_001"), @"lesson.json:14:1: id `golden_001` occurs twice in the file");
    assert_snapshot!(refused("\"metadata\": {}", "\"metdata\": {}"), @"lesson.json:14:5: `examples[1]`: unknown field `metdata`; did you mean `metadata`?");
    assert_snapshot!(refused("+02:00", "x"), @"lesson.json:14:5: `examples[1]`: `created_at`: `2024-05-01T12:00:00x` is not a time such as `2026-11-03T10:00:00Z`");
    assert_snapshot!(refused("\"examples\"", "\"exmples\""), @"lesson.json:4:12: unknown field `exmples`; did you mean `examples`?");
    assert_snapshot!(imported("a.json", r#"{"examples": []}"#, &ImportOptions::default()), @"a.json:1:1: the file has no example");
    assert_snapshot!(imported("a.yaml", "x", &ImportOptions::default()), @r#"
    failed to tell the format of `a.yaml` from its name
      hint: pass `--from json`, `--from csv` or `--from jsonl`
    "#);
}

#[test]
fn a_table_is_read_by_its_header() {
    let table = "id,partition,input.question,expected_output,tags,metadata.by\n\
                 a,golden,\"How much,\nplease?\",12,x|y,ann\nb,adversarial,?,,,\n";
    assert_snapshot!(imported("t.csv", table, &ImportOptions::default()), @r#"
    dataset.toml:
    name = "made"
    task_type = "general"
    owners = []
    golden.jsonl:
    {"id":"a","input":{"question":"How much,\nplease?"},"expected_output":"12","metadata":{"by":"ann"},"tags":["x","y"]}
    adversarial.jsonl:
    {"id":"b","input":{"question":"?"}}
    "#);
    assert_snapshot!(imported("t.csv", "id,qustion\na,b\n", &ImportOptions::default()), @r#"
    t.csv:1:1: column `qustion`: unknown field `qustion`; known are `id`, `partition`, `input`, `expected_output`, `acceptable_outputs`, `context`, `checks`, `sources`, `metadata`, `tags`, `created_at`, `cluster`, `reviews`, `failure`
      hint: say where it goes: `--map input.qustion=qustion`
    "#);
    assert_snapshot!(imported("t.csv", "id,tag\na,b\n", &ImportOptions::default()), @r#"
    t.csv:1:1: column `tag`: unknown field `tag`; did you mean `tags`?
      hint: say where it goes: `--map input.tag=tag`
    "#);
    assert_snapshot!(imported("t.csv", "id,partition,input.q\na,golden,x\nb,golden\n", &ImportOptions::default()), @"t.csv:3:1: the row has 2 cells, the header has 3");
    let table =
        "id,partition,input.q,checks\na,golden,x,\nb,golden,y,\"{\"\"includs_any\"\":[]}\"\n";
    assert_snapshot!(imported("t.csv", table, &ImportOptions::default()), @"t.csv:3:1: row 2: `checks`: unknown field `includs_any`; did you mean `includes_any`?");
    let table = "q,a,note\nHow?,So,x\nWhy?,1,y\n";
    assert_snapshot!(imported("t.csv", table, &mapped(&["input.question=q", "expected_output=a"])), @r#"
    dataset.toml:
    name = "made"
    task_type = "general"
    owners = []
    distribution.jsonl:
    {"id":"distribution-1","input":{"question":"How?"},"expected_output":"So"}
    {"id":"distribution-2","input":{"question":"Why?"},"expected_output":"1"}
    ignored: {"note"}
    "#);
    assert_snapshot!(imported("t.csv", table, &mapped(&["input.question=query"])), @"mapping `input.question=query`: the table has no column `query`");
}

#[test]
fn lines_of_another_shape_are_mapped() {
    let lines = concat!(
        "{\"query\":\"How?\",\"answer\":{\"text\":\"So\"},\"docs\":[\"d1\",\"d2\"],\"x\":1}\n",
        "{\"query\":\"Why?\",\"answer\":{\"text\":42},\"docs\":[\"d3\"],\"labels\":\"a|b\"}\n",
    );
    let mappings = [
        "input.question=query",
        "expected_output=answer.text",
        "input.first=docs.0",
        "tags=labels",
    ];
    assert_snapshot!(imported("l.jsonl", lines, &mapped(&mappings)), @r#"
    dataset.toml:
    name = "made"
    task_type = "general"
    owners = []
    distribution.jsonl:
    {"id":"distribution-1","input":{"first":"d1","question":"How?"},"expected_output":"So"}
    {"id":"distribution-2","input":{"first":"d3","question":"Why?"},"expected_output":"42","tags":["a","b"]}
    ignored: {"x"}
    "#);
    assert_snapshot!(imported("l.jsonl", lines, &mapped(&["input.question=qury"])), @"l.jsonl:1:1: no mapping matches; the line has the fields `answer`, `docs`, `query`, `x`");
    let no_partition = ImportOptions { partition: None, ..mapped(&["input.question=query"]) };
    assert_snapshot!(imported("l.jsonl", lines, &no_partition), @r#"
    l.jsonl:1:1: the example does not say its partition
      hint: pass `--partition` to put every example into one
    "#);
    let hashed =
        ImportOptions { generated_ids: GeneratedIds::Hash, ..mapped(&["input.question=query"]) };
    assert_snapshot!(imported("l.jsonl", lines, &hashed), @r#"
    dataset.toml:
    name = "made"
    task_type = "general"
    owners = []
    distribution.jsonl:
    {"id":"distribution-0b8413d15aef","input":{"question":"How?"}}
    {"id":"distribution-7f0b2db1f45d","input":{"question":"Why?"}}
    ignored: {"answer", "docs", "labels", "x"}
    "#);
    let refused = |mapping: &str| mapping.parse::<FieldMapping>().unwrap_err().to_string();
    assert_snapshot!(refused("input.question"), @"mapping `input.question`: a mapping is written `target=source`");
    assert_snapshot!(refused("expectd_output=x"), @"mapping `expectd_output=x`: unknown field `expectd_output`; did you mean `expected_output`?");
    assert_snapshot!(refused("tags.x=x"), @"mapping `tags.x=x`: only `input` and `metadata` have fields of their own");
}

#[test]
fn an_existing_dataset_is_appended_to_or_left_alone() {
    let old = "{\"id\":\"adversarial-1\",\"input\":{}}\n";
    let sandbox = Sandbox::new(&[
        ("adversarial.jsonl", old),
        ("new.ndjson", "{\"input\":{\"q\":1}}\n{\"id\":\"x\",\"input\":{}}\n"),
        ("again.ndjson", "{\"id\":\"y\",\"input\":{}}\n{\"id\":\"x\",\"input\":{\"q\":2}}\n"),
    ]);
    let mut options =
        ImportOptions { partition: Some(Partition::Adversarial), ..ImportOptions::default() };
    let report = import(&sandbox.file("new.ndjson"), sandbox.path(), &options).unwrap();
    assert!(!report.created);
    assert_snapshot!(sandbox.read("adversarial.jsonl"), @r#"
    {"id":"adversarial-1","input":{}}
    {"id":"adversarial-2","input":{"q":1}}
    {"id":"x","input":{}}
    "#);
    let before = sandbox.read("adversarial.jsonl");
    let error = import(&sandbox.file("again.ndjson"), sandbox.path(), &options).unwrap_err();
    assert_snapshot!(sandbox.show_error(&error), @r#"
    again.ndjson:2:1: id `x` is already in the dataset
      hint: pass `--skip-existing` to leave out examples that are there
    "#);
    assert_eq!(sandbox.read("adversarial.jsonl"), before);
    options.existing_ids = ExistingIds::Skip;
    let report = import(&sandbox.file("again.ndjson"), sandbox.path(), &options).unwrap();
    assert_eq!((report.total_added(), report.skipped[&Partition::Adversarial]), (1, 1));
    options.task_type = Some("other".to_owned());
    sandbox.write("third.ndjson", "{\"id\":\"z\",\"input\":{}}\n");
    let error = import(&sandbox.file("third.ndjson"), sandbox.path(), &options).unwrap_err();
    assert_snapshot!(sandbox.show_error(&error), @r#"
    `third.ndjson` has the task type `other`, the dataset has `support`
      hint: pass `--task-type support` if the examples are of that kind
    "#);
}

#[test]
fn exports_are_readable() {
    let sandbox = Sandbox::new(&[
        (
            "golden.jsonl",
            "{\"id\":\"g\",\"input\":{\"q\":\"a,b\",\"n\":1},\"expected_output\":\"x\",\"checks\":{\"words\":{\"max\":3}},\"tags\":[\"t\",\"u\"]}\n",
        ),
        (
            "adversarial.jsonl",
            "{\"id\":\"a\",\"input\":{},\"metadata\":{\"by\":\"ann\"},\"created_at\":\"2026-11-03T10:00:00Z\"}\n",
        ),
    ]);
    let exported = |format| {
        let mut out = Vec::new();
        export(&sandbox.open(), format, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    };
    assert_snapshot!(exported(ExportFormat::Csv), @r#"
    id,partition,input.n,input.q,expected_output,tags,created_at,checks,metadata.by
    g,golden,1,"a,b",x,t|u,,"{""words"":{""max"":3}}",
    a,adversarial,,,,,2026-11-03T10:00:00Z,,ann
    "#);
    assert_snapshot!(exported(ExportFormat::Jsonl), @r#"
    {"id":"g","partition":"golden","input":{"n":1,"q":"a,b"},"expected_output":"x","checks":{"words":{"max":3}},"tags":["t","u"]}
    {"id":"a","partition":"adversarial","input":{},"metadata":{"by":"ann"},"created_at":"2026-11-03T10:00:00Z"}
    "#);
    assert_snapshot!(exported(ExportFormat::Json), @r#"
    {
      "name": "support",
      "task_type": "support",
      "examples": [
        {
          "id": "g",
          "partition": "golden",
          "input": {
            "n": 1,
            "q": "a,b"
          },
          "expected_output": "x",
          "metadata": {},
          "created_at": null,
          "tags": [
            "t",
            "u"
          ],
          "checks": {
            "words": {
              "max": 3
            }
          }
        },
        {
          "id": "a",
          "partition": "adversarial",
          "input": {},
          "expected_output": null,
          "metadata": {
            "by": "ann"
          },
          "created_at": "2026-11-03T10:00:00Z",
          "tags": []
        }
      ]
    }
    "#);
    sandbox.write("back.csv", exported(ExportFormat::Csv).replace(",1,", ",,"));
    let copy = sandbox.file("copy");
    import(&sandbox.file("back.csv"), &copy, &ImportOptions::default()).unwrap();
    let golden = std::fs::read_to_string(copy.join("golden.jsonl")).unwrap();
    assert_eq!(
        golden,
        sandbox.read("golden.jsonl").replace("\"n\":1,", "").replace(",\"n\":1", "")
    );
}
