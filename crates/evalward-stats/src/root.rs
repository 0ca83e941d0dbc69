//! Where a monotone condition stops to hold.

/// Returns the point between `inside` and `outside` at which a condition stops to hold, to the last digit.
///
/// The condition is taken to hold next to `inside` and nowhere beyond the point; `inside` itself is not asked, `outside` is
/// returned where the condition holds up to there. The point returned is the last one inside or the first one outside,
/// whichever is farther from `inside`, so that a bound made of it errs to the wide side.
pub(crate) fn boundary(inside: f64, outside: f64, holds: impl Fn(f64) -> bool) -> f64 {
    let (mut near, mut far) = (inside, outside);
    loop {
        let middle = near + (far - near) / 2.0;
        let is_between = near.min(far) < middle && middle < near.max(far);
        if !is_between || (far - near).abs() < f64::MIN_POSITIVE {
            return far;
        }
        if holds(middle) {
            near = middle;
        } else {
            far = middle;
        }
    }
}
