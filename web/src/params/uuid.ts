import type { ParamMatcher } from "@sveltejs/kit";

/** Ids of this API; anything else is no page, and need not be asked for. */
export const match: ParamMatcher = (param) =>
  /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(param);
