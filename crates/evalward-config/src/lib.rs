//! Suite and monitor files as typed, validated configuration: every mistake is reported with its file, its place and a
//! remedy.
//!
//! The entry point is [`load`]: it reads a suite, merges what it `extends` and what `--set` overrides, collects all
//! errors, and builds the subject and the metrics. [`load_monitor`] does the same for the monitor's file, [`RecipeFile`] for the models of a recipe. This crate must
//! not know how a suite is run or reported, or how traffic is taken in.
//!
//! ```
//! use evalward_config::{LoadOptions, load};
//!
//! let errors = load("no-such-suite.toml".as_ref(), &LoadOptions::default()).unwrap_err();
//! assert!(errors.to_string().contains("no-such-suite.toml"));
//! ```

mod build;
mod build_chat;
mod build_subject;
mod diagnostic;
mod environment;
mod file;
mod judge;
mod load;
mod loosened;
mod margin;
mod merge;
mod metric;
mod monitor;
mod recipe;
mod resolve;
mod schema;
mod source;
mod subject;
mod suggest;
mod value;
mod variant;
mod veil;

pub use build::LocalModels;
pub use build_subject::{BuildOptions, BuiltSubject};
pub use diagnostic::{ConfigError, ConfigErrors};
pub use environment::{environment, lookup};
pub use file::{BudgetSection, RunSection, SuiteFile, SuiteSection, Tier};
pub use judge::{
    AbsoluteConfig, AuditedJudge, AuditedPairwiseJudge, BuiltJudge, ChatModelConfig, ClaimConfig,
    ClaimDemonstrationConfig, CriterionConfig, DemonstrationConfig, HallucinationConfig, Judge,
    JudgeConfig, JudgeFile, JudgedCriteria, LIBRARY, ModelConfig, PairDemonstrationConfig,
    PairwiseConfig, VerdictConfig, load_judge, load_judge_metric, load_pairwise_judge,
    pairwise_cautions,
};
pub use load::{LoadOptions, Lookup, Suite, load};
pub use loosened::{Loosened, gate_digest, loosened};
pub use metric::{JudgesSection, MetricConfig};
pub use monitor::{
    Alarm, AlarmKind, AlarmSeverity, AlwaysSampled, AuthMode, EvaluationConfig, MonitorConfig,
    SamplingConfig, SegmentKey, ServerConfig, SpanSelection, Webhook, load_monitor, monitor_schema,
};
pub use recipe::{RecipeFile, RecipeModel};
pub use schema::{judge_schema, suite_schema};
pub use subject::SubjectConfig;
pub use value::{Address, ByteSize, Seconds, Secret};
pub use variant::{BASE, VariantSuite, VariantTables};
