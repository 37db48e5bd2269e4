import type { ComponentChildren } from "preact";

interface Props {
  readonly title: string;
  readonly tagline: string;
  /** Controls at the end of the header. */
  readonly children?: ComponentChildren;
}

/** The header of a page: logo, title, one sentence and the page-wide controls. */
export function PageHeader({ title, tagline, children }: Props) {
  return (
    <header class="page-header">
      <Logo />
      <div class="page-header-text">
        <h1>{title}</h1>
        <p>{tagline}</p>
      </div>
      <div class="page-header-tools">{children}</div>
    </header>
  );
}

function Logo() {
  return (
    <svg class="logo" viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="7" class="logo-background" />
      <path d="M12 5.5v21M12 9.5l10-3M12 16h11M12 22.5l10 3" class="logo-edges" />
      <g class="logo-spine">
        <circle cx="12" cy="9.5" r="2.6" />
        <circle cx="12" cy="16" r="2.6" />
        <circle cx="12" cy="22.5" r="2.6" />
      </g>
      <g class="logo-leaves">
        <circle cx="23" cy="6.3" r="2.3" />
        <circle cx="24" cy="16" r="2.3" />
        <circle cx="23" cy="25.7" r="2.3" />
      </g>
    </svg>
  );
}
