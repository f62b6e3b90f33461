/** @file A process that takes every file of a folder into a project. */
import { makeImports } from '../../../src/host/imports/imports.ts';
import { makeLibrary } from '../../../src/host/library/library.ts';
import { openProject } from '../../../src/host/project/project-folder.ts';

const [folder, drop] = process.argv.slice(2);
const project = await openProject(folder!);
const library = await makeLibrary({ project, publish: () => undefined });
const imports = await makeImports({ project, library });
const { id } = await imports.beginWithPaths([drop!]);
const { items } = await imports.inspect(id);
await imports.take(id, items);
