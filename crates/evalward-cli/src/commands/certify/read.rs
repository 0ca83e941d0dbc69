//! What a certificate rests on: stored runs, and the gates of the suite.

use std::collections::BTreeSet;

use evalward_config::{LoadOptions, Suite, load};
use evalward_core::{BaselineStamp, Digest, GatePolicy, RunId};
use evalward_gate::Plan;
use evalward_gate::certify::Observed;
use evalward_runs::StoredRun;

use super::CertifyArgs;
use crate::baselines;
use crate::commands::suite_runs;
use crate::context::Context;
use crate::error::CliError;

/// What a certificate rests on.
pub(super) struct Evidence {
    pub(super) suite: String,
    pub(super) runs: Vec<RunId>,
    pub(super) observed: Observed,
    pub(super) plan: Plan,
    /// The baselines that the subject of the runs set.
    pub(super) exchanged: BTreeSet<String>,
    pub(super) warnings: Vec<String>,
}

/// Reads the suite's gates, and the runs that are alike.
pub(super) fn read(args: &CertifyArgs, context: &Context) -> Result<Evidence, CliError> {
    let options = LoadOptions {
        overrides: args.set.clone(),
        environment: context.lookup(),
        ..LoadOptions::default()
    };
    let suite = load(&args.suite, &options)?;
    let runs = runs(args, &suite, context)?;
    let Some(newest) = runs.first() else {
        return Err(CliError::input("there is no run to read"));
    };
    let mut observed = Observed::default();
    for run in &runs {
        for trial in run.trials()? {
            observed.push(trial?);
        }
    }
    let (plan, mut warnings) = plan(&suite, newest, &observed)?;
    if newest.manifest().suite.hash != suite.hash && args.set.is_empty() {
        warnings.push(
            "the suite was changed after these runs: outcomes are those of the runs, gates those of the suite".to_owned(),
        );
    }
    if newest.manifest().subject.kind == "recorded" {
        warnings.push(
            "these runs answered from a file, which says the same each time: their noise is none"
                .to_owned(),
        );
    }
    let ids = runs.iter().map(|run| run.manifest().run_id.clone()).collect();
    let same_subject = plan.baselines.iter().filter(|(_, baseline)| {
        baseline.subject.hash == newest.manifest().subject.hash
            && baseline.metrics == newest.manifest().metrics
    });
    let exchanged = same_subject.map(|(path, _)| path.clone()).collect();
    Ok(Evidence { suite: suite.name, runs: ids, observed, plan, exchanged, warnings })
}

fn runs(args: &CertifyArgs, suite: &Suite, context: &Context) -> Result<Vec<StoredRun>, CliError> {
    if args.run.is_empty() {
        return suite_runs::alike(&suite.name, context);
    }
    let runs: Vec<StoredRun> = args
        .run
        .iter()
        .map(|name| context.runs.find(name).map_err(CliError::from))
        .collect::<Result<_, _>>()?;
    let mut ids = BTreeSet::new();
    for run in &runs {
        let manifest = run.manifest();
        let refuse = |problem: &str, hint: &str| {
            let text = format!("run `{}` {problem}", manifest.run_id);
            Err(CliError::input(text).with_hint(hint))
        };
        if manifest.suite.name != suite.name {
            return refuse(
                "is of another suite",
                "name runs of this suite; `evalward history` lists them",
            );
        }
        if !ids.insert(manifest.run_id.clone()) {
            return refuse(
                "is named twice",
                "what was seen once knows no noise: name each run once",
            );
        }
        if let Some(variant) = &manifest.suite.variant {
            return refuse(
                &format!("is of the variant `{variant}`, not of the suite itself"),
                "the gates that are tried are the suite's: name its own runs",
            );
        }
        if !run.is_complete() || !manifest.selection.keeps_partitions_whole() {
            return refuse(
                "does not have all examples of its partitions",
                "name runs over whole partitions",
            );
        }
        if runs.first().is_some_and(|first| !suite_runs::is_alike(first.manifest(), manifest)) {
            return refuse(
                "has another suite, dataset, subject or metric than the first",
                "noise is what changes while nothing is changed: name runs that are alike",
            );
        }
    }
    Ok(runs)
}

/// Joins what the runs evaluated with the gates that the suite has now.
fn plan(
    suite: &Suite,
    newest: &StoredRun,
    observed: &Observed,
) -> Result<(Plan, Vec<String>), CliError> {
    let mut plan = Plan::from(newest.manifest());
    // The runs may have been repeated to see more noise; what is certified is a run as the suite makes it.
    plan.repeats = suite.repeats;
    let mut warnings = Vec::new();
    plan.gates = suite.gates.clone();
    for partition in plan.expected.keys() {
        if let Some(policy) = GatePolicy::default_of(*partition) {
            plan.gates.entry(*partition).or_insert(policy);
        }
    }
    let expected = plan.expected.clone();
    plan.gates.retain(|partition, _| expected.contains_key(partition));
    plan.stamps.clear();
    for (partition, policy) in &plan.gates {
        let Some(bar) = &policy.no_worse_than else { continue };
        let Some(path) = suite.baselines.get(&bar.baseline) else { continue };
        let Some(text) = baselines::read(path)? else {
            warnings.push(format!(
                "there is no baseline `{}`, so the gate that names it is skipped here, too",
                path.display()
            ));
            continue;
        };
        let baseline = baselines::parse(&text, path)?;
        let hashes = observed.hashes(*partition);
        if let Some(mismatch) = baseline.mismatch(newest.manifest(), *partition, policy, &hashes) {
            let hint = mismatch.hint();
            let text = format!("baseline `{}` cannot be compared with: {mismatch}", path.display());
            return Err(CliError::input(text).with_hint(hint));
        }
        let stamp =
            BaselineStamp { run_id: baseline.run_id.clone(), hash: Digest::of(text.as_bytes()) };
        plan.stamps.insert(bar.baseline.clone(), stamp);
        plan.baselines.insert(bar.baseline.clone(), baseline);
    }
    Ok((plan, warnings))
}
