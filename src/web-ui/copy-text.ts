/** Copies a text to the clipboard. Rejects with a message for the user when the browser does not allow it. */
export async function copyText(text: string): Promise<void> {
  // Missing on plain HTTP pages other than localhost.
  const clipboard = navigator.clipboard as Clipboard | undefined;
  if (clipboard === undefined) throw new Error("The browser copies only on HTTPS pages and on localhost.");
  await clipboard.writeText(text);
}
