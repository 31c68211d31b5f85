import { useGraphiQL, useGraphiQLActions, useMonaco } from '@graphiql/react';
import { useEffect } from 'react';

/** The editor's check of variables demands even those with a default; the server knows better. */
export function useTolerantVariables(): void {
  const language = useMonaco((state) => state.monacoGraphQL);
  const queryEditor = useGraphiQL((state) => state.queryEditor);
  useEffect(() => {
    if (!language || !queryEditor) return;
    const { diagnosticSettings } = language;
    const { jsonDiagnosticSettings } = diagnosticSettings;
    language.setDiagnosticSettings({
      ...diagnosticSettings,
      jsonDiagnosticSettings: { ...jsonDiagnosticSettings, schemaValidation: 'ignore' },
    });
  }, [language, queryEditor]);
}

/** The page follows the system by itself; the editors are told. */
export function useSystemTheme(): void {
  const chosen = useGraphiQL((state) => state.theme);
  const { setTheme } = useGraphiQLActions();
  useEffect(() => {
    if (chosen) return;
    const dark = matchMedia('(prefers-color-scheme: dark)');
    const follow = () => setTheme(null);
    dark.addEventListener('change', follow);
    return () => dark.removeEventListener('change', follow);
  }, [chosen, setTheme]);
}
