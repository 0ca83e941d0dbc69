//! What a judge's scores are worth, measured against what people say.

mod agreement;
mod asked;
mod baseline;
mod claims;
mod compute;
mod figures;
mod judged;
mod reliability;
mod verdict;

pub use compute::{JudgeOptions, calibrate_judge};
pub use figures::{
    Agreement, AskedFigures, BaselineFigures, ClaimCell, ClaimFigures, ComparedAs, JudgeFigures,
    LabelScale, Reliability, ReliabilityStatus,
};
pub use judged::{ClaimPair, JudgedAnswer, JudgedClaims, RatedLabels};
pub use reliability::label_reliability;
