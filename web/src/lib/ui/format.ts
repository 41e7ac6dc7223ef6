interface Amount {
  amount: string;
  currency: string;
}

export function money({ amount, currency }: Amount): string {
  return new Intl.NumberFormat(undefined, { style: "currency", currency }).format(Number(amount));
}

/** Input of a person ("12,5", " 12.50 ") as the API's decimal string; null when it is no amount. */
export function amountTyped(text: string): string | null {
  const plain = text.trim().replace(",", ".");
  return /^\d{1,7}(\.\d{1,2})?$/.test(plain) ? plain : null;
}

export function playingTime(seconds: number | null): string {
  if (seconds === null) return "";
  const [hours, minutes, rest] = [seconds / 3600, (seconds % 3600) / 60, seconds % 60].map(
    Math.floor,
  ) as [number, number, number];
  const two = (value: number) => String(value).padStart(2, "0");
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

export function country(code: string): string {
  try {
    return new Intl.DisplayNames(["en"], { type: "region" }).of(code) ?? code;
  } catch {
    return code;
  }
}

export function count(many: number, one: string, more = `${one}s`): string {
  return `${many.toLocaleString()} ${many === 1 ? one : more}`;
}

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

/** "3 hours ago", for a time in RFC 3339. */
export function ago(time: string, now = Date.now()): string {
  const seconds = (Date.parse(time) - now) / 1000;
  const words = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
  for (const [unit, size] of STEPS) {
    if (Math.abs(seconds) >= size) return words.format(Math.round(seconds / size), unit);
  }
  return "just now";
}
