//! What makes a judge's word doubtful in a suite: a model of the subject's family, a high temperature, safety without a rule.

use std::cmp::Ordering;
use std::ops::Range;

use evalward_core::{Partition, SuiteMetric};
use evalward_judge::{FamilyMember, Kinship, families_of, family_names, kinship};
use toml::Spanned;

use super::{ChatModelConfig, Judge, ModelConfig, load_judge};
use crate::source::Sources;
use crate::suggest::nearest;
use crate::{ConfigError, ConfigErrors, MetricConfig, SubjectConfig, Suite, SuiteFile};

/// Above this temperature, samples of a judge differ more than answers do.
const MOST_TEMPERATURE: f64 = 0.3;

/// What is wrong, and what is allowed but unwise.
#[derive(Debug, Default)]
pub(crate) struct Cautions {
    pub(crate) errors: Vec<ConfigError>,
    pub(crate) warnings: Vec<String>,
}

/// A model, with the families that it belongs to.
struct Model<'a> {
    name: &'a str,
    families: Vec<FamilyMember>,
}

/// Looks at every judge of a suite; what keeps one from being built is told elsewhere.
pub(crate) fn cautions(file: &SuiteFile, metrics: &[SuiteMetric], sources: &Sources) -> Cautions {
    let mut found = Cautions::default();
    let subject = found.subject(file.subject.get_ref(), sources);
    let asks_judge = file.metrics.values().any(|metric| asked_by(metric.get_ref()).is_some());
    if file.judges.probes.is_some() && !asks_judge {
        found.warn("`judges.probes` does nothing: no metric asks a judge".to_owned());
    }
    if let Some(other) = &file.judges.other_family {
        let config = other.get_ref().parts().1;
        found.families(&config.model, config.family.as_ref(), sources);
    }
    for (id, config) in &file.metrics {
        let Some((name, own_model)) = asked_by(config.get_ref()) else { continue };
        let Ok(judge) = load_judge(name.get_ref(), &sources.folder_of(&name.span())) else {
            continue;
        };
        if judge.is_about_safety()
            && let Some(metric) = metrics.iter().find(|metric| metric.id == *id)
        {
            found.safety(file, metric, metrics, sources, (&judge, &name.span()));
        }
        let (model, sources) = match (own_model, &judge.file.model, &file.judges.model) {
            (Some(model), _, _) | (None, None, Some(model)) => (model, sources),
            (None, Some(model), _) => (model, &judge.sources),
            (None, None, None) => continue,
        };
        let config = model.get_ref().parts().1;
        found.temperature(config, sources);
        found.family(id, config, &model.span(), sources, subject.as_ref());
    }
    found
}

/// Returns what makes the word of a judge that compares two answers doubtful: a model of the family of one that answered, a high
/// temperature. `subjects` are the names of the models that answered; the suite may tell their families.
///
/// # Errors
/// [`ConfigErrors`] where the judge's file cannot be read, and where nobody names its model.
pub fn pairwise_cautions(
    name_or_path: &str,
    suite: Option<&Suite>,
    subjects: &[String],
) -> Result<Vec<String>, ConfigErrors> {
    let judge = super::pairwise::read(name_or_path)?;
    let (model, sources) = super::pairwise::model_of(&judge, suite)?;
    let config = model.get_ref().parts().1;
    let mut found = Cautions::default();
    found.temperature(config, sources);
    for name in subjects {
        let families = known_families(name, suite.and_then(|suite| family_of(suite, name)));
        let subject = Model { name, families };
        found.family(&judge.name, config, &model.span(), sources, Some(&subject));
    }
    if found.errors.is_empty() { Ok(found.warnings) } else { Err(ConfigErrors(found.errors)) }
}

/// Returns the family that a suite gives its subject's model, where it has this name.
fn family_of<'a>(suite: &'a Suite, name: &str) -> Option<&'a Spanned<String>> {
    let (SubjectConfig::Openai(chat) | SubjectConfig::Anthropic(chat)) =
        suite.file.subject.get_ref()
    else {
        return None;
    };
    chat.family.as_ref().filter(|_| chat.model == name)
}

/// Returns the judge that a metric asks, and the model that its table names.
pub(crate) const fn asked_by(
    config: &MetricConfig,
) -> Option<(&Spanned<String>, Option<&Spanned<ModelConfig>>)> {
    match config {
        MetricConfig::Judge(it) => Some((&it.judge, it.model.as_ref())),
        MetricConfig::Hallucination(it) => Some((&it.judge, it.model.as_ref())),
        _ => None,
    }
}

/// Returns whether a metric looks at answers by a rule of the suite alone: neither a model nor a right answer is needed.
fn is_rule(config: &MetricConfig) -> bool {
    match config {
        MetricConfig::Constraints(_)
        | MetricConfig::Regex(_)
        | MetricConfig::ToolCalls(_)
        | MetricConfig::Command(_) => true,
        MetricConfig::Contains(it) => it.texts.is_some(),
        _ => false,
    }
}

/// Returns the families of a model: what the file says, else what the name says; none where the file says no family.
pub(super) fn known_families(model: &str, given: Option<&Spanned<String>>) -> Vec<FamilyMember> {
    let Some(given) = given else { return families_of(model) };
    let Some(member) = FamilyMember::of(given.get_ref()) else { return Vec::new() };
    // A name may still tell the generation.
    let named = families_of(model).into_iter().find(|named| named.family == member.family);
    vec![named.unwrap_or(member)]
}

impl Cautions {
    fn warn(&mut self, warning: String) {
        if !self.warnings.contains(&warning) {
            self.warnings.push(warning);
        }
    }

    /// Returns the subject's model, where the suite tells it.
    fn subject<'a>(&mut self, config: &'a SubjectConfig, sources: &Sources) -> Option<Model<'a>> {
        let (SubjectConfig::Openai(chat) | SubjectConfig::Anthropic(chat)) = config else {
            return None;
        };
        let families = self.families(&chat.model, chat.family.as_ref(), sources);
        Some(Model { name: &chat.model, families })
    }

    /// Returns the families of a model: what the file says, else what the name says.
    fn families(
        &mut self,
        model: &str,
        given: Option<&Spanned<String>>,
        sources: &Sources,
    ) -> Vec<FamilyMember> {
        let known = known_families(model, given);
        if let Some(given) = given
            && known.is_empty()
        {
            let word = given.get_ref();
            let error =
                sources.error(format!("`{word}` is no family of models"), &given.span(), "");
            let names = family_names();
            let help = match nearest(word, names.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("there are {}", names.join(", ")),
            };
            self.errors.push(error.help(help));
        }
        known
    }

    fn temperature(&mut self, model: &ChatModelConfig, sources: &Sources) {
        let Some(temperature) = &model.temperature else { return };
        let value = temperature.get_ref();
        if value.get() > MOST_TEMPERATURE {
            let place = sources.place(&temperature.span());
            self.warn(format!(
                "the judge's temperature is {value}, above {MOST_TEMPERATURE}, so that its scores differ from call to call ({place})"
            ));
        }
    }

    fn family(
        &mut self,
        metric: &str,
        judge: &ChatModelConfig,
        span: &Range<usize>,
        sources: &Sources,
        subject: Option<&Model<'_>>,
    ) {
        let theirs = self.families(&judge.model, judge.family.as_ref(), sources);
        let Some(subject) = subject else { return };
        let (place, ours, name) = (sources.place(span), subject.name, judge.model.as_str());
        match kinship(&subject.families, &theirs) {
            Kinship::Apart | Kinship::Newer { .. } => {}
            Kinship::Same { family, age } => {
                let age = match age {
                    Some(Ordering::Less) => "the judge is the older one",
                    Some(_) => "the judge is no newer",
                    None => "which is newer is not known",
                };
                self.warn(format!(
                    "the judge `{name}` of `{metric}` is of the subject's family {family} (`{ours}`), whose answers it favours; {age}: choose one of another family ({place})"
                ));
            }
            Kinship::Unknown => {
                let unknown = if theirs.is_empty() { name } else { ours };
                self.warn(format!(
                    "whether the judge `{name}` of `{metric}` is of the subject's family is not known: name that of `{unknown}` by `family` ({place})"
                ));
            }
        }
    }

    /// Refuses a judge about safety where no rule stands beside it: a model can be talked into anything.
    fn safety(
        &mut self,
        file: &SuiteFile,
        metric: &SuiteMetric,
        metrics: &[SuiteMetric],
        sources: &Sources,
        (judge, span): (&Judge, &Range<usize>),
    ) {
        let partitions = &file.suite.partitions;
        let applies = &metric.applies.partitions;
        let is_concerned = |partition: &Partition| {
            (partitions.is_empty() || partitions.contains(partition))
                && (applies.is_empty() || applies.contains(partition))
        };
        let is_rule = |it: &&SuiteMetric| {
            file.metrics.get(&it.id).is_some_and(|config| is_rule(config.get_ref()))
        };
        let is_alone = |partition: &Partition| {
            !metrics.iter().filter(is_rule).any(|rule| rule.can_fail(*partition))
        };
        let Some(partition) = Partition::ALL.into_iter().filter(is_concerned).find(is_alone) else {
            return;
        };
        let message = format!(
            "judge `{}` is about safety, and no rule can fail an example of partition `{partition}` beside it",
            judge.name
        );
        let error = sources.error(message, span, "a model alone decides");
        self.errors.push(error.help(
            "add a gating metric of the kind constraints, contains (with `texts`), regex, tool_calls or command, such as `[metrics.rules.constraints]` with `harmless = { excludes_any = [\"password\"] }`",
        ));
    }
}
