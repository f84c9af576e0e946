/**
 * The page: events as they happen, beside the compositions that they belong to.
 *
 *     address (#composition, type, search) ─► filter ─┬─► feed of the composition ─► list of events
 *     compositions (picked by hand) ──────────────────┘                        └──► compositions (look again)
 */
import { Compositions } from "./compositions.js";
import { EventList } from "./event_list.js";
import { Feed } from "./feed.js";
import { filterOf, hashOf, matches } from "./filter.js";

const byId = (/** @type {string} */ id) => /** @type {any} */ (document.getElementById(id));
const [search, type, pause, older, list] = ["search", "type", "pause", "older", "events"].map(byId);

const STATES = {
  connecting: "Connecting…",
  live: "Live",
  refused: "The server takes no more clients: trying again",
  denied: "You may not read these events: sign in, or choose a composition that you may read",
};

const events = new EventList(list, { copy, follow: (composition) => choose({ composition }) });
const compositions = new Compositions(
  { list: byId("compositions"), none: byId("no-compositions"), tree: byId("tree") },
  (composition) => choose({ composition }),
);

let filter = filterOf(location.hash);
let feed = open();
/** Arrived while paused. @type {any[]} */
let held = [];

function open() {
  return new Feed({ composition: filter.composition }, {
    onState: (state) => {
      byId("state").dataset.state = state;
      byId("state").textContent = STATES[state];
    },
    onEvents: (batch, place) => {
      if (place === "old") events.append(batch);
      else if (isPaused()) held.push(...batch);
      else events.prepend(batch);
      if (batch.length > 0) compositions.changed();
      list.setAttribute("aria-busy", "false");
      tell();
    },
  });
}

/** Narrows or widens what is seen; the address follows. */
function choose(change) {
  const hash = hashOf({ ...filter, ...change });
  if (hash !== location.hash) history.replaceState(null, "", hash);
  apply();
}

function apply() {
  const before = filter;
  filter = filterOf(location.hash);
  // What is being typed stays, with a blank at its end.
  if (search.value.trim() !== filter.search) search.value = filter.search;
  type.value = filter.type;
  compositions.follow(filter.composition);
  if (filter.composition !== before.composition) {
    feed.close();
    events.clear();
    held = [];
    feed = open();
  }
  events.show((event) => matches(event, filter));
  tell();
}

const isPaused = () => pause.getAttribute("aria-pressed") === "true";

function togglePause() {
  pause.setAttribute("aria-pressed", String(!isPaused()));
  if (!isPaused()) events.prepend(held.splice(0));
  tell();
}

function tell() {
  pause.textContent = isPaused() ? `Resume (${held.length} new)` : "Pause";
  byId("count").textContent = `${events.count} events`;
  byId("no-events").hidden = events.count > 0;
  older.hidden = !events.hasMore && (events.hasDropped || !feed.hasOlder);
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    notify(`Copied: ${text}`);
  } catch {
    // No clipboard without HTTPS or permission: the command is shown, to be copied by hand.
    notify(text);
  }
}

let noticeTimer = 0;
function notify(text) {
  byId("notice").textContent = text;
  clearTimeout(noticeTimer);
  noticeTimer = setTimeout(() => byId("notice").textContent = "", 6_000);
}

/** Keys for everything that the mouse can do. */
const KEYS = {
  "/": () => search.focus(),
  p: togglePause,
  j: () => step(1),
  k: () => step(-1),
  c: () => document.activeElement?.querySelector("[data-action=copy]")?.click(),
};

/** Moves the focus to the next or the previous event. @param {1 | -1} way */
function step(way) {
  const current = document.activeElement?.closest("#events > li");
  const next = current
    ? (way === 1 ? current.nextElementSibling : current.previousElementSibling)
    : list.firstElementChild;
  next?.focus();
}

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select")) return;
  const act = KEYS[event.key];
  if (act === undefined) return;
  event.preventDefault();
  act();
});
addEventListener("hashchange", apply);
search.addEventListener("input", () => choose({ search: search.value.trim() }));
type.addEventListener("change", () => choose({ type: type.value }));
byId("filters").addEventListener("submit", (event) => event.preventDefault());
pause.addEventListener("click", togglePause);
older.addEventListener("click", async () => {
  if (events.hasMore) events.more();
  else await feed.older();
  tell();
});
apply();
