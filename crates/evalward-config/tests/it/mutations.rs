//! Whatever the text of a suite is, loading it answers with a suite or with errors that can be shown.

use proptest::prelude::*;

use crate::support::{Folder, SOUND};

/// Loads a text and renders what comes of it; nothing may panic.
fn load_and_show(text: &str) {
    let folder = Folder::with(text);
    match folder.load() {
        Ok(suite) => assert!(!suite.metrics.is_empty()),
        Err(errors) => {
            assert!(!errors.0.is_empty(), "no suite and no error");
            assert!(!folder.diagnostics().trim().is_empty());
        }
    }
}

/// A piece of the sound suite, by bytes that lie on character borders: it is plain ASCII.
fn slice() -> impl Strategy<Value = std::ops::Range<usize>> {
    (0..SOUND.len(), 0_usize..40)
        .prop_map(|(start, length)| start..(start + length).min(SOUND.len()))
}

fn junk() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z\\[\\]\\.=\"'{}# \n\t]{0,12}",
        "\\PC{0,6}",
        prop::sample::select(
            &["\u{feff}", "\"\"\"", "extends = \"suite.toml\"\n", "nan", "${", "\0"][..]
        )
        .prop_map(str::to_owned),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn a_deleted_piece(range in slice()) {
        let mut text = SOUND.to_owned();
        text.replace_range(range, "");
        load_and_show(&text);
    }

    #[test]
    fn a_piece_twice_or_elsewhere(range in slice(), to in 0..SOUND.len()) {
        let mut text = SOUND.to_owned();
        text.insert_str(to, SOUND.get(range).unwrap_or_default());
        load_and_show(&text);
    }

    #[test]
    fn a_replaced_piece(range in slice(), junk in junk()) {
        let mut text = SOUND.to_owned();
        text.replace_range(range, &junk);
        load_and_show(&text);
    }

    #[test]
    fn any_override(key in "[a-z_\\.]{0,30}", junk in junk()) {
        for entry in [format!("{key}={junk}"), format!("suite.{key}={junk}"), junk.clone()] {
            let folder = Folder::with(SOUND).set(&entry);
            if folder.load().is_err() {
                assert!(!folder.diagnostics().is_empty());
            }
        }
    }
}
