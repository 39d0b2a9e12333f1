// A field for text that is never lost. What is typed goes to the server after a short pause and when the
// field is left; until the server has it, it waits in this window's session storage, which a reload keeps.
const PAUSE = 600;

export default function (component) {
  const { parentElement, data } = component;
  let part = parentElement.querySelector(".kept-text");
  if (!part) {
    part = build(data);
    parentElement.appendChild(part);
  }
  part.send = (words, to) => component.setStateValue(to, words);
  part.data = data;
  describe(part);
  return () => flush(part);
}

function build(data) {
  const part = document.createElement("div");
  part.className = "kept-text";
  const field = document.createElement(data.lines > 1 ? "textarea" : "input");
  if (data.lines > 1) field.rows = data.lines;
  else field.type = "text";
  const id = `kept-${Math.random().toString(36).slice(2)}`;
  const label = document.createElement("label");
  const said = document.createElement("div");
  field.id = label.htmlFor = id;
  said.id = `${id}-said`;
  said.className = "kept-text-said";
  field.setAttribute("aria-describedby", said.id);
  field.setAttribute("autocomplete", "off");
  part.append(label, field, said);
  if (data.offers.length) part.append(offered(field, `${id}-offers`, data.offers));
  Object.assign(part, { field, label, said, data });
  field.value = bridged(data);
  field.addEventListener("input", () => typed(part));
  field.addEventListener("blur", () => flush(part));
  // The page's own shortcuts (next, back) are for whoever is not writing.
  field.addEventListener("keydown", (event) => event.stopPropagation());
  // Told to the server once the component can: the words of before a reload, with which nobody has gone on.
  if (field.value !== data.text) setTimeout(() => part.send(field.value, "before"), 0);
  window.addEventListener("pagehide", () => flush(part));
  return part;
}

// What can be taken as it stands; anything else can be typed all the same.
function offered(field, id, words) {
  const list = document.createElement("datalist");
  list.id = id;
  list.append(...words.map((one) => Object.assign(document.createElement("option"), { value: one })));
  field.setAttribute("list", id);
  return list;
}

// What stood here and had not reached the server when the window was reloaded; else what the server has.
function bridged(data) {
  if (data.is_set) sessionStorage.removeItem(data.name);
  return sessionStorage.getItem(data.name) ?? data.text;
}

function typed(part) {
  sessionStorage.setItem(part.data.name, part.field.value);
  clearTimeout(part.timer);
  part.timer = setTimeout(() => flush(part), PAUSE);
  describe(part);
}

function flush(part) {
  clearTimeout(part.timer);
  if (part.timer === undefined) return;
  part.timer = undefined;
  part.send(part.field.value, "text");
}

function describe(part) {
  const { field, label, said, data } = part;
  // What is asked for can change with what was chosen beside it.
  if (label.textContent !== data.label) label.textContent = data.label;
  const isKept = field.value === data.text && data.is_kept;
  if (isKept) sessionStorage.removeItem(data.name);
  const words = data.refused ? `⚠️ ${data.refused}` : isKept && data.is_begun ? "Kept, not saved yet." : data.help;
  if (said.textContent !== words) said.textContent = words;
  field.setAttribute("aria-invalid", data.refused ? "true" : "false");
  part.classList.toggle("kept-text-refused", Boolean(data.refused));
}
