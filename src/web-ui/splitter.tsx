import { useState } from "preact/hooks";

/** In per cent of the height of the window. */
const MIN_SHARE = 20;
const MAX_SHARE = 75;
const KEY_STEP = 4;

interface Props {
  readonly label: string;
  /** The height of the part below the splitter, in per cent of the height of the window. */
  readonly share: number;
  readonly onShare: (share: number) => void;
}

/** A bar between two panels, one above the other. The pointer and the arrow keys move it. */
export function Splitter({ label, share, onShare }: Props) {
  const [dragging, setDragging] = useState(false);
  const set = (value: number) => onShare(Math.round(Math.min(MAX_SHARE, Math.max(MIN_SHARE, value))));

  function drag(event: PointerEvent & { currentTarget: HTMLElement }): void {
    if (dragging) set(((innerHeight - event.clientY) / innerHeight) * 100);
  }

  return (
    // biome-ignore lint/a11y/useSemanticElements: a horizontal rule cannot be moved; this separator can.
    <div
      class="splitter"
      role="separator"
      aria-orientation="horizontal"
      aria-label={label}
      aria-valuenow={share}
      aria-valuemin={MIN_SHARE}
      aria-valuemax={MAX_SHARE}
      tabIndex={0}
      onKeyDown={(event) => {
        const step = { ArrowUp: KEY_STEP, ArrowDown: -KEY_STEP }[event.key];
        if (step === undefined) return;
        event.preventDefault();
        set(share + step);
      }}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        setDragging(true);
      }}
      onPointerMove={drag}
      onPointerUp={() => setDragging(false)}
      onPointerCancel={() => setDragging(false)}
    />
  );
}
