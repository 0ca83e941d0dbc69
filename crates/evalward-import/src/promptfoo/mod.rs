//! Configurations and results of promptfoo.

mod ask;
mod assertion;
mod column;
mod configuration;
mod keys;
mod merge;
mod names;
mod place;
mod prompt;
mod provider;
mod render_prompt;
mod results;
mod source;
mod template;
mod test;

pub(crate) use configuration::translate;
