"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const { answers, questions, claim_labels: claimLabels } = data;
  const key = `evalward-sheet-${data.sheet}-${data.rater}`;
  const at = (id) => document.getElementById(id);
  let state = {};
  let current = 0;
  let keeps = true;

  const make = (tag, attributes = {}, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name === "text") element.textContent = value;
      else if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
      else if (value !== false && value !== null) element.setAttribute(name, value === true ? "" : value);
    }
    element.append(...children);
    return element;
  };
  const tell = (text) => { at("note").textContent = text; };

  function load() {
    try {
      state = JSON.parse(localStorage.getItem(key) ?? "{}");
      localStorage.setItem(key, JSON.stringify(state));
    } catch {
      keeps = false;
      tell("This browser keeps nothing: save your ratings before you close the page.");
    }
  }
  function keep() {
    if (!keeps) return;
    try { localStorage.setItem(key, JSON.stringify(state)); } catch {
      keeps = false;
      tell("This browser keeps no more: save your ratings now.");
    }
  }
  const entry = (code) => (state[code] ??= { ratings: {}, unsure: false, comment: "", claims: null });
  const isRated = (code) => {
    const it = state[code];
    return Boolean(it && (it.unsure || questions.every((question) => question.id in it.ratings)));
  };

  function showProgress() {
    const rated = answers.filter((answer) => isRated(answer.code)).length;
    at("bar").max = Math.max(answers.length, 1);
    at("bar").value = rated;
    at("count").textContent = `${rated} of ${answers.length} rated`;
    const marks = [...at("places").children];
    answers.forEach((answer, index) => {
      const done = isRated(answer.code);
      marks[index].className = done ? "done" : "";
      marks[index].textContent = done ? `${index + 1} ✓` : `${index + 1}`;
      marks[index].setAttribute("aria-label", `Answer ${index + 1}${done ? ", rated" : ""}`);
      marks[index].setAttribute("aria-current", String(index === current));
    });
  }

  function textBlock(title, text, kind) {
    return [make("h3", { text: title }), make("p", { class: `text ${kind}`, dir: "auto", tabindex: "0", text })];
  }
  function showTexts(answer) {
    const parts = [make("h2", { text: `Answer ${current + 1} of ${answers.length}` })];
    parts.push(...textBlock("Input", answer.input, "input"));
    if (answer.context !== null) parts.push(...textBlock("Context", answer.context, "context"));
    if (answer.reference !== null) parts.push(...textBlock("A right answer", answer.reference, "reference"));
    parts.push(...textBlock("The answer to rate", answer.output === "" ? "(empty)" : answer.output, "answer"));
    at("texts").replaceChildren(...parts);
  }

  function choose(question, value) {
    const it = entry(answers[current].code);
    it.ratings[question.id] = value;
    it.unsure = false;
    keep();
    showForm(question.id);
    showProgress();
  }
  function step(question, value, short, text) {
    const it = entry(answers[current].code);
    const input = make("input", {
      type: "radio", name: question.id, value: String(value), checked: it.ratings[question.id] === value,
      onchange: () => choose(question, value),
    });
    return make("label", { class: "step" }, input, make("b", { text: short }), make("span", { text }));
  }
  function fieldset(question) {
    const steps = question.scale?.length
      ? question.scale.map(({ score, text }) => step(question, score, String(score), text))
      : [step(question, true, "yes", ""), step(question, false, "no", "")];
    return make("fieldset", { id: `question-${question.id}` }, make("legend", { text: question.text }), ...steps);
  }

  const plain = (text) => text.replace(/\s+/gu, " ").trim();
  function sentences(text) {
    return text.split(/(?<=[.!?])\s+|\n+/u).map((it) => it.trim()).filter((it) => it !== "");
  }
  function claimsOf(answer) {
    const it = entry(answer.code);
    it.claims ??= sentences(answer.output).slice(0, 200).map((claim) => ({ claim, label: "" }));
    return it.claims;
  }
  function claimRow(answer, claims, index) {
    const claim = claims[index];
    const found = () => claim.claim.trim() !== "" && plain(answer.output).includes(plain(claim.claim));
    const problem = make("p", { class: "problem", text: "These words do not stand in the answer so." });
    const words = make("input", { type: "text", "aria-label": `Words of claim ${index + 1}`, dir: "auto" });
    words.value = claim.claim;
    const check = () => {
      problem.hidden = found();
      words.setAttribute("aria-invalid", String(!found()));
    };
    words.addEventListener("input", () => { claim.claim = words.value; check(); keep(); });
    const label = make("select", { "aria-label": `Label of claim ${index + 1}` },
      make("option", { value: "", text: "(no label)" }),
      ...claimLabels.map((it) => make("option", { value: it.label, text: it.label, title: it.meaning })));
    label.value = claim.label;
    label.addEventListener("change", () => { claim.label = label.value; keep(); });
    const remove = make("button", {
      type: "button", text: "Remove", "aria-label": `Remove claim ${index + 1}`,
      onclick: () => { claims.splice(index, 1); keep(); showForm(); },
    });
    check();
    return make("div", { class: "claim" }, words, label, remove, problem);
  }
  function claimFields(answer) {
    if (!claimLabels?.length) return [];
    const claims = claimsOf(answer);
    const meanings = make("details", {}, make("summary", { text: "What the labels mean" }),
      ...claimLabels.map((it) => make("p", { text: `${it.label}: ${it.meaning}` })));
    const add = make("button", {
      type: "button", text: "Add a claim",
      onclick: () => { claims.push({ claim: "", label: "" }); keep(); showForm(); },
    });
    return [make("fieldset", { id: "claims" },
      make("legend", { text: "Claims: each is one statement of the answer. Change the words, split and remove as needed." }),
      meanings, ...claims.map((_, index) => claimRow(answer, claims, index)), add)];
  }

  function showForm(focused) {
    const answer = answers[current];
    const it = entry(answer.code);
    const unsure = make("input", { type: "checkbox", id: "unsure", checked: it.unsure, onchange: toggleUnsure });
    const comment = make("textarea", { id: "comment", rows: "2" });
    comment.value = it.comment;
    comment.addEventListener("input", () => { it.comment = comment.value; keep(); });
    at("rating").replaceChildren(
      ...questions.map(fieldset),
      make("p", {}, make("label", {}, unsure, " I cannot tell ", make("kbd", { text: "u" }))),
      ...claimFields(answer),
      make("label", {}, "Comment, if you like", comment),
      make("div", { class: "move" },
        make("button", { type: "button", id: "back", text: "Previous", onclick: () => move(-1) }),
        make("button", { type: "button", id: "next", text: "Next", onclick: () => move(1) })));
    if (focused) at(`question-${focused}`)?.querySelector("input:checked")?.focus({ preventScroll: true });
  }
  function toggleUnsure() {
    const it = entry(answers[current].code);
    it.unsure = !it.unsure;
    if (it.unsure) it.ratings = {};
    keep();
    showForm();
    showProgress();
  }
  function show() {
    if (answers.length === 0) { tell("There is no answer to rate."); return; }
    showTexts(answers[current]);
    showForm();
    showProgress();
  }
  function move(by) { go(current + by); }
  function go(index) {
    if (index < 0 || index >= answers.length) {
      tell(index < 0 ? "This is the first answer." : "This is the last answer. Save your ratings when all are done.");
      return;
    }
    current = index;
    tell("");
    show();
    window.scrollTo(0, 0);
    at("rating").focus({ preventScroll: true });
  }

  function lines() {
    const line = (answer) => {
      const it = state[answer.code];
      if (!it) return null;
      const claims = (it.claims ?? []).filter((claim) => claim.label !== "");
      if (!isRated(answer.code) && claims.length === 0) return null;
      const out = { sheet: data.sheet, rater: data.rater, answer: answer.code, ratings: it.ratings };
      if (it.unsure) out.cannot_tell = true;
      if (claims.length) out.claims = claims;
      if (it.comment.trim() !== "") out.comment = it.comment;
      return JSON.stringify(out);
    };
    return answers.map(line).filter((it) => it !== null);
  }
  function save() {
    const found = lines();
    const rated = answers.filter((answer) => isRated(answer.code)).length;
    const name = `${data.rater}.jsonl`;
    const url = URL.createObjectURL(new Blob([found.map((it) => `${it}\n`).join("")], { type: "application/jsonl" }));
    const link = make("a", { href: url, download: name });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(url), 10000);
    const rest = answers.length - rated;
    tell(`Saved ${name}${rest ? `; ${rest} of ${answers.length} answers are not rated yet` : ": all answers are rated"}.`);
  }

  function questionFor(element) {
    const focused = questions.find((it) => at(`question-${it.id}`)?.contains(element));
    if (focused) return focused;
    const it = entry(answers[current].code);
    return questions.find((question) => !(question.id in it.ratings)) ?? questions[0];
  }
  function onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || answers.length === 0) return;
    const target = event.target;
    if (target.matches?.("textarea, select, input[type=text]")) return;
    const question = questionFor(target);
    const has = (score) => question.scale?.some((it) => it.score === score);
    const actions = { j: () => move(1), k: () => move(-1), u: toggleUnsure, s: save };
    if (!question.scale?.length) {
      actions.y = () => choose(question, true);
      actions.n = () => choose(question, false);
    } else if (/^[0-9]$/u.test(event.key) && has(Number(event.key))) {
      actions[event.key] = () => choose(question, Number(event.key));
    }
    const action = actions[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  }

  at("who").textContent = data.rater;
  at("places").replaceChildren(...answers.map((_, index) => make("button", { type: "button", onclick: () => go(index) })));
  at("save").addEventListener("click", save);
  at("rating").addEventListener("submit", (event) => event.preventDefault());
  document.addEventListener("keydown", onKey);
  load();
  show();
})();
