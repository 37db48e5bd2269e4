/** What the page is for, shown until there is a response. */
export function Welcome({ mutation }: { readonly mutation: boolean }) {
  if (mutation) return <p class="empty">Check the variables, then press Run mutation.</p>;
  return (
    <div class="empty">
      <p>
        One query reaches the whole Spine. <strong>PDS</strong> identifies the patient, <strong>SDS</strong>{" "}
        gives the address of the practice’s system, <strong>SSP</strong> leads to that system, and{" "}
        <strong>V&amp;M</strong> says whether the patient is chargeable. The graph calls only the services
        that your query needs, in parallel where possible.
      </p>
      <ul>
        <li>Select an operation. It runs, and its upstream calls are drawn below.</li>
        <li>Run it again. The session cache saves calls.</li>
        <li>Remove or add a field, and compare the upstream calls.</li>
      </ul>
    </div>
  );
}
