// The examples, as they lie in the page.
const knowledge = JSON.parse(at("knowledge")?.textContent ?? "{}");
const isComparison = knowledge.kind === "comparison";
const items = [];
const byId = new Map();
const PARTITIONS = ["golden", "regression", "adversarial", "distribution"];
const OUTCOMES = ["failed", "errored", "passed", "skipped"];
const DIRECTIONS = ["worse", "better", "same", "changed", "unpaired"];
const MARKS = { failed: "✗", errored: "!", passed: "✓", skipped: "–", worse: "↓", better: "↑", same: "=", changed: "≠", unpaired: "·" };

// Takes in a line: an example of one side.
function take(side, line) {
  let item = byId.get(line.id);
  if (item === undefined) {
    item = { id: line.id, partition: line.partition, order: items.length, sides: {}, hay: null };
    byId.set(line.id, item);
    items.push(item);
  }
  const known = item.sides[side];
  if (known === undefined) {
    item.sides[side] = line;
  } else {
    // A run that was cut short has its rows in no order.
    known.trials.push(...line.trials);
    const worse = ["skipped", "passed", "failed", "errored"];
    if (worse.indexOf(line.outcome) > worse.indexOf(known.outcome)) known.outcome = line.outcome;
  }
  item.hay = null;
}

// Reads all parts; the page stays alive between them.
async function readAll(onPart) {
  for (const part of document.querySelectorAll("script.rows")) {
    for (const line of part.textContent.split("\n")) if (line !== "") take(part.dataset.side, JSON.parse(line));
    part.remove();
    onPart();
    await new Promise((resume) => { setTimeout(resume); });
  }
  if (isComparison) tellDirections();
}

const flips = new Map();
function tellDirections() {
  for (const [direction, list] of [["worse", knowledge.worse], ["better", knowledge.better]]) {
    list.forEach(([id, before, after], rank) => flips.set(id, { direction, before, after, rank }));
  }
  const changed = new Set(knowledge.changed);
  for (const item of items) {
    const isPaired = knowledge.has_baseline ? item.sides.baseline && item.sides.candidate : item.sides.candidate;
    item.direction = flips.get(item.id)?.direction ?? (changed.has(item.id) ? "changed" : isPaired ? "same" : "unpaired");
  }
}

// Returns the side that speaks for an example.
const lineOf = (item) => item.sides.candidate ?? item.sides.baseline;
const kindOf = (item) => (isComparison ? item.direction ?? "same" : lineOf(item).outcome);
const kinds = isComparison ? DIRECTIONS : OUTCOMES;

// Returns the trial that speaks for an example: the first that came out as the example did.
const trialOf = (line) => line.trials.find((trial) => trial.outcome === line.outcome) ?? line.trials[0];

// Returns the metrics that failed or errored in an example.
function missedBy(item) {
  const missed = new Set();
  for (const line of Object.values(item.sides)) {
    for (const trial of line.trials) {
      for (const [metric, score] of Object.entries(trial.scores ?? {})) {
        if (score.passed === false || score.errored !== undefined) missed.add(metric);
      }
    }
  }
  return missed;
}

// Returns all texts of an example in small letters, to search in.
function hayOf(item) {
  if (item.hay !== null) return item.hay;
  const texts = [item.id];
  for (const line of Object.values(item.sides)) {
    texts.push(...(line.input ?? []).map(([, text]) => text), line.expected ?? "", ...(line.tags ?? []));
    for (const trial of line.trials) {
      texts.push(trial.output ?? "", trial.cause ?? "", ...(trial.reasons ?? []).flat());
      for (const score of Object.values(trial.scores ?? {})) texts.push(...(score.problems ?? []), score.errored ?? "");
    }
  }
  item.hay = texts.join("\n").toLowerCase();
  return item.hay;
}
