/** Other ways to the same graph. Nothing here is loaded until it is followed. */
export function Elsewhere({ graphqlPath }: { readonly graphqlPath: string }) {
  const endpoint = new URL(graphqlPath, location.origin).href;
  const sandbox = `https://studio.apollographql.com/sandbox/explorer?endpoint=${encodeURIComponent(endpoint)}`;
  return (
    <footer class="elsewhere">
      <p>
        <a href={sandbox} target="_blank" rel="noreferrer noopener">
          Open in Apollo Sandbox<span class="visually-hidden"> (opens a new tab on another site)</span>
          <span aria-hidden="true"> ↗</span>
        </a>
      </p>
      <p class="quiet">
        Needs the internet. Chromium may ask whether that site may reach devices on your local network: allow
        it.
      </p>
    </footer>
  );
}
