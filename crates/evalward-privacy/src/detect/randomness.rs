//! Tells random values from words.

/// Returns the Shannon entropy of a value's bytes, in bits per byte.
pub(super) fn entropy_bits(value: &str) -> f64 {
    let mut counts = [0_u32; 256];
    let mut total = 0.0;
    for byte in value.bytes() {
        counts[usize::from(byte)] += 1;
        total += 1.0;
    }
    counts
        .iter()
        .filter(|count| **count > 0)
        .map(|count| {
            let share = f64::from(*count) / total;
            -share * share.log2()
        })
        .sum()
}

/// Returns how many of lower case, upper case, digit and other occur in a value.
pub(super) fn character_classes(value: &str) -> usize {
    let classes: [fn(char) -> bool; 4] = [
        char::is_lowercase,
        char::is_uppercase,
        |character| character.is_ascii_digit(),
        |character| !character.is_alphanumeric(),
    ];
    classes.iter().filter(|class| value.contains(**class)).count()
}
