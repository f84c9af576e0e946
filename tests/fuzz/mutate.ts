/** Changes to inputs. */
import type { Random } from "../oracle/random.ts";

/** Longest input made, characters. */
const MAX_LENGTH = 20_000;

/** An input near one of a pool: pieces put in, cut out, doubled, swapped, characters changed, two inputs joined. */
export function mutate(random: Random, pool: readonly string[], pieces: readonly string[]): string {
  let text = random.pick(pool);
  for (let changes = 1 + random.below(6); changes > 0; changes--) {
    const at = random.below(text.length + 1);
    const end = Math.min(text.length, at + random.below(random.chance(0.1) ? text.length + 1 : 12));
    const [before, part, after] = [text.slice(0, at), text.slice(at, end), text.slice(end)];
    switch (random.below(7)) {
      case 0:
        text = before + after;
        break;
      case 1:
        text = before + part + part + after;
        break;
      case 2:
        text = before + String.fromCharCode(random.below(256)) + after.slice(1);
        break;
      case 3: {
        const other = random.pick(pool);
        text = before + other.slice(random.below(other.length + 1));
        break;
      }
      case 4:
        text = before + random.pick(pieces).repeat(random.chance(0.02) ? 3000 : 1 + random.below(3)) + part + after;
        break;
      default:
        text = before + random.pick(pieces) + part + after;
    }
  }
  return text.slice(0, MAX_LENGTH);
}
