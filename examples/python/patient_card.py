"""Prints a patient's chargeable status and next free slots, with gql.

The query is validated against schema.client.graphql before it is sent.
"""

import os
import sys
from pathlib import Path

from gql import Client, gql
from gql.transport.exceptions import TransportQueryError
from gql.transport.httpx import HTTPXTransport

SCHEMA = Path(__file__).resolve().parents[2] / "schema.client.graphql"

PATIENT_CARD = """
query PatientCard($nhsNumber: ID!) {
  patient(nhsNumber: $nhsNumber) {
    name { display }
    chargeableStatus { recorded status { display } }
    practice { odsCode name nextFreeSlots(first: 3) { id start deliveryChannel } }
  }
}
"""


def fetch_patient_card(url, nhs_number, token=None):
    """Returns the data and the errors: a field that failed is None, and an error with its path says why."""
    headers = {"authorization": f"Bearer {token}"} if token else {}
    client = Client(
        schema=SCHEMA.read_text(encoding="utf-8"),
        transport=HTTPXTransport(url=url, headers=headers, timeout=25),
    )
    query = gql(PATIENT_CARD)
    query.variable_values = {"nhsNumber": nhs_number}
    try:
        return client.execute(query), []
    except TransportQueryError as error:
        # gql raises when there are errors; the data beside them still holds.
        return error.data or {}, error.errors or []


def to_lines(data, errors):
    """The lines that this example prints."""
    failed = [f"Not known: {'.'.join(map(str, e.get('path', [])))}: {e['message']}" for e in errors]
    patient = data.get("patient")
    if patient is None:
        return failed or ["PDS knows no such patient."]
    lines = [f"Patient: {(patient['name'] or {}).get('display', 'name withheld')}"]
    chargeable = patient["chargeableStatus"]
    if chargeable:
        # No record never means "not chargeable".
        text = (chargeable["status"] or {}).get("display", "not given") if chargeable["recorded"] else "no record"
        lines.append(f"Chargeable status: {text}")
    practice = patient["practice"]
    if practice:
        lines.append(f"Practice: {practice['name'] or practice['odsCode']}")
        slots = practice["nextFreeSlots"] or []
        lines += [f"  {slot['start']} {slot['deliveryChannel'] or ''}" for slot in slots]
    return lines + failed


def main():
    """Fetches and prints one card."""
    nhs_number = sys.argv[1] if len(sys.argv) > 1 else "9000000009"
    url = os.environ.get("GRAPH_URL", "http://localhost:4000/graphql")
    data, errors = fetch_patient_card(url, nhs_number, os.environ.get("TOKEN"))
    print("\n".join(to_lines(data, errors)))
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())
