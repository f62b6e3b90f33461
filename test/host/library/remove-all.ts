/** @file A process that removes every image of the project given. */
import { makeLibrary } from '../../../src/host/library/library.ts';
import { openProject } from '../../../src/host/project/project-folder.ts';

const project = await openProject(process.argv[2]!);
const library = await makeLibrary({ project, publish: () => undefined });
const { subjects } = await library.list();
await library.remove(subjects.flatMap(({ images }) => images.map(({ id }) => id)));
