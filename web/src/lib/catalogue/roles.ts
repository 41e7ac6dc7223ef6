import type { Credit } from "$lib/api/shapes";

/** Credits gathered under what each person did, in the order of the sleeve. */
export function creditsByRole(credits: Credit[]): [string, Credit[]][] {
  const byRole = new Map<string, Credit[]>();
  for (const credit of credits) {
    const role = credit.role ?? "With";
    byRole.set(role, [...(byRole.get(role) ?? []), credit]);
  }
  return [...byRole];
}
