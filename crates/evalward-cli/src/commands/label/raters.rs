//! Who rates.

use std::collections::BTreeSet;
use std::str::FromStr;

/// The most raters of a sheet.
const MOST: u32 = 100;

/// Raters by their names, which are names of files too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Raters(pub(super) Vec<String>);

impl FromStr for Raters {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Ok(number) = text.trim().parse::<u32>() {
            if !(1..=MOST).contains(&number) {
                return Err(format!("there are 1 to {MOST} raters"));
            }
            return Ok(Self((1..=number).map(|number| format!("rater-{number}")).collect()));
        }
        let names: Vec<String> = text.split(',').map(|name| name.trim().to_owned()).collect();
        let is_plain = |name: &String| {
            let plain = |it: char| it.is_ascii_alphanumeric() || matches!(it, '-' | '_');
            !name.is_empty() && name.len() <= 60 && name.chars().all(plain)
        };
        if let Some(wrong) = names.iter().find(|name| !is_plain(name)) {
            return Err(format!("`{wrong}` is no name of a rater: write letters, digits, - and _"));
        }
        let taken = |name: &String| matches!(name.as_str(), "labels" | "guidance" | "sheet");
        if let Some(wrong) = names.iter().find(|name| taken(name)) {
            return Err(format!("`{wrong}` is the name of another file of a sheet"));
        }
        // Some file systems take `Ann` and `ann` for one name.
        let distinct: BTreeSet<String> = names.iter().map(|name| name.to_lowercase()).collect();
        if distinct.len() < names.len() {
            return Err("two raters have one name".to_owned());
        }
        Ok(Self(names))
    }
}
