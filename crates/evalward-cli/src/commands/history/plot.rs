//! The history, drawn.

use std::path::Path;

use evalward_report::history::{Trend, history_page, trend_plot};

use crate::commands::report::{stream_page, write_page};
use crate::context::Context;
use crate::error::CliError;

/// Draws the pass rates over the runs: one suite as a picture, or all on a page.
pub(super) fn draw(
    path: &Path,
    trends: &[Trend<'_>],
    context: &mut Context,
) -> Result<(), CliError> {
    match path.extension().and_then(|it| it.to_str()) {
        Some("svg") => write_page(path, trend_plot(only(trends)?).as_bytes())?,
        Some("html") => stream_page(path, |out| {
            history_page(trends, env!("CARGO_PKG_VERSION"), out).map_err(CliError::incomplete)
        })?,
        _ => {
            let error = format!("`{}` is neither a picture nor a page", path.display());
            return Err(
                CliError::input(error).with_hint("name a file that ends with `.svg` or `.html`")
            );
        }
    }
    context.note(&format!("wrote {}", path.display()));
    Ok(())
}

/// Returns the one suite, or variant, that a picture can show.
fn only<'a, 'b>(trends: &'a [Trend<'b>]) -> Result<&'a Trend<'b>, CliError> {
    match trends {
        [only] => Ok(only),
        [] => Err(CliError::input("no run is recorded, so there is nothing to draw")),
        several => {
            let names: Vec<String> = several.iter().map(|it| format!("`{}`", it.label)).collect();
            let error = format!("a picture shows one suite, and here are {}", names.join(", "));
            Err(CliError::input(error).with_hint(
                "name the suite, and the variant by `--variant` (`base` is the suite itself), or draw a page: `--plot FILE.html`",
            ))
        }
    }
}
