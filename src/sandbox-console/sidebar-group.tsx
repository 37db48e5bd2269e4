import type { ComponentChildren } from "preact";

interface Props {
  readonly title: string;
  /** Open at first, unless the page is narrow: there the calls would be far below. */
  readonly isOpen?: boolean;
  readonly children: ComponentChildren;
}

/** A part of the sidebar that can be closed. */
export function SidebarGroup({ title, isOpen = false, children }: Props) {
  return (
    <details class="sidebar-group" open={isOpen && !matchMedia("(max-width: 899px)").matches}>
      <summary>
        <h2>{title}</h2>
      </summary>
      {children}
    </details>
  );
}
