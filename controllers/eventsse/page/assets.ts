/** The files of the page as they are sent. */
import compositions from "./assets/compositions.js" with { type: "text" };
import dom from "./assets/dom.js" with { type: "text" };
import eventList from "./assets/event_list.js" with { type: "text" };
import feed from "./assets/feed.js" with { type: "text" };
import filter from "./assets/filter.js" with { type: "text" };
import icon from "./assets/icon.svg" with { type: "text" };
import index from "./assets/index.html" with { type: "text" };
import kubectl from "./assets/kubectl.js" with { type: "text" };
import main from "./assets/main.js" with { type: "text" };
import style from "./assets/style.css" with { type: "text" };

/** One file. */
export interface Asset {
  readonly type: string;
  readonly text: string;
}

const script = (text: string): Asset => ({ type: "text/javascript; charset=utf-8", text });

/** By path. */
export const ASSETS: Readonly<Record<string, Asset>> = {
  "/": { type: "text/html; charset=utf-8", text: index },
  "/assets/style.css": { type: "text/css; charset=utf-8", text: style },
  "/assets/icon.svg": { type: "image/svg+xml", text: icon },
  "/assets/main.js": script(main),
  "/assets/compositions.js": script(compositions),
  "/assets/dom.js": script(dom),
  "/assets/event_list.js": script(eventList),
  "/assets/feed.js": script(feed),
  "/assets/filter.js": script(filter),
  "/assets/kubectl.js": script(kubectl),
};
