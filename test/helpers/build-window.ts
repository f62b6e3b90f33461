/** @file Before any test: the window is built when it is older than its sources. */
import { build } from '../../build/builds.mjs';

export function setup(): void {
  build('window');
}
