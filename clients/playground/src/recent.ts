const KEY = 'dreamcore.recent';

/** The ids that the last results mentioned, so that the next example can use them. */
export interface Recent {
  project?: string;
  generation?: string;
}

export function recent(): Recent {
  return JSON.parse(sessionStorage.getItem(KEY) ?? '{}') as Recent;
}

/** Remember the ids in the `data` of a result. */
export function remember(data: unknown): void {
  if (typeof data !== 'object' || data === null) return;
  const found: Recent = {};
  for (const field of Object.values(data) as Fields[]) {
    found.project ??= field?.project?.id;
    found.generation ??= field?.generation?.id ?? field?.generationId;
  }
  // The event of a refused `generate` belongs to no generation.
  if (found.generation && !found.generation.replaceAll(/[0-]/g, '')) delete found.generation;
  sessionStorage.setItem(KEY, JSON.stringify({ ...recent(), ...defined(found) }));
}

type Fields = {
  project?: { id?: string };
  generation?: { id?: string };
  generationId?: string;
} | null;

const defined = (found: Recent): Recent =>
  Object.fromEntries(Object.entries(found).filter(([, id]) => id));
