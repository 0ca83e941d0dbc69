//! Intervals as small bars.

use crate::text::append;

const WIDTH: f64 = 120.0;

/// A value with its interval on an axis.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bar {
    pub(super) ends: [f64; 2],
    pub(super) value: f64,
    pub(super) interval: Option<[f64; 2]>,
    /// What has to be reached.
    pub(super) mark: Option<f64>,
    pub(super) class: &'static str,
}

impl Bar {
    /// Draws the bar; the number beside it says the same to those who do not see it.
    pub(super) fn draw(&self) -> String {
        let [low, high] = self.ends;
        let span = if high > low { high - low } else { 1.0 };
        let at = |value: f64| 3.0 + ((value - low) / span).clamp(0.0, 1.0) * (WIDTH - 6.0);
        let mut svg = format!(
            "<svg class=\"bar {}\" viewBox=\"0 0 {WIDTH} 18\" width=\"{WIDTH}\" height=\"18\" aria-hidden=\"true\" focusable=\"false\">\
             <line class=\"track\" x1=\"3\" y1=\"9\" x2=\"{}\" y2=\"9\"/>",
            self.class,
            WIDTH - 3.0
        );
        if let Some([low, high]) = self.interval {
            append(
                &mut svg,
                format_args!(
                    "<rect class=\"interval\" x=\"{:.1}\" y=\"5\" width=\"{:.1}\" height=\"8\" rx=\"2\"/>",
                    at(low),
                    (at(high) - at(low)).max(1.0)
                ),
            );
        }
        if let Some(mark) = self.mark {
            let x = at(mark);
            append(
                &mut svg,
                format_args!(
                    "<line class=\"mark\" x1=\"{x:.1}\" y1=\"1\" x2=\"{x:.1}\" y2=\"17\"/>"
                ),
            );
        }
        append(
            &mut svg,
            format_args!(
                "<circle class=\"value\" cx=\"{:.1}\" cy=\"9\" r=\"3.5\"/></svg>",
                at(self.value)
            ),
        );
        svg
    }
}
