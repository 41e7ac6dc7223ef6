import createClient from "openapi-fetch";
import { Unreachable } from "./problems";
import type { paths } from "./schema";
import type { SignedIn } from "./shapes";
import { TokenKeeper, type OneAtATime } from "./tokens";

async function reach(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch (cause) {
    if (request.signal.aborted) throw cause;
    throw new Unreachable({ cause });
  }
}

const signedOutApi = createClient<paths>({ baseUrl: location.origin, fetch: reach });

async function refresh(refresh_token: string): Promise<SignedIn | null> {
  const { data, response } = await signedOutApi.POST("/api/v1/auth/refresh", {
    body: { refresh_token },
  });
  if (data) return data;
  if (response.status < 500 && response.status !== 429) return null;
  throw new Unreachable();
}

// Web Locks exist on https and localhost only; elsewhere the lock is this tab's alone.
const oneAtATime: OneAtATime = async (task) =>
  "locks" in navigator ? await navigator.locks.request("vinylhound.refresh", task) : await task();

export const tokens = new TokenKeeper(refresh, localStorage, oneAtATime);

async function reachSignedIn(request: Request): Promise<Response> {
  const again = request.clone();
  const accessToken = await tokens.accessToken();
  const answer = await reach(bearing(request, accessToken));
  if (answer.status !== 401 || accessToken === null) return answer;
  const renewed = await tokens.renew();
  return await reach(bearing(again, renewed?.access_token ?? null));
}

function bearing(request: Request, accessToken: string | null): Request {
  if (accessToken !== null) request.headers.set("Authorization", `Bearer ${accessToken}`);
  return request;
}

/** The whole public API, typed from its own description; it signs requests by itself. */
export const api = createClient<paths>({ baseUrl: location.origin, fetch: reachSignedIn });
