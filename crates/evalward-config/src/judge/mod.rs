//! Judges: the files that define them, and from a file to a judge that can be asked.

mod alone;
mod audited;
mod build;
mod caution;
mod file;
mod library;
mod load;
mod model;
mod of_metric;
mod pairwise;
mod restyled;

pub use alone::load_judge_metric;
pub use audited::AuditedJudge;
pub use build::BuiltJudge;
pub(crate) use build::{SuiteWishes, Surroundings};
pub use caution::pairwise_cautions;
pub(crate) use caution::{asked_by, cautions};
pub use file::{
    AbsoluteConfig, ClaimConfig, ClaimDemonstrationConfig, CriterionConfig, DemonstrationConfig,
    HallucinationConfig, JudgeConfig, JudgeFile, PairDemonstrationConfig, PairwiseConfig,
    VerdictConfig,
};
pub use library::LIBRARY;
pub(crate) use load::unknown_judge;
pub use load::{Judge, load_judge};
pub use model::{ChatModelConfig, ModelConfig};
pub use of_metric::JudgedCriteria;
pub use pairwise::{AuditedPairwiseJudge, load_pairwise_judge};
