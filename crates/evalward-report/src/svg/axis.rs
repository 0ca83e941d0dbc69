//! Axes: from values to places, and where the ticks are.

/// A linear axis, or one of logarithms.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Axis {
    values: [f64; 2],
    places: [f64; 2],
    logarithmic: bool,
}

impl Axis {
    /// Makes an axis whose ends differ.
    pub(crate) fn new(values: [f64; 2], places: [f64; 2]) -> Self {
        let [low, high] = values;
        let values = if high > low { values } else { [low - 0.5, low + 0.5] };
        Self { values, places, logarithmic: false }
    }

    /// Makes an axis of logarithms of values above 0.
    pub(crate) fn logarithmic(values: [f64; 2], places: [f64; 2]) -> Self {
        let [low, high] = values.map(|value| value.max(1e-9).log10());
        let high = if high > low { high } else { low + 1.0 };
        Self { values: [low, high], places, logarithmic: true }
    }

    /// Returns the place of a value; values beyond the ends stand at the ends.
    pub(crate) fn at(&self, value: f64) -> f64 {
        let value = if self.logarithmic { value.max(1e-9).log10() } else { value };
        let [low, high] = self.values;
        let share = ((value - low) / (high - low)).clamp(0.0, 1.0);
        self.places[0] + share * (self.places[1] - self.places[0])
    }

    /// Returns whether a value lies between the ends.
    pub(crate) fn shows(&self, value: f64) -> bool {
        let value = if self.logarithmic { value.max(1e-9).log10() } else { value };
        (self.values[0]..=self.values[1]).contains(&value)
    }

    /// Returns values for about `count` ticks with their texts: round numbers.
    pub(crate) fn ticks(&self, count: u32) -> Vec<(f64, String)> {
        if self.logarithmic { self.decades() } else { ticks(self.values, count) }
    }

    fn decades(&self) -> Vec<(f64, String)> {
        let mut found = Vec::new();
        for exponent in -3..=9 {
            for step in [1.0, 2.0, 5.0] {
                let value = step * 10.0_f64.powi(exponent);
                if self.shows(value) {
                    found.push((value, format!("{value}")));
                }
            }
        }
        found
    }
}

/// Returns round values within the ends, about `count`, with their texts.
fn ticks([low, high]: [f64; 2], count: u32) -> Vec<(f64, String)> {
    let rough = (high - low) / f64::from(count.max(1));
    if !(rough > 0.0 && rough.is_finite()) {
        return Vec::new();
    }
    let magnitude = 10.0_f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0]
        .into_iter()
        .map(|factor| factor * magnitude)
        .find(|step| *step >= rough * 0.999)
        .unwrap_or(magnitude * 10.0);
    let decimals =
        (0..9_usize).find(|decimals| is_whole(step * power_of_ten(*decimals))).unwrap_or(9);
    let first = (low / step - 1e-9).ceil();
    (0..200_u32)
        .map(|index| (first + f64::from(index)) * step)
        .take_while(|value| *value <= high + step * 1e-9)
        .map(|value| (value + 0.0, format!("{:.decimals$}", value + 0.0)))
        .map(|(value, text)| (value, if is_zero(&text) { text.replace('-', "") } else { text }))
        .collect()
}

fn power_of_ten(decimals: usize) -> f64 {
    (0..decimals).fold(1.0, |power, _| power * 10.0)
}

fn is_whole(value: f64) -> bool {
    (value - value.round()).abs() < 1e-6
}

fn is_zero(text: &str) -> bool {
    text.chars().all(|character| "-0.".contains(character))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(ends: [f64; 2], count: u32) -> String {
        let texts: Vec<String> = ticks(ends, count).into_iter().map(|(_, text)| text).collect();
        texts.join(" ")
    }

    #[test]
    fn ticks_are_round_and_within() {
        assert_eq!(texts([-0.3, 0.3], 6), "-0.3 -0.2 -0.1 0.0 0.1 0.2 0.3");
        assert_eq!(texts([0.0, 100.0], 5), "0 20 40 60 80 100");
        assert_eq!(texts([-4.0, 4.0], 8), "-4 -3 -2 -1 0 1 2 3 4");
        assert_eq!(texts([0.0, 0.0], 5), "");
        let axis = Axis::logarithmic([20.0, 500.0], [0.0, 100.0]);
        let texts: Vec<String> = axis.ticks(5).into_iter().map(|(_, text)| text).collect();
        assert_eq!(texts.join(" "), "20 50 100 200 500");
    }
}
