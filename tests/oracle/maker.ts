import type { Random } from "./random.ts";

/** Makes the next expression. */
export type Maker = (random: Random) => () => string;
