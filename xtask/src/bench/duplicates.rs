//! Whether planted near-duplicates are found, and what the search takes.

use std::fs;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use anyhow::{Context, Result, ensure};
use evalward_core::{Example, Partition};
use evalward_dataset::similarity;
use serde_json::{Value, json};

use super::measure::{Measured, measure};
use super::{document, machine};
use crate::console::{say, seconds};
use crate::repository::{Profile, Repository};

/// The sizes that are measured.
const SIZES: [u32; 2] = [100_000, 1_000_000];

/// How many variants are planted among them.
const PLANTED: u32 = 5_000;

/// From this similarity on a planted variant should be found, and nothing below it.
const THRESHOLD: f64 = 0.7;

/// So many of the planted variants are found.
const LEAST_RECALL: f64 = 0.95;

/// A search of any size stays below this.
const MOST_MEGABYTES: f64 = 150.0;

/// What a size came to.
struct Figures {
    examples: u32,
    planted: usize,
    found: usize,
    false_pairs: usize,
    with: Measured,
    without: Measured,
}

impl Figures {
    fn recall(&self) -> f64 {
        let number = |count: usize| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
        number(self.found) / number(self.planted)
    }
}

/// Measures each size, compares with the targets, and writes the figures down where that is wanted.
pub(crate) fn run(repository: &Repository, write: bool) -> Result<()> {
    say("building the release binary, which takes minutes the first time");
    let evalward = repository.build_evalward(Profile::Release)?;
    let mut rows = Vec::new();
    for examples in SIZES {
        let figures = measure_size(&evalward, examples)?;
        say(&format!("{examples} examples: recall {:.4}", figures.recall()));
        rows.push(figures);
    }
    let table = table(&rows);
    say(&format!("\n{table}"));
    if write {
        let section = format!("{}\n\n{table}", machine::describe(&repository.shell()?)?);
        document::rewrite(&repository.root().join(document::PATH), "duplicates", &section)?;
        say(&format!("wrote {}", document::PATH));
    }
    rows.iter().try_for_each(check_targets)
}

fn measure_size(evalward: &Path, examples: u32) -> Result<Figures> {
    let folder = tempfile::tempdir()?;
    let dataset = folder.path().join("dataset");
    fs::create_dir(&dataset)?;
    fs::write(dataset.join("dataset.toml"), "name = \"near\"\ntask_type = \"support\"\n")?;
    write_examples(&dataset.join("distribution.jsonl"), examples)?;
    let check =
        ["dataset", "check", "dataset", "--quiet", "--format", "json", "--max-findings", "20000"];
    let without =
        measure(evalward, folder.path(), &[&check[..], &["--near-duplicates", "off"]].concat())?;
    let with = measure(evalward, folder.path(), &check)?;
    let output = fs::read_to_string(folder.path().join("output.txt"))?;
    let report: Value = serde_json::from_str(&output).context("failed to read the report")?;
    let findings = report["report"]["findings"].as_array().context("the report has findings")?;
    let mut found = vec![false; usize::try_from(PLANTED)?];
    let mut false_pairs = 0;
    for finding in findings.iter().filter(|finding| finding["code"] == "near-duplicate") {
        let message = finding["message"].as_str().context("a finding has a message")?;
        let mut names = message.split('`').skip(1).step_by(2);
        let (later, earlier) = names.next().zip(names.next()).context("a finding names two")?;
        false_pairs += usize::from(likeness(&text_of(later)?, &text_of(earlier)?) < THRESHOLD);
        if let Some(number) = later.strip_prefix("variant-")
            && let Some(found) = found.get_mut(number.parse::<usize>()?)
        {
            *found = true;
        }
    }
    let is_near = |number: &u32| likeness(&original(*number), &variant(*number)) >= THRESHOLD;
    let near: Vec<u32> = (0..PLANTED).filter(is_near).collect();
    let is_found = |number: &&u32| usize::try_from(**number).is_ok_and(|number| found[number]);
    let hits = near.iter().filter(is_found).count();
    Ok(Figures { examples, planted: near.len(), found: hits, false_pairs, with, without })
}

fn table(rows: &[Figures]) -> String {
    let heading = "| examples | planted | recall | pairs below 0.7 | time of the whole check | without the search | peak memory | without the search |\n|---:|---:|---:|---:|---:|---:|---:|---:|\n";
    let row = |row: &Figures| {
        format!(
            "| {} | {} | {:.4} | {} | {} | {} | {:.1} MB | {:.1} MB |\n",
            row.examples,
            row.planted,
            row.recall(),
            row.false_pairs,
            seconds(row.with.wall),
            seconds(row.without.wall),
            row.with.peak_megabytes(),
            row.without.peak_megabytes(),
        )
    };
    [heading.to_owned()].into_iter().chain(rows.iter().map(row)).collect()
}

fn check_targets(row: &Figures) -> Result<()> {
    let (recall, peak) = (row.recall(), row.with.peak_megabytes());
    ensure!(recall >= LEAST_RECALL, "recall {recall:.4}; {LEAST_RECALL} is the target");
    ensure!(row.false_pairs == 0, "{} reported pairs are below {THRESHOLD}", row.false_pairs);
    ensure!(
        peak < MOST_MEGABYTES,
        "the check takes {peak:.1} MB; {MOST_MEGABYTES} MB are the limit"
    );
    Ok(())
}

fn write_examples(path: &Path, examples: u32) -> Result<()> {
    let mut lines = BufWriter::new(File::create(path)?);
    let texts = (0..examples - PLANTED).map(|number| (format!("text-{number}"), original(number)));
    let variants = (0..PLANTED).map(|number| (format!("variant-{number}"), variant(number)));
    for (id, text) in texts.chain(variants) {
        writeln!(lines, "{}", json!({"id": id, "input": {"question": text}}))?;
    }
    Ok(lines.flush()?)
}

fn text_of(id: &str) -> Result<String> {
    let (kind, number) = id.split_once('-').context("an id has a number")?;
    let number = number.parse()?;
    Ok(if kind == "text" { original(number) } else { variant(number) })
}

fn likeness(left: &str, right: &str) -> f64 {
    let asks = |text: &str| Example::new("x", Partition::Golden).with_input("question", text);
    similarity(&asks(left), &asks(right))
}

fn original(number: u32) -> String {
    Words(u64::from(number) << 8).text().join(" ")
}

/// Changes a text as people do: case, punctuation, two words swapped, a word replaced.
fn variant(number: u32) -> String {
    let mut words = Words(u64::from(number) << 8).text();
    let mut random = Words((u64::from(number) << 8) + 1);
    let at = random.below(words.len() - 1);
    match number % 4 {
        0 => words.iter_mut().for_each(|word| *word = word.to_uppercase()),
        1 => words.iter_mut().for_each(|word| word.push('!')),
        2 => words.swap(at, at + 1),
        _ => words[at] = random.word(),
    }
    words.join(" ")
}

/// Words of a language of its own: few of them make up most of a text, as in any language.
struct Words(u64);

impl Words {
    /// The generator `SplitMix64`.
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let number = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        number ^ (number >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() >> 33).unwrap_or_default() % limit.max(1)
    }

    fn text(&mut self) -> Vec<String> {
        let length = 6 + self.below(10);
        (0..length).map(|_| self.word()).collect()
    }

    fn word(&mut self) -> String {
        const SYLLABLES: [&str; 16] = [
            "ba", "ke", "li", "mo", "nu", "pra", "sto", "ven", "tri", "gal", "dor", "fi", "hu",
            "wei", "zan", "chi",
        ];
        let number = self.below(60) * self.below(60);
        let syllable = |number: usize| SYLLABLES[number % 16];
        [syllable(number), syllable(number / 16), syllable(number / 256)].concat()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn most_variants_are_near_and_originals_are_not() {
        let near =
            (0..400).filter(|number| likeness(&original(*number), &variant(*number)) >= THRESHOLD);
        assert!(near.count() > 300);
        let strangers =
            (0..400).filter(|number| likeness(&original(*number), &original(number + 1)) >= 0.5);
        assert_eq!(strangers.count(), 0);
    }
}
