//! What a peer says of the examples, by its own files.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::peer::Results;

/// How many examples a peer judged, and how many of them passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Counted {
    pub(super) examples: usize,
    pub(super) passed: usize,
}

/// What a run leaves behind, relative to its folder.
const LEFT_BEHIND: [&str; 3] = ["logs", "results.json", "scores.json"];

/// Removes the results of an earlier run; its cache stays.
pub(super) fn clear(folder: &Path) -> Result<()> {
    for name in LEFT_BEHIND {
        let path = folder.join(name);
        if path.is_dir() {
            fs::remove_dir_all(path)?;
        } else if path.exists() {
            fs::remove_file(path)?;
        }
    }
    Ok(())
}

/// Counts the results of a run; `dump` reads a log of the tool with the tool.
pub(super) fn count(
    results: Results,
    folder: &Path,
    dump: impl Fn(&Path) -> Result<String>,
) -> Result<Counted> {
    match results {
        Results::Promptfoo => of_promptfoo(&read(&folder.join("results.json"))?),
        Results::Scores => of_scores(&read(&folder.join("scores.json"))?),
        Results::Inspect => {
            let logs = fs::read_dir(folder.join("logs")).context("there are no logs")?;
            let logs: Vec<_> = logs.collect::<std::io::Result<_>>()?;
            let [log] = logs.as_slice() else { anyhow::bail!("there are {} logs", logs.len()) };
            of_inspect(&serde_json::from_str(&dump(&log.path())?)?)
        }
    }
}

fn read(path: &Path) -> Result<Value> {
    let text = fs::read_to_string(path).context("there are no results")?;
    serde_json::from_str(&text).context("the results are no JSON")
}

fn of_promptfoo(results: &Value) -> Result<Counted> {
    let stats = &results["results"]["stats"];
    let number = |name: &str| -> Result<usize> {
        let number = stats[name].as_u64().with_context(|| format!("`{name}` is no number"))?;
        Ok(usize::try_from(number)?)
    };
    let passed = number("successes")?;
    Ok(Counted { examples: passed + number("failures")? + number("errors")?, passed })
}

fn of_inspect(log: &Value) -> Result<Counted> {
    ensure!(log["status"] == "success", "the log's status is {}", log["status"]);
    let samples = log["samples"].as_array().context("the log has no samples")?;
    let is_correct = |it: &&Value| it["scores"]["model_graded_qa"]["value"] == "C";
    Ok(Counted { examples: samples.len(), passed: samples.iter().filter(is_correct).count() })
}

fn of_scores(scores: &Value) -> Result<Counted> {
    let scores = scores.as_array().context("the scores are no list")?;
    let is_passed = |it: &&Value| it.as_f64().is_some_and(|score| score >= 1.0);
    Ok(Counted { examples: scores.len(), passed: scores.iter().filter(is_passed).count() })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_passes_are_counted_as_passed() {
        let counted = |examples, passed| Counted { examples, passed };
        let stats = json!({"results": {"stats": {"successes": 3, "failures": 1, "errors": 2}}});
        assert_eq!(of_promptfoo(&stats).unwrap(), counted(6, 3));
        assert!(of_promptfoo(&json!({})).is_err());

        assert_eq!(of_scores(&json!([1, 1.0, 0.5, null, "1"])).unwrap(), counted(5, 2));
        assert!(of_scores(&json!({})).is_err());

        let sample = |grade: &str| json!({"scores": {"model_graded_qa": {"value": grade}}});
        let log = json!({"status": "success", "samples": [sample("C"), sample("I"), {}]});
        assert_eq!(of_inspect(&log).unwrap(), counted(3, 1));
        assert!(of_inspect(&json!({"status": "error", "samples": []})).is_err());
    }

    #[test]
    fn results_of_an_earlier_run_are_not_taken_for_new() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        fs::write(path.join("scores.json"), "[1]").unwrap();
        fs::create_dir(path.join("logs")).unwrap();
        fs::write(path.join("logs/one.eval"), "log").unwrap();
        let dump = |_: &Path| Ok(r#"{"status": "success", "samples": []}"#.to_owned());
        assert_eq!(count(Results::Inspect, path, dump).unwrap().examples, 0);
        clear(path).unwrap();
        assert!(count(Results::Inspect, path, dump).is_err());
        assert!(count(Results::Scores, path, dump).is_err());
    }
}
