import GraphQLWorker from 'monaco-graphql/esm/graphql.worker.js?worker';
import EditorWorker from 'monaco-editor/esm/vs/editor/editor.worker.js?worker';
import JsonWorker from 'monaco-editor/esm/vs/language/json/json.worker.js?worker';

// Only the languages of the playground have a worker; each is a file of this origin.
const WORKERS: Record<string, new () => Worker> = { graphql: GraphQLWorker, json: JsonWorker };

(self as { MonacoEnvironment?: unknown }).MonacoEnvironment = {
  getWorker: (_: string, label: string) => new (WORKERS[label] ?? EditorWorker)(),
};
