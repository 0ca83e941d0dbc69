//! A large dataset with its recorded responses.

use std::fs;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use anyhow::Result;
use serde_json::json;

const SUITE: &str = r#"[suite]
name = "memory"
dataset = "dataset"

[subject.recorded]
file = "responses.jsonl"

[metrics.overlap.token_f1]
threshold = 0.5

[metrics.answer.contains]

[metrics.rules.constraints]
length = { words = { min = 5, max = 100 } }
polite = { excludes_any = ["no idea", "whatever"] }

[gates.distribution]
pass_rate = 0.9
"#;

/// Writes a suite of that many examples, all of which pass.
pub(super) fn write(folder: &Path, examples: u32) -> Result<()> {
    fs::create_dir(folder.join("dataset"))?;
    fs::write(folder.join("evalward.toml"), SUITE)?;
    fs::write(folder.join("dataset/dataset.toml"), "name = \"memory\"\ntask_type = \"support\"\n")?;
    let mut lines = BufWriter::new(File::create(folder.join("dataset/distribution.jsonl"))?);
    let mut responses = BufWriter::new(File::create(folder.join("responses.jsonl"))?);
    for number in 0..examples {
        let id = format!("example-{number:07}");
        let question =
            format!("How long does refund {number} take, and whom do I ask if it is late?");
        let expected =
            format!("Refund {number} takes five working days; ask the billing team if it is late.");
        let output = format!("{expected} They answer within one day, and have the number at hand.");
        let example =
            json!({"id": id, "input": {"question": question}, "expected_output": expected});
        writeln!(lines, "{example}")?;
        writeln!(responses, "{}", json!({"id": id, "output": output}))?;
    }
    lines.flush()?;
    responses.flush()?;
    Ok(())
}
