//! The story.

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::assistant::{self, Release};
use super::monitored::{self, Traffic};
use super::release_gate::{line_with, promote, run_suite};
use super::scene::Scene;
use super::telling::{Teller, seen};
use super::{questions, review};
use crate::console::{Stopwatch, say, seconds};
use crate::repository::Repository;

/// The assistant as it is released.
const CAREFUL: Release = Release { version: "1.0.0", has_holiday_patch: false };

/// The careless patch.
const BROKEN: Release = Release { version: "1.1.0", has_holiday_patch: true };

/// The patch taken back.
const FIXED: Release = Release { version: "1.1.1", has_holiday_patch: false };

/// The same patch, deployed again by somebody who did not run the suite.
const BROKEN_AGAIN: Release = Release { version: "1.2.0", has_holiday_patch: true };

/// The suites of the careful and the broken assistant.
const SUITES: [&str; 2] = ["examples/support/evalward.toml", "examples/support/broken.toml"];

/// Tells the story and checks each step of it.
pub(crate) fn run(repository: &Repository) -> Result<()> {
    let total = Stopwatch::start();
    let mut story = Story::begin(repository)?;
    story.the_careful_release_is_quiet()?;
    story.the_broken_release_sets_off_alarms()?;
    story.failures_gather_in_patterns()?;
    story.a_corrupted_expectation_is_refused()?;
    story.the_example_is_promoted()?;
    story.the_suite_guards_the_release()?;
    story.the_fixed_release_leaves_the_pattern_covered()?;
    story.the_broken_release_is_recognised()?;
    say(&format!("the loop is closed ({})", seconds(total.elapsed())));
    Ok(())
}

struct Story {
    scene: Scene,
    teller: Teller,
    questions: Vec<Value>,
    seen: u64,
    traffic: Traffic,
    /// The candidate that is reviewed.
    candidate: Value,
    /// The id of the promoted example.
    example: String,
}

impl Story {
    fn begin(repository: &Repository) -> Result<Self> {
        let mut teller = Teller::default();
        let scene = Scene::set(repository)?;
        let questions = questions::read(&scene.clone)?;
        teller.step("the stage: a clone of this repository, a monitor with `examples/support/monitor.toml`, a webhook");
        seen(&format!("the monitor is ready after {} ms", scene.monitor.start_time().as_millis()));
        Ok(Self {
            scene,
            teller,
            questions,
            seen: 0,
            traffic: Traffic::default(),
            candidate: Value::Null,
            example: String::new(),
        })
    }

    fn the_careful_release_is_quiet(&mut self) -> Result<()> {
        self.teller
            .step(&format!("the careful assistant {} serves its customers", CAREFUL.version));
        self.serve(CAREFUL)?;
        ensure!(self.traffic.failed == 0, "{} careful answers failed", self.traffic.failed);
        let alerts = monitored::firing(&self.scene)?;
        ensure!(alerts.is_empty(), "alerts fire: {alerts:?}");
        ensure!(self.scene.webhook.received().is_empty(), "the webhook was called");
        seen("no alert fires, the webhook was not called");
        Ok(())
    }

    fn the_broken_release_sets_off_alarms(&mut self) -> Result<()> {
        self.teller.step(&format!("{} is deployed, with a careless holiday patch", BROKEN.version));
        self.serve(BROKEN)?;
        ensure!(self.traffic.failed > 0, "no broken answer failed");
        for (rule, key) in
            [("broken_rule", "rules/closing"), ("broken_rule", "rules/persona"), ("quality", "all")]
        {
            let body = monitored::notification(&self.scene, rule, key)?;
            let alert = &body["alert"];
            seen(&format!("webhook: {} {}", text(&alert["severity"]), text(&alert["title"])));
        }
        Ok(())
    }

    fn failures_gather_in_patterns(&mut self) -> Result<()> {
        self.teller.step("failures gather by what they have in common");
        for pattern in monitored::patterns(&self.scene)? {
            let (id, size) = (text(&pattern["id"]), &pattern["size"]);
            seen(&format!(
                "{id}  {size:>3} failures  {}/{}: {}",
                text(&pattern["metric"]),
                text(&pattern["rule"]),
                text(&pattern["title"])
            ));
        }
        for rule in ["persona", "closing"] {
            let size = monitored::pattern(&self.scene, rule)?["size"].as_u64();
            ensure!(
                size == Some(self.traffic.failed),
                "every failed answer lacks {rule}, but its pattern has {size:?}"
            );
        }
        let size = monitored::pattern(&self.scene, "length")?["size"].as_u64().unwrap_or(0);
        ensure!(0 < size && size < self.traffic.failed, "some answers are too short, not {size}");
        Ok(())
    }

    fn a_corrupted_expectation_is_refused(&mut self) -> Result<()> {
        self.teller.step("a reviewer approves the candidate of `persona`, with the bad answer as the expected one");
        let pattern = monitored::pattern(&self.scene, "persona")?;
        self.candidate = review::candidate_of(&self.scene, &pattern)?;
        let bad = self.candidate["example"]["failure"]["observed_output"].as_str();
        let bad = bad.context("the candidate has no observed output")?.to_owned();
        seen(&format!(
            "candidate {}, {} failures alike",
            text(&self.candidate["id"]),
            pattern["size"]
        ));
        review::approve(&self.scene, &self.candidate, &bad)?;
        let before = self.scene.git(&["rev-parse", "HEAD"])?;
        let (code, output) = promote(&self.scene)?;
        ensure!(
            code == Some(1),
            "promoting a corrupted expectation ended with {code:?}:\n{output}"
        );
        ensure!(self.scene.git(&["rev-parse", "HEAD"])? == before, "a commit was made");
        ensure!(self.scene.git(&["status", "--porcelain"])?.is_empty(), "files were changed");
        seen(&format!("promote: {}", line_with(&output, "expected")?));
        Ok(())
    }

    fn the_example_is_promoted(&mut self) -> Result<()> {
        self.teller.step("the reviewer corrects the expected output, and the example is promoted");
        let right = review::right_answer(&self.scene, &self.candidate)?;
        review::approve(&self.scene, &self.candidate, &right)?;
        let before = self.scene.git(&["rev-parse", "HEAD"])?;
        let (code, output) = promote(&self.scene)?;
        ensure!(code == Some(0), "promote ended with {code:?}:\n{output}");
        ensure!(self.scene.git(&["rev-parse", "HEAD~1"])? == before, "not one commit was made");
        let pattern = monitored::pattern(&self.scene, "persona")?;
        ensure!(pattern["state"] == "covered", "the pattern is {}", pattern["state"]);
        text(&pattern["covered_by"]).clone_into(&mut self.example);
        seen(&format!("commit: {}", self.scene.git(&["log", "-1", "--format=%s"])?));
        seen(&format!("the pattern is covered by {}", self.example));
        Ok(())
    }

    fn the_suite_guards_the_release(&mut self) -> Result<()> {
        let [careful, broken] = SUITES;
        self.teller.step("the suites run with the new example");
        run_suite(&self.scene, broken, 1)?;
        let report = self.scene.evalward(&["report", "latest", "--all"])?.output;
        let line = line_with(&report, &self.example)?;
        seen(&format!("evalward run {broken}: exit code 1; among the failures is"));
        seen(line);
        run_suite(&self.scene, careful, 0)?;
        seen(&format!("evalward run {careful}: exit code 0"));
        Ok(())
    }

    fn the_fixed_release_leaves_the_pattern_covered(&mut self) -> Result<()> {
        self.teller.step(&format!("{} is deployed, without the patch", FIXED.version));
        let failed = self.traffic.failed;
        self.serve(FIXED)?;
        ensure!(self.traffic.failed == failed, "fixed answers failed");
        let pattern = monitored::pattern(&self.scene, "persona")?;
        ensure!(pattern["state"] == "covered", "the pattern is {}", pattern["state"]);
        seen("no answer fails; the pattern stays covered");
        Ok(())
    }

    fn the_broken_release_is_recognised(&mut self) -> Result<()> {
        self.teller.step(&format!("{} brings the patch back", BROKEN_AGAIN.version));
        self.serve(BROKEN_AGAIN)?;
        let pattern = monitored::pattern(&self.scene, "persona")?;
        ensure!(pattern["state"] == "recurred", "the pattern is {}", pattern["state"]);
        ensure!(
            pattern["recurred_in"] == BROKEN_AGAIN.version,
            "it recurred in {}",
            pattern["recurred_in"]
        );
        let body = monitored::notification(&self.scene, "recurrence", text(&pattern["id"]))?;
        let title = text(&body["alert"]["title"]);
        ensure!(title.contains(&self.example), "the alert does not name the example: {title}");
        seen(&format!("webhook: {} {title}", text(&body["alert"]["severity"])));
        Ok(())
    }

    /// Serves all questions with a release and waits until the monitor has evaluated what it sampled.
    fn serve(&mut self, release: Release) -> Result<()> {
        let Self { scene, questions, .. } = &*self;
        let answered =
            assistant::serve(&scene.assistant, release, scene.monitor.address(), questions)?;
        self.seen += u64::try_from(answered)?;
        let before = self.traffic;
        self.traffic = monitored::wait_for(&self.scene, self.seen)
            .with_context(|| self.scene.monitor.log())?;
        let [rate, low, high] = self.traffic.pass_rate.map(|rate| rate * 100.0);
        seen(&format!(
            "{answered} answers, {} sampled, {} failed; pass rate of the hour {rate:.1} % [{low:.1}, {high:.1}]",
            self.traffic.sampled - before.sampled,
            self.traffic.failed - before.failed
        ));
        Ok(())
    }
}

/// Returns a text of the monitor's, empty where there is none.
fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
