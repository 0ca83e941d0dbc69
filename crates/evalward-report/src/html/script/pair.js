// One example of two runs, side by side.
function pairParts(item) {
  const { baseline, candidate } = item.sides;
  const flip = flips.get(item.id);
  const [before, after] = [baseline, candidate].map((line) => line && trialOf(line));
  const word = flip ? make("p", {}, `passed ${flip.before} before, ${flip.after} now`) : null;
  const side = (title, line, trial) => make("section", { class: "side" }, make("h4", {}, title, line ? make("span", { class: `word ${line.outcome === "passed" ? "good" : line.outcome === "skipped" ? "plain" : "bad"}` }, ` ${MARKS[line.outcome]} ${line.outcome}`) : null),
    trial ? [reasonList(trial), answer(trial)] : make("p", { class: "muted" }, isComparison && !knowledge.has_baseline ? "Only its scores were kept." : "It does not have this example."));
  return [
    ...headOf(item), word,
    part("Input", turns(lineOf(item).input)),
    make("div", { class: "sides" }, side("Baseline", baseline, before), side("Candidate", candidate, after)),
    before && after ? changePart(before.output, after.output) : null,
    lineOf(item).expected === undefined ? null : part("Expected output", said(lineOf(item).expected)),
    part("Scores", scoreTable(before?.scores ?? {}, after?.scores ?? {})),
    after && Object.keys(after.scores ?? {}).length ? part("Scores of the candidate in detail", scoreList(after.scores)) : null,
    before && Object.keys(before.scores ?? {}).length ? part("Scores of the baseline in detail", scoreList(before.scores)) : null,
  ];
}

function changePart(before, after) {
  if (before === undefined || after === undefined) return null;
  if (before === after) return make("p", { class: "muted small" }, "Both answers are the same.");
  return differencePart(before, after, "What changed in the answer") ?? make("p", { class: "muted small" }, "The answers share too little to be aligned.");
}

function scoreTable(before, after) {
  const metrics = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  const cell = (score) => (score?.value === undefined ? scoreWord(score)[1] : `${scoreText(score.value)} ${scoreWord(score)[1].slice(0, 1).replace("r", "")}`);
  const change = (one, other) => {
    if (one?.value === undefined || other?.value === undefined) return ["", "–"];
    const by = other.value - one.value;
    if (Math.abs(by) < 5e-4) return ["plain", "0"];
    return [(by > 0) === !other.lower_is_better ? "good" : "bad", `${by > 0 ? "+" : "−"}${scoreText(Math.abs(by))}`];
  };
  return make("div", { class: "scroll", role: "group", tabindex: "0", "aria-label": "Scores of both" }, make("table", {},
    make("thead", {}, make("tr", {}, ["metric", "baseline", "candidate", "change"].map((it, index) => make("th", { scope: "col", class: index ? "number" : null }, it)))),
    make("tbody", {}, metrics.map((metric) => {
      const [kind, text] = change(before[metric], after[metric]);
      return make("tr", {}, make("th", { scope: "row" }, shown(metric)), make("td", { class: "number" }, cell(before[metric])),
        make("td", { class: "number" }, cell(after[metric])), make("td", { class: `number word ${kind}` }, text));
    }))));
}
