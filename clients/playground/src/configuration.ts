/** An operation to try. Variables may hold placeholders, see `filled`. */
export interface Example {
  title: string;
  query: string;
  variables: unknown;
}

/** What the gateway wrote into the page. */
export interface Configuration {
  endpoint: string;
  /** The development user's, only on the developer's own machine. */
  token: string | null;
  examples: Example[];
}

export function readConfiguration(): Configuration {
  const element = document.getElementById('configuration');
  return JSON.parse(element?.textContent ?? '') as Configuration;
}
