/** @file Types of builds.mjs, which runs before anything is installed and so is plain JavaScript. */
export function build(name: 'window' | 'desktop app'): void;
