import { api, tokens } from "$lib/api/client";
import { taken } from "$lib/api/problems";
import type { Profile } from "$lib/api/shapes";

/** Who is signed in on this page, if anybody. */
class AccountState {
  person = $state<Profile | null>(null);
  #restored = false;

  /** Signs in again after a reload, where this browser still holds a refresh token. */
  async restore(): Promise<void> {
    if (this.#restored) return;
    this.person = (await tokens.renew())?.user ?? null;
    this.#restored = true;
  }

  async signUp(username: string, email: string, password: string): Promise<void> {
    const signedIn = await taken(
      api.POST("/api/v1/auth/signup", { body: { username, email, password } }),
    );
    tokens.keep(signedIn);
    this.person = signedIn.user;
  }

  async signIn(login: string, password: string): Promise<void> {
    const signedIn = await taken(api.POST("/api/v1/auth/login", { body: { login, password } }));
    tokens.keep(signedIn);
    this.person = signedIn.user;
  }

  async signOut(): Promise<void> {
    const refresh_token = tokens.refreshToken;
    try {
      if (refresh_token !== null) {
        await taken(api.POST("/api/v1/auth/logout", { body: { refresh_token } }));
      }
    } finally {
      this.lose();
    }
  }

  /** The session is over, here and in the browser's storage. */
  lose(): void {
    tokens.forget();
    this.person = null;
  }
}

export const account = new AccountState();
