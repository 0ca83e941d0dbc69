//! Detectors of a change in a stream.

mod adwin;
mod cusum;
mod ewma;
mod page_hinkley;

pub use adwin::{Adwin, AdwinOptions};
pub use cusum::{Cusum, CusumOptions};
pub use ewma::{Ewma, EwmaOptions};
pub use page_hinkley::{Direction, PageHinkley, PageHinkleyOptions};
