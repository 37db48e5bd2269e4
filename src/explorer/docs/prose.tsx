/** A description: paragraphs, with what stands between backticks as code. Nothing else is read into the text. */
export function Prose({ text }: { readonly text: string | null | undefined }) {
  if (!text) return null;
  return (
    <>
      {text.split(/\n\s*\n/).map((paragraph) => (
        <p class="prose" key={paragraph}>
          {paragraph
            .split("`")
            .map((part, index) => (index % 2 === 1 ? <code key={part}>{part}</code> : part))}
        </p>
      ))}
    </>
  );
}
