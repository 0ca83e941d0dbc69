//! What a judge is told.

mod conversation;
mod parts;
mod template;

pub(crate) use conversation::Conversation;
pub(crate) use parts::Part;
pub use parts::{Material, Shown};
pub use template::JudgeTemplate;
pub(crate) use template::{
    AGAIN, CLAIMS_SYSTEM, CLAIMS_USER, PAIRWISE_SYSTEM, PAIRWISE_USER, SYSTEM, Template, USER,
    text_of,
};
