/** @file Which addresses a page may go to, ask for, or send its messages from. Everything that is not named here is refused. */
import { appOrigin } from './forward.ts';

/** `inside`: the app itself; `ask`: for the system's browser, if the person agrees; `refuse`: nowhere. */
export function navigationTo(address: string): 'inside' | 'ask' | 'refuse' {
  const url = URL.parse(address);
  if (url === null || url.username !== '' || url.password !== '') return 'refuse';
  // URL.origin is "null" for schemes of our own.
  if (`${url.protocol}//${url.host}` === appOrigin) return 'inside';
  return url.protocol === 'https:' ? 'ask' : 'refuse';
}

/** Whether the page may load it at all: its own, or what it made itself. DevTools exist in development only. */
export function mayLoad(address: string, { isDevelopment }: { isDevelopment: boolean }): boolean {
  const url = URL.parse(address);
  if (url === null) return false;
  if (navigationTo(address) === 'inside' || url.protocol === 'data:') return true;
  if (url.protocol === 'blob:')
    return address.startsWith(`blob:${appOrigin}/`) || address.startsWith('blob:null/');
  return isDevelopment && (url.protocol === 'devtools:' || url.protocol === 'chrome-extension:');
}

/** Copying what the person chose to copy is harmless; no page needs a camera, a place or a device. */
export function mayUse(permission: string, requestingUrl: string): boolean {
  return permission === 'clipboard-sanitized-write' && navigationTo(requestingUrl) === 'inside';
}

/** Whether a message comes from the window's own page rather than from a frame or another page. */
export function isOwnPage(sender: { url: string; isMainFrame: boolean } | null): boolean {
  return sender?.isMainFrame === true && navigationTo(sender.url) === 'inside';
}
