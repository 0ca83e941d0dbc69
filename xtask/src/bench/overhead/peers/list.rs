//! The peers.

use super::peer::{Peer, Registry, Results};

/// Returns all peers.
pub(in crate::bench::overhead) fn all() -> &'static [Peer] {
    &[PROMPTFOO, INSPECT, RAGAS, DEEPEVAL, DEEPEVAL_WITHOUT_CACHE, AUTOEVALS]
}

const PROMPTFOO: Peer = Peer {
    name: "promptfoo",
    package: ("promptfoo", "0.123.1"),
    judge: "`llm-rubric`",
    registry: Registry::Node(include_str!("promptfoo.package.json")),
    files: &[("promptfoo.yaml", include_str!("promptfoo.yaml"))],
    reply: r#"{"reason": "It says the same.", "pass": true, "score": 1}"#,
    cold: PROMPTFOO_EVAL,
    cached: Some(PROMPTFOO_EVAL),
    version: Some(&["promptfoo", "--version"]),
    results: Results::Promptfoo,
    is_measured_once: false,
};

const PROMPTFOO_EVAL: &[&str] = &[
    "promptfoo",
    "eval",
    "--config",
    "promptfoo.yaml",
    "--max-concurrency",
    "{concurrency}",
    "--output",
    "results.json",
];

const INSPECT: Peer = Peer {
    name: "inspect",
    package: ("inspect-ai", "0.3.285"),
    judge: "`model_graded_qa`",
    registry: Registry::Python(include_str!("inspect.requirements.txt")),
    files: &[("inspect_task.py", include_str!("inspect_task.py"))],
    reply: "It says the same.\n\nGRADE: C",
    cold: INSPECT_EVAL,
    cached: Some(INSPECT_EVAL),
    version: Some(&["inspect", "--version"]),
    results: Results::Inspect,
    is_measured_once: false,
};

const INSPECT_EVAL: &[&str] = &[
    "inspect",
    "eval",
    "inspect_task.py",
    "--model",
    "none",
    "--max-samples",
    "{concurrency}",
    "--max-connections",
    "{concurrency}",
];

const RAGAS: Peer = Peer {
    name: "ragas",
    package: ("ragas", "0.4.3"),
    judge: "`SimpleCriteriaScore`",
    registry: Registry::Python(include_str!("ragas.requirements.txt")),
    files: &[("ragas_suite.py", include_str!("ragas_suite.py"))],
    reply: r#"{"reason": "It says the same.", "score": 1}"#,
    cold: RAGAS_SUITE,
    cached: Some(RAGAS_SUITE),
    version: None,
    results: Results::Scores,
    is_measured_once: false,
};

const RAGAS_SUITE: &[&str] = &["python", "ragas_suite.py", "{concurrency}"];

const DEEPEVAL: Peer = Peer {
    name: "deepeval",
    package: ("deepeval", "4.3.1"),
    judge: "`GEval`, its cache as by default",
    registry: Registry::Python(include_str!("deepeval.requirements.txt")),
    files: &[("deepeval_suite.py", include_str!("deepeval_suite.py"))],
    reply: r#"{"reason": "It says the same.", "score": 10}"#,
    cold: &["python", "deepeval_suite.py", "{concurrency}", "write"],
    cached: Some(&["python", "deepeval_suite.py", "{concurrency}", "read"]),
    version: Some(&["deepeval", "--version"]),
    results: Results::Scores,
    is_measured_once: true,
};

const DEEPEVAL_WITHOUT_CACHE: Peer = Peer {
    name: "deepeval-without-cache",
    judge: "`GEval`, without its cache",
    cold: &["python", "deepeval_suite.py", "{concurrency}", "none"],
    cached: None,
    version: None,
    is_measured_once: false,
    ..DEEPEVAL
};

const AUTOEVALS: Peer = Peer {
    name: "autoevals",
    package: ("autoevals", "0.4.1"),
    judge: "`Factuality`",
    registry: Registry::Python(include_str!("autoevals.requirements.txt")),
    files: &[("autoevals_suite.py", include_str!("autoevals_suite.py"))],
    reply: r#"{"reasons": "It says the same.", "choice": "C"}"#,
    cold: &["python", "autoevals_suite.py", "{concurrency}"],
    cached: None,
    version: None,
    results: Results::Scores,
    is_measured_once: false,
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_installed_is_what_the_table_says() {
        for peer in all() {
            let (package, version) = peer.package;
            let (list, line) = match peer.registry {
                Registry::Python(list) => (list, format!("{package}=={version}")),
                Registry::Node(list) => (list, format!("\"{package}\": \"{version}\"")),
            };
            let lines = list.lines().map(|line| line.trim().trim_end_matches(','));
            assert_eq!(lines.filter(|it| it.replace('_', "-") == line).count(), 1, "{line}");
        }
    }

    #[test]
    fn each_suite_asks_the_model_that_answers_it() {
        for peer in all() {
            let [(_, suite)] = peer.files else { panic!("{} has one file", peer.name) };
            let model = peer.model();
            let asked = [format!("\"{model}\""), format!("/{model}\""), format!(":{model}\n")];
            assert!(asked.iter().any(|it| suite.contains(it)), "{}", peer.name);
        }
    }
}
