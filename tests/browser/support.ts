/** A real Chromium and a real server, for tests of the page. */
import { existsSync } from "node:fs";
import { type Catalogue, type EventSse, type EventSseOptions, startEventSse } from "../../controllers/eventsse/mod.ts";
import { type Browser, chromium, type Page } from "../../lib/deps/playwright_testing.ts";

/** Where Debian puts it; `undefined` where there is none. */
export const CHROMIUM = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find((path) =>
  existsSync(path)
);

/** Options of a test that needs the browser: it is skipped by name where there is none. Its sockets are the library's own. */
export const inBrowser = { ignore: CHROMIUM === undefined, sanitizeOps: false, sanitizeResources: false };

/** What a test has. */
export interface Scene {
  readonly page: Page;
  readonly server: EventSse;
  /** Stops the server and starts another on its port, without its memory. */
  restart(): Promise<void>;
  /** Publishes as eventrouter does. */
  publish(...events: readonly TestEvent[]): Promise<void>;
  /** What the page's scripts threw. */
  readonly errors: readonly string[];
}

/** An Event of core/v1. */
export interface TestEvent {
  readonly metadata: Record<string, unknown>;
  readonly [field: string]: unknown;
}

/** An event whose message says its number. */
export function numbered(n: number, fields: Record<string, unknown> = {}): TestEvent {
  return {
    metadata: {
      name: `e${n}`,
      namespace: "demo",
      uid: `uid-${n}`,
      resourceVersion: String(n),
      labels: { "krateo.io/composition-id": "c1" },
    },
    involvedObject: { apiVersion: "apps/v1", kind: "Deployment", namespace: "demo", name: "web", uid: "u" },
    type: "Normal",
    reason: "Scaled",
    message: `number ${n}.`,
    count: 1,
    lastTimestamp: new Date(1_790_000_000_000 + n * 1000).toISOString(),
    ...fields,
  };
}

/** How a page is opened. */
export interface SceneOptions {
  readonly catalogue?: Catalogue;
  readonly viewport?: { width: number; height: number };
  /** Lets only those in who have a token that is signed with it. */
  readonly secret?: string;
}

/** Runs a test on a page that is open; live, where everybody may read. */
export async function withPage(
  work: (scene: Scene) => Promise<void>,
  { catalogue, viewport, secret }: SceneOptions = {},
): Promise<void> {
  const options: EventSseOptions = {
    hostname: "127.0.0.1",
    ...(catalogue ? { catalogue } : {}),
    ...(secret ? { access: { type: "jwt", secret } } : {}),
  };
  let server = await startEventSse({ ...options, port: 0 });
  const { port, url } = server;
  const context = await (await launched()).newContext({ viewport: viewport ?? { width: 1200, height: 800 } });
  const errors: string[] = [];
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(10_000);
    page.on("pageerror", (error: Error) => errors.push(error.message));
    await page.goto(`${url}/`);
    if (!secret) await page.locator("#state[data-state=live]").waitFor();
    await work({
      page,
      get server() {
        return server;
      },
      restart: async () => {
        await server.close();
        server = await startEventSse({ ...options, port });
      },
      publish: (...events) => publish(url, events),
      errors,
    });
  } finally {
    await context.close();
    await server.close();
  }
}

let browser: Promise<Browser> | undefined;

/** One process for all tests of a file; each has a context of its own. */
function launched(): Promise<Browser> {
  return browser ??= chromium.launch({
    executablePath: CHROMIUM ?? "",
    args: ["--no-sandbox", "--disable-dev-shm-usage"],
  });
}

/** Ends the browser, where one was started. */
export async function closeBrowser(): Promise<void> {
  await (await browser)?.close();
  browser = undefined;
}

async function publish(url: string, events: readonly TestEvent[]): Promise<void> {
  const headers = { "Content-Type": "application/json" };
  const response = await fetch(`${url}/handle`, { method: "POST", headers, body: JSON.stringify(events) });
  const text = await response.text();
  if (!response.ok) throw new Error(`Cannot publish ${events.length} events: ${response.status} ${text}`);
}
