//! A metric's judge with everything that an audit changes of it.

use std::num::NonZeroU32;
use std::sync::Arc;

use evalward_core::{Digest, Metric};
use evalward_judge::audit::Restylers;

use super::build::{SuiteWishes, Surroundings};
use super::load_judge;
use super::restyled::restylers;
use crate::build_subject::BuildOptions;
use crate::{ConfigErrors, MetricConfig, Suite};

/// A metric's judge with everything that an audit changes of it.
#[derive(Debug)]
pub struct AuditedJudge {
    /// The judge's name.
    pub name: String,
    /// Its kind, as files spell it.
    pub kind: &'static str,
    /// The model's name.
    pub model: String,
    /// The hash of all that can move a score.
    pub version: Digest,
    /// The judge as the suite asks it.
    pub metric: Arc<dyn Metric>,
    /// The judge with as many samples as the audit wants.
    pub repeated: Arc<dyn Metric>,
    /// The judge with its criteria in the reverse order; absent where it has no several criteria in one call.
    pub reversed: Option<Arc<dyn Metric>>,
    /// Whether it sees documents.
    pub sees_documents: bool,
    /// Who restyles answers.
    pub restylers: Restylers,
}

impl Suite {
    /// Builds the judge that a metric asks, for an audit; nothing where the suite has no such metric, or where it asks none.
    ///
    /// # Errors
    /// [`ConfigErrors`] where the judge cannot be built.
    pub fn audited_judge(
        &self,
        metric: &str,
        repeats: NonZeroU32,
        options: &BuildOptions,
    ) -> Result<Option<AuditedJudge>, ConfigErrors> {
        let Some(config) = self.file.metrics.get(metric) else { return Ok(None) };
        let (judge, samples, own_model) = match config.get_ref() {
            MetricConfig::Judge(it) => (&it.judge, it.samples, it.model.as_ref()),
            MetricConfig::Hallucination(it) => (&it.judge, it.samples, it.model.as_ref()),
            _ => return Ok(None),
        };
        let judge = load_judge(judge.get_ref(), &self.sources.folder_of(&judge.span()))?;
        let default = self.file.judges.model.as_ref().filter(|_| judge.file.model.is_none());
        let model = own_model.or(default);
        let span = config.span();
        let surroundings =
            Surroundings { sources: &self.sources, environment: &self.environment, span: &span };
        let build = |samples| {
            let wishes = SuiteWishes { model, samples };
            judge.build(wishes, surroundings, Some(options)).map_err(ConfigErrors)
        };
        let (built, repeated) = (build(samples)?, build(Some(repeats))?);
        let (Some(metric), Some(repeated)) = (built.metric(), repeated.metric()) else {
            return Ok(None);
        };
        let own = match (model, &judge.file.model) {
            (Some(model), _) => Some((model, &self.sources)),
            (None, model) => model.as_ref().map(|model| (model, &judge.sources)),
        };
        let Some(own) = own else { return Ok(None) };
        Ok(Some(AuditedJudge {
            kind: judge.file.judge.get_ref().kind(),
            model: own.0.get_ref().name().to_owned(),
            restylers: restylers(self, own, options)?,
            version: built.version,
            metric,
            repeated,
            reversed: built.with_criteria_reversed(),
            sees_documents: judge.sees_documents(),
            name: judge.name,
        }))
    }
}
