//! The writer of pictures.

use crate::text::{append, escaped, one_line};

/// Colours by what they mean, in light and in dark.
const STYLE: &str = "\
svg{--ink:#1f2328;--muted:#59636e;--rule:#d1d9e0;--paper:#ffffff;--band:#eef1f4;--good:#1a7f37;--bad:#cf222e;--unsure:#9a6700;--plain:#0969da}\
@media(prefers-color-scheme:dark){svg{--ink:#f0f6fc;--muted:#9198a1;--rule:#3d444d;--paper:#0d1117;--band:#1c222b;--good:#3fb950;--bad:#f85149;--unsure:#d29922;--plain:#4493f8}}\
text{font-family:system-ui,-apple-system,'Segoe UI',Roboto,Arial,sans-serif;font-size:13px;fill:var(--ink)}\
.title{font-size:15px;font-weight:600}.muted{fill:var(--muted)}.small{font-size:12px}\
.paper{fill:var(--paper)}.band{fill:var(--band)}.rule{stroke:var(--rule);fill:none}.axis{stroke:var(--muted);fill:none}\
.dash{stroke-dasharray:4 4}.thick{stroke-width:2}\
.good{fill:var(--good);stroke:var(--good)}.bad{fill:var(--bad);stroke:var(--bad)}.unsure{fill:var(--unsure);stroke:var(--unsure)}.plain{fill:var(--plain);stroke:var(--plain)}\
.ink{fill:var(--ink);stroke:var(--paper)}.open{fill:none}.hollow{fill:var(--paper)}text.good,text.bad,text.unsure,text.plain{stroke:none}";

/// Which end of a text stands at its place.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Anchor {
    Start,
    Middle,
    End,
}

/// A picture that is being drawn.
#[derive(Debug)]
pub(crate) struct Svg {
    body: String,
}

impl Svg {
    /// Starts a picture with a name and a description for those who cannot see it.
    pub(crate) fn new(width: f64, height: f64, title: &str, description: &str) -> Self {
        let (w, h) = (number(width), number(height));
        let mut body = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {w} {h}\" width=\"{w}\" height=\"{h}\" role=\"img\" aria-labelledby=\"title desc\">\n"
        );
        append(
            &mut body,
            format_args!("<title id=\"title\">{}</title>\n", escaped(&one_line(title))),
        );
        append(
            &mut body,
            format_args!("<desc id=\"desc\">{}</desc>\n", escaped(&one_line(description))),
        );
        append(&mut body, format_args!("<style>{STYLE}</style>\n"));
        append(&mut body, format_args!("<rect class=\"paper\" width=\"{w}\" height=\"{h}\"/>\n"));
        Self { body }
    }

    /// Draws a text; its base line is at `y`.
    pub(crate) fn text(&mut self, (x, y): (f64, f64), anchor: Anchor, class: &str, text: &str) {
        let anchor = match anchor {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        };
        let (x, y, text) = (number(x), number(y), escaped(&one_line(text)));
        append(
            &mut self.body,
            format_args!(
                "<text class=\"{class}\" x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\">{text}</text>\n"
            ),
        );
    }

    /// Draws a straight line.
    pub(crate) fn line(&mut self, from: (f64, f64), to: (f64, f64), class: &str) {
        let [x1, y1, x2, y2] = [from.0, from.1, to.0, to.1].map(number);
        append(
            &mut self.body,
            format_args!(
                "<line class=\"{class}\" x1=\"{x1}\" y1=\"{y1}\" x2=\"{x2}\" y2=\"{y2}\"/>\n"
            ),
        );
    }

    /// Draws a line through points.
    pub(crate) fn polyline(&mut self, points: &[(f64, f64)], class: &str) {
        let points: Vec<String> =
            points.iter().map(|(x, y)| format!("{},{}", number(*x), number(*y))).collect();
        append(
            &mut self.body,
            format_args!("<polyline class=\"{class}\" points=\"{}\"/>\n", points.join(" ")),
        );
    }

    /// Fills a polygon.
    pub(crate) fn polygon(&mut self, points: &[(f64, f64)], class: &str) {
        let points: Vec<String> =
            points.iter().map(|(x, y)| format!("{},{}", number(*x), number(*y))).collect();
        append(
            &mut self.body,
            format_args!("<polygon class=\"{class}\" points=\"{}\"/>\n", points.join(" ")),
        );
    }

    /// Fills a rectangle; `tip` is what a pointer shows.
    pub(crate) fn rect(&mut self, [x, y, width, height]: [f64; 4], class: &str, tip: &str) {
        let [x, y, width, height] = [x, y, width.max(0.0), height.max(0.0)].map(number);
        let tip = if tip.is_empty() {
            String::new()
        } else {
            format!("<title>{}</title>", escaped(&one_line(tip)))
        };
        append(
            &mut self.body,
            format_args!(
                "<rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\">{tip}</rect>\n"
            ),
        );
    }

    /// Draws a dot.
    pub(crate) fn dot(&mut self, (x, y): (f64, f64), radius: f64, class: &str) {
        let [x, y, radius] = [x, y, radius].map(number);
        append(
            &mut self.body,
            format_args!("<circle class=\"{class}\" cx=\"{x}\" cy=\"{y}\" r=\"{radius}\"/>\n"),
        );
    }

    /// Draws a dot; `tip` is what a pointer shows.
    pub(crate) fn spot(&mut self, (x, y): (f64, f64), radius: f64, class: &str, tip: &str) {
        let ([x, y, radius], tip) = ([x, y, radius].map(number), escaped(&one_line(tip)));
        append(
            &mut self.body,
            format_args!(
                "<circle class=\"{class}\" cx=\"{x}\" cy=\"{y}\" r=\"{radius}\"><title>{tip}</title></circle>\n"
            ),
        );
    }

    /// Ends the picture.
    pub(crate) fn finish(mut self) -> String {
        self.body.push_str("</svg>\n");
        self.body
    }
}

/// Estimates how wide a text is, on the safe side; the font is the reader's own.
pub(crate) fn text_width(text: &str) -> f64 {
    text.chars().map(|character| if character.is_ascii() { 7.7 } else { 13.5 }).sum()
}

/// Writes a coordinate with at most two decimals, so that equal pictures have equal bytes.
fn number(value: f64) -> String {
    let text = format!("{value:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}
