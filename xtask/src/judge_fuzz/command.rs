//! The command: plays every hostile answer through the built program, and counts what became of it by class.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Result, ensure};
use evalward_testkit::{HostileAnswer, HostileSuite, Verdict, hostile_answers};

use crate::console::{Stopwatch, say, seconds};
use crate::repository::{Profile, Repository};

/// The fewest answers that there are: a check must not become empty.
const FEWEST: usize = 300;

/// What became of the answers of a class.
#[derive(Debug, Default)]
struct Tally {
    answers: usize,
    errored: usize,
    failed: usize,
    skipped: usize,
    problems: Vec<String>,
}

/// Plays every answer.
pub(crate) fn run(repository: &Repository) -> Result<()> {
    let evalward = repository.build_evalward(Profile::Dev)?;
    let stopwatch = Stopwatch::start();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let (mut total, mut wrong) = (0, 0);
    for verdict in Verdict::ALL {
        let answers = hostile_answers(verdict);
        total += answers.len();
        let tallies = runtime.block_on(play(&evalward, verdict, answers))?;
        wrong += show(verdict, &tallies);
    }
    ensure!(total >= FEWEST, "there are only {total} answers; {FEWEST} are the fewest");
    ensure!(wrong == 0, "{wrong} of {total} answers were not refused as they must be");
    let time = seconds(stopwatch.elapsed());
    say(&format!("judge-fuzz: none of {total} answers became a pass, each is kept ({time})"));
    Ok(())
}

async fn play(
    evalward: &Path,
    verdict: Verdict,
    answers: Vec<HostileAnswer>,
) -> Result<BTreeMap<&'static str, Tally>> {
    let count = answers.len();
    let suite = HostileSuite::new(verdict, answers, 0.5).await;
    let finished = suite.run(evalward);
    let output = format!("{}{}", finished.stdout, finished.stderr);
    ensure!(!output.contains("panicked"), "something panicked:\n{output}");
    ensure!(
        finished.code == Some(3),
        "more is errored than is tolerated, but the exit code is {:?}:\n{}",
        finished.code,
        finished.stderr
    );
    let judged = suite.judged();
    ensure!(judged.len() == count, "{} of {count} examples have a row", judged.len());
    let mut tallies: BTreeMap<&'static str, Tally> = BTreeMap::new();
    for it in judged {
        let tally = tallies.entry(it.answer.class).or_default();
        tally.answers += 1;
        match it.outcome.as_str() {
            "errored" => tally.errored += 1,
            "failed" => tally.failed += 1,
            "skipped" => tally.skipped += 1,
            _ => {}
        }
        if let Some(problem) = it.problem() {
            let said: String = it.said.chars().take(120).collect();
            tally.problems.push(format!("{problem}: {said:?}: {}", it.cause));
        }
    }
    Ok(tallies)
}

/// Shows a table, and what is wrong; returns how many answers that concerns.
fn show(verdict: Verdict, tallies: &BTreeMap<&'static str, Tally>) -> usize {
    say(&format!("{verdict:?}"));
    say("answers  errored  failed  skipped  class");
    for (class, tally) in tallies {
        let Tally { answers, errored, failed, skipped, .. } = tally;
        say(&format!("{answers:>7}  {errored:>7}  {failed:>6}  {skipped:>7}  {class}"));
    }
    let problems = || {
        tallies
            .iter()
            .flat_map(|(class, it)| it.problems.iter().map(move |problem| (class, problem)))
    };
    for (class, problem) in problems() {
        say(&format!("  {class}: {problem}"));
    }
    problems().count()
}
