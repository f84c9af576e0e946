/** A real browser for tests; it drives one that is installed, and brings none along. */
export { type Browser, type BrowserContext, chromium, type Page } from "npm:playwright-core@1.56.1";
