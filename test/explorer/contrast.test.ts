import { readFileSync } from "node:fs";
import { join } from "node:path";

const css = readFileSync(join(__dirname, "../../src/web-ui/styles/tokens.css"), "utf8");
const [light = "", dark = ""] = css.split("@media (prefers-color-scheme: dark)");

function tokensOf(text: string): Map<string, string> {
  return new Map(
    [...text.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name = "", value = ""]) => [name, value]),
  );
}

const themes = { light: tokensOf(light), dark: new Map([...tokensOf(light), ...tokensOf(dark)]) };

/** Relative luminance, as WCAG 2 defines it. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [dim = 0, bright = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (bright + 0.05) / (dim + 0.05);
}

const GROUNDS = ["paper", "surface", "hover"];
const TEXT = [
  ...[
    "ink",
    "muted",
    "accent",
    "code-keyword",
    "code-argument",
    "code-variable",
    "code-string",
    "code-number",
    "code-type",
  ].flatMap((name) => GROUNDS.map((ground) => [name, ground])),
  ["on-accent", "accent"],
  ["surface", "ok"],
  ["surface", "none"],
  ["surface", "fault"],
  ["ok", "ok-ground"],
  ["none", "none-ground"],
  ["ink", "none-ground"],
  ["fault", "fault-ground"],
  ["ink", "fault-ground"],
];
const SHAPES = ["edge", "focus", "ok", "none", "fault", "graph"].flatMap((name) =>
  ["surface", "hover"].map((ground) => [name, ground]),
);

describe.each(["light", "dark"] as const)("contrast of the colours (%s theme)", (name) => {
  const colour = (token = "") => themes[name].get(token) ?? "#000000";

  test.each(TEXT)("text in %s is readable on %s (4.5:1)", (text, ground) => {
    expect(contrast(colour(text), colour(ground))).toBeGreaterThanOrEqual(4.5);
  });

  test.each(SHAPES)("a shape in %s is distinguishable from %s (3:1)", (shape, ground) => {
    expect(contrast(colour(shape), colour(ground))).toBeGreaterThanOrEqual(3);
  });
});
