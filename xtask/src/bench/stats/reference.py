"""The reference libraries' side of `cargo xtask bench stats`.

`reference.py prepare FOLDER` writes the data; `reference.py FOLDER SOURCES` answers each case named on stdin with one line
of JSON: processor seconds a call, and the value that both sides must agree on. SOURCES is the folder with confseq's modules.
"""

import json
import pathlib
import sys
import time
import types

import numpy as np

BATCH_SECONDS = 0.2


def prepare(folder):
    rng = np.random.default_rng(20261125)
    normal = rng.standard_normal
    levels = np.array([1.0, 2, 3, 4, 5])
    likert = lambda size: levels[np.searchsorted([0.05, 0.13, 0.30, 0.70], rng.random(size), side="right")]
    labels = (rng.random(1_000_000) < 0.3).astype(float)
    truth = likert(10_000)
    raters = np.where(rng.random((5, 10_000)) < 0.7, truth, likert((5, 10_000)))
    data = {
        "thousand": normal(1000) + 3,
        "left_thousand": normal(1000),
        "right_thousand": normal(1000) + 0.05,
        "left_million": normal(1_000_000),
        "right_million": normal(1_000_000) + 0.001,
        "left_ordinal": likert(1_000_000),
        "right_ordinal": likert(1_000_000),
        "left_ten_million": normal(10_000_000),
        "right_ten_million": normal(10_000_000) + 0.001,
        "labels": labels,
        "judged": labels + normal(1_000_000),
        "clusters": np.floor(rng.random(1_000_000) * 20_000),
        "units": likert(1000) / 4 - 0.25,
        "stream": np.concatenate([(rng.random(50_000) < 0.95), (rng.random(50_000) < 0.93)]).astype(float),
        "ratings": raters.ravel(),
        "left_twenty": normal(20),
        "right_twenty": normal(20) + 0.5,
    }
    for name, values in data.items():
        np.asarray(values, dtype="<f8").tofile(pathlib.Path(folder) / f"{name}.f64")


class Cases:
    """One method for each case: it loads what the case needs and returns the call to measure."""

    def __init__(self, folder, sources):
        self.folder = pathlib.Path(folder)
        self.sources = sources

    def load(self, name):
        return np.fromfile(self.folder / f"{name}.f64", dtype="<f8")

    def bca_bootstrap(self):
        from scipy import stats

        x, rng = self.load("thousand"), np.random.default_rng(1)
        interval = lambda: stats.bootstrap((x,), np.mean, n_resamples=10_000, method="BCa", rng=rng).confidence_interval
        return lambda: interval().low

    def permutation_independent(self):
        from scipy import stats

        a, b, rng = self.load("left_thousand"), self.load("right_thousand"), np.random.default_rng(1)
        statistic = lambda a, b, axis: np.mean(a, axis=axis) - np.mean(b, axis=axis)
        return lambda: stats.permutation_test((a, b), statistic, vectorized=True, n_resamples=10_000, rng=rng).pvalue

    def permutation_paired(self):
        from scipy import stats

        d, rng = self.load("right_thousand") - self.load("left_thousand"), np.random.default_rng(1)
        statistic = lambda d, axis: np.mean(d, axis=axis)
        test = lambda: stats.permutation_test(
            (d,), statistic, permutation_type="samples", vectorized=True, n_resamples=10_000, rng=rng
        )
        return lambda: test().pvalue

    def mann_whitney(self, left="left_million", right="right_million"):
        from scipy import stats

        a, b = self.load(left), self.load(right)
        return lambda: stats.mannwhitneyu(a, b, method="asymptotic").pvalue

    def mann_whitney_ordinal(self):
        return self.mann_whitney("left_ordinal", "right_ordinal")

    def welch(self, left="left_ten_million", right="right_ten_million"):
        from scipy import stats

        a, b = self.load(left), self.load(right)
        return lambda: stats.ttest_ind(a, b, equal_var=False).pvalue

    def welch_small(self):
        from scipy import stats

        a, b = self.load("left_twenty"), self.load("right_twenty")

        def call():
            result = stats.ttest_ind(a, b, equal_var=False)
            result.confidence_interval(0.95)
            return result.pvalue

        return call

    def roc_auc(self):
        from sklearn import metrics

        labels, scores = self.load("labels"), self.load("judged")
        return lambda: metrics.roc_auc_score(labels, scores)

    def wasserstein(self):
        from scipy import stats

        a, b = self.load("left_million"), self.load("right_million")
        return lambda: stats.wasserstein_distance(a, b)

    def cluster_robust_mean(self):
        import statsmodels.api as sm

        x, groups = self.load("left_million"), self.load("clusters").astype(int)
        ones = np.ones((len(x), 1))
        fit = lambda: sm.OLS(x, ones).fit(cov_type="cluster", cov_kwds={"groups": groups})
        return lambda: fit().bse[0]

    def hedged_betting(self):
        # Only the drawing and multiprocessing parts need these modules, and numpy 2 has renamed a type.
        for name in ("matplotlib", "matplotlib.pyplot", "multiprocess"):
            sys.modules.setdefault(name, types.ModuleType(name))
        np.float_ = np.float64
        sys.path.insert(0, self.sources)
        from confseq.betting import hedged_cs

        x = self.load("units")
        return lambda: hedged_cs(x, alpha=0.05, breaks=1000)[0][-1]

    def detections(self, make):
        stream = self.load("stream").tolist()

        def call():
            detector, found = make(), 0
            for value in stream:
                detector.update(value)
                found += detector.drift_detected
            return found

        return call

    def adwin(self):
        from river import drift

        return self.detections(drift.ADWIN)

    def page_hinkley(self):
        from river import drift

        return self.detections(drift.PageHinkley)

    def krippendorff_ordinal(self):
        import krippendorff

        ratings = self.load("ratings").reshape(5, 10_000)
        return lambda: krippendorff.alpha(reliability_data=ratings, level_of_measurement="ordinal")

    def clopper_pearson(self):
        from statsmodels.stats.proportion import proportion_confint

        return lambda: proportion_confint(48, 50, alpha=0.05, method="beta")[0]

    def mcnemar(self):
        from statsmodels.stats.contingency_tables import mcnemar

        table = np.array([[59, 6], [16, 80]])
        return lambda: mcnemar(table, exact=True).pvalue

    def wilcoxon_small(self):
        from scipy import stats

        d = self.load("right_twenty") - self.load("left_twenty")
        return lambda: stats.wilcoxon(d).pvalue

    def paired_t_small(self):
        from scipy import stats

        a, b = self.load("right_twenty"), self.load("left_twenty")

        def call():
            result = stats.ttest_rel(a, b)
            result.confidence_interval(0.95)
            return result.pvalue

        return call


def measure(call):
    """Returns the processor seconds of one call, over as many calls as take long enough to measure."""
    calls = 1
    while True:
        start = time.process_time()
        for _ in range(calls):
            value = call()
        seconds = time.process_time() - start
        if seconds >= BATCH_SECONDS:
            return {"seconds": seconds / calls, "value": float(value)}
        calls *= 2 if seconds <= 0 else max(2, int(BATCH_SECONDS / seconds) + 1)


def main():
    if sys.argv[1] == "prepare":
        prepare(sys.argv[2])
        return
    cases = Cases(*sys.argv[1:3])
    known = {}
    for line in sys.stdin:
        name = line.strip()
        if name not in known:
            known[name] = getattr(cases, name)()
            known[name]()
        print(json.dumps(measure(known[name])), flush=True)


main()
