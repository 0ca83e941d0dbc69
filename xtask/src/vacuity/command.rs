//! The command: plays every case, two at a time, and shows a table.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::thread;

use anyhow::{Result, bail, ensure};
use clap::Args;

use super::case::{Case, read_cases};
use super::outcome::{Outcome, judge, show};
use super::server::Server;
use super::stage::Surroundings;
use crate::console::{Stopwatch, say, seconds};
use crate::repository::{Profile, Repository};
use crate::test::ensure_python;

/// The arguments of `cargo xtask vacuity`.
#[derive(Debug, Default, Args)]
pub(crate) struct VacuityArgs {
    /// Play only the cases whose names contain this text.
    filter: Option<String>,
}

/// The fewest cases that there are: a check of empty suites must not be empty itself.
pub(super) const FEWEST: usize = 45;

/// How many cases are played at once.
const WORKERS: usize = 2;

/// Plays every case.
pub(crate) fn run(repository: &Repository, args: &VacuityArgs) -> Result<()> {
    let mut cases = read_cases(&repository.root().join("xtask/src/vacuity/cases"))?;
    ensure!(cases.len() >= FEWEST, "there are only {} cases; {FEWEST} are the fewest", cases.len());
    if let Some(filter) = &args.filter {
        cases.retain(|case| case.name.contains(filter.as_str()));
        ensure!(!cases.is_empty(), "no case is named like `{filter}`");
    }
    ensure_python(&repository.shell()?)?;
    let evalward = repository.build_evalward(Profile::Dev)?;
    let server = Server::start()?;
    let surroundings = Surroundings { evalward, env: environment(&server) };
    let stopwatch = Stopwatch::start();
    let outcomes = play_all(&cases, &surroundings);
    show_table(&cases, &outcomes);
    let wrong = outcomes.iter().filter(|outcome| !outcome.problems.is_empty()).count();
    if wrong > 0 {
        bail!("{wrong} of {} cases are not as expected", cases.len());
    }
    let time = seconds(stopwatch.elapsed());
    say(&format!("vacuity: all {} cases are refused and their twins pass ({time})", cases.len()));
    Ok(())
}

/// What the suites may read: addresses that answer and one that does not, and where programs are.
fn environment(server: &Server) -> BTreeMap<String, String> {
    let path = std::env::var_os("PATH").unwrap_or_default().to_string_lossy().into_owned();
    let variables = [
        ("PATH", path),
        ("SERVER", server.address()),
        // Nobody listens there: the port is reserved, and only the system's owner could open it.
        ("CLOSED", "http://127.0.0.1:1".to_owned()),
        ("NO_COLOR", "1".to_owned()),
    ];
    variables.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// Plays the cases on a few threads; the outcomes are in the order of the cases.
fn play_all(cases: &[Case], surroundings: &Surroundings) -> Vec<Outcome> {
    let queue = Mutex::new(cases.iter().enumerate());
    let next = || queue.lock().ok()?.next();
    let work = || -> Vec<(usize, Outcome)> {
        std::iter::from_fn(next).map(|(index, case)| (index, judge(case, surroundings))).collect()
    };
    let outcomes: BTreeMap<usize, Outcome> = thread::scope(|scope| {
        let workers: Vec<_> = (0..WORKERS).map(|_| scope.spawn(work)).collect();
        workers
            .into_iter()
            .flat_map(|worker| worker.join().expect("a worker has nothing to panic about"))
            .collect()
    });
    outcomes.into_values().collect()
}

fn show_table(cases: &[Case], outcomes: &[Outcome]) {
    say("result  expected  actual  case");
    for (case, outcome) in cases.iter().zip(outcomes) {
        let result = if outcome.problems.is_empty() { "ok" } else { "FAILED" };
        let (code, actual) = (case.code, show(outcome.code));
        say(&format!("{result:<6}  {code:>8}  {actual:>6}  {}", case.name));
    }
    for (case, outcome) in
        cases.iter().zip(outcomes).filter(|(_, outcome)| !outcome.problems.is_empty())
    {
        say(&format!("\n{}:", case.name));
        outcome.problems.iter().for_each(|problem| say(&format!("  {problem}")));
    }
}
