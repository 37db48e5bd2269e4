import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";

interface Props<Id extends string> {
  readonly label: string;
  readonly tabs: readonly { readonly id: Id; readonly title: string }[];
  readonly current: Id;
  readonly onSelect: (id: Id) => void;
  readonly children: ComponentChildren;
}

/** Tabs by the ARIA Authoring Practices: one tab stop, and the arrow keys change the tab. */
export function Tabs<Id extends string>({ label, tabs, current, onSelect, children }: Props<Id>) {
  const list = useRef<HTMLDivElement>(null);

  function moveSelection(event: KeyboardEvent): void {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    const index = tabs.findIndex((tab) => tab.id === current);
    const next = (index + step + tabs.length) % tabs.length;
    const selected = tabs[next];
    if (selected === undefined) return;
    onSelect(selected.id);
    list.current?.querySelectorAll<HTMLElement>("[role=tab]")[next]?.focus();
  }

  return (
    <div class="tabbed">
      <div class="tabs" role="tablist" aria-label={label} ref={list} onKeyDown={moveSelection}>
        {tabs.map((tab) => (
          <button
            key={tab.id}
            type="button"
            role="tab"
            id={`tab-${tab.id}`}
            aria-selected={tab.id === current}
            aria-controls={tab.id === current ? `panel-${current}` : undefined}
            tabIndex={tab.id === current ? 0 : -1}
            onClick={() => onSelect(tab.id)}
          >
            {tab.title}
          </button>
        ))}
      </div>
      <div class="tab-panel" role="tabpanel" id={`panel-${current}`} aria-labelledby={`tab-${current}`}>
        {children}
      </div>
    </div>
  );
}
