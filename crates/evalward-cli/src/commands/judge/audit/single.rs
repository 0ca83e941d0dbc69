//! Auditing a judge that scores one answer at a time.

use std::sync::Arc;

use evalward_config::{AuditedJudge, BuildOptions, Suite};
use evalward_core::{Measurement, Metric, Reply, SuiteMetric};
use evalward_judge::audit::{
    Audit, AuditScale, AuditTask, Change, audit_figures, plan_audit, plan_styles,
};

use super::{AuditArgs, asking, count, file, items, styles};
use crate::context::Context;
use crate::error::CliError;

/// Asks all questions, and returns what came of them.
pub(super) fn audit(
    args: &AuditArgs,
    (suite, build): (&Suite, &BuildOptions),
    context: &mut Context,
) -> Result<Audit, CliError> {
    let id = metric(args, suite)?;
    let judge = suite.audited_judge(&id, args.repeats, build)?;
    let judge = judge.ok_or_else(|| CliError::input(format!("metric `{id}` asks no judge")))?;
    let version = suite.build_one_metric(&id, build)?.map(|metric| metric.version);
    if args.write {
        file::file_of(suite, Some(&id), &judge.name)?;
    }
    let scale = scale(args, judge.metric.as_ref())?;
    let items = items::items(args, suite, context)?;
    let answers: Vec<(String, String)> = items
        .iter()
        .map(|item| (item.example.id.to_string(), item.response.output.clone()))
        .collect();
    let styles = styles::restyle(judge.restylers.clone(), &answers, args.most(suite), context)?;
    let mut tasks = plan_audit(&items, &args.options());
    tasks.extend(plan_styles(&items, &styles));
    let (asked, metrics): (Vec<AuditTask>, Vec<Arc<dyn Metric>>) = tasks
        .into_iter()
        .filter_map(|task| Some((asker(&judge, &task)?, task)))
        .map(|(it, task)| (task, it))
        .unzip();
    let questions = asked.iter().zip(metrics).map(|(task, metric)| {
        let (example, reply) = (task.example.clone(), Reply::from(task.response.clone()));
        async move { metric.score(&example, &reply).await }
    });
    let found = asking::ask_all(questions.collect(), args.most(suite), "judged", context)?;
    let lost = || Measurement::Errored("the judge panicked".to_owned());
    let answers: Vec<(AuditTask, Option<Measurement>)> = asked
        .into_iter()
        .zip(found)
        .map(|(task, found)| (task, Some(found.unwrap_or_else(lost))))
        .collect();
    let errors: Vec<&String> = answers
        .iter()
        .filter_map(|(_, found)| match found {
            Some(Measurement::Errored(reason) | Measurement::Skipped(reason)) => Some(reason),
            _ => None,
        })
        .collect();
    Ok(Audit {
        version: Audit::VERSION,
        judge: judge.name,
        kind: judge.kind.to_owned(),
        judge_version: judge.version,
        model: judge.model,
        suite: suite.name.clone(),
        metric: Some(id.clone()),
        metric_version: version,
        seed: args.seed,
        answers: count(items.len()),
        questions: count(answers.len()),
        errored: count(errors.len()),
        error: errors.first().map(|reason| reason.as_str()).or(styles.error()).map(str::to_owned),
        rise: Some(scale.rise),
        rows: audit_figures(&items, &answers, scale, &styles),
    })
}

/// Returns who is asked; nobody where the change does not apply to the judge.
fn asker(judge: &AuditedJudge, task: &AuditTask) -> Option<Arc<dyn Metric>> {
    match task.change {
        Change::None
        | Change::Padded
        | Change::Injected(_)
        | Change::OwnStyle
        | Change::OtherStyle => Some(Arc::clone(&judge.metric)),
        Change::Documents => judge.sees_documents.then(|| Arc::clone(&judge.metric)),
        Change::Criteria => judge.reversed.clone(),
        Change::Repeated => Some(Arc::clone(&judge.repeated)),
    }
}

/// Returns the metric that was named, else the only one that asks a judge.
fn metric(args: &AuditArgs, suite: &Suite) -> Result<String, CliError> {
    if let Some(id) = &args.metric {
        if suite.metrics.iter().any(|metric| metric.id == *id) {
            return Ok(id.clone());
        }
        let text = format!("suite `{}` has no metric `{id}`", suite.name);
        let ids = suite.metrics.iter().map(|metric| metric.id.as_str());
        let near = evalward_dataset::nearest(id, ids);
        return Err(
            CliError::input(text).with_hint_if(near.map(|near| format!("did you mean `{near}`?")))
        );
    }
    let asks = |metric: &&SuiteMetric| matches!(metric.metric.kind(), "judge" | "hallucination");
    let judged: Vec<&SuiteMetric> = suite.metrics.iter().filter(asks).collect();
    match judged.as_slice() {
        [only] => Ok(only.id.clone()),
        [] => Err(CliError::input(format!("suite `{}` asks no judge", suite.name))
            .with_hint("`--pairwise preference` audits a judge that compares two answers")),
        several => {
            let ids: Vec<&str> = several.iter().map(|metric| metric.id.as_str()).collect();
            let text = format!("suite `{}` asks several judges", suite.name);
            Err(CliError::input(text)
                .with_hint(format!("name one by `--metric`: {}", ids.join(", "))))
        }
    }
}

fn scale(args: &AuditArgs, metric: &dyn Metric) -> Result<AuditScale, CliError> {
    let scale = metric.scale();
    let ends = scale.min.zip(scale.max);
    let (low, high) = ends.ok_or_else(|| CliError::input("the judge's scale has no ends"))?;
    let (low, high) = (low.get(), high.get());
    Ok(AuditScale { low, high, rise: args.rise.unwrap_or((high - low) / 8.0) })
}
