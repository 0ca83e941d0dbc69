//! The ids of a trace and its spans.

use rand::TryRng;
use rand::rngs::SysRng;

/// The place of one answer in a trace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TraceContext {
    pub(crate) trace: [u8; 16],
    pub(crate) span: [u8; 8],
    /// The span of the caller, where it sent one.
    pub(crate) parent: Option<[u8; 8]>,
}

impl TraceContext {
    /// Joins the trace of a `traceparent` header (W3C Trace Context, level 1), or starts one where there is none or it is broken.
    pub(crate) fn next(traceparent: Option<&str>) -> Result<Self, rand::rngs::SysError> {
        let mut span = [0; 8];
        SysRng.try_fill_bytes(&mut span)?;
        if let Some((trace, parent)) = traceparent.and_then(parse) {
            return Ok(Self { trace, span, parent: Some(parent) });
        }
        let mut trace = [0; 16];
        SysRng.try_fill_bytes(&mut trace)?;
        Ok(Self { trace, span, parent: None })
    }
}

/// Reads `00-<trace id>-<span id>-<flags>`; later versions may carry more fields.
fn parse(traceparent: &str) -> Option<([u8; 16], [u8; 8])> {
    let mut fields = traceparent.trim().split('-');
    let [version, trace, span, flags] =
        [fields.next()?, fields.next()?, fields.next()?, fields.next()?];
    let [version] = from_hex::<1>(version)?;
    from_hex::<1>(flags)?;
    if version == 0xff || (version == 0 && fields.next().is_some()) {
        return None;
    }
    let (trace, span) = (from_hex::<16>(trace)?, from_hex::<8>(span)?);
    (trace != [0; 16] && span != [0; 8]).then_some((trace, span))
}

/// Reads lower-case hexadecimal digits of exactly the length wanted.
fn from_hex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    let digits = text.as_bytes();
    if digits.len() != 2 * N || digits.iter().any(u8::is_ascii_uppercase) {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        for digit in pair {
            *byte = *byte << 4 | u8::try_from(char::from(*digit).to_digit(16)?).ok()?;
        }
    }
    Some(bytes)
}

/// Returns bytes as lower-case hexadecimal digits.
pub(crate) fn to_hex(bytes: &[u8]) -> String {
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits.filter_map(|digit| char::from_digit(digit.into(), 16)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(traceparent: &str, expected: Option<(&str, &str)>) {
        let got = parse(traceparent).map(|(trace, span)| (to_hex(&trace), to_hex(&span)));
        let expected = expected.map(|(trace, span)| (trace.to_owned(), span.to_owned()));
        assert_eq!(got, expected, "{traceparent}");
    }

    #[test]
    fn traceparents_are_read_as_w3c_writes_them() {
        let ids = ("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7");
        check("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", Some(ids));
        check("cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00-new", Some(ids));
        for broken in [
            "",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-new",
            "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
            "00-4bf92f3577b34da6a3ce929d0e0e473-00f067aa0ba902b7-01",
            "00-xbf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        ] {
            check(broken, None);
        }
    }

    #[test]
    fn every_answer_has_ids_of_its_own() {
        let (one, two) =
            (TraceContext::next(None).unwrap(), TraceContext::next(Some("?")).unwrap());
        assert!(one.trace != two.trace && one.span != two.span && one.parent.is_none());
    }
}
