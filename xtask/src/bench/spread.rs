//! Repeated measurements, and how they are written.

/// The middle and the ends of repeated measurements.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Spread {
    pub(super) least: f64,
    pub(super) median: f64,
    pub(super) most: f64,
}

impl Spread {
    /// Orders the values.
    pub(super) fn of(mut values: Vec<f64>) -> Self {
        values.sort_unstable_by(f64::total_cmp);
        Self { least: values[0], median: values[values.len() / 2], most: values[values.len() - 1] }
    }
}

/// Writes the median, and the ends in parentheses.
pub(super) fn cell(spread: Spread) -> String {
    let (factor, unit) = match spread.median {
        median if median < 1e-3 => (1e6, "us"),
        median if median < 1.0 => (1e3, "ms"),
        _ => (1.0, "s"),
    };
    let Spread { least, median, most } = spread;
    format!(
        "{} ({}-{}) {unit}",
        short(median * factor),
        short(least * factor),
        short(most * factor)
    )
}

fn short(value: f64) -> String {
    match value {
        value if value < 10.0 => format!("{value:.2}"),
        value if value < 100.0 => format!("{value:.1}"),
        value => format!("{value:.0}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_in_a_unit_that_fits() {
        let spread = Spread { least: 9e-7, median: 1.26e-6, most: 2e-6 };
        assert_eq!(cell(spread), "1.26 (0.90-2.00) us");
        assert_eq!(cell(Spread { least: 1.0, median: 1.5, most: 20.0 }), "1.50 (1.00-20.0) s");
        assert_eq!(Spread::of(vec![3.0, 1.0, 2.0]), Spread { least: 1.0, median: 2.0, most: 3.0 });
    }
}
