// The difference of two texts, word by word.
const MOST_CELLS = 4_000_000;
const LEAST_SHARED = 0.3;

// Returns pieces `[kind, text]`, of which a kind is "equal", "removed" or "added"; null where the texts are equal.
function difference(before, after) {
  if (before === after) return null;
  const [left, right] = [before, after].map((text) => text.split(/(\s+)/u).filter((it) => it !== ""));
  let start = 0;
  while (start < left.length && start < right.length && left[start] === right[start]) start += 1;
  let end = 0;
  while (end < left.length - start && end < right.length - start && left[left.length - 1 - end] === right[right.length - 1 - end]) end += 1;
  const one = left.slice(start, left.length - end);
  const other = right.slice(start, right.length - end);
  const inTurn = [["removed", one.join("")], ["added", other.join("")]];
  let middle = inTurn;
  if ((one.length + 1) * (other.length + 1) <= MOST_CELLS) {
    const aligned = align(one, other);
    const shared = start + end + aligned.filter(([kind, text]) => kind === "equal" && text.trim() !== "").length;
    if (shared * 2 >= LEAST_SHARED * (left.length + right.length) / 2) middle = joined(aligned);
  }
  const pieces = [["equal", left.slice(0, start).join("")], ...middle, ["equal", left.slice(left.length - end).join("")]];
  return pieces.filter(([, text]) => text !== "");
}

// Aligns words by their longest common subsequence.
function align(one, other) {
  const width = other.length + 1;
  const lengths = new Uint32Array((one.length + 1) * width);
  for (let row = one.length - 1; row >= 0; row -= 1) {
    for (let column = other.length - 1; column >= 0; column -= 1) {
      const cell = row * width + column;
      lengths[cell] = one[row] === other[column] ? lengths[cell + width + 1] + 1 : Math.max(lengths[cell + width], lengths[cell + 1]);
    }
  }
  const pieces = [];
  let [row, column] = [0, 0];
  while (row < one.length || column < other.length) {
    if (row < one.length && column < other.length && one[row] === other[column]) {
      pieces.push(["equal", one[row]]);
      row += 1;
      column += 1;
    } else if (column === other.length || (row < one.length && lengths[(row + 1) * width + column] >= lengths[row * width + column + 1])) {
      pieces.push(["removed", one[row]]);
      row += 1;
    } else {
      pieces.push(["added", other[column]]);
      column += 1;
    }
  }
  return pieces;
}

// Joins changes that only white space keeps apart, so that a replaced sentence reads as one change.
function joined(pieces) {
  const out = [];
  let [removed, added, space] = ["", "", ""];
  const flush = () => {
    if (removed !== "") out.push(["removed", removed]);
    if (added !== "") out.push(["added", added]);
    if (space !== "") out.push(["equal", space]);
    [removed, added, space] = ["", "", ""];
  };
  for (const [kind, text] of pieces) {
    if (kind === "equal") {
      if (text.trim() === "" && (removed !== "" || added !== "")) space += text;
      else { flush(); out.push([kind, text]); }
    } else {
      if (removed !== "") removed += space;
      if (added !== "") added += space;
      if (removed === "" && added === "" && space !== "") out.push(["equal", space]);
      space = "";
      if (kind === "removed") removed += text; else added += text;
    }
  }
  flush();
  return out;
}

// Shows a difference; what is gone and what is new is told by more than colour.
function differenceOf(pieces) {
  const parts = pieces.map(([kind, text]) => {
    if (kind === "equal") return shown(text);
    const mark = kind === "removed" ? "−" : "+";
    return make(kind === "removed" ? "del" : "ins", {}, make("span", { class: "sign", "aria-hidden": "true" }, mark), shown(text));
  });
  return make("p", { class: "said", dir: "auto" }, parts);
}
