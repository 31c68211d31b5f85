import './workers';
import { DOC_EXPLORER_PLUGIN, DocExplorerStore } from '@graphiql/plugin-doc-explorer';
import { HISTORY_PLUGIN, HistoryStore } from '@graphiql/plugin-history';
import { GraphiQLProvider } from '@graphiql/react';
import { GraphiQLInterface } from 'graphiql';
import { createRoot } from 'react-dom/client';
import '@graphiql/react/style.css';
import '@graphiql/plugin-doc-explorer/style.css';
import '@graphiql/plugin-history/style.css';
import 'graphiql/graphiql.css';
import './style.css';
import { readConfiguration } from './configuration';
import { createFetcher } from './fetcher';
import { Header } from './Header';
import { TokenStore } from './token';

const { endpoint, token, examples } = readConfiguration();
const tokens = new TokenStore(token);
const fetcher = createFetcher(endpoint, tokens.get);
const first = examples[0];

createRoot(document.getElementById('root')!).render(
  <GraphiQLProvider
    fetcher={fetcher}
    plugins={[DOC_EXPLORER_PLUGIN, HISTORY_PLUGIN]}
    referencePlugin={DOC_EXPLORER_PLUGIN}
    defaultQuery={first?.query ?? ''}
  >
    <HistoryStore>
      <DocExplorerStore>
        <div className="graphiql-container playground">
          <Header examples={examples} tokens={tokens} />
          <GraphiQLInterface
            isHeadersEditorEnabled={false}
            showPersistHeadersSettings={false}
            defaultEditorToolsVisibility="variables"
          />
        </div>
      </DocExplorerStore>
    </HistoryStore>
  </GraphiQLProvider>,
);
