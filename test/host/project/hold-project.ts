/** @file A process that opens the project given and keeps it until it is killed. */
import { openProject } from '../../../src/host/project/project-folder.ts';

await openProject(process.argv[2]!);
process.send?.('open');
process.on('message', () => undefined);
