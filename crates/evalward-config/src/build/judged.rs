//! Metrics that ask a judge.

use std::num::NonZeroU32;
use std::ops::Range;
use std::sync::Arc;

use evalward_core::{Digest, Finite, Metric, Thresholds};
use toml::Spanned;

use crate::build_subject::BuildOptions;
use crate::judge::{
    JudgeConfig, ModelConfig, SuiteWishes, Surroundings, load_judge, unknown_judge,
};
use crate::load::Lookup;
use crate::source::Sources;
use crate::{ConfigError, ConfigErrors};

/// A metric that asks a judge, and the hash of all of the judge that can move a score.
pub(super) struct Judged {
    pub(super) metric: Arc<dyn Metric>,
    pub(super) version: Digest,
}

/// What a metric's table says of its judge.
pub(super) struct Wanted<'a> {
    /// The kind that the judge must be.
    pub(super) kind: &'static str,
    pub(super) judge: &'a Spanned<String>,
    pub(super) samples: Option<NonZeroU32>,
    /// The metric's own model, else that of all judges of the suite.
    pub(super) model: Option<&'a Spanned<ModelConfig>>,
    pub(super) default_model: Option<&'a Spanned<ModelConfig>>,
}

impl<'a> Wanted<'a> {
    pub(super) const fn new(
        kind: &'static str,
        judge: &'a Spanned<String>,
        samples: Option<NonZeroU32>,
        model: Option<&'a Spanned<ModelConfig>>,
    ) -> Self {
        Self { kind, judge, samples, model, default_model: None }
    }
}

/// Every claim must be borne out, where a suite gives no threshold.
pub(super) fn default_thresholds() -> Thresholds {
    Thresholds::everywhere(Finite::ONE)
}

/// Builds the metric; without `clients` nothing can be asked yet, which is enough to check a suite.
pub(super) fn judged(
    wanted: &Wanted<'_>,
    span: &Range<usize>,
    sources: &Sources,
    environment: &Lookup,
    clients: Option<&BuildOptions>,
) -> Result<Judged, Vec<ConfigError>> {
    let place = wanted.judge.span();
    if let Some((message, help)) = unknown_judge(wanted.judge.get_ref()) {
        return Err(vec![sources.error(message, &place, "").help(help)]);
    }
    let judge = load_judge(wanted.judge.get_ref(), &sources.folder_of(&place))
        .map_err(|ConfigErrors(errors)| errors)?;
    let kind = judge.file.judge.get_ref().kind();
    if kind != wanted.kind {
        let message = format!("judge `{}` is of the kind `{kind}`", judge.name);
        let error = sources.error(message, &place, "");
        return Err(vec![error.help(match kind {
            JudgeConfig::HALLUCINATION => "such a judge needs the metric `hallucination`",
            JudgeConfig::PAIRWISE => "such a judge compares two runs: `evalward judge compare`",
            _ => "such a judge needs the metric `judge`",
        })]);
    }
    let file_model = judge.file.model.is_some();
    let default = wanted.default_model.filter(|_| !file_model);
    let wishes = SuiteWishes { model: wanted.model.or(default), samples: wanted.samples };
    let built = judge.build(wishes, Surroundings { sources, environment, span }, clients)?;
    let metric = built.metric().expect("a judge of the wanted kind scores single answers");
    Ok(Judged { metric, version: built.version })
}
