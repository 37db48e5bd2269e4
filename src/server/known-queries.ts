import { type DocumentNode, getOperationAST, type OperationDefinitionNode } from "graphql";
import { LRUCache } from "lru-cache";

/** An operation of a document that the server library has parsed and validated. */
export interface KnownQuery {
  readonly source: string;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
}

/** Clients have tens of queries. A client that writes values into the text has as many as requests, and gains nothing. */
const MAX_DOCUMENTS = 500;
const MAX_CHARACTERS = 2 * 1024 * 1024;

/** The documents of earlier requests by their text. Any other takes the whole way through the server library. */
export class KnownQueries {
  readonly #documents = new LRUCache<string, DocumentNode>({
    max: MAX_DOCUMENTS,
    maxSize: MAX_CHARACTERS,
    sizeCalculation: (_document, source) => source.length + 1,
  });

  /** @param document valid, and one of those that this deployment permits. */
  add(source: string, document: DocumentNode): void {
    this.#documents.set(source, document);
  }

  /** @param operationName as the request has it: without one, the document must have a single operation. */
  find(source: string, operationName: string | null | undefined): KnownQuery | undefined {
    const document = this.#documents.get(source);
    const operation = document && getOperationAST(document, operationName);
    return operation ? { source, document, operation } : undefined;
  }
}
