/**
 * Time zones: UTC, fixed offsets, and the IANA zones that the JavaScript engine carries.
 *
 * @module
 */
import { daysFromCivil } from "./civil.ts";

/** What a zone says about an instant. */
export interface ZoneOffset {
  /** Seconds east of UTC. */
  readonly offset: number;
  /** `CET`, `UTC`, `+08`; empty where the zone has no name. */
  readonly abbreviation: string;
}

/** A time zone (Go's `*time.Location`). */
export interface Zone {
  readonly name: string;
  /** Offset and abbreviation at an instant, in seconds since 1970. */
  at(unixSeconds: number): ZoneOffset;
}

/** A zone that never changes. */
export function fixedZone(abbreviation: string, offset: number): Zone {
  const always = { offset, abbreviation };
  return { name: abbreviation, at: () => always };
}

/** UTC. */
export const UTC: Zone = fixedZone("UTC", 0);

/** A zone as that of the machine: Go tells it from the same zone asked for by name. */
export function localZone(zone: Zone): Zone {
  return { name: "Local", at: (unixSeconds) => zone.at(unixSeconds) };
}

/** Names of zone files; offsets such as `+01:00`, which JavaScript would accept too, are not zones in Go. */
const NAME = /^[A-Z][A-Za-z0-9_+-]*(\/[A-Z][A-Za-z0-9_+-]*)*$/;
const loaded = new Map<string, Zone>();

/** Zones that are one offset for ever in Go's data; the engine takes them for a city of that offset. */
const FIXED: ReadonlyMap<string, Zone> = new Map(
  ([["GMT", 0], ["EST", -5], ["MST", -7], ["HST", -10]] as const).map((
    [name, hours],
  ) => [name, fixedZone(name, hours * 3600)]),
);

/** The engine knows abbreviations of old; of those, only these name zones. */
const ABBREVIATION = /^(?!CET|MET|EET|WET|GMT|UCT|PRC|ROC|ROK)[A-Z]{3}$/;

/** The zone of an IANA name such as `Europe/Berlin`; `undefined` when there is none. `""` and `UTC` are UTC. */
export function loadZone(name: string): Zone | undefined {
  if (name === "" || name === "UTC") return UTC;
  const known = FIXED.get(name) ?? loaded.get(name);
  if (known !== undefined) return known;
  if (!NAME.test(name) || ABBREVIATION.test(name)) return undefined;
  try {
    const zone = new IanaZone(name);
    loaded.set(name, zone);
    return zone;
  } catch (error) {
    if (error instanceof RangeError) return undefined; // the engine knows no such zone
    throw error;
  }
}

/** Earliest and latest instants that are asked of the engine: the rules do not change beyond. */
const FIRST = -8_640_000_000; // about the year 1696
const LAST = 253_402_300_799; // the end of the year 9999

const QUARTER = 900;
/** A winter and a summer of the north. */
const LATER = [Date.UTC(2019, 0, 15) / 1000, Date.UTC(2019, 6, 15) / 1000];

class IanaZone implements Zone {
  readonly #clock: Intl.DateTimeFormat;
  readonly #names: readonly Intl.DateTimeFormat[];

  constructor(readonly name: string) {
    this.#clock = new Intl.DateTimeFormat("en-US", {
      timeZone: name,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
    // Which abbreviations the engine spells out depends on the locale: each knows those of its own region.
    this.#names = ["en-US", "en-GB", "en-CA", "en-AU", "en-IN", "en-ZA", "en-NZ"].map((locale) =>
      new Intl.DateTimeFormat(locale, { timeZone: name, timeZoneName: "short", year: "numeric" })
    );
  }

  at(unixSeconds: number): ZoneOffset {
    const seconds = Math.min(Math.max(Math.floor(unixSeconds), FIRST), LAST);
    const offset = this.#offset(seconds);
    return { offset, abbreviation: this.#abbreviation(seconds, offset) };
  }

  #offset(seconds: number): number {
    const part: Record<string, number> = {};
    for (const { type, value } of this.#clock.formatToParts(seconds * 1000)) part[type] = Number(value);
    const days = daysFromCivil(part.year ?? 1970, part.month ?? 1, part.day ?? 1);
    const local = days * 86_400 + (part.hour ?? 0) * 3600 + (part.minute ?? 0) * 60 + (part.second ?? 0);
    return local - seconds;
  }

  #abbreviation(seconds: number, offset: number): string {
    // Before zones were agreed on, every place had its local mean time.
    if (offset % QUARTER !== 0) return "LMT";
    if (NUMBERED.has(this.name)) return numericName(offset);
    return this.#name(seconds) ?? this.#nameLater(offset) ?? SPOKEN[this.name] ?? numericName(offset);
  }

  /** The engine knows the names from 1970 on: the same offset had the same name before. */
  #nameLater(offset: number): string | undefined {
    return LATER.filter((seconds) => this.#offset(seconds) === offset).map((seconds) => this.#name(seconds))[0];
  }

  #name(seconds: number): string | undefined {
    for (const names of this.#names) {
      const name = names.formatToParts(seconds * 1000).find(({ type }) => type === "timeZoneName")?.value ?? "";
      if (ABBREVIATIONS.has(name)) return name;
    }
    return undefined;
  }
}

/** Those of the zone data; the engine has more, for zones that have a number there. */
const ABBREVIATIONS: ReadonlySet<string> = new Set(
  ("UTC GMT BST IST WET WEST CET CEST MET MEST EET EEST MSK MSD SAST EAT CAT WAT EST EDT CST CDT MST MDT PST PDT AKST " +
    "AKDT HST HDT AST ADT NST NDT AEST AEDT ACST ACDT AWST AWDT NZST NZDT SST PKT WIB WITA WIT JST KST HKT IDT")
    .split(" "),
);

/** Zones that have numbers for names, although the engine has names for them. */
const NUMBERED: ReadonlySet<string> = new Set(["Africa/Casablanca", "Africa/El_Aaiun"]);

/** Abbreviations of much used zones without daylight saving that no English locale of the engine spells out. */
const SPOKEN: Readonly<Record<string, string>> = {
  "Asia/Tokyo": "JST",
  "Asia/Seoul": "KST",
  "Asia/Shanghai": "CST",
  "Asia/Hong_Kong": "HKT",
  "Asia/Taipei": "CST",
  "Asia/Manila": "PST",
  "Asia/Jakarta": "WIB",
  "Asia/Kolkata": "IST",
  "Asia/Calcutta": "IST",
  "Asia/Karachi": "PKT",
  "Africa/Nairobi": "EAT",
  "Africa/Lagos": "WAT",
  "Europe/Moscow": "MSK",
  "Europe/London": "BST", // all the year round until 1971
};

/** `+08`, `-0330`: how the zone data names offsets that have no name. */
export function numericName(offset: number): string {
  const minutes = Math.trunc(Math.abs(offset) / 60);
  const hours = String(Math.trunc(minutes / 60)).padStart(2, "0");
  const rest = minutes % 60 === 0 ? "" : String(minutes % 60).padStart(2, "0");
  return `${offset < 0 ? "-" : "+"}${hours}${rest}`;
}
