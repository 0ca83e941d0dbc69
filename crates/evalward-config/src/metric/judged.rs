//! The tables of metrics that ask a judge.

use std::num::NonZeroU32;

use evalward_core::{Finite, Rate, Scale};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use toml::Spanned;

use super::common::metric_table;
use crate::judge::ModelConfig;

metric_table! {
    /// The table of `judge`.
    JudgeMetricConfig {
        /// The judge: a file, relative to this one, or the name of one that evalward brings along (`evalward judge list`).
        #[schemars(with = "String")]
        judge: Spanned<String>,
        /// How often each answer is judged, in place of what the judge's file says.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        samples: Option<NonZeroU32>,
        /// The model, in place of the judge file's.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schemars(with = "Option<ModelConfig>")]
        model: Option<Spanned<ModelConfig>>,
    }
}

metric_table! {
    /// The table of `hallucination`.
    ///
    /// Without a `threshold`, every claim must be borne out.
    HallucinationMetricConfig {
        /// The judge: a file, relative to this one, or `faithfulness`, which evalward brings along.
        #[schemars(with = "String")]
        judge: Spanned<String>,
        /// How often each answer is judged, in place of what the judge's file says.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        samples: Option<NonZeroU32>,
        /// The model, in place of the judge file's.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schemars(with = "Option<ModelConfig>")]
        model: Option<Spanned<ModelConfig>>,
    }
}

super::common::on_fraction!(HallucinationMetricConfig);

impl JudgeMetricConfig {
    /// The direction of the scores; their ends are in the judge's file.
    #[expect(clippy::unused_self, reason = "tables of other kinds say their scale")]
    pub(crate) const fn scale(&self) -> Scale {
        Scale { min: None, max: None, lower_is_better: false }
    }
}

/// What judges use whose file names no model.
#[derive(Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct JudgesSection {
    /// The model, as one table that names its kind: `[judges.model.openai]`.
    #[schemars(with = "Option<ModelConfig>")]
    pub model: Option<Spanned<ModelConfig>>,
    /// A model of another family than the judges', as one table: `[judges.other_family.openai]`. `evalward judge audit` has it say
    /// answers in its own words; by default the subject's model.
    #[serde(skip_serializing)]
    #[schemars(with = "Option<ModelConfig>")]
    pub other_family: Option<Spanned<ModelConfig>>,
    /// Whether the judges that gate score twenty frozen answers in each run, afresh, so that a judge that changed under its name is
    /// found out; by default in suites of the tier `integration`.
    pub canaries: Option<bool>,
    /// The least agreement of the raters whose labels may calibrate a judge; 0.2 by default.
    pub min_label_alpha: Option<Finite>,
    /// How many answers are judged again, changed in known ways, to see what sways the judge of each metric; none by default.
    pub probes: Option<NonZeroU32>,
    /// The share of swayed verdicts beyond which a judge does not gate in this run; 0.2 by default.
    pub max_swayed: Option<Rate>,
}

/// The least agreement of raters whose labels may calibrate a judge, where nobody says otherwise.
const MIN_LABEL_ALPHA: f64 = 0.2;

/// The share of swayed verdicts beyond which a judge does not gate, where a suite gives none.
const MAX_SWAYED: f64 = 0.2;

impl JudgesSection {
    /// Returns the share of swayed verdicts beyond which a judge does not gate.
    pub(crate) fn most_swayed(&self) -> Rate {
        self.max_swayed.or_else(|| Rate::new(MAX_SWAYED)).unwrap_or_default()
    }

    /// Returns the least agreement of raters whose labels may calibrate a judge.
    pub fn least_label_alpha(&self) -> Finite {
        let default = || Finite::new(MIN_LABEL_ALPHA).expect("a literal is finite");
        self.min_label_alpha.unwrap_or_else(default)
    }
}
