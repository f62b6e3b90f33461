/** @file What the window shows while there is no host to serve its page: one sentence, in the page's own colours. It goes by itself. */
import type { ErrorReport } from '../base/errors.ts';

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** A whole document; whatever stands in the report is text in it. */
export function awayPage({ message, hint }: ErrorReport): string {
  const text = [message, hint]
    .filter((part) => part !== undefined)
    .map((part) => `<p>${part.replace(/[&<>"]/g, (character) => entities[character]!)}</p>`)
    .join('');
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Sagitta</title><style>body{margin:20vh auto;max-width:36em;padding:0 2em;background:#171717;color:#ededed;font:15px/1.6 system-ui,sans-serif}</style><main role="alert">${text}</main></html>`;
}

/** Nothing but the style above. */
export const awayPolicy = "default-src 'none'; style-src 'unsafe-inline'";
