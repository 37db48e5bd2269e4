import { type Node, parseTree } from "jsonc-parser";

/**
 * Edits JSON as text, so that everything that is not edited stays byte for byte: numbers keep their digits (`1.10`, twenty
 * of them), texts their escapes, members their order. `JSON.parse` and `JSON.stringify` would change the first two.
 */
export class JsonEditor {
  readonly root: Node;
  readonly #removed = new Set<Node>();
  readonly #replaced = new Map<Node, string>();
  readonly #added = new Map<Node, string[]>();

  /** @param text valid JSON of moderate depth, which the caller has checked. */
  constructor(readonly text: string) {
    const root = parseTree(text, [], { disallowComments: true });
    if (!root) throw new TypeError("not JSON");
    this.root = root;
  }

  /** Removes a member of an object, or an item of a list. */
  remove(node: Node): void {
    this.#removed.add(node);
  }

  isRemoved(node: Node): boolean {
    return this.#removed.has(node);
  }

  /** Sets a member of an object, in its place if it is there and at the end otherwise. */
  setMember(object: Node, name: string, json: string): void {
    const member = memberOf(object, name);
    const value = member && valueIn(member);
    if (!member || !value) {
      this.#add(object, `${JSON.stringify(name)}:${json}`);
      return;
    }
    this.#removed.delete(member);
    this.#replaced.set(value, json);
  }

  /** Appends an item to a list that is a member of an object; the list is created when there is none. */
  appendToMember(object: Node, name: string, json: string): void {
    const member = memberOf(object, name);
    const value = member && valueIn(member);
    if (!member || !value || this.isRemoved(member)) this.setMember(object, name, `[${json}]`);
    else if (value.type === "array") this.#add(value, json);
    else this.#replaced.set(value, `[${this.#write(value)},${json}]`);
  }

  /** The edited text. */
  toString(): string {
    return this.#write(this.root);
  }

  #add(container: Node, json: string): void {
    this.#added.set(container, [...(this.#added.get(container) ?? []), json]);
  }

  #write(node: Node): string {
    const replacement = this.#replaced.get(node);
    if (replacement !== undefined) return replacement;
    if (node.type === "property") return this.#writeMember(node);
    if (node.type === "object" || node.type === "array") return this.#writeContainer(node);
    return this.text.slice(node.offset, endOf(node));
  }

  #writeMember(member: Node): string {
    const value = valueIn(member);
    if (!value) return this.text.slice(member.offset, endOf(member));
    return this.text.slice(member.offset, value.offset) + this.#write(value);
  }

  #writeContainer(container: Node): string {
    const children = container.children ?? [];
    const [first, last] = [children[0], children.at(-1)];
    const open = this.text.slice(container.offset, first?.offset ?? container.offset + 1);
    const close = this.text.slice(last ? endOf(last) : endOf(container) - 1, endOf(container));
    const kept = children.filter((child) => !this.isRemoved(child));
    const written = kept.map((child, index) => {
      const previous = children[children.indexOf(child) - 1];
      const separator = index > 0 && previous ? this.text.slice(endOf(previous), child.offset) : "";
      return separator + this.#write(child);
    });
    const added = (this.#added.get(container) ?? []).map((json, index) =>
      kept.length + index > 0 ? `,${json}` : json,
    );
    return [open, ...written, ...added, close].join("");
  }
}

/** The member of an object with this name. */
export function memberOf(object: Node, name: string): Node | undefined {
  return membersOf(object).find((member) => nameIn(member) === name);
}

export function membersOf(object: Node): readonly Node[] {
  return object.type === "object" ? (object.children ?? []) : [];
}

export function nameIn(member: Node): unknown {
  return member.children?.[0]?.value;
}

export function valueIn(member: Node): Node | undefined {
  return member.children?.[1];
}

/** All nodes of a tree, inner ones before those around them. */
export function nodesInside(node: Node): Node[] {
  return [...(node.children ?? []).flatMap(nodesInside), node];
}

/** Whether an object of the tree has two members of one name: readers differ in which of them counts. */
export function hasDuplicateNames(root: Node): boolean {
  return nodesInside(root).some((node) => {
    const names = membersOf(node).map(nameIn);
    return new Set(names).size < names.length;
  });
}

function endOf(node: Node): number {
  return node.offset + node.length;
}
