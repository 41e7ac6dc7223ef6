export function signInAddress(url: URL): string {
  const here = url.pathname + url.search;
  return here === "/" ? "/sign-in" : `/sign-in?next=${encodeURIComponent(here)}`;
}

/** Where to go after signing in: an address of this app only, never another site's. */
export function addressAfter(url: URL): string {
  const next = url.searchParams.get("next") ?? "/";
  return /^\/(?![/\\])/.test(next) ? next : "/";
}
