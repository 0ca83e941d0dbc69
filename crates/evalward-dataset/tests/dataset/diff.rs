//! Comparing and counting.

use evalward_dataset::{diff, stats};
use insta::{assert_json_snapshot, assert_snapshot};

use crate::support::{MANIFEST, Sandbox};

#[test]
fn a_diff_names_what_changed() {
    let sandbox = Sandbox::new(&[
        (
            "golden.jsonl",
            concat!(
                "{\"id\":\"same\",\"input\":{\"a\":1,\"b\":2}}\n",
                "{\"id\":\"changed\",\"input\":{},\"tags\":[\"x\"]}\n",
                "{\"id\":\"moved\",\"input\":{}}\n",
                "{\"id\":\"removed\",\"input\":{}}\n",
            ),
        ),
        ("new/dataset.toml", MANIFEST),
        (
            "new/golden.jsonl",
            concat!(
                "{\"id\":\"added\",\"input\":{}}\n",
                "{\"id\":\"changed\",\"input\":{},\"expected_output\":\"y\"}\n",
                "{\"input\":{\"b\":2,\"a\":1},\"id\":\"same\"}\n",
            ),
        ),
        ("new/adversarial.jsonl", "{\"id\":\"moved\",\"input\":{\"q\":1}}\n"),
    ]);
    let new = evalward_dataset::Dataset::open(sandbox.file("new")).unwrap();
    let found = diff(&sandbox.open(), &new).unwrap();
    assert_json_snapshot!(found, @r#"
    {
      "added": [
        {
          "id": "added",
          "partition": "golden"
        }
      ],
      "removed": [
        {
          "id": "removed",
          "partition": "golden"
        }
      ],
      "moved": [
        {
          "id": "moved",
          "from": "golden",
          "to": "adversarial",
          "fields": [
            "input"
          ]
        }
      ],
      "changed": [
        {
          "id": "changed",
          "partition": "golden",
          "fields": [
            "expected_output",
            "tags"
          ]
        }
      ],
      "unchanged": 1
    }
    "#);
    assert!(diff(&new, &new).unwrap().is_empty());
}

#[test]
fn stats_count_what_is_there() {
    let sandbox = Sandbox::new(&[
        ("regression.jsonl", "{\"id\":\"r\",\"input\":{},\"failure\":{\"root_cause\":\"x\"}}\n"),
        (
            "adversarial.jsonl",
            concat!(
                "{\"id\":\"a\",\"input\":{\"q\":\"äöü\"},\"tags\":[\"t\",\"u\"],\"expected_output\":\"x\"}\n",
                "{\"id\":\"b\",\"input\":{\"messages\":[{\"content\":\"hello\",\"n\":1}]},\"tags\":[\"t\"],\"cluster\":\"c\"}\n",
            ),
        ),
    ]);
    assert_json_snapshot!(stats(&sandbox.open()).unwrap(), @r#"
    {
      "name": "support",
      "task_type": "support",
      "hash": "358484fbd51f9a5479ed47980131673ffd395ed44ae9dacfa0f4bacc5628db27",
      "examples": 3,
      "partitions": {
        "regression": {
          "examples": 1,
          "with_expected_output": 0,
          "with_checks": 0,
          "with_context": 0,
          "with_approvals": 0,
          "with_cluster": 0,
          "input_characters": {
            "min": 0,
            "p10": 0,
            "p50": 0,
            "p90": 0,
            "p99": 0,
            "max": 0
          }
        },
        "adversarial": {
          "examples": 2,
          "with_expected_output": 1,
          "with_checks": 0,
          "with_context": 0,
          "with_approvals": 0,
          "with_cluster": 1,
          "input_characters": {
            "min": 3,
            "p10": 3,
            "p50": 3,
            "p90": 5,
            "p99": 5,
            "max": 5
          }
        }
      },
      "tags": {
        "t": 2,
        "u": 1
      }
    }
    "#);
}

#[test]
fn schemas_describe_the_files() {
    let schema = schemars::schema_for!(evalward_dataset::DatasetManifest);
    assert_snapshot!(serde_json::to_string(&schema).unwrap(), @r##"{"$schema":"https://json-schema.org/draft/2020-12/schema","title":"DatasetManifest","description":"The content of `dataset.toml`.","type":"object","properties":{"description":{"description":"What the dataset is for.","type":["string","null"]},"documents_root":{"description":"The folder that the paths of documents and sources start from, relative to the dataset's folder; by default that folder.","type":["string","null"]},"name":{"description":"The dataset's name.","type":"string","minLength":1},"owners":{"description":"The people whose reviews count.","type":"array","default":[],"items":{"type":"string"}},"review":{"description":"How many reviews an example needs.","$ref":"#/$defs/ReviewPolicy"},"task_type":{"description":"The one kind of task that every example is of, in free form: `support`, `extraction`.","type":"string","minLength":1}},"additionalProperties":false,"required":["name","task_type"],"$defs":{"ReviewPolicy":{"description":"How many distinct owners must approve an example.","type":"object","properties":{"golden_approvals":{"description":"For a golden example; at least 2, which is the default.","type":"integer","format":"uint","default":2,"minimum":2},"regression_approvals":{"description":"For adding, changing or removing a regression example; at least 1, which is the default.","type":"integer","format":"uint","default":1,"minimum":1}},"additionalProperties":false}}}"##);
    let review = schemars::schema_for!(evalward_dataset::ReviewRecord);
    let required = review.get("required").unwrap().to_string();
    assert_snapshot!(required, @r#"["action","reviewer","time","content"]"#);
}
