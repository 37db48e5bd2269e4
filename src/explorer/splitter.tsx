import { useState } from "preact/hooks";

const LEAST = 20;
const MOST = 75;
const STEP = 4;

interface Props {
  readonly label: string;
  /** Share of the window's height that the part below the splitter takes, in per cent. */
  readonly share: number;
  readonly onShare: (share: number) => void;
}

/** A bar between two panes, one above the other, that pointer and arrow keys move. */
export function Splitter({ label, share, onShare }: Props) {
  const [held, setHeld] = useState(false);
  const set = (wanted: number) => onShare(Math.round(Math.min(MOST, Math.max(LEAST, wanted))));

  function drag(event: PointerEvent & { currentTarget: HTMLElement }): void {
    if (held) set(((innerHeight - event.clientY) / innerHeight) * 100);
  }

  return (
    // biome-ignore lint/a11y/useSemanticElements: a rule cannot be moved; this separator can.
    <div
      class="splitter"
      role="separator"
      aria-orientation="horizontal"
      aria-label={label}
      aria-valuenow={share}
      aria-valuemin={LEAST}
      aria-valuemax={MOST}
      tabIndex={0}
      onKeyDown={(event) => {
        const step = { ArrowUp: STEP, ArrowDown: -STEP }[event.key];
        if (step === undefined) return;
        event.preventDefault();
        set(share + step);
      }}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        setHeld(true);
      }}
      onPointerMove={drag}
      onPointerUp={() => setHeld(false)}
      onPointerCancel={() => setHeld(false)}
    />
  );
}
