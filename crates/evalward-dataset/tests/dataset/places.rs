//! Every error names file, line and column, and what was probably meant.

use std::fmt::Write as _;

use evalward_core::Partition;
use evalward_dataset::Dataset;
use insta::assert_snapshot;

use crate::support::Sandbox;

/// Reads an adversarial partition and shows what each line gave.
fn read(content: impl AsRef<[u8]>) -> String {
    let sandbox = Sandbox::new(&[]);
    sandbox.write("adversarial.jsonl", content);
    let mut shown = String::new();
    for example in sandbox.open().examples(Partition::Adversarial) {
        match example {
            Ok(example) => writeln!(shown, "{}: {}", example.line, example.value.id).unwrap(),
            Err(error) => writeln!(shown, "{}", sandbox.show_error(&error)).unwrap(),
        }
    }
    shown
}

fn manifest(content: &str) -> String {
    let sandbox = Sandbox::new(&[("dataset.toml", content)]);
    match Dataset::open(sandbox.path()) {
        Ok(dataset) => format!("{:?}", dataset.manifest()),
        Err(error) => sandbox.show_error(&error),
    }
}

#[test]
fn errors_point_at_the_token_to_blame() {
    let lines = [
        r#"{"id":"a","input":{"q":"größe"},"expcted_output":"x"}"#,
        r#"{"id":5,"input":{}}"#,
        r#"{"id":" a","input":{}}"#,
        r#"{"id":"a","zebra":{}}"#,
        r#"{"id":"a","tags":[]}"#,
        r#"{"id":"a","input":[1]}"#,
        r#"{"id":"a","input":{},"created_at":"yesterday"}"#,
        r#"{"id":"a","input":{},"checks":{"include_all":["x"]}}"#,
        r#"{"id":"a","input":{},"sources":[{"path":"x","hash":"zz"}]}"#,
        r#"{"id":"a","input":{},"tags":["a", 3]}"#,
        r#"{"id":"a","id":"b","input":{}}"#,
        r#"{"id":"a","input":{},"failure":{"origin":{"kind":"run"}}}"#,
        r#"{"id":"a","input":{}"#,
        r#"{"id":"a","input":{},}"#,
        r#"{"id":"a","input":{}} x"#,
        r#"{"id":"a" "input":{}}"#,
        r#"["a",{}]"#,
        "nonsense",
    ];
    assert_snapshot!(read(lines.join("\n")), @r#"
    adversarial.jsonl:1:33: unknown field `expcted_output`; did you mean `expected_output`?
    adversarial.jsonl:2:7: invalid type: integer `5`, expected a string
    adversarial.jsonl:3:7: id ` a` has a control character or outer white space
    adversarial.jsonl:4:11: unknown field `zebra`; known are `id`, `input`, `expected_output`, `acceptable_outputs`, `context`, `checks`, `sources`, `metadata`, `tags`, `created_at`, `cluster`, `reviews`, `failure`
    adversarial.jsonl:5:1: missing field `input`
    adversarial.jsonl:6:19: invalid type: array, expected an object
    adversarial.jsonl:7:35: failed to parse four digit integer as year: invalid digit, expected 0-9 but got y
    adversarial.jsonl:8:32: unknown field `include_all`; did you mean `includes_all`?
    adversarial.jsonl:9:33: a content hash has 64 hexadecimal digits
    adversarial.jsonl:10:35: invalid type: integer `3`, expected a string
    adversarial.jsonl:11:11: duplicate field `id`
    adversarial.jsonl:12:42: missing field `id`
    adversarial.jsonl:13:20: EOF while parsing an object
    adversarial.jsonl:14:22: trailing comma
    adversarial.jsonl:15:23: trailing characters
    adversarial.jsonl:16:11: expected `,` or `}`
    adversarial.jsonl:17:1: a line must be a JSON object, starting with `{`
    adversarial.jsonl:18:1: a line must be a JSON object, starting with `{`
    "#);
}

#[test]
fn odd_bytes_have_a_defined_meaning() {
    let fine = r#"{"id":"a","input":{}}"#;
    assert_snapshot!(read(format!("\u{feff}{fine}\r\n{fine}\r\n\n\n")), @r#"
    1: a
    2: a
    "#);
    assert_snapshot!(read(format!("\n \n{fine}\n\n{fine}")), @r#"
    adversarial.jsonl:1:1: the line is empty
    3: a
    adversarial.jsonl:4:1: the line is empty
    5: a
    "#);
    let mut bytes = "{\"id\":\"é".as_bytes().to_vec();
    bytes.extend(b"\xff\"}\n");
    bytes.extend(fine.as_bytes());
    assert_snapshot!(read(bytes), @r#"
    adversarial.jsonl:1:9: the line is not valid UTF-8
    2: a
    "#);
    assert_snapshot!(read(""), @"");
}

#[test]
fn a_line_that_is_too_long_is_skipped() {
    let mut content = vec![b'x'; 64 * 1024 * 1024 + 5];
    content.extend(b"\n{\"id\":\"next\",\"input\":{}}\n");
    assert_snapshot!(read(content), @r#"
    adversarial.jsonl:1:1: the line is longer than 64 MiB
    2: next
    "#);
}

#[test]
fn the_manifest_has_places_too() {
    assert_snapshot!(manifest("name = 'a'\ntask_type = 'b'\nownrs = []"), @"dataset.toml:3:1: unknown field `ownrs`; did you mean `owners`?");
    assert_snapshot!(manifest("name = 'a'\ntask_type = 3"), @"dataset.toml:2:13: invalid type: integer `3`, expected a string");
    assert_snapshot!(manifest("name = ''\ntask_type = 'b'"), @"dataset.toml:1:8: must not be empty");
    assert_snapshot!(manifest("name = 'a'\ntask_type = 'b'\n[review]\ngolden_approvals = 1"), @"dataset.toml:4:20: must be at least 2, so that no one approves alone");
    assert_snapshot!(manifest("name = 'a'\ntask_type = 'b'\n[review]\ngolden_aprovals = 3"), @"dataset.toml:4:1: unknown field `golden_aprovals`; did you mean `golden_approvals`?");
    assert_snapshot!(manifest("name = 'a'"), @"dataset.toml:1:1: missing field `task_type`");
    assert_snapshot!(manifest("name = 'ä' 'b'"), @"dataset.toml:1:12: unexpected key or value, expected newline, `#`");
    let nowhere = Dataset::open("no/such/folder").unwrap_err();
    assert_snapshot!(Sandbox::new(&[]).show_error(&nowhere), @r#"
    `no/such/folder` is not a dataset: it has no `dataset.toml`
      hint: name the folder that holds `dataset.toml`, or make one with `evalward dataset import`
    "#);
}

#[test]
fn context_is_resolved_from_below_the_root_only() {
    let sandbox = Sandbox::new(&[
        ("dataset.toml", "name = 'a'\ntask_type = 'b'\ndocuments_root = 'kb'"),
        ("kb/prices/basic.md", "10 euros"),
        ("secret.md", "secret"),
        (
            "adversarial.jsonl",
            concat!(
                r#"{"id":"fine","input":{},"context":[{"ref":"prices/basic.md"},{"text":"own"}]}"#,
                "\n",
                r#"{"id":"missing","input":{},"context":[{"ref":"prices/gone.md"}]}"#,
                "\n",
                r#"{"id":"escapes","input":{},"context":[{"ref":"prices/../../secret.md"}]}"#,
                "\n",
                r#"{"id":"absolute","input":{},"context":[{"ref":"/etc/hostname"}]}"#,
                "\n",
                r#"{"id":"link","input":{},"context":[{"ref":"link.md"}]}"#,
                "\n",
            ),
        ),
    ]);
    #[cfg(unix)]
    std::os::unix::fs::symlink(sandbox.file("secret.md"), sandbox.file("kb/link.md")).unwrap();
    let dataset = sandbox.open();
    let mut shown = String::new();
    for example in dataset.examples(Partition::Adversarial) {
        let mut example = example.unwrap();
        match dataset.resolve_context(&mut example) {
            Ok(()) => writeln!(shown, "{:?}", example.value.context).unwrap(),
            Err(error) => writeln!(shown, "{}", sandbox.show_error(&error)).unwrap(),
        }
    }
    assert_snapshot!(shown, @r#"
    [Document { id: None, reference: Some("prices/basic.md"), text: Some("10 euros"), score: None }, Document { id: None, reference: None, text: Some("own"), score: None }]
    adversarial.jsonl:2:1: example `missing`: failed to read `prices/gone.md`
      caused by: failed to open `kb/prices/gone.md`
      caused by: No such file or directory (os error 2)
      hint: paths are relative to `documents_root` of `dataset.toml`
    adversarial.jsonl:3:1: example `escapes`: failed to read `prices/../../secret.md`
      caused by: the path leads out of the documents' root `kb`
      hint: set `documents_root` in `dataset.toml` to a folder above the documents
    adversarial.jsonl:4:1: example `absolute`: failed to read `/etc/hostname`
      caused by: the path leads out of the documents' root `kb`
      hint: set `documents_root` in `dataset.toml` to a folder above the documents
    adversarial.jsonl:5:1: example `link`: failed to read `link.md`
      caused by: the path leads out of the documents' root `kb`
      hint: set `documents_root` in `dataset.toml` to a folder above the documents
    "#);
}
