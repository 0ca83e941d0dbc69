//! `cargo xtask judge-fuzz`: hundreds of answers of judges that must never become a pass.

mod command;

pub(crate) use command::run;
