//! The progress of a download, on stderr.

use std::io::Write;

use indicatif::{ProgressBar, ProgressStyle};

use super::place::size;
use crate::context::Context;

/// Shows how far a download has come: a bar on a terminal, a line for each fifth elsewhere.
pub(super) enum Meter {
    Bar(ProgressBar),
    /// The fifths that were told.
    Lines(u64),
    Quiet,
}

impl Meter {
    pub(super) fn new(context: &Context) -> Self {
        if context.quiet {
            return Self::Quiet;
        }
        if !context.interactive {
            return Self::Lines(0);
        }
        let bar = ProgressBar::new(0);
        let style = ProgressStyle::with_template("{bar:40} {bytes}/{total_bytes}, {eta} left");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        Self::Bar(bar)
    }

    /// Takes in how many bytes came, of how many.
    pub(super) fn tell(&mut self, bytes: u64, total: Option<u64>) {
        match self {
            Self::Quiet => {}
            Self::Bar(bar) => {
                bar.set_length(total.unwrap_or(bytes));
                bar.set_position(bytes);
            }
            Self::Lines(told) => {
                let Some(total) = total.filter(|total| *total >= 1_000_000) else { return };
                let fifths = bytes.saturating_mul(5) / total;
                if fifths > *told {
                    *told = fifths;
                    // Progress that nobody can read is no reason to stop.
                    drop(writeln!(std::io::stderr(), "{} of {}", size(bytes), size(total)));
                }
            }
        }
    }

    pub(super) fn finish(&self) {
        if let Self::Bar(bar) = self {
            bar.finish_and_clear();
        }
    }
}
