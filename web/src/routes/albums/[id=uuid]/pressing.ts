import type { Release } from "$lib/api/shapes";

/** "1959 US · Columbia CL 1355": enough to tell a pressing from its sisters. */
export function pressingName({ released, country, labels }: Release): string {
  const [label] = labels;
  const where = [released.year ?? released.text, country].filter(Boolean).join(" ");
  const by = label ? `${label.name} ${label.catalog_number ?? ""}`.trim() : "";
  return [where, by].filter(Boolean).join(" · ") || "Unknown pressing";
}
