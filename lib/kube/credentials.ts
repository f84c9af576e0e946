/** Who a request says it is: static tokens, rotating token files, client certificates, exec plugins. */
import { type Clock, elapsed } from "./clock.ts";
import { type ExecCredential, runExecPlugin } from "./exec_plugin.ts";
import type { KubeContext } from "./kubeconfig.ts";
import { type ClientCertificate, readMaterial } from "./_material.ts";

/** What to send now. */
export interface CurrentCredentials {
  /** Value of the `Authorization` header. */
  readonly authorization?: string;
  /** The same object as long as it is the same certificate. */
  readonly certificate?: ClientCertificate;
}

/** Credentials that renew themselves. */
export interface Credentials {
  current(): Promise<CurrentCredentials>;
  /** Forget what is cached: the server refused it. Returns whether asking again can give something else. */
  refresh(): boolean;
}

/** ms that a token file is believed. Kubelets rotate tokens long before they expire. */
const TOKEN_FILE_AGE = 60_000;
/** ms before its expiry at which a plugin's credential is renewed. */
const EXPIRY_MARGIN = 60_000;

/** The credentials of a context's user. */
export async function credentialsOf(context: KubeContext, clock: Clock): Promise<Credentials> {
  const { user } = context;
  if (user.exec !== undefined) return execCredentials(context, clock);
  if (user.tokenFile !== undefined) return tokenFileCredentials(user.tokenFile, clock);
  const authorization = user.token !== undefined
    ? `Bearer ${user.token}`
    : user.username !== undefined
    ? `Basic ${basic(user.username, user.password ?? "")}`
    : undefined;
  const certificate = user.clientCertificate && user.clientKey
    ? { cert: await readMaterial(user.clientCertificate), key: await readMaterial(user.clientKey) }
    : undefined;
  const fixed = { ...(authorization && { authorization }), ...(certificate && { certificate }) };
  return { current: () => Promise.resolve(fixed), refresh: () => false };
}

function basic(username: string, password: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(`${username}:${password}`)));
}

function tokenFileCredentials(path: string, clock: Clock): Credentials {
  let known: { readonly authorization: string; readonly readAt: number } | undefined;
  return {
    async current() {
      if (known === undefined || elapsed(clock) - known.readAt > TOKEN_FILE_AGE) {
        known = { authorization: `Bearer ${(await readMaterial({ file: path })).trim()}`, readAt: elapsed(clock) };
      }
      return known;
    },
    refresh() {
      known = undefined;
      return true;
    },
  };
}

function execCredentials(context: KubeContext, clock: Clock): Credentials {
  let known: { readonly credential: ExecCredential; readonly current: CurrentCredentials } | undefined;
  let pending: Promise<CurrentCredentials> | undefined;
  const run = async (): Promise<CurrentCredentials> => {
    const credential = await runExecPlugin(context);
    const { token, certificate } = credential;
    const before = known?.current.certificate;
    const same = before !== undefined && before.cert === certificate?.cert && before.key === certificate.key;
    const current = {
      ...(token && { authorization: `Bearer ${token}` }),
      ...(certificate && { certificate: same ? before : certificate }),
    };
    known = { credential, current };
    return current;
  };
  return {
    async current() {
      const expiry = known?.credential.expiresAt ?? Infinity;
      if (known !== undefined && clock.now() < expiry - EXPIRY_MARGIN) return known.current;
      return await (pending ??= run().finally(() => pending = undefined));
    },
    refresh() {
      known = undefined;
      return true;
    },
  };
}
