interface Props {
  readonly session: string;
  readonly onNewSession: () => void;
}

/** The session of all requests of the page, and the button that starts a new one. */
export function SessionControls({ session, onNewSession }: Props) {
  return (
    <>
      <span class="session" title="Sent as Spine-Session: requests with the same session share a cache">
        Session <code>{session.slice(-6)}</code>
      </span>
      <button type="button" onClick={onNewSession}>
        New session
      </button>
    </>
  );
}
