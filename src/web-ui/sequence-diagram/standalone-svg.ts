/** The properties that the style sheets set on the diagram. Each is a presentation attribute of SVG as well. */
const PROPERTIES = [
  "fill",
  "stroke",
  "stroke-width",
  "stroke-dasharray",
  "stroke-linejoin",
  "paint-order",
  "font-family",
  "font-size",
  "font-weight",
];

/**
 * A diagram of the page as the text of an SVG file, which looks the same without the page's styles: colours and fonts are
 * attributes, the background is part of the picture, and the accessible name is its title.
 */
export function toStandaloneSvg(svg: SVGSVGElement, background: string): string {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const originals = [...svg.querySelectorAll("*")];
  [...copy.querySelectorAll("*")].forEach((element, index) => {
    const original = originals[index];
    if (original === undefined) return;
    const style = getComputedStyle(original);
    if (style.display === "none") {
      element.remove();
      return;
    }
    for (const name of ["class", "style"]) element.removeAttribute(name);
    if (element.childElementCount === 0) {
      for (const name of PROPERTIES) element.setAttribute(name, style.getPropertyValue(name));
    }
  });
  const ground = createElement("rect");
  for (const [name, value] of Object.entries({ width: "100%", height: "100%", fill: background })) {
    ground.setAttribute(name, value);
  }
  const title = createElement("title");
  title.textContent = svg.getAttribute("aria-label");
  copy.prepend(title, ground);
  for (const name of ["class", "aria-label"]) copy.removeAttribute(name);
  return new XMLSerializer().serializeToString(copy);
}

function createElement(name: string): Element {
  return document.createElementNS("http://www.w3.org/2000/svg", name);
}
