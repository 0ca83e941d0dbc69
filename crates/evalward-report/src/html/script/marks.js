// What stands where in an answer: claims, facts, rules that broke.
const LABELS = {
  SUPPORTED: ["supported", "supported"],
  REASONABLE_INFERENCE: ["inferred", "inferred"],
  NOT_CHECKABLE: ["uncheckable", "not checkable"],
  UNSUPPORTED: ["unsupported", "not supported"],
  CONTRADICTED: ["contradicted", "contradicted"],
};
// The later, the more it matters where marks overlap.
const RANKS = ["found", "uncheckable", "supported", "inferred", "unsupported", "broken", "contradicted", "sway"];
const MOST_MARKS = 500;
const utf8 = new TextEncoder();

// Returns the claims of a judge's first sample, which speaks for all.
const claimsOf = (score) => (Array.isArray(score.detail?.samples?.[0]?.claims) ? score.detail.samples[0].claims : []);

// Returns the marks of each metric that has some: `{metric, failed, marks: [{start, end, kind, tip, number}]}`.
function layersOf(trial) {
  const layers = [];
  for (const [metric, score] of Object.entries(trial.scores ?? {})) {
    const marks = marksOf(score, trial.output ?? "");
    if (marks.length > 0) layers.push({ metric, failed: score.passed === false, claims: claimsOf(score).length > 0, marks });
  }
  // What failed, and claims, are shown before the rest.
  return layers.sort((one, other) => Number(other.failed) - Number(one.failed) || Number(other.claims) - Number(one.claims));
}

function marksOf(score, output) {
  const found = [];
  const add = (span, kind, tip, number) => {
    const [start, end] = Array.isArray(span) ? span : [span?.start, span?.end];
    if (Number.isInteger(start) && Number.isInteger(end) && start < end) found.push({ start, end, kind, tip, number });
  };
  const { detail } = score;
  if (detail === undefined) return [];
  claimsOf(score).forEach((claim, index) => {
    const [kind, word] = LABELS[claim.label] ?? ["unsupported", String(claim.label)];
    for (const place of claim.places ?? []) add(place, kind, `claim ${index + 1}: ${word}`, index + 1);
  });
  if (Array.isArray(detail.facts)) for (const fact of detail.facts) add(fact.span, "broken", `the ${fact.kind} is not in the context`);
  if (Array.isArray(detail.sways)) for (const span of detail.sways) add(span, "sway", "this tries to sway the judge");
  if (detail.facts && !Array.isArray(detail.facts)) for (const fact of detail.facts.added ?? []) add(fact, "broken", `the ${fact.kind} is not in the right answer`);
  rulesOf(detail).forEach(({ name, rule }) => {
    // A rule that misses something points at the whole answer, which tells nothing.
    const whole = utf8.encode(output).length;
    for (const span of rule.spans ?? []) if (span.end - span.start < whole) add(span, "broken", `${name}: ${rule.message ?? "broken"}`);
    for (const span of rule.found ?? []) add(span, "found", `${name}: found`);
  });
  if (Array.isArray(detail.found)) for (const span of detail.found) add(span, "found", "found");
  add(detail.span, score.passed === false ? "broken" : "found", score.passed === false ? "is not the right one" : "is the right one");
  return found.slice(0, MOST_MARKS);
}

// Returns the rules of constraints and checks with their names.
function rulesOf(detail) {
  if (Array.isArray(detail.constraints)) {
    return detail.constraints.flatMap((it) => (it.rules ?? []).map((rule) => ({ name: `${it.constraint}, ${rule.rule}`, rule })));
  }
  return Array.isArray(detail.rules) ? detail.rules.map((rule) => ({ name: String(rule.rule), rule })) : [];
}

// Shows a text with its marks; where several overlap, the one that matters most is seen.
function markedText(text, marks) {
  const places = placesOf(text, marks.flatMap((mark) => [mark.start, mark.end]));
  const spans = marks.map((mark) => ({ ...mark, start: places.get(mark.start), end: places.get(mark.end) })).filter((it) => it.start < it.end);
  const edges = [...new Set([0, text.length, ...spans.flatMap((it) => [it.start, it.end])])].sort((one, other) => one - other);
  const parts = [];
  for (let index = 0; index + 1 < edges.length; index += 1) {
    const [start, end] = [edges[index], edges[index + 1]];
    const over = spans.filter((it) => it.start <= start && it.end >= end);
    const words = shown(text.slice(start, end));
    if (over.length === 0) { parts.push(words); continue; }
    const top = over.reduce((best, it) => (RANKS.indexOf(it.kind) > RANKS.indexOf(best.kind) ? it : best));
    const numbers = over.filter((it) => it.number && it.end === end).map((it) => make("sup", { "aria-hidden": "true" }, String(it.number)));
    parts.push(make("mark", { class: top.kind, title: shown(over.map((it) => it.tip).join("; ")) }, words, numbers));
  }
  return parts;
}

// Returns where the words of a quotation stand in a text, whatever white space and emphasis lie between them.
function quoted(text, quotation) {
  const words = quotation.slice(0, 4000).split(/[\s*_`#]+/u).filter((it) => it !== "").map((it) => it.replace(/[\\^$.*+?()[\]{}|/-]/gu, "\\$&"));
  if (words.length === 0) return null;
  try {
    const found = new RegExp(words.join("[\\s*_`#]+"), "iu").exec(text);
    return found === null ? null : [found.index, found.index + found[0].length];
  } catch {
    return null;
  }
}

// Shows a document with the evidence of claims.
function evidenceText(text, evidence) {
  const spans = evidence.map(({ number, words }) => ({ number, at: quoted(text, words) })).filter((it) => it.at !== null).sort((one, other) => one.at[0] - other.at[0]);
  const parts = [];
  let from = 0;
  for (const { number, at: [start, end] } of spans) {
    if (start < from) continue;
    parts.push(shown(text.slice(from, start)), make("mark", { class: "evidence", title: `evidence of claim ${number}` }, shown(text.slice(start, end)), make("sup", { "aria-hidden": "true" }, String(number))));
    from = end;
  }
  return [...parts, shown(text.slice(from))];
}
