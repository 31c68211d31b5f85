import type { Fetcher, FetcherParams } from '@graphiql/toolkit';
import {
  type FormattedExecutionResult,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  parse,
} from 'graphql';
import { createClient, type Client } from 'graphql-ws';
import { remember } from './recent';

const KEPT = 100;

type Data = Record<string, { seq?: number } | null>;
type Result = FormattedExecutionResult<Data, unknown>;

/** As GraphiQL passes it to an observable. */
interface Observer {
  next(result: Result & { earlier?: Data[] }): void;
  error(error: unknown): void;
  complete(): void;
}

/**
 * Queries and mutations by HTTP, subscriptions by graphql-transport-ws, both with the token of
 * the moment.
 */
export function createFetcher(endpoint: string, token: () => string): Fetcher {
  const url = new URL(endpoint, location.href);
  const client = createClient({
    url: url.href.replace(/^http/, 'ws'),
    connectionParams: () => ({ token: token() }),
  });
  const fetcher = async (asked: FetcherParams) => {
    if (!token()) return { errors: [{ message: 'Paste an access token into the field above.' }] };
    const operation = operationOf(asked);
    const parameters = operation ? { ...asked, operationName: operation.name?.value } : asked;
    return operation?.operation === OperationTypeNode.SUBSCRIPTION
      ? subscription(client, parameters)
      : post(url, parameters, token());
  };
  return fetcher as Fetcher; // its types want errors that are instances of GraphQLError
}

async function post(url: URL, parameters: FetcherParams, token: string): Promise<Result> {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      Accept: 'application/graphql-response+json',
      Authorization: `Bearer ${token}`,
      'Content-Type': 'application/json',
    },
    body: JSON.stringify(parameters),
  });
  const result = (await response.json()) as Result;
  remember(result.data);
  return result;
}

/** Every result as it came, followed by those before it: the newest is on top. */
const subscription = (client: Client, parameters: FetcherParams) => ({
  subscribe(observer: Observer) {
    const earlier: Data[] = [];
    let reached = 0;
    let stopped = false;
    const leave = client.subscribe<Data>(
      { ...parameters },
      {
        next(result) {
          const seq = sequence(result.data);
          // A client that reconnects subscribes again, and the stream replays.
          if (stopped || (seq !== undefined && seq <= reached)) return;
          reached = seq ?? reached;
          remember(result.data);
          observer.next(earlier.length ? { ...result, earlier: [...earlier] } : result);
          if (result.data) earlier.unshift(result.data);
          earlier.length = Math.min(earlier.length, KEPT);
        },
        error: (error) =>
          stopped || observer.error(error instanceof CloseEvent ? new Error(closing(error)) : error),
        // Leaving completes too; by then another subscription may be running in the page.
        complete: () => stopped || observer.complete(),
      },
    );
    return {
      unsubscribe() {
        stopped = true;
        leave();
      },
    };
  },
});

const sequence = (data: Data | null | undefined): number | undefined =>
  data ? Object.values(data)[0]?.seq || undefined : undefined;

const closing = ({ code, reason }: CloseEvent): string =>
  `The server closed the connection (${code}${reason && `, ${reason}`}).`;

/**
 * The operation to run, undefined if only the server can say what is wrong with the document.
 * GraphiQL's own idea of it lags a moment behind the editor.
 */
function operationOf({ query, operationName }: FetcherParams): OperationDefinitionNode | undefined {
  try {
    const operations = parse(query).definitions.filter(
      (definition) => definition.kind === Kind.OPERATION_DEFINITION,
    );
    const named = operations.find((operation) => operation.name?.value === operationName);
    return named ?? (operations.length === 1 ? operations[0] : undefined);
  } catch {
    return undefined;
  }
}
