import { ToolbarMenu, useGraphiQL, useGraphiQLActions } from '@graphiql/react';
import { useEffect, useState } from 'react';
import type { Example } from './configuration';
import { useSystemTheme, useTolerantVariables } from './editors';
import { filled } from './examples';
import { type TokenStore, useToken } from './token';

export function Header({ examples, tokens }: { examples: Example[]; tokens: TokenStore }) {
  useTolerantVariables();
  useSystemTheme();
  return (
    <header className="playground-header">
      <h1>
        DreamCore <span>playground</span>
      </h1>
      <Examples examples={examples} />
      <TokenField tokens={tokens} />
    </header>
  );
}

function Examples({ examples }: { examples: Example[] }) {
  const { addTab, stop } = useGraphiQLActions();
  const queryEditor = useGraphiQL((state) => state.queryEditor);
  const variableEditor = useGraphiQL((state) => state.variableEditor);

  function open(example: Example) {
    stop(); // results of a running subscription would land in the tab that opens
    if (queryEditor?.getValue().trim()) addTab();
    queryEditor?.setValue(example.query);
    variableEditor?.setValue(filled(example));
    queryEditor?.setPosition({ lineNumber: 1, column: 1 });
  }

  return (
    <ToolbarMenu
      button={
        <button type="button" className="playground-button">
          Examples <span aria-hidden="true">▾</span>
        </button>
      }
    >
      {examples.map((example) => (
        <ToolbarMenu.Item key={example.title} onSelect={() => open(example)}>
          {example.title}
        </ToolbarMenu.Item>
      ))}
    </ToolbarMenu>
  );
}

function TokenField({ tokens }: { tokens: TokenStore }) {
  const token = useToken(tokens);
  const [typed, setTyped] = useState(token);
  const { introspect } = useGraphiQLActions();
  const responseEditor = useGraphiQL((state) => state.responseEditor);

  useEffect(() => setTyped(token), [token]);

  function use() {
    if (typed.trim() === token) return;
    tokens.set(typed);
    responseEditor?.setValue('');
    introspect();
  }

  return (
    <form
      className="playground-token"
      onSubmit={(event) => {
        event.preventDefault();
        use();
      }}
    >
      <label htmlFor="token">Token</label>
      <input
        id="token"
        type="password"
        autoComplete="off"
        spellCheck={false}
        placeholder="paste an access token"
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={use}
      />
    </form>
  );
}
