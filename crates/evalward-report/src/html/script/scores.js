// The scores of a trial with what explains them.
function scoreBar(score) {
  if (score.min === undefined || score.max === undefined || score.max <= score.min) return null;
  const place = (value) => 2 + 76 * Math.min(1, Math.max(0, (value - score.min) / (score.max - score.min)));
  const word = score.passed === undefined ? "plain" : score.passed ? "good" : "bad";
  const svg = svgOf("svg", { class: `bar ${word}`, viewBox: "0 0 80 18", width: 80, height: 18, "aria-hidden": "true", focusable: "false" },
    svgOf("line", { class: "track", x1: 2, y1: 9, x2: 78, y2: 9 }),
    svgOf("rect", { class: "interval", x: 2, y: 6, width: Math.max(0, place(score.value) - 2), height: 6, rx: 2 }));
  if (score.threshold !== undefined) {
    const x = place(score.threshold);
    svg.append(svgOf("line", { class: "mark", x1: x, y1: 1, x2: x, y2: 17 }));
  }
  return svg;
}

const boundText = (score) => (score.threshold === undefined ? "" : `${score.lower_is_better ? "≤" : "≥"} ${scoreText(score.threshold)}`);

function scoreWord(score) {
  if (score === undefined) return ["plain", "–"];
  if (score.skipped !== undefined) return ["plain", "– skipped"];
  if (score.errored !== undefined) return ["bad", "! errored"];
  if (score.passed === undefined) return ["plain", "reported"];
  return score.passed ? ["good", "✓ passed"] : ["bad", "✗ failed"];
}

// Lists all scores, what failed first, each with what explains it to unfold.
function scoreList(scores) {
  const entries = Object.entries(scores ?? {});
  const rank = ([, score]) => (score.passed === false || score.errored !== undefined ? 0 : score.skipped !== undefined ? 2 : 1);
  entries.sort((one, other) => rank(one) - rank(other));
  return entries.map(([metric, score]) => {
    const [kind, word] = scoreWord(score);
    const head = [
      make("b", { class: "metric" }, shown(metric)),
      make("span", { class: "amount" }, score.value === undefined ? "" : scoreText(score.value)),
      make("span", { class: "picture" }, score.value === undefined ? null : scoreBar(score)),
      make("span", { class: "bound" }, boundText(score)),
      make("span", { class: `word ${kind}` }, word),
    ];
    const body = explanation(score);
    if (body.length === 0) return make("div", { class: "score" }, make("div", { class: "head" }, head));
    const isOpen = score.passed === false || score.errored !== undefined || claimsOf(score).length > 0;
    return make("details", { class: "score", open: isOpen }, make("summary", { class: "head" }, head), body);
  });
}

function explanation(score) {
  const parts = [];
  for (const reason of [score.skipped, score.errored]) if (reason !== undefined) parts.push(make("p", {}, shown(reason)));
  const { detail } = score;
  const isJudged = detail?.criteria !== undefined;
  if (score.problems?.length && !isJudged) parts.push(make("ul", { class: "problems" }, score.problems.map((it) => make("li", {}, shown(it)))));
  if (detail === undefined) return parts;
  if (isJudged) parts.push(...criteriaOf(detail.criteria));
  const claims = claimsOf(score);
  if (claims.length > 0) parts.push(claimList(claims), ...otherSamples(detail.samples));
  const rules = rulesOf(detail);
  if (rules.length > 0) parts.push(ruleList(rules));
  const model = Array.isArray(detail.models) ? detail.models.map((it) => it.model).filter(Boolean).join(", ") : "";
  if (detail.judge) {
    const again = detail.asked_again > 0 ? `, asked again ${several(detail.asked_again, "time")}` : "";
    parts.push(make("p", { class: "muted small" }, shown(`judge ${detail.judge}${model ? `, ${model}` : ""}, version ${detail.version ?? "unknown"}${again}`)));
  }
  parts.push(make("details", { class: "raw" }, make("summary", {}, "All that explains the score, as JSON"),
    make("pre", { tabindex: "0" }, shown(JSON.stringify(detail, null, 2)))));
  return parts;
}

// Shows what a judge says by each criterion: its reasoning, strengths and weaknesses, of each sample.
function criteriaOf(criteria) {
  return Object.entries(criteria).map(([name, criterion]) => {
    const samples = Array.isArray(criterion.samples) ? criterion.samples : [];
    const mean = typeof criterion.mean === "number" ? scoreText(criterion.mean) : "";
    return make("div", { class: "criterion" },
      make("p", {}, make("b", {}, shown(name)), ` ${mean}`, samples.length > 1 ? make("span", { class: "muted" }, ` from ${several(samples.length, "sample")}`) : null),
      samples.map((sample) => make("blockquote", {},
        make("p", {}, samples.length > 1 || sample.score !== undefined ? make("span", { class: "grade" }, `${sample.score ?? "–"} `) : null, shown(sample.reasoning ?? "")),
        pointList("Strengths", "+", sample.strengths), pointList("Weaknesses", "−", sample.weaknesses))));
  });
}

function pointList(title, sign, points) {
  if (!Array.isArray(points) || points.length === 0) return null;
  return make("div", {}, make("p", { class: "muted small" }, title), make("ul", { class: "points" }, points.map((it) => make("li", {}, `${sign} ${shown(String(it))}`))));
}

function claimList(claims) {
  return make("ol", { class: "claims" }, claims.map((claim) => {
    const [kind, word] = LABELS[claim.label] ?? ["unsupported", String(claim.label)];
    const notes = [claim.not_found ? "does not stand in the answer, so it does not count" : null, claim.repeats ? "was told before" : null,
      claim.told_label ? `the judge said ${(LABELS[claim.told_label] ?? ["", claim.told_label])[1]}` : null].filter(Boolean);
    return make("li", {}, make("mark", { class: kind }, shown(String(claim.claim))), " ", make("span", { class: `label ${kind}` }, word),
      notes.length ? make("p", { class: "muted small" }, shown(notes.join("; "))) : null,
      claim.reasoning ? make("p", { class: "small" }, shown(claim.reasoning)) : null,
      claim.evidence ? make("blockquote", { class: "small" }, make("span", { class: "muted" }, "evidence: "), `“${shown(claim.evidence)}”`) : null);
  }));
}

function otherSamples(samples) {
  if (samples.length < 2) return [];
  const rest = samples.map((sample) => `${sample.accepted} of ${sample.checkable}`).join(", ");
  return [make("p", { class: "muted small" }, `borne out in each of ${samples.length} samples: ${rest}; the first is shown`)];
}

function ruleList(rules) {
  const told = rules.filter(({ rule }) => rule.result !== "passed");
  const held = rules.length - told.length;
  return make("div", {}, told.length ? make("ul", { class: "problems" }, told.map(({ name, rule }) =>
    make("li", {}, make("b", {}, shown(name)), " ", shown(rule.message ?? String(rule.result))))) : null,
  make("p", { class: "muted small" }, `${held} of ${several(rules.length, "rule")} held`));
}
