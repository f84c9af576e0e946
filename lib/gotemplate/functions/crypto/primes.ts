/**
 * Random primes from an injected source of randomness: the same random bytes give the same key.
 *
 * @module
 */
import { checkPrimeSync } from "node:crypto";
import { bytesBigint } from "./der.ts";
import type { RandomSource } from "../random.ts";

/** Primes below are divided out before the costly test. */
const SIEVE_LIMIT = 32_768;
let known: readonly number[] | undefined;

function smallPrimes(): readonly number[] {
  if (known !== undefined) return known;
  const composite = new Uint8Array(SIEVE_LIMIT);
  const primes: number[] = [];
  for (let n = 3; n < SIEVE_LIMIT; n += 2) {
    if (composite[n] === 1) continue;
    primes.push(n);
    for (let multiple = n * n; multiple < SIEVE_LIMIT; multiple += n) composite[multiple] = 1;
  }
  return known = primes;
}

/** A random number of exactly that many bits, with its two highest bits set, so that products have full length. */
function randomBits(random: RandomSource, bits: number): bigint {
  const value = bytesBigint(random(Math.ceil(bits / 8))) & ((1n << BigInt(bits)) - 1n);
  return value | (3n << BigInt(bits - 2));
}

/** A uniform number from 1 to below a bound. */
export function randomBelow(random: RandomSource, bound: bigint): bigint {
  const bits = bound.toString(2).length;
  for (;;) {
    const value = bytesBigint(random(Math.ceil(bits / 8))) & ((1n << BigInt(bits)) - 1n);
    if (value > 0n && value < bound) return value;
  }
}

/** A random prime of that many bits. */
export function randomPrime(random: RandomSource, bits: number): bigint {
  for (;;) {
    const found = searchPrime(randomBits(random, bits) | 1n, 2n, bits);
    if (found !== undefined) return found;
  }
}

/** A random prime of that many bits that is 1 more than a multiple of an (odd) number. */
export function randomPrimeAbove(random: RandomSource, bits: number, factor: bigint): bigint {
  const step = factor * 2n;
  for (;;) {
    const start = randomBits(random, bits);
    const found = searchPrime(start - start % step + 1n + step, step, bits);
    if (found !== undefined) return found;
  }
}

/** How many candidates are looked at before a new random start is taken: many times the usual distance of primes. */
const WINDOW = 16_384;

/** The first prime of `start`, `start + step` … that has the wanted number of bits. */
function searchPrime(start: bigint, step: bigint, bits: number): bigint | undefined {
  const composite = sieve(start, step);
  for (let count = 0; count < WINDOW; count++) {
    if (composite[count] === 1) continue;
    const candidate = start + step * BigInt(count);
    if (candidate >> BigInt(bits) !== 0n) return undefined;
    if (checkPrimeSync(candidate)) return candidate;
  }
  return undefined;
}

/** Marks with 1 the candidates that a small prime divides. */
function sieve(start: bigint, step: bigint): Uint8Array {
  const composite = new Uint8Array(WINDOW);
  for (const prime of smallPrimes()) {
    const residue = Number(start % BigInt(prime));
    const inverse = smallInverse(Number(step % BigInt(prime)), prime);
    // The prime divides the step: then it divides all candidates or none.
    if (inverse === undefined) {
      if (residue === 0) composite.fill(1);
      continue;
    }
    for (let count = (prime - residue) * inverse % prime; count < WINDOW; count += prime) composite[count] = 1;
  }
  return composite;
}

/** The inverse modulo a small prime; `undefined` for 0. */
function smallInverse(value: number, prime: number): number | undefined {
  let [a, b, x, y] = [value, prime, 1, 0];
  while (b !== 0) {
    const quotient = Math.trunc(a / b);
    [a, b, x, y] = [b, a - quotient * b, y, x - quotient * y];
  }
  return a === 1 ? (x + prime) % prime : undefined;
}

/** `base ^ exponent mod modulus`. */
export function powerModulo(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  let square = base % modulus;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) result = result * square % modulus;
    square = square * square % modulus;
  }
  return result;
}

/** The inverse of a number modulo another that has no factor in common with it; `undefined` when they have one. */
export function inverseModulo(value: bigint, modulus: bigint): bigint | undefined {
  let [a, b] = [value % modulus, modulus];
  let [x, y] = [1n, 0n];
  while (b !== 0n) {
    const quotient = a / b;
    [a, b] = [b, a - quotient * b];
    [x, y] = [y, x - quotient * y];
  }
  if (a !== 1n) return undefined;
  return x < 0n ? x + modulus : x;
}
