// Showing texts that others wrote without obeying them.
const UNSAFE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069\ufffe\uffff]/gu;

// Escapes what could reorder a line or cannot be seen; line ends and tabs stay.
const shown = (text) => text.replace(UNSAFE, (it) => (it === "\r" ? "\\r" : `\\u{${it.codePointAt(0).toString(16)}}`));

// Writes a text on one line of at most so many characters.
function brief(text, max) {
  const line = shown(text.slice(0, max * 4).replace(/\s+/gu, " ").trim());
  if (line.length <= max && text.length <= max * 4) return line;
  const end = line.codePointAt(max - 1) > 0xffff ? max - 1 : max;
  return `${line.slice(0, end).trimEnd()} …`;
}

const several = (count, noun) => `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;

// Writes a score with at most three decimals.
function scoreText(value) {
  const text = value.toFixed(3);
  return text.includes(".") ? text.replace(/\.?0+$/u, "") : text;
}

// Returns where bytes of the UTF-8 text stand in the text as the browser has it.
function placesOf(text, bytes) {
  const places = new Map();
  let byte = 0;
  let index = 0;
  for (const wanted of [...new Set(bytes)].sort((one, other) => one - other)) {
    while (byte < wanted && index < text.length) {
      const point = text.codePointAt(index);
      byte += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
      index += point > 0xffff ? 2 : 1;
    }
    places.set(wanted, index);
  }
  return places;
}
