//! Numbers over time in a line of text.

/// The heights of a bar.
const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// What stands for a run that has no number.
pub(super) const MISSING: char = '·';

/// Draws numbers between the ends of a scale, a character each.
pub(super) fn sparkline(values: &[Option<f64>], [low, high]: [f64; 2]) -> String {
    values.iter().map(|value| value.map_or(MISSING, |value| bar(value, low, high))).collect()
}

fn bar(value: f64, low: f64, high: f64) -> char {
    let [least, .., most] = BARS;
    // All are alike: none is low.
    if high <= low || value >= high {
        return most;
    }
    let share = (value - low) / (high - low);
    let steps = (0_u32..).zip(BARS);
    steps.take_while(|(step, _)| f64::from(*step) / 8.0 <= share).last().map_or(least, |it| it.1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_ends_are_the_least_and_the_highest_bar() {
        let values = [0.0, 0.124, 0.126, 0.5, 0.99, 1.0].map(Some);
        assert_eq!(sparkline(&values, [0.0, 1.0]), "▁▁▂▅██");
        assert_eq!(sparkline(&[Some(0.3), None, Some(0.3)], [0.3, 0.3]), "█·█");
    }

    proptest! {
        #[test]
        fn what_is_larger_is_never_drawn_smaller(values in prop::collection::vec(-1e6..1e6_f64, 1..40)) {
            let mut sorted = values;
            sorted.sort_by(f64::total_cmp);
            let ends = [sorted[0], sorted[sorted.len() - 1]];
            let drawn: Vec<Option<f64>> = sorted.iter().copied().map(Some).collect();
            let line: Vec<char> = sparkline(&drawn, ends).chars().collect();
            prop_assert_eq!(line.len(), sorted.len());
            prop_assert!(line.is_sorted(), "{:?}", line);
        }
    }
}
