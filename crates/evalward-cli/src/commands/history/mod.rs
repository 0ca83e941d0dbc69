//! `evalward history`, and the record that `evalward run` leaves for it.

mod add;
mod args;
mod command;
mod json;
mod plot;
mod read;
mod record;

pub(crate) use args::HistoryArgs;
pub(crate) use command::run;
pub(crate) use record::record_calibration;
