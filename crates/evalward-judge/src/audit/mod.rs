//! What moves a judge that should not: experiments on answers that were changed in one known way.
//!
//! A plan says what to ask; whoever has a model asks it; the figures say what came of it. Nothing here asks anybody.

mod document;
mod figures;
mod meaning;
mod pairs;
mod plan;
mod restyle;
mod row;
mod style;

pub use document::Audit;
pub use figures::{AuditScale, audit_figures};
pub use pairs::{
    PairAuditItem, PairAuditResults, PairChange, PairTask, pair_audit_figures, plan_pair_audit,
    plan_pair_injections,
};
pub use plan::{AuditItem, AuditOptions, AuditTask, Change, Injected, plan_audit};
pub use restyle::{RestyleFlaw, Restyler, Restylers, Restyling};
pub use row::{AuditRow, AuditUnit, Experiment};
pub use style::{RestyledAnswers, Styles, plan_pair_styles, plan_styles};
