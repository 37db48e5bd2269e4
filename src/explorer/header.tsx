interface Props {
  readonly session: string;
  readonly docsOpen: boolean;
  readonly onNewSession: () => void;
  readonly onToggleDocs: () => void;
}

/** Name of the page, the session of all its requests, and the way to the documentation. */
export function Header({ session, docsOpen, onNewSession, onToggleDocs }: Props) {
  return (
    <header class="masthead">
      <Mark />
      <div class="masthead-words">
        <h1>Spine Graph</h1>
        <p>Ask one question; see every call that answered it.</p>
      </div>
      <div class="masthead-tools">
        <span class="session" title="Sent as Spine-Session: answers may be reused within it">
          <span class="session-label">Session</span> <code>{session.slice(-6)}</code>
        </span>
        <button type="button" onClick={onNewSession}>
          New session
        </button>
        <button type="button" aria-expanded={docsOpen} aria-controls="docs" onClick={onToggleDocs}>
          Schema docs
        </button>
      </div>
    </header>
  );
}

function Mark() {
  return (
    <svg class="mark" viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="7" class="mark-ground" />
      <path d="M12 5.5v21M12 9.5l10-3M12 16h11M12 22.5l10 3" class="mark-lines" />
      <g class="mark-spine">
        <circle cx="12" cy="9.5" r="2.6" />
        <circle cx="12" cy="16" r="2.6" />
        <circle cx="12" cy="22.5" r="2.6" />
      </g>
      <g class="mark-leaves">
        <circle cx="23" cy="6.3" r="2.3" />
        <circle cx="24" cy="16" r="2.3" />
        <circle cx="23" cy="25.7" r="2.3" />
      </g>
    </svg>
  );
}
