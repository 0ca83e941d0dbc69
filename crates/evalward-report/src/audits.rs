//! What audits found of the judges that a run asks: a data type, and the tables that show it.

use std::collections::BTreeMap;

use evalward_core::Finite;
use serde::Serialize;

use crate::grid::Grid;
use crate::markdown_text::{code, inline, table};
use crate::number::{self, NONE};
use crate::overall::Titled;
use crate::text::{append, one_line, shorten};

/// How much of a version is shown.
const VERSION_CHARACTERS: usize = 12;

/// An audit of a judge, as reports show it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct JudgeAudit {
    /// The metric that asks the judge; absent for a judge that compares two answers.
    pub metric: Option<String>,
    /// The judge's name.
    pub judge: String,
    /// Its kind, as files spell it.
    pub kind: String,
    /// The model's name.
    pub model: String,
    /// The version of the judge that was audited.
    pub judge_version: String,
    /// Whether this is the very version that the run asked; the numbers of another one say nothing of it.
    pub is_current: bool,
    /// The number of answers, or of pairs of answers.
    pub answers: u64,
    /// The number of questions that the judge was asked.
    pub questions: u64,
    /// What the draw and all changes followed from.
    pub seed: u64,
    /// What each experiment came to.
    pub findings: Vec<AuditFinding>,
}

/// What one experiment of an audit came to.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AuditFinding {
    /// The experiment, as people read it.
    pub experiment: String,
    /// What the number is.
    pub what: String,
    /// The number; absent where the experiment does not apply, or too few answers could be judged.
    pub estimate: Option<AuditEstimate>,
    /// Whether the interval leaves out what a judge without this fault has; absent without a number.
    pub shows_fault: Option<bool>,
    /// What it means, as a sentence.
    pub meaning: String,
    /// The changed answers that could not show the fault.
    pub left_out: u64,
    /// Why, where there are several reasons: the number of each.
    pub left_out_because: BTreeMap<String, u64>,
    /// The changed answers that could not be judged.
    pub errored: u64,
}

/// A number of an audit with its interval.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AuditEstimate {
    /// Its unit.
    pub unit: AuditUnit,
    /// The number.
    pub value: Finite,
    /// The lower end of the 95 % interval.
    pub low: Finite,
    /// The upper end of it.
    pub high: Finite,
    /// The number of observations.
    pub n: u64,
    /// The number of clusters that are independent of each other.
    pub clusters: u64,
    /// How the interval was made.
    pub method: String,
}

/// What a number of an audit is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AuditUnit {
    /// Points of the judge's scale.
    Points,
    /// A share from 0 to 1.
    Share,
}

impl AuditEstimate {
    /// Returns the number with its interval, as people read it.
    pub fn text(&self) -> String {
        let [value, low, high] = [self.value, self.low, self.high];
        match self.unit {
            AuditUnit::Points => {
                let [value, low, high] = [value, low, high].map(number::signed);
                format!("{value} [{low}, {high}]")
            }
            AuditUnit::Share => {
                let [low, high] = [low, high].map(|share| share.get() * 100.0);
                format!("{} [{low:.1}, {high:.1}]", number::percent(value))
            }
        }
    }
}

impl AuditFinding {
    /// Returns the mark and the word for what the number shows.
    pub const fn mark(&self) -> &'static str {
        match self.shows_fault {
            Some(true) => "✗ fault",
            Some(false) => "✓ none shown",
            None => NONE,
        }
    }
}

impl JudgeAudit {
    /// Returns how many experiments have a number, and how many of these show a fault.
    pub fn counts(&self) -> (usize, usize) {
        let told = self.findings.iter().filter(|it| it.shows_fault.is_some()).count();
        let faults = self.findings.iter().filter(|it| it.shows_fault == Some(true)).count();
        (told, faults)
    }

    fn verdict(&self) -> String {
        let (told, faults) = self.counts();
        let told = number::count(u64::try_from(told).unwrap_or(u64::MAX), "experiment");
        match faults {
            0 => format!("no fault shown in {told}"),
            _ => format!("{faults} of {told} with a fault"),
        }
    }

    fn answers(&self) -> String {
        let pair = if self.kind == "pairwise" { "pair of answers" } else { "answer" };
        match pair {
            "answer" => number::count(self.answers, "answer"),
            _ if self.answers == 1 => format!("1 {pair}"),
            _ => format!("{} pairs of answers", self.answers),
        }
    }

    fn version(&self) -> String {
        self.judge_version.chars().take(VERSION_CHARACTERS).collect()
    }
}

/// Returns a table for each audit; of one of another version only the word that there is one.
pub(crate) fn tables(audits: &[JudgeAudit]) -> Vec<Titled> {
    audits.iter().map(titled).collect()
}

fn titled(audit: &JudgeAudit) -> Titled {
    let judge = one_line(&audit.judge);
    let asked = audit.metric.as_ref().map(|it| format!(" of {}", one_line(it))).unwrap_or_default();
    if !audit.is_current {
        return Titled {
            title: format!("audit of judge {judge}{asked}: of another version"),
            grid: None,
            note: Some(format!(
                "version {} was audited, and the run asked another one: `evalward judge audit --write` audits it",
                audit.version()
            )),
        };
    }
    let told = audit.findings.iter().filter_map(|it| Some((it, it.estimate.as_ref()?)));
    let rows = told.map(|(finding, estimate)| {
        let words = [finding.experiment.as_str(), finding.mark()].map(str::to_owned);
        words.into_iter().chain([estimate.text(), estimate.n.to_string()]).collect()
    });
    let rows: Vec<Vec<String>> = rows.collect();
    let mut note = format!(
        "model {}, version {}, {}; 95 % intervals",
        one_line(&audit.model),
        audit.version(),
        audit.answers()
    );
    for fault in audit.findings.iter().filter(|it| it.shows_fault == Some(true)) {
        append(&mut note, format_args!("\n{}: {}", fault.experiment, one_line(&fault.meaning)));
    }
    Titled {
        title: format!("audit of judge {judge}{asked}: {}", audit.verdict()),
        grid: (!rows.is_empty())
            .then(|| Grid::new(2, &["experiment", "finding", "value", "n"], rows)),
        note: Some(note),
    }
}

/// Writes an audit as Markdown for pull requests: what was found, a table, and what each line means.
pub fn audit_markdown(audit: &JudgeAudit) -> String {
    let mut text = format!("**Audit of judge {}**: {}\n\n", inline(&audit.judge), audit.verdict());
    let row = |finding: &AuditFinding| {
        let estimate = finding.estimate.as_ref();
        vec![
            finding.experiment.clone(),
            finding.mark().to_owned(),
            one_line(&shorten(&finding.what, 200)),
            estimate.map_or_else(|| NONE.to_owned(), AuditEstimate::text),
            estimate.map_or_else(|| NONE.to_owned(), |it| it.n.to_string()),
        ]
    };
    let columns = ["experiment", "finding", "number", "value", "n"];
    let rows = audit.findings.iter().map(row).collect();
    text.push_str(&table(&Grid::new(3, &columns, rows)));
    text.push_str("\n<details><summary>What it means</summary>\n\n");
    for finding in &audit.findings {
        let mut line = format!("- {}: {}", finding.experiment, inline(&finding.meaning));
        if let Some(estimate) = &finding.estimate {
            append(&mut line, format_args!("; {}", inline(&estimate.method)));
            if estimate.clusters < estimate.n {
                append(&mut line, format_args!(" in {} clusters", estimate.clusters));
            }
        }
        if finding.left_out > 0 {
            append(&mut line, format_args!("; {} left out", finding.left_out));
            for (reason, count) in &finding.left_out_because {
                append(&mut line, format_args!(", {count} because {}", inline(reason)));
            }
        }
        if finding.errored > 0 {
            append(&mut line, format_args!("; {} without an answer", finding.errored));
        }
        append(&mut text, format_args!("{line}\n"));
    }
    let asked = audit.metric.as_ref().map(|it| format!("metric {}, ", code(it)));
    append(
        &mut text,
        format_args!(
            "\n</details>\n\n<sub>{}{} judge, version {}, model {}, {}, {}, seed {}; 95 % intervals</sub>\n",
            asked.unwrap_or_default(),
            inline(&audit.kind),
            code(&audit.version()),
            code(&audit.model),
            audit.answers(),
            number::count(audit.questions, "question"),
            audit.seed
        ),
    );
    text
}
