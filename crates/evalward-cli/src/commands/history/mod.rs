//! `evalward history`, and the record that `evalward run` leaves for it.

mod args;
mod command;
mod json;
mod record;
mod table;

pub(crate) use args::HistoryArgs;
pub(crate) use command::run;
pub(crate) use record::record_calibration;
