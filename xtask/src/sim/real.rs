//! `cargo xtask sim real`.

use std::path::Path;

use anyhow::Result;
use evalward_stats::verdict::{
    Comparison, Design, Direction, ScoreRange, Verdict, compare_paired, compare_unpaired,
};

use super::lesson;
use super::random::Random;
use super::scores::{Pairs, Scores};
use crate::repository::Repository;
use crate::{bench, console};

/// The page with the table.
const PATH: &str = "docs/statistics.md";

/// The number of A/A comparisons of each kind.
const SPLITS: u32 = 2_000;

/// The arguments of `cargo xtask sim real`.
#[derive(Clone, Copy, Debug, clap::Args)]
pub(crate) struct RealArgs {
    /// The seed of the A/A splits.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Rewrite the sections of `docs/statistics.md`.
    #[arg(long)]
    write: bool,
}

/// Compares real systems with each other and with themselves.
pub(super) fn run(repository: &Repository, args: RealArgs) -> Result<()> {
    let folder = repository.root().join("examples/statistics");
    let between = between(&folder)?;
    let same = same(&folder, args.seed)?;
    if args.write {
        let path = repository.root().join(PATH);
        bench::rewrite(&path, "real systems", &between)?;
        bench::rewrite(&path, "a system and itself", &same)?;
        console::say(&format!("wrote {PATH}"));
    } else {
        console::say(&between);
        console::say(&same);
    }
    Ok(())
}

fn design(range: ScoreRange) -> Design {
    let direction = Direction::HigherIsBetter;
    Design { alpha: 0.05, margin: 0.3, range, direction, target_power: 0.8 }
}

const GRADES: ScoreRange = ScoreRange::Ordinal { low: 1.0, high: 5.0 };
const PENALTIES: ScoreRange = ScoreRange::Bounded { low: -25.0, high: 0.0 };

/// Writes the table of comparisons between systems.
fn between(folder: &Path) -> Result<String> {
    let dstc9 = Scores::read(&folder.join("dstc9_accuracy.csv"))?;
    let wmt = Scores::read(&folder.join("wmt2020_ende_mqm.csv"))?;
    let mut text = String::from(
        "| scores | baseline | candidate | n (clusters) | difference | 90 % interval | verdict | non-inferior | the lesson |\n\
         | --- | --- | --- | --- | --- | --- | --- | --- | --- |\n",
    );
    for (baseline, candidate) in
        [("team18", "baseline"), ("baseline", "team18"), ("team18", "team20"), ("team18", "team23")]
    {
        let pairs = dstc9.pairs(baseline, candidate, Some("faq"))?;
        text.push_str(&row("dstc9", [baseline, candidate], &pairs, GRADES)?);
    }
    for (baseline, candidate) in [
        ("Human-A", "Online-A"),
        ("Human-A", "Human-P"),
        ("Human-A", "Human-B"),
        ("OPPO", "Online-A"),
        ("OPPO", "Tohoku-AIP-NTT"),
        ("OPPO", "eTranslation"),
        ("eTranslation", "Human-B"),
    ] {
        let pairs = wmt.pairs(baseline, candidate, None)?;
        text.push_str(&row("wmt", [baseline, candidate], &pairs, PENALTIES)?);
    }
    Ok(text)
}

fn row(
    scores: &str,
    [baseline, candidate]: [&str; 2],
    pairs: &Pairs,
    range: ScoreRange,
) -> Result<String> {
    let design = design(range);
    let (before, after) = (&pairs.baseline, &pairs.candidate);
    let got = compare_paired(before, after, pairs.clusters.as_deref(), &design)?;
    let Comparison { n, clusters, estimate, ci, .. } = got;
    let size = if clusters == n { n.to_string() } else { format!("{n} ({clusters})") };
    let lesson = if lesson::blocks(before, after, design.margin) { "block" } else { "proceed" };
    Ok(format!(
        "| {scores} | {baseline} | {candidate} | {size} | {estimate:.2} | {:.2} to {:.2} | {} | {} | {lesson} |\n",
        ci.low,
        ci.high,
        word(&got),
        if got.non_inferior { "yes" } else { "no" },
    ))
}

fn word(got: &Comparison) -> &'static str {
    match got.verdict {
        Verdict::Regression if got.confirmed => "regression, confirmed",
        Verdict::Regression => "regression",
        Verdict::Improvement => "improvement",
        Verdict::Equivalent => "equivalent",
        Verdict::Trivial => "trivial",
        Verdict::Inconclusive => "inconclusive",
    }
}

/// Writes the table of comparisons of a system with itself.
fn same(folder: &Path, seed: u64) -> Result<String> {
    let dstc9 = Scores::read(&folder.join("dstc9_accuracy.csv"))?;
    let ratings: Vec<Vec<f64>> =
        dstc9.ratings("team18")?.into_iter().filter(|scores| scores.len() == 3).collect();
    let mut text = String::from(
        "| comparison | n | regression | improvement | trivial | equivalent | inconclusive | non-inferior |\n\
         | --- | --- | --- | --- | --- | --- | --- | --- |\n",
    );
    let mut stream = 0;
    for n in [20, 50, 100, 200, 400] {
        for (name, paired) in [
            ("one rater against another, in pairs", true),
            ("one half of the examples against the other", false),
        ] {
            stream += 1;
            let mut random = Random::new(seed, stream);
            let shares = splits(&ratings, n, paired, &mut random)?;
            text.push_str(&format_row(name, n, shares));
        }
    }
    Ok(text)
}

fn format_row(name: &str, n: usize, counts: [u32; 6]) -> String {
    let shares =
        counts.map(|count| format!("{:.1} %", 100.0 * f64::from(count) / f64::from(SPLITS)));
    format!("| {name} | {n} | {} |\n", shares.join(" | "))
}

/// Counts the verdicts of comparisons of a system with itself.
fn splits(ratings: &[Vec<f64>], n: usize, paired: bool, random: &mut Random) -> Result<[u32; 6]> {
    let mut counts = [0; 6];
    let mut order: Vec<usize> = (0..ratings.len()).collect();
    for _ in 0..SPLITS {
        for index in (1..order.len()).rev() {
            order.swap(index, random.below(index + 1));
        }
        let got = if paired {
            let two = order.iter().take(n).map(|index| {
                let first = random.below(3);
                let second = (first + 1 + random.below(2)) % 3;
                (ratings[*index][first], ratings[*index][second])
            });
            let (before, after): (Vec<f64>, Vec<f64>) = two.unzip();
            compare_paired(&before, &after, None, &design(GRADES))?
        } else {
            let one = |index: &usize| ratings[*index].iter().sum::<f64>() / 3.0;
            let before: Vec<f64> = order.iter().take(n).map(one).collect();
            let after: Vec<f64> = order.iter().skip(n).take(n).map(one).collect();
            compare_unpaired(&before, &after, &design(GRADES))?
        };
        let column = match got.verdict {
            Verdict::Regression => 0,
            Verdict::Improvement => 1,
            Verdict::Trivial => 2,
            Verdict::Equivalent => 3,
            Verdict::Inconclusive => 4,
        };
        counts[column] += 1;
        counts[5] += u32::from(got.non_inferior);
    }
    Ok(counts)
}
