import { beforeEach, describe, expect, it } from "vitest";
import type { SignedIn } from "./shapes";
import { TokenKeeper } from "./tokens";

class MemoryStorage implements Storage {
  #held = new Map<string, string>();
  [name: string]: unknown;
  get length() {
    return this.#held.size;
  }
  clear = () => this.#held.clear();
  getItem = (key: string) => this.#held.get(key) ?? null;
  key = (index: number) => [...this.#held.keys()][index] ?? null;
  removeItem = (key: string) => void this.#held.delete(key);
  setItem = (key: string, value: string) => void this.#held.set(key, value);
}

let turn = 0;
const signedIn = (expires_in = 900): SignedIn => ({
  user: {
    id: "1",
    username: "ada",
    email: "ada@example.org",
    display_name: null,
    bio: null,
    country: "DE",
    currency: "EUR",
    avatar_media_id: null,
    is_public: true,
    created_at: "2026-05-04T12:00:00Z",
    updated_at: "2026-05-04T12:00:00Z",
  },
  access_token: `access-${++turn}`,
  refresh_token: `refresh-${turn}`,
  token_type: "Bearer",
  expires_in,
});

let storage: Storage;
let spent: string[];
function keeper(answer: () => SignedIn | null) {
  const refresh = async (token: string) => {
    spent.push(token);
    await new Promise((done) => setTimeout(done, 5));
    return answer();
  };
  return new TokenKeeper(refresh, storage, (task) => task());
}

describe("TokenKeeper", () => {
  beforeEach(() => {
    storage = new MemoryStorage();
    spent = [];
  });

  it("uses the access token as long as it is fresh", async () => {
    const tokens = keeper(() => signedIn());
    const first = signedIn();
    tokens.keep(first);
    expect(await tokens.accessToken()).toBe(first.access_token);
    expect(spent).toEqual([]);
  });

  it("spends a refresh token once, however many ask", async () => {
    const tokens = keeper(() => signedIn());
    const stale = signedIn(0);
    tokens.keep(stale);
    const asked = await Promise.all([1, 2, 3, 4].map(() => tokens.accessToken()));
    expect(new Set(asked).size).toBe(1);
    expect(spent).toEqual([stale.refresh_token]);
    expect(tokens.refreshToken).not.toBe(stale.refresh_token);
  });

  it("forgets, and tells, when the server takes the refresh token no more", async () => {
    const tokens = keeper(() => null);
    let lost = 0;
    tokens.whenLost(() => (lost += 1));
    tokens.keep(signedIn(0));
    expect(await tokens.accessToken()).toBeNull();
    expect([tokens.refreshToken, lost]).toEqual([null, 1]);
  });

  it("keeps the refresh token when the server could not be reached", async () => {
    const tokens = keeper(() => {
      throw new TypeError("no route");
    });
    const before = signedIn(0);
    tokens.keep(before);
    await expect(tokens.accessToken()).rejects.toThrow("no route");
    expect(tokens.refreshToken).toBe(before.refresh_token);
  });

  it("asks nothing when nobody is signed in", async () => {
    expect(await keeper(() => signedIn()).accessToken()).toBeNull();
    expect(spent).toEqual([]);
  });
});
