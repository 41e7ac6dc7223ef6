import type { SignedIn } from "./shapes";

const STORED_AS = "vinylhound.refresh_token";
const SPARE_SECONDS = 20;

/** Spends a refresh token; null where the server no longer takes it. */
export type Refresh = (refreshToken: string) => Promise<SignedIn | null>;
/** Runs one task at a time, over all tabs where the browser can. */
export type OneAtATime = <T>(task: () => Promise<T>) => Promise<T>;

/**
 * Keeps the access token in memory and the refresh token in the browser's storage. A refresh token
 * may be spent once, so however many requests find the access token old, one refresh is made.
 */
export class TokenKeeper {
  #accessToken: string | null = null;
  #expiresAt = 0;
  #refreshing: Promise<SignedIn | null> | null = null;
  #whenLost: () => void = () => undefined;

  constructor(
    private readonly refresh: Refresh,
    private readonly storage: Storage,
    private readonly oneAtATime: OneAtATime,
  ) {}

  get refreshToken(): string | null {
    return this.storage.getItem(STORED_AS);
  }

  /** Called when the session ended without the listener's wish. */
  whenLost(tell: () => void): void {
    this.#whenLost = tell;
  }

  keep(signedIn: SignedIn): void {
    this.#accessToken = signedIn.access_token;
    this.#expiresAt = Date.now() + (signedIn.expires_in - SPARE_SECONDS) * 1000;
    this.storage.setItem(STORED_AS, signedIn.refresh_token);
  }

  forget(): void {
    this.#accessToken = null;
    this.storage.removeItem(STORED_AS);
  }

  /** An access token that is good for some seconds more; null when nobody is signed in. */
  async accessToken(): Promise<string | null> {
    if (this.#accessToken !== null && Date.now() < this.#expiresAt) return this.#accessToken;
    return (await this.renew())?.access_token ?? null;
  }

  /** Trades the refresh token for new ones, once for all who ask at the same time. */
  renew(): Promise<SignedIn | null> {
    this.#refreshing ??= this.oneAtATime(() => this.#trade()).finally(() => {
      this.#refreshing = null;
    });
    return this.#refreshing;
  }

  async #trade(): Promise<SignedIn | null> {
    // Read inside the lock: another tab may have spent the one we knew.
    const refreshToken = this.refreshToken;
    if (refreshToken === null) return null;
    const signedIn = await this.refresh(refreshToken);
    if (signedIn !== null) {
      this.keep(signedIn);
    } else if (this.refreshToken === refreshToken) {
      this.forget();
      this.#whenLost();
    }
    return signedIn;
  }
}
