import { applyEdits, format as jsoncEdits } from 'jsonc-parser';
import { format as prettify } from 'prettier-standalone';
import * as graphql from 'prettier-graphql';

// GraphiQL imports Prettier's plugins by name and asks for two languages. For JSON the parser
// that its editor has anyway is enough; this module stands in for all of those imports.
export const parsers = {};
export const printers = {};

export async function format(text: string, { parser }: { parser: string }): Promise<string> {
  if (parser === 'graphql') return prettify(text, { parser, plugins: [graphql] });
  const edits = jsoncEdits(text, undefined, { insertSpaces: true, tabSize: 2 });
  return applyEdits(text, edits);
}
