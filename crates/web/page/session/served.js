// Who serves this page.

/** What `nablab serve` writes into a page: the bytes that a command of a session may have. */
export const mostBytes = Number(document.querySelector('meta[name="nablab-serve"]')?.getAttribute('content') ?? 0);

/** This page comes from `nablab serve`, and not from a server of files. */
export const isServed = mostBytes > 0;
