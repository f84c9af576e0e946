/** CEL's `ip(…)` and `cidr(…)`. */
import { cel } from "../../../deps/cel.ts";
import { isIPv4, isIPv6 } from "node:net";
import { type Namespace, registerNamespace } from "./namespace.ts";

type Environment = InstanceType<typeof cel.Environment>;

/** An IP address: its family and its bits. */
class CelIp {
  constructor(readonly family: 4 | 6, readonly bits: bigint) {}

  toString(): string {
    return this.family === 4 ? printV4(this.bits) : printV6(this.bits);
  }

  within(prefix: string): boolean {
    return readCidr(prefix)?.contains(this) === true;
  }
}

/** A range of addresses. */
class CelCidr {
  constructor(readonly address: CelIp, readonly prefix: number) {}

  contains(address: CelIp): boolean {
    const width = this.address.family === 4 ? 32 : 128;
    const shift = BigInt(width - this.prefix);
    return address.family === this.address.family && address.bits >> shift === this.address.bits >> shift;
  }

  masked(): CelCidr {
    const shift = BigInt((this.address.family === 4 ? 32 : 128) - this.prefix);
    return new CelCidr(new CelIp(this.address.family, (this.address.bits >> shift) << shift), this.prefix);
  }

  toString(): string {
    return `${this.address}/${this.prefix}`;
  }
}

function printV4(bits: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => String((bits >> shift) & 255n)).join(".");
}

function printV6(bits: bigint): string {
  const groups = Array.from({ length: 8 }, (_, index) => ((bits >> BigInt(112 - 16 * index)) & 65535n).toString(16));
  // The longest run of zeros is shortened, the first of equals.
  let best = { start: -1, length: 1 };
  for (let start = 0; start < 8; start++) {
    let length = 0;
    while (groups[start + length] === "0") length++;
    if (length > best.length) best = { start, length };
  }
  if (best.start < 0) return groups.join(":");
  return `${groups.slice(0, best.start).join(":")}::${groups.slice(best.start + best.length).join(":")}`;
}

function readIp(text: string): CelIp | undefined {
  if (isIPv4(text)) return new CelIp(4, text.split(".").reduce((bits, part) => (bits << 8n) | BigInt(part), 0n));
  if (!isIPv6(text) || text.includes("%") || text.includes(".")) return undefined;
  const [head = "", tail] = text.split("::");
  const left = head === "" ? [] : head.split(":");
  const right = tail === undefined || tail === "" ? [] : tail.split(":");
  const middle = tail === undefined ? [] : Array.from({ length: 8 - left.length - right.length }, () => "0");
  return new CelIp(6, [...left, ...middle, ...right].reduce((bits, part) => (bits << 16n) | BigInt(`0x${part}`), 0n));
}

function readCidr(text: string): CelCidr | undefined {
  const [, address = "", prefix = ""] = /^([^/]+)\/(\d{1,3})$/.exec(text) ?? [];
  const ip = readIp(address);
  if (ip === undefined || prefix === "" || Number(prefix) > (ip.family === 4 ? 32 : 128)) return undefined;
  return new CelCidr(ip, Number(prefix));
}

function mustIp(text: string): CelIp {
  const ip = readIp(text);
  if (ip === undefined) {
    throw new cel.EvaluationError(`IP Address ${JSON.stringify(text)} parse error during conversion from string`);
  }
  return ip;
}

function mustCidr(text: string): CelCidr {
  const cidr = readCidr(text);
  if (cidr === undefined) {
    throw new cel.EvaluationError(`network address parse error during conversion from string: ${JSON.stringify(text)}`);
  }
  return cidr;
}

const LOOPBACK = ["127.0.0.0/8", "::1/128"];
const MULTICAST = ["224.0.0.0/24", "ff02::/16"];
const LINK_LOCAL = ["169.254.0.0/16", "fe80::/10"];
const NOT_GLOBAL = [
  ...LOOPBACK,
  ...LINK_LOCAL,
  "224.0.0.0/4",
  "ff00::/8",
  "0.0.0.0/32",
  "::/128",
  "255.255.255.255/32",
];

/** Adds addresses to an environment. */
export function registerAddresses(env: Environment): void {
  const ip = "net.IP";
  const cidr = "net.CIDR";
  env.registerType(ip, { ctor: CelIp, fields: {} }).registerType(cidr, { ctor: CelCidr, fields: {} });
  env.registerFunction(`ip(string): ${ip}`, mustIp);
  env.registerFunction("isIP(string): bool", (text: string) => readIp(text) !== undefined);
  const namespace = registerNamespace(env, "ip");
  env.registerFunction(
    `${namespace}.isCanonical(string): bool`,
    (_ip: Namespace, text: string) => String(mustIp(text)) === text,
  );
  env.registerFunction(`${ip}.family(): int`, (address: CelIp) => BigInt(address.family));
  env.registerFunction(`${ip}.isUnspecified(): bool`, (address: CelIp) => address.bits === 0n);
  env.registerFunction(`${ip}.isLoopback(): bool`, (address: CelIp) => LOOPBACK.some((range) => address.within(range)));
  env.registerFunction(
    `${ip}.isLinkLocalMulticast(): bool`,
    (address: CelIp) => MULTICAST.some((range) => address.within(range)),
  );
  env.registerFunction(
    `${ip}.isLinkLocalUnicast(): bool`,
    (address: CelIp) => LINK_LOCAL.some((range) => address.within(range)),
  );
  env.registerFunction(
    `${ip}.isGlobalUnicast(): bool`,
    (address: CelIp) => !NOT_GLOBAL.some((range) => address.within(range)),
  );
  env.registerFunction(`string(${ip}): string`, String);
  env.registerOperator(`${ip} == ${ip}`, (a: CelIp, b: CelIp) => a.family === b.family && a.bits === b.bits);
  env.registerFunction(`cidr(string): ${cidr}`, mustCidr);
  env.registerOperator(`${cidr} == ${cidr}`, (a: CelCidr, b: CelCidr) => String(a) === String(b));
  env.registerFunction("isCIDR(string): bool", (text: string) => readCidr(text) !== undefined);
  env.registerFunction(`${cidr}.containsIP(${ip}): bool`, (range: CelCidr, address: CelIp) => range.contains(address));
  env.registerFunction(
    `${cidr}.containsIP(string): bool`,
    (range: CelCidr, text: string) => range.contains(mustIp(text)),
  );
  env.registerFunction(`${cidr}.containsCIDR(${cidr}): bool`, holds);
  env.registerFunction(
    `${cidr}.containsCIDR(string): bool`,
    (range: CelCidr, text: string) => holds(range, mustCidr(text)),
  );
  env.registerFunction(`${cidr}.ip(): ${ip}`, (range: CelCidr) => range.address);
  env.registerFunction(`${cidr}.masked(): ${cidr}`, (range: CelCidr) => range.masked());
  env.registerFunction(`${cidr}.prefixLength(): int`, (range: CelCidr) => BigInt(range.prefix));
  env.registerFunction(`string(${cidr}): string`, String);
}

function holds(range: CelCidr, other: CelCidr): boolean {
  return other.prefix >= range.prefix && range.contains(other.address);
}
