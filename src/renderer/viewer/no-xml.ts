/**
 * @file Stands in for the package `xmlbuilder2` in the window's bundle (see vite.config.ts). vtk.js reads and writes meshes as XML with it; the viewer
 * shows no meshes, and the package needs Node's own modules, which a page does not have.
 */
export function create(): never {
  throw new Error('XML meshes are not read in the window.');
}
