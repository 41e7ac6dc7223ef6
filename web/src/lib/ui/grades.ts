/** Goldmine's grades, best first. */
export const GRADES = [
  { short: "M", long: "Mint" },
  { short: "NM", long: "Near mint" },
  { short: "VG+", long: "Very good plus" },
  { short: "VG", long: "Very good" },
  { short: "G+", long: "Good plus" },
  { short: "G", long: "Good" },
  { short: "F", long: "Fair" },
  { short: "P", long: "Poor" },
] as const;

export type Grade = (typeof GRADES)[number]["short"];

export function gradeInWords(short: string): string {
  return GRADES.find((grade) => grade.short === short)?.long ?? short;
}

/** The grade a select holds; null for none of them. */
export function gradeOrNull(chosen: string): Grade | null {
  return GRADES.find((grade) => grade.short === chosen)?.short ?? null;
}
