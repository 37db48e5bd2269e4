import type { ComponentChildren, RefObject } from "preact";

interface Props {
  /** Used for the class name, for the id, and as the prefix of the title's id. */
  readonly name: string;
  readonly title: string;
  /** Shown in the head of the panel, beside the title. */
  readonly head?: ComponentChildren;
  /** True while the content is about to be replaced. */
  readonly busy?: boolean;
  /** Set it when something moves the focus to the panel. */
  readonly panelRef?: RefObject<HTMLElement | null>;
  readonly children: ComponentChildren;
}

/** A framed part of the page: a landmark with a title and, beside the title, its controls. */
export function Panel({ name, title, head, busy, panelRef, children }: Props) {
  return (
    <section
      class={`panel ${name}`}
      id={name}
      tabIndex={-1}
      aria-labelledby={`${name}-title`}
      aria-busy={busy}
      ref={panelRef ?? null}
    >
      <div class="panel-head">
        <h2 id={`${name}-title`}>{title}</h2>
        {head}
      </div>
      {children}
    </section>
  );
}
