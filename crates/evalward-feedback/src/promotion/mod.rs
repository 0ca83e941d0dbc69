//! Moving approved candidates into a dataset: what is refused, the proof that the example fails first, the files, the texts.

mod duplicates;
mod plan;
mod proof;
mod texts;

pub use plan::{Promoted, Promotion, PromotionError, PromotionReport, Refusal, plan_promotion};
