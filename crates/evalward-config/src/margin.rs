//! Margins that no loss can reach.

use evalward_core::{Margin, Scale, SuiteMetric};

use crate::source::Sources;
use crate::{ConfigError, SuiteFile};

/// Returns a mistake for each margin that is as wide as the scale of its metric, so that no loss could ever exceed it.
pub(crate) fn check_margins(
    file: &SuiteFile,
    metrics: &[SuiteMetric],
    sources: &Sources,
) -> Vec<ConfigError> {
    let mut errors = Vec::new();
    for metric in metrics {
        let scale = metric.metric.scale();
        let margin = file.metrics.get(&metric.id).and_then(|it| it.get_ref().common().margin);
        if let Some(margin) = margin.filter(|it| is_vacuous(*it.get_ref(), scale)) {
            let message = format!("no loss of `{}` could exceed its margin", metric.id);
            let error = sources.error(message, &margin.span(), "as wide as the scale");
            errors
                .push(error.help("choose a smaller margin: the largest loss that does not matter"));
        }
        for (partition, policy) in file.gates.iter().flatten() {
            let bar = policy.get_ref().no_worse_than.as_ref();
            let compares = bar.filter(|bar| bar.metric.as_ref() == Some(&metric.id));
            if compares.is_some_and(|bar| is_vacuous(bar.margin, scale)) {
                let message = format!("the gate of `{partition}` can never fail by its baseline");
                let label = format!("the margin is as wide as the scale of `{}`", metric.id);
                let error = sources.error(message, &policy.span(), label);
                errors.push(error.help("choose a smaller margin"));
            }
        }
    }
    errors
}

fn is_vacuous(margin: Margin, scale: Scale) -> bool {
    let (Some(min), Some(max)) = (scale.min, scale.max) else { return false };
    margin.get() >= max.get() - min.get()
}
