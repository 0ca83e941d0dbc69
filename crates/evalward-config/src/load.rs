//! From a suite file to a suite that can be run.

use std::collections::BTreeMap;
use std::fmt;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use evalward_core::{
    Budget, Digest, Finite, GatePolicy, MetricStamp, Partition, Rate, ReasonKind, Scale,
    SuiteMetric,
};
use evalward_metrics::ExampleChecks;
use serde_json::json;
use toml::Spanned;

use crate::build::build_metric;
use crate::build_subject::BuildOptions;
use crate::file::BudgetSection;
use crate::judge::{asked_by, cautions};
use crate::loosened::demands_of;
use crate::margin::check_margins;
use crate::merge::Layers;
use crate::source::{Sources, simplified};
use crate::value::Seconds;
use crate::variant::check_variants;
use crate::{ConfigError, ConfigErrors, MetricConfig, SuiteFile, Tier};

/// Looks up an environment variable; tests give their own.
pub type Lookup = Arc<dyn Fn(&str) -> Option<String> + Send + Sync>;

/// How a suite file is read.
#[derive(Clone)]
pub struct LoadOptions {
    /// `key=value` overrides, the last one wins.
    pub overrides: Vec<String>,
    /// The variant whose tables are laid over the suite; the suite itself by default.
    pub variant: Option<String>,
    /// The environment that `${NAME}` is looked up in; empty by default.
    pub environment: Lookup,
}

impl Default for LoadOptions {
    fn default() -> Self {
        Self { overrides: Vec::new(), variant: None, environment: Arc::new(|_| None) }
    }
}

impl fmt::Debug for LoadOptions {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("LoadOptions")
            .field("overrides", &self.overrides)
            .field("variant", &self.variant)
            .finish_non_exhaustive()
    }
}

/// A validated suite; its subject is built by [`Suite::build_subject`], once it is known where calls go.
pub struct Suite {
    /// The suite's name.
    pub name: String,
    /// The variant that this is; absent for the suite itself.
    pub variant: Option<String>,
    /// The names of the suite's variants.
    pub variants: Vec<String>,
    /// What the suite tests.
    pub tier: Tier,
    /// The file it was read from.
    pub path: PathBuf,
    /// The dataset's folder.
    pub dataset: PathBuf,
    /// The partitions to evaluate; empty means all that the dataset has.
    pub partitions: Vec<Partition>,
    /// The gates that the file declares.
    pub gates: BTreeMap<Partition, GatePolicy>,
    /// The files of the baselines that gates name, by their paths there.
    pub baselines: BTreeMap<String, PathBuf>,
    /// The metrics, the examples' own `checks` among them.
    pub metrics: Vec<SuiteMetric>,
    /// The number of subject calls under way at once.
    pub concurrency: NonZeroU32,
    /// The number of trials of each example.
    pub repeats: NonZeroU32,
    /// The recording that answers every call.
    pub replay: Option<PathBuf>,
    /// What a run may take.
    pub budget: Budget,
    /// The hash of everything in the file that can move a result.
    pub hash: Digest,
    /// What is allowed but unwise.
    pub warnings: Vec<String>,
    pub(crate) file: SuiteFile,
    pub(crate) sources: Sources,
    pub(crate) environment: Lookup,
}

impl fmt::Debug for Suite {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Suite")
            .field("name", &self.name)
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

/// The number of subject calls under way at once, where nobody says otherwise.
const CONCURRENCY: NonZeroU32 = NonZeroU32::new(5).expect("five is not zero");

/// The wall time of golden examples, where nobody says otherwise.
const GOLDEN_TIME: Duration = Duration::from_mins(5);

/// The wall time of a run, where nobody says otherwise.
const TOTAL_TIME: Duration = Duration::from_mins(20);

fn budget(section: &BudgetSection) -> Budget {
    let BudgetSection { golden, regression, adversarial, distribution, .. } = section;
    let given = |time: &Option<Seconds>| time.map(|time| time.0);
    let partitions = [
        (Partition::Golden, given(golden).or(Some(GOLDEN_TIME))),
        (Partition::Regression, given(regression)),
        (Partition::Adversarial, given(adversarial)),
        (Partition::Distribution, given(distribution)),
    ];
    Budget {
        partitions: partitions.into_iter().filter_map(|(it, time)| Some((it, time?))).collect(),
        total: Some(given(&section.total).unwrap_or(TOTAL_TIME)),
        calls: section.calls.map(Into::into),
        tokens: section.tokens.map(Into::into),
        cost_usd: section.cost_usd,
    }
}

/// Reads and validates a suite file.
///
/// # Errors
/// [`ConfigErrors`] with every mistake found, each with its place and a remedy.
pub fn load(path: &Path, options: &LoadOptions) -> Result<Suite, ConfigErrors> {
    let layers =
        Layers::read(path, &options.overrides, &|path: &Path| std::fs::read_to_string(path))?;
    let file: SuiteFile = match &options.variant {
        None => layers.parse()?,
        Some(variant) => layers.parse_variant(variant)?,
    };
    let Checked { gates, metrics, warnings } = check(&file, &layers.sources, &options.environment)?;
    if options.variant.is_none() {
        check_each_variant(&file, &layers, &options.environment)?;
    }
    let resolve = |text: &Spanned<String>| {
        simplified(&layers.sources.folder_of(&text.span()).join(text.get_ref()))
    };
    let baselines = file
        .gates
        .iter()
        .flatten()
        .filter_map(|(_, policy)| Some((policy.get_ref().no_worse_than.as_ref()?, policy.span())))
        .map(|(bar, span)| {
            let path = layers.sources.folder_of(&span).join(&bar.baseline);
            (bar.baseline.clone(), simplified(&path))
        })
        .collect();
    let subject = serde_json::to_value(file.subject.get_ref())
        .map_err(|error| ConfigError::new(error.to_string()))?;
    let hash = Digest::of_json(&json!({"demands": demands_of(&file), "subject": subject}));
    Ok(Suite {
        name: file.suite.name.get_ref().clone(),
        variant: options.variant.clone(),
        variants: file.variants.keys().map(|name| name.get_ref().clone()).collect(),
        tier: file.suite.tier,
        path: path.to_owned(),
        dataset: resolve(&file.suite.dataset),
        partitions: file.suite.partitions.clone(),
        gates,
        baselines,
        metrics,
        concurrency: file.run.concurrency.unwrap_or(CONCURRENCY),
        repeats: file.run.repeats.unwrap_or(NonZeroU32::MIN),
        replay: file.run.replay.as_ref().map(resolve),
        budget: budget(&file.budget),
        hash,
        warnings,
        sources: layers.sources,
        environment: Arc::clone(&options.environment),
        file,
    })
}

impl Suite {
    /// Builds the suite's metrics as they are run, with their models and clients; nothing is called yet.
    ///
    /// `metrics` tells of them without any model.
    ///
    /// # Errors
    /// [`ConfigErrors`] for a model that is not on this machine and for environment variables that are not set.
    pub fn build_metrics(&self, options: &BuildOptions) -> Result<Vec<SuiteMetric>, ConfigErrors> {
        let mut metrics = vec![SuiteMetric::new("checks", ExampleChecks)];
        let mut errors = Vec::new();
        for (id, config) in &self.file.metrics {
            match build_metric(
                id,
                config,
                &self.file.judges,
                &self.sources,
                &self.environment,
                Some(options),
            ) {
                Ok(metric) => metrics.push(metric),
                Err(found) => errors.extend(found),
            }
        }
        if errors.is_empty() { Ok(metrics) } else { Err(ConfigErrors(errors)) }
    }

    /// Builds one metric as it is run; what the others need may be missing. Nothing where the file has no such metric.
    ///
    /// # Errors
    /// As [`Self::build_metrics`].
    pub fn build_one_metric(
        &self,
        id: &str,
        options: &BuildOptions,
    ) -> Result<Option<SuiteMetric>, ConfigErrors> {
        let Some(config) = self.file.metrics.get(id) else { return Ok(None) };
        build_metric(id, config, &self.file.judges, &self.sources, &self.environment, Some(options))
            .map(Some)
            .map_err(ConfigErrors)
    }

    /// Returns the least agreement of raters whose labels may calibrate a judge.
    pub fn min_label_alpha(&self) -> Finite {
        self.file.judges.least_label_alpha()
    }

    /// Builds the judges that score the frozen answers of a run, which are never taken from the cache; none where the suite does not
    /// want it.
    ///
    /// # Errors
    /// As [`Self::build_metrics`].
    pub fn build_canary_judges(
        &self,
        options: &BuildOptions,
    ) -> Result<Vec<SuiteMetric>, ConfigErrors> {
        if !self.file.judges.canaries.unwrap_or(self.tier == Tier::Integration) {
            return Ok(Vec::new());
        }
        let options = BuildOptions { cache: None, ..options.clone() };
        let is_judged = |metric: &&SuiteMetric| {
            let config = self.file.metrics.get(&metric.id);
            metric.is_gating() && config.is_some_and(|it| asked_by(it.get_ref()).is_some())
        };
        let mut judges = Vec::new();
        for metric in self.metrics.iter().filter(is_judged) {
            judges.extend(self.build_one_metric(&metric.id, &options)?);
        }
        Ok(judges)
    }

    /// Returns what a manifest says of each metric.
    pub fn metric_stamps(&self) -> BTreeMap<String, MetricStamp> {
        self.metrics.iter().map(|metric| (metric.id.clone(), metric.stamp())).collect()
    }
}

/// What is known of a suite without a mistake.
struct Checked {
    gates: BTreeMap<Partition, GatePolicy>,
    metrics: Vec<SuiteMetric>,
    warnings: Vec<String>,
}

fn check(
    file: &SuiteFile,
    sources: &Sources,
    environment: &Lookup,
) -> Result<Checked, ConfigErrors> {
    let mut checker = Checker { sources, errors: Vec::new(), warnings: Vec::new() };
    checker.check_suite(file);
    let gates = checker.gates(file);
    let metrics = checker.metrics(file, environment);
    checker.errors.extend(check_variants(&file.variants, sources));
    checker.check_confirmations(&gates, &metrics);
    checker.check_similarity(&metrics);
    checker.errors.extend(check_margins(file, &metrics, sources));
    let found = cautions(file, &metrics, sources);
    checker.errors.extend(found.errors);
    checker.warnings.extend(found.warnings);
    let Checker { errors, warnings, .. } = checker;
    if errors.is_empty() {
        Ok(Checked { gates, metrics, warnings })
    } else {
        Err(ConfigErrors(errors))
    }
}

/// Checks a suite under each of its variants, so that nothing is run while one has a mistake.
fn check_each_variant(
    file: &SuiteFile,
    layers: &Layers,
    environment: &Lookup,
) -> Result<(), ConfigErrors> {
    let mut errors = Vec::new();
    for name in file.variants.keys() {
        match layers.parse_variant::<SuiteFile>(name.get_ref()) {
            Ok(variant) => {
                if let Err(ConfigErrors(found)) = check(&variant, &layers.sources, environment) {
                    errors.extend(found);
                }
            }
            Err(error) => errors.push(error),
        }
    }
    if errors.is_empty() { Ok(()) } else { Err(ConfigErrors(errors)) }
}

/// Collects mistakes, so that all are shown at once.
struct Checker<'a> {
    sources: &'a Sources,
    errors: Vec<ConfigError>,
    warnings: Vec<String>,
}

impl Checker<'_> {
    fn check_suite(&mut self, file: &SuiteFile) {
        let name = &file.suite.name;
        if name.get_ref().trim().is_empty() {
            self.errors.push(self.sources.error("the suite has no name", &name.span(), "empty"));
        }
    }

    fn gates(&mut self, file: &SuiteFile) -> BTreeMap<Partition, GatePolicy> {
        let mut policies = BTreeMap::new();
        for (partition, policy) in file.gates.iter().flatten() {
            if policy.get_ref().pass_rate == Some(Rate::ZERO) {
                let message = format!("the gate of `{partition}` can never fail");
                let error = self.sources.error(
                    message,
                    &policy.span(),
                    "a pass rate of 0 lets everything through",
                );
                self.errors.push(error.help("demand more than 0, or remove the gate"));
            }
            self.check_bar(file, *partition, policy);
            let partitions = &file.suite.partitions;
            if !partitions.is_empty() && !partitions.contains(partition) {
                let message = format!("the gate of `{partition}` can never be judged");
                let label = format!("`suite.partitions` leaves out `{partition}`");
                let error = self.sources.error(message, &policy.span(), label);
                self.errors.push(error.help("add the partition, or remove the gate"));
            }
            let is_bar = GatePolicy::default_of(*partition).is_some();
            if is_bar && policy.get_ref().pass_rate.is_none_or(|rate| rate < Rate::ONE) {
                self.warnings.push(format!(
                    "the gate of `{partition}` lets failures through; it is the minimum bar"
                ));
            }
            policies.insert(*partition, policy.get_ref().clone());
        }
        policies
    }

    /// Checks that a gate asks for something, and that what it compares exists.
    fn check_bar(&mut self, file: &SuiteFile, partition: Partition, policy: &Spanned<GatePolicy>) {
        let GatePolicy { pass_rate, no_worse_than, confirm, .. } = policy.get_ref();
        let mut push = |message: String, label: &str, help: &str| {
            let error = self.sources.error(message, &policy.span(), label);
            self.errors.push(error.help(help.to_owned()));
        };
        let asks_judge =
            |id: &Spanned<MetricConfig>| MetricStamp::JUDGED_KINDS.contains(&id.get_ref().kind());
        if policy.get_ref().require_calibration && !file.metrics.values().any(asks_judge) {
            push(
                format!(
                    "the gate of `{partition}` asks for calibrated judges, and no metric has one"
                ),
                "",
                "remove `require_calibration`, or add a metric with a judge",
            );
        }
        let Some(bar) = no_worse_than else {
            if pass_rate.is_none() {
                push(
                    format!("the gate of `{partition}` asks for nothing"),
                    "neither `pass_rate` nor `no_worse_than`",
                    "add `pass_rate = 1.0`, or `no_worse_than = { baseline = \"baselines/NAME.json\", margin = 0.05 }`",
                );
            }
            return;
        };
        if pass_rate.is_none() && confirm.is_some() {
            push(
                format!("the gate of `{partition}` confirms failures and counts none"),
                "`confirm` without `pass_rate`",
                "add a `pass_rate`, or remove `confirm`: a comparison with a baseline takes the noise of single failures into account",
            );
        }
        if bar.metric.is_none() && bar.margin.get() >= 1.0 {
            push(
                format!("the gate of `{partition}` can never fail by its baseline"),
                "a pass rate cannot fall by more than 1",
                "choose a margin below 1, such as 0.05",
            );
        }
        if let Some(metric) = bar.metric.as_ref().filter(|id| !file.metrics.contains_key(*id)) {
            let ids: Vec<&str> = file.metrics.keys().map(String::as_str).collect();
            push(
                format!("the gate of `{partition}` compares `{metric}`, which is no metric here"),
                "",
                &format!("metrics of this suite: {}", ids.join(", ")),
            );
        }
    }

    fn metrics(&mut self, file: &SuiteFile, environment: &Lookup) -> Vec<SuiteMetric> {
        let mut metrics = vec![SuiteMetric::new("checks", ExampleChecks)];
        for (id, config) in &file.metrics {
            if id == "checks" {
                let error = self.sources.error("the id `checks` is taken", &config.span(), "");
                self.errors
                    .push(error.help("it stands for the examples' own checks; choose another id"));
                continue;
            }
            match build_metric(id, config, &file.judges, self.sources, environment, None) {
                Ok(metric) => {
                    self.check_thresholds(id, config.get_ref(), metric.metric.scale());
                    metrics.push(metric);
                }
                Err(errors) => self.errors.extend(errors),
            }
        }
        metrics
    }

    /// Says where a gate confirms failures that no metric can have.
    fn check_confirmations(
        &mut self,
        gates: &BTreeMap<Partition, GatePolicy>,
        metrics: &[SuiteMetric],
    ) {
        let may_change = |metric: &SuiteMetric| {
            let kind = metric.metric.reason_kind();
            metric.is_gating() && !matches!(kind, ReasonKind::Constraint | ReasonKind::Metric)
        };
        if metrics.iter().any(may_change) {
            return;
        }
        for (partition, _) in gates.iter().filter(|(_, policy)| policy.confirm.is_some()) {
            self.warnings.push(format!(
                "`gates.{partition}.confirm` does nothing: every gating metric is a rule, whose failure counts at once"
            ));
        }
    }

    /// Warns where nothing but similarity decides: it hardly sees a negation or another price.
    fn check_similarity(&mut self, metrics: &[SuiteMetric]) {
        let mut gating = metrics.iter().filter(|it| it.id != "checks" && it.is_gating()).peekable();
        let is_any = gating.peek().is_some();
        if is_any && gating.all(|it| it.metric.kind() == "semantic_similarity") {
            self.warnings.push(
                "semantic similarity alone decides: it lets negations and changed prices pass; add a rule, or `facts = \"fail\"`".to_owned(),
            );
        }
    }

    fn check_thresholds(&mut self, id: &str, config: &MetricConfig, scale: Scale) {
        let Some(thresholds) = config.common().threshold else { return };
        for threshold in thresholds.get_ref().iter() {
            let (clears, harder, easier) = if scale.lower_is_better {
                ("stays within", "lower the threshold", "raise the threshold")
            } else {
                ("reaches", "raise the threshold", "lower the threshold")
            };
            let (message, help) = if !scale.can_miss(threshold) {
                (format!("`{id}` can never fail: every score {clears} {threshold}"), harder)
            } else if !scale.can_clear(threshold) {
                (format!("`{id}` can never pass: no score {clears} {threshold}"), easier)
            } else {
                if scale == Scale::PERCENT && threshold <= Finite::ONE {
                    self.warnings.push(format!(
                        "`{id}` has the threshold {threshold}, and its scores go from 0 to 100, not to 1"
                    ));
                }
                continue;
            };
            self.errors.push(self.sources.error(message, &thresholds.span(), "").help(help));
        }
    }
}
