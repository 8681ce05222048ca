// Asks the server what its directory holds, and hears of what has changed alone.

/** The server says in words why something cannot be shown. */
export class Unshown extends Error {}

/** @type {Map<string, { tag: string, shown: unknown }>} */
const known = new Map();

/**
 * What is at an address of the directory; the same object as before where nothing was written since.
 * @template T
 * @param {string} path @param {Record<string, string>} [asked]
 * @returns {Promise<T>}
 */
export async function fetched(path, asked = {}) {
  const address = `directory${path}?${new URLSearchParams(asked)}`;
  const before = known.get(address);
  const response = await fetch(address, { headers: before ? { 'if-none-match': before.tag } : {} });
  if (response.status === 304 && before) return /** @type {T} */ (before.shown);
  const shown = await response.json();
  if (!response.ok) throw new Unshown(shown.message);
  const tag = response.headers.get('etag');
  if (tag) known.set(address, { tag, shown });
  return shown;
}

/** The page that a run or a study has of itself. @param {string} place */
export const reportAt = (place) => `directory/report?${new URLSearchParams({ place })}`;
