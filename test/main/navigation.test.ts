/** @file Where pages may go, what they may load and ask for, and who is heard. */
import { describe, expect, it } from 'vitest';
import { isOwnPage, mayLoad, mayUse, navigationTo } from '../../src/main/navigation.ts';

describe('an address', () => {
  it.each([
    ['sagitta://app/', 'inside'],
    ['sagitta://app/index.html#review', 'inside'],
    ['https://doi.org/10.1038/s41592-020-01008-z', 'ask'],
    ['http://example.com/', 'refuse'],
    ['sagitta://app.example.com/', 'refuse'],
    ['sagitta://app:1/', 'refuse'],
    ['sagitta://x@app/', 'refuse'],
    ['https://user:secret@example.com/', 'refuse'],
    ['file:///etc/passwd', 'refuse'],
    ['javascript:alert(1)', 'refuse'],
    ['data:text/html,x', 'refuse'],
    ['mailto:a@b.c', 'refuse'],
    ['smb://host/share', 'refuse'],
    ['nonsense', 'refuse'],
  ])('%s: %s', (address, expected) => {
    expect(navigationTo(address)).toBe(expected);
  });
});

describe('a page loads', () => {
  it.each([
    ['sagitta://app/assets/x.js', true, true],
    ['data:image/png;base64,AA', true, true],
    ['blob:sagitta://app/0f', true, true],
    ['blob:https://example.com/0f', false, false],
    ['https://example.com/x.js', false, false],
    ['file:///etc/passwd', false, false],
    ['ws://localhost:1/', false, false],
    ['devtools://devtools/bundled/x.js', false, true],
  ])('%s: packed %j, in a checkout %j', (address, packed, inCheckout) => {
    expect(mayLoad(address, { isDevelopment: false })).toBe(packed);
    expect(mayLoad(address, { isDevelopment: true })).toBe(inCheckout);
  });
});

describe('a permission', () => {
  it.each([
    ['clipboard-sanitized-write', 'sagitta://app/', true],
    ['clipboard-sanitized-write', 'https://example.com/', false],
    ['clipboard-read', 'sagitta://app/', false],
    ['media', 'sagitta://app/', false],
    ['geolocation', 'sagitta://app/', false],
    ['notifications', 'sagitta://app/', false],
    ['openExternal', 'sagitta://app/', false],
  ])('%s for %s: %j', (permission, url, expected) => {
    expect(mayUse(permission, url)).toBe(expected);
  });
});

describe('a message is heard', () => {
  it("from the window's own page only", () => {
    expect(isOwnPage({ url: 'sagitta://app/', isMainFrame: true })).toBe(true);
    expect(isOwnPage({ url: 'sagitta://app/', isMainFrame: false })).toBe(false);
    expect(isOwnPage({ url: 'about:blank', isMainFrame: true })).toBe(false);
    expect(isOwnPage({ url: 'https://example.com/', isMainFrame: true })).toBe(false);
    expect(isOwnPage(null)).toBe(false);
  });
});
