/** @file Types of what the build and the shell add to the page. */
/// <reference types="svelte" />
/// <reference types="vite/client" />
