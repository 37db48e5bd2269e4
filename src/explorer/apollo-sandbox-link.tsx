/** A link to Apollo Sandbox with this server as its endpoint. Nothing is loaded from there until it is followed. */
export function ApolloSandboxLink({ graphqlPath }: { readonly graphqlPath: string }) {
  const endpoint = new URL(graphqlPath, location.origin).href;
  const sandbox = `https://studio.apollographql.com/sandbox/explorer?endpoint=${encodeURIComponent(endpoint)}`;
  return (
    <footer class="external-links">
      <p>
        <a href={sandbox} target="_blank" rel="noreferrer noopener">
          Open in Apollo Sandbox<span class="visually-hidden"> (opens a new tab on another site)</span>
          <span aria-hidden="true"> ↗</span>
        </a>
      </p>
      <p class="quiet">
        Needs the internet. If Chromium asks whether that site may reach devices on your local network, allow
        it.
      </p>
    </footer>
  );
}
