//! Auditing a judge that compares two answers.

use std::collections::BTreeMap;
use std::sync::Arc;

use evalward_config::{AuditedPairwiseJudge, BuildOptions, Suite};
use evalward_core::Reply;
use evalward_judge::audit::{
    Audit, PairAuditItem, PairAuditResults, PairTask, pair_audit_figures, plan_pair_audit,
    plan_pair_injections, plan_pair_styles,
};
use evalward_judge::{Material, PairMaterial, PairMeasurement, PairwiseJudge};

use super::items::{Answered, answered, cluster_of, draw, number};
use super::{AuditArgs, asking, count, file, styles};
use crate::context::Context;
use crate::error::CliError;

/// Asks all questions, and returns what came of them.
pub(super) fn audit(
    args: &AuditArgs,
    name: &str,
    (suite, build): (&Suite, &BuildOptions),
    context: &mut Context,
) -> Result<Audit, CliError> {
    let [one, other] = args.run.as_slice() else {
        let text = "a judge that compares two answers takes those of two runs";
        return Err(CliError::input(text).with_hint("give `--run` twice"));
    };
    let AuditedPairwiseJudge { judge, restylers } = suite.audited_pairwise_judge(name, build)?;
    asking::caution(name, Some(suite), &args.run, false, context)?;
    if args.write {
        file::file_of(suite, None, judge.name())?;
    }
    let mut items = items(answered(one, suite, context)?, answered(other, suite, context)?);
    draw(&mut items, args);
    if items.len() < 2 {
        let text = "the runs have too few different answers to the same examples";
        return Err(CliError::input(text).with_hint("an audit takes at least two"));
    }
    let options = args.options();
    let answers: Vec<(String, String)> =
        items.iter().map(|item| (item.id.clone(), item.pair.material.answer.clone())).collect();
    let styles = styles::restyle(restylers, &answers, args.most(suite), context)?;
    let mut first = plan_pair_audit(&items, &options, args.repeats.get());
    first.extend(plan_pair_styles(&items, &styles));
    let mut results = ask(&judge, first, args.most(suite), context)?;
    let second = plan_pair_injections(&items, &results, &options);
    results.extend(ask(&judge, second, args.most(suite), context)?);
    let errors: Vec<&String> = results
        .iter()
        .filter_map(|(_, found)| match found {
            PairMeasurement::Errored(reason) | PairMeasurement::Skipped(reason) => Some(reason),
            PairMeasurement::Judged(_) => None,
        })
        .collect();
    Ok(Audit {
        version: Audit::VERSION,
        judge: judge.name().to_owned(),
        kind: "pairwise".to_owned(),
        judge_version: judge.version(),
        model: judge.model().to_owned(),
        suite: suite.name.clone(),
        metric: None,
        metric_version: None,
        seed: args.seed,
        answers: count(items.len()),
        questions: count(results.len()),
        errored: count(errors.len()),
        error: errors.first().map(|reason| reason.as_str()).or(styles.error()).map(str::to_owned),
        rise: None,
        rows: pair_audit_figures(&items, &results, &styles),
    })
}

/// Pairs the answers that differ.
fn items(one: Answered, mut other: Answered) -> Vec<PairAuditItem> {
    let mut clusters: BTreeMap<String, usize> = BTreeMap::new();
    let mut items = Vec::new();
    for (id, (example, trial)) in one {
        let Some((_, against)) = other.remove(&id) else { continue };
        let (Some(answer), Some(second)) = (trial.response, against.response) else { continue };
        if answer.output.trim() == second.output.trim() {
            continue;
        }
        let cluster = number(&mut clusters, cluster_of(&id, &example));
        let material = Material::of(&example, &Reply::from(answer));
        let pair = PairMaterial { material, second: second.output };
        items.push(PairAuditItem { id: id.to_string(), pair, cluster });
    }
    items
}

fn ask(
    judge: &Arc<PairwiseJudge>,
    tasks: Vec<PairTask>,
    most: usize,
    context: &mut Context,
) -> Result<PairAuditResults, CliError> {
    let questions = tasks.iter().map(|task| {
        let (judge, task) = (Arc::clone(judge), task.clone());
        async move { judge.compare(&task.pair, &task.label, task.sample).await }
    });
    let found = asking::ask_all(questions.collect(), most, "judged", context)?;
    let lost = || PairMeasurement::Errored("the judge panicked".to_owned());
    Ok(tasks.into_iter().zip(found.into_iter().map(|it| it.unwrap_or_else(lost))).collect())
}
