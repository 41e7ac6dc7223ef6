import { describe, expect, it } from "vitest";
import { addressAfter, signInAddress } from "./addresses";

const page = (path: string) => new URL(path, "http://app.test");

describe("addressAfter", () => {
  it("goes back to the page that asked", () => {
    expect(addressAfter(page(signInAddress(page("/albums/7?side=b"))))).toBe("/albums/7?side=b");
  });

  it.each(["//evil.test", "/\\evil.test", "https://evil.test", "javascript:alert(1)"])(
    "stays in this app when told %s",
    (next) => expect(addressAfter(page(`/sign-in?next=${encodeURIComponent(next)}`))).toBe("/"),
  );
});
