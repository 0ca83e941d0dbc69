//! From failures in production to reviewed examples: fingerprints and patterns, candidates, review, promotion.
//!
//! Failures with one cause share a [`fingerprint`] and so a pattern; each pattern proposes one candidate. People review it
//! ([`approve`], [`reject`]) and [`plan_promotion`] moves it into a dataset. This crate must not know how traffic is sampled or
//! evaluated, nor anything of git. Start at [`failures_of`].
//!
//! ```
//! use evalward_core::{Interaction, InteractionId, Outcome, Rate, Reason, ReasonKind, Response, Timestamp};
//! use evalward_feedback::failures_of;
//! use evalward_store::Sample;
//!
//! let now = Timestamp::from_millis(1_793_700_000_000);
//! let mut interaction = Interaction::new(InteractionId::new("int-1")?, now);
//! interaction.input.insert("question".to_owned(), "Who signs off refunds?".into());
//! interaction.response = Some(Response::from_text("Ask [EMAIL]."));
//! let sample = Sample {
//!     project: "default".to_owned(),
//!     interaction,
//!     received_at: now,
//!     segment: String::new(),
//!     stratum: "base".to_owned(),
//!     probability: Rate::ONE,
//!     is_disliked: false,
//! };
//! let reason = Reason {
//!     kind: ReasonKind::Constraint,
//!     metric: "rules".to_owned(),
//!     message: "no_leaks: has an e-mail address at byte 4".to_owned(),
//! };
//!
//! let failures = failures_of(&sample, &Outcome::Failed(vec![reason]));
//! assert_eq!(failures[0].rule.as_deref(), Some("no_leaks"));
//! assert_eq!(failures[0].title, "has an e-mail address");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod access;
mod failure;
mod fingerprint;
mod mask;
mod privacy;
mod promotion;
mod proposal;
mod review;
mod views;

pub use access::{Access, AccessError, Monitor, StoreAccess};
pub use evalward_store::{CandidateState, PatternState};
pub use failure::{USER_METRIC, USER_RULE, failures_of, rule_of};
pub use fingerprint::{candidate_id, fingerprint};
pub use mask::{mask_message, mask_text};
pub use privacy::findings_in;
pub use promotion::{
    Promoted, Promotion, PromotionError, PromotionReport, Refusal, plan_promotion,
};
pub use review::{ReviewError, approve, as_promoted, needed_approvals, reject};
pub use views::{
    ApproveBody, CANDIDATE_STATES, CandidateList, CandidateView, PATTERN_STATES, PatternList,
    PatternView, PromotedBody, RejectBody, ReviewView,
};
