// One example in full.
const part = (title, ...content) => make("section", { class: "part" }, make("h4", {}, title), content);
const said = (text, ...marks) => make("p", { class: "said", dir: "auto" }, text === "" ? make("span", { class: "muted" }, "(empty)") : marks.length ? marks : shown(text));

function turns(input) {
  if (input.length === 1 && input[0][0] === "") return [said(input[0][1])];
  return input.map(([role, text]) => make("div", { class: `turn ${role === "user" ? "user" : ""}` }, make("p", { class: "title" }, shown(role || "text")), said(text)));
}

// Lists why a trial did not pass.
function reasonList(trial) {
  if (trial.cause !== undefined) return make("p", { class: "cause", dir: "auto" }, shown(trial.cause));
  if (!trial.reasons?.length) return null;
  return make("ul", { class: "reasons" }, trial.reasons.map(([metric, message]) => make("li", {}, make("b", {}, shown(metric)), " ", shown(message))));
}

// Shows an answer with the marks of one metric at a time.
function answer(trial) {
  if (trial.output === undefined) return [make("p", { class: "muted" }, "(no response)")];
  const layers = layersOf(trial);
  if (layers.length === 0) return [said(trial.output)];
  const place = make("div");
  const buttons = [...layers.map((layer) => layer.metric), null].map((metric, index) =>
    make("button", { type: "button", onclick: () => show(index) }, metric === null ? "no marks" : shown(metric)));
  function show(index) {
    buttons.forEach((button, each) => button.setAttribute("aria-pressed", String(each === index)));
    const layer = layers[index];
    const used = layer ? [...new Set(layer.marks.map((mark) => mark.kind))] : [];
    place.replaceChildren(layer ? said(trial.output, ...markedText(trial.output, layer.marks)) : said(trial.output),
      used.length ? make("p", { class: "legend small" }, used.sort((one, other) => RANKS.indexOf(other) - RANKS.indexOf(one)).map((kind) => make("mark", { class: kind }, WORDS[kind]))) : "");
  }
  // What was looked for and found is worth a look only to those who ask.
  show(layers[0].failed || layers[0].claims ? 0 : layers.length);
  return [make("div", { class: "layers", role: "group", "aria-label": "Marks in the answer" }, make("span", { class: "muted small" }, "marks of"), buttons), place];
}
const WORDS = { supported: "supported", inferred: "inferred", uncheckable: "not checkable", unsupported: "not supported", contradicted: "contradicted", broken: "broken", found: "found", sway: "sways the judge" };

function contextPart(trial) {
  if (!trial.context?.length) return null;
  const evidence = Object.values(trial.scores ?? {}).flatMap((score) => claimsOf(score).map((claim, index) => ({ number: index + 1, words: claim.evidence ?? "" }))).filter((it) => it.words.length > 2);
  return part("Context", trial.context.map(([name, text]) => make("div", { class: "document" },
    name ? make("p", { class: "title" }, shown(name)) : null, said(text, ...evidenceText(text, evidence)))));
}

// Where two texts share nothing, a difference would only repeat both.
function differencePart(expected, output, title = "Difference from the expected output") {
  const pieces = expected === undefined || output === undefined ? null : difference(expected, output);
  const shares = pieces?.some(([kind, text]) => kind === "equal" && text.trim() !== "");
  return shares ? part(title, differenceOf(pieces)) : null;
}

function trialParts(line, trial) {
  const texts = (list) => list.map((it) => said(it));
  return [
    line.trials.length > 1 ? reasonList(trial) : null,
    part("Output", answer(trial)),
    line.expected === undefined ? null : part("Expected output", said(line.expected), trial.output === line.expected ? make("p", { class: "muted small" }, "the output equals it") : null),
    differencePart(line.expected, trial.output),
    contextPart(trial),
    trial.tools?.length ? part("Tool calls", texts(trial.tools)) : null,
    trial.steps?.length ? part("Steps", texts(trial.steps)) : null,
    Object.keys(trial.scores ?? {}).length ? part("Scores", scoreList(trial.scores)) : null,
    trial.call ? make("p", { class: "muted small" }, shown(trial.call)) : null,
  ];
}

// Shows the trials of an example, one at a time where there are several.
function trialsOf(line) {
  const start = line.trials.indexOf(trialOf(line));
  const place = make("div");
  const show = (index) => {
    buttons.forEach((button, each) => button.setAttribute("aria-pressed", String(each === index)));
    place.replaceChildren(...trialParts(line, line.trials[index]).filter(Boolean));
  };
  const buttons = line.trials.map((trial, index) => make("button", { type: "button", onclick: () => show(index) },
    `${MARKS[trial.outcome]} ${trial.confirms ? "fresh " : ""}${trial.number}`));
  show(Math.max(0, start));
  return line.trials.length < 2 ? [place] : [make("div", { class: "layers", role: "group", "aria-label": "Trials" }, make("span", { class: "muted small" }, "trials"), buttons), place];
}

function headOf(item) {
  const line = lineOf(item);
  const kind = kindOf(item);
  const tags = [item.partition, ...(line.tags ?? []), line.cluster && line.cluster !== item.id ? `cluster ${line.cluster}` : null].filter(Boolean);
  return [
    make("div", { class: "bar-of-detail" },
      make("button", { type: "button", id: "close", onclick: () => closeExample() }, "Close", make("kbd", {}, "Esc")),
      make("button", { type: "button", onclick: () => step(-1) }, "Previous", make("kbd", {}, "k")),
      make("button", { type: "button", onclick: () => step(1) }, "Next", make("kbd", {}, "j"))),
    make("h3", { id: "detail-title", tabindex: "-1" }, make("span", { class: `mark ${kind}`, "aria-hidden": "true" }, MARKS[kind]), " ", shown(item.id), " ", make("span", { class: "muted" }, kind)),
    make("p", { class: "tags" }, tags.map((tag) => make("span", { class: "tag" }, shown(tag)))),
    line.settled ? make("p", { class: "small" }, `fresh trials ${line.settled} the failure`) : null,
    line.shortened ? make("p", { class: "small muted" }, shown(`Long texts are shortened here: \`evalward report ${knowledge.run ?? knowledge.candidate} --id ${item.id}\` shows all of it.`)) : null,
  ];
}

function exampleParts(item) {
  const line = lineOf(item);
  const why = line.trials.length === 1 ? reasonList(line.trials[0]) : null;
  return [...headOf(item), why, part("Input", turns(line.input)), ...trialsOf(line)];
}
