//! Reads the reference fixtures (schema `stats-fixture/1`) and compares answers with them.

use std::fs;
use std::path::{Path, PathBuf};

use evalward_stats_json::answer;
use serde_json::{Value, json};

use crate::generator::expand;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures")
}

/// Returns the functions that have a fixture file.
pub(crate) fn names() -> Vec<String> {
    let entries = fs::read_dir(folder()).expect("the folder of fixtures");
    let files = entries.map(|entry| entry.expect("an entry").path());
    let names = files.filter(|path| path.extension().is_some_and(|it| it == "json"));
    let mut names: Vec<String> = names
        .map(|path| path.file_stem().expect("a name").to_string_lossy().into_owned())
        .collect();
    names.sort_unstable();
    names
}

/// Asserts that every case of a function is answered as its fixture says; all deviations are named.
#[track_caller]
pub(crate) fn check(function: &str) {
    let path = folder().join(format!("{function}.json"));
    let text = fs::read_to_string(&path).expect("a fixture file");
    let root: Value = serde_json::from_str(&text).expect("a fixture is JSON");
    assert_eq!(root["schema"], "stats-fixture/1", "schema of {}", path.display());
    assert_eq!(root["function"], function, "function of {}", path.display());
    let cases = root["cases"].as_array().expect("a fixture has cases");
    assert!(!cases.is_empty(), "a fixture without cases proves nothing");
    let deviations: Vec<String> =
        cases.iter().flat_map(|case| deviations(function, &root, case)).collect();
    assert!(deviations.is_empty(), "{} deviations:\n{}", deviations.len(), deviations.join("\n"));
}

fn deviations(function: &str, root: &Value, case: &Value) -> Vec<String> {
    let id = case["id"].as_str().expect("a case has an id");
    let request = json!({"id": id, "function": function, "input": expand(&case["input"])});
    let answer: Value =
        serde_json::from_str(&answer(&request.to_string())).expect("an answer is JSON");
    assert_eq!(answer["id"], id, "an answer has the id of its request");
    if case["must_reject"].as_bool().unwrap_or(false) {
        let kind = answer["error"]["kind"].as_str();
        return match kind {
            Some("too_few" | "degenerate" | "out_of_domain" | "not_finite") => Vec::new(),
            _ => vec![format!("{id}: must be rejected, got {answer}")],
        };
    }
    if answer.get("result").is_none() {
        return vec![format!("{id}: {}", answer["error"])];
    }
    let mut found = Vec::new();
    let comparison = Comparison { root, case, id };
    comparison.compare("", &case["expected"], &answer["result"], &mut found);
    found
}

struct Comparison<'a> {
    root: &'a Value,
    case: &'a Value,
    id: &'a str,
}

impl Comparison<'_> {
    fn compare(&self, path: &str, wanted: &Value, got: &Value, found: &mut Vec<String>) {
        let agrees = match (wanted, got) {
            (Value::Object(wanted), _) => {
                for (key, wanted) in wanted {
                    let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                    self.compare(&path, wanted, got.get(key).unwrap_or(&json!("absent")), found);
                }
                got.is_object()
            }
            (Value::Array(wanted), Value::Array(got)) if wanted.len() == got.len() => {
                for (index, (wanted, got)) in wanted.iter().zip(got).enumerate() {
                    self.compare(&format!("{path}[{index}]"), wanted, got, found);
                }
                true
            }
            (Value::Number(_), Value::Number(_)) => self.is_near(path, wanted, got),
            // Undefined or unbounded, also where the fixture says so of both ends of an interval at once.
            (Value::Null, got) => {
                got.is_null() || got.as_array().is_some_and(|all| all.iter().all(Value::is_null))
            }
            (Value::Array(wanted), Value::Null) => wanted.iter().all(Value::is_null),
            _ => wanted == got,
        };
        if !agrees {
            found.push(format!("{}: `{path}` is {got}, expected {wanted}", self.id));
        }
    }

    fn is_near(&self, path: &str, wanted: &Value, got: &Value) -> bool {
        let (Some(wanted), Some(got)) = (wanted.as_f64(), got.as_f64()) else { return false };
        let bound =
            f64::max(self.tolerance(path, "abs"), self.tolerance(path, "rel") * wanted.abs());
        (got - wanted).abs() <= bound
    }

    /// Returns the tolerance of the field, else of the case, else of the file.
    fn tolerance(&self, path: &str, kind: &str) -> f64 {
        let field = path.split(['.', '[']).next().unwrap_or(path);
        let (case, file) = (&self.case["tolerance"], &self.root["tolerance"]);
        [
            &case["fields"][path][kind],
            &case["fields"][field][kind],
            &case[kind],
            &file["fields"][path][kind],
            &file["fields"][field][kind],
            &file[kind],
        ]
        .into_iter()
        .find_map(Value::as_f64)
        .unwrap_or_else(|| panic!("{}: no `{kind}` tolerance", self.id))
    }
}
