//! The angle between two vectors.

use evalward_core::Finite;

/// Returns the cosine of the angle between two vectors; `None` where their lengths differ, one is zero, or a number is not finite.
pub(super) fn cosine(left: &[f32], right: &[f32]) -> Option<Finite> {
    if left.len() != right.len() {
        return None;
    }
    let dot = |left: &[f32], right: &[f32]| -> f64 {
        left.iter().zip(right).map(|(left, right)| f64::from(*left) * f64::from(*right)).sum()
    };
    let norms = (dot(left, left) * dot(right, right)).sqrt();
    // Rounding may carry the cosine of equal vectors beyond one.
    let cosine = (dot(left, right) / norms).clamp(-1.0, 1.0);
    Finite::new(cosine).ok()
}
