/** @file Projects: folders that hold everything of one study. The host has at most one open at a time. */
import { oc } from '@orpc/contract';
import { z } from 'zod';
import { contractErrors } from './errors.ts';
import { nameSchema, timestampSchema } from './ids.ts';

export const projectSchema = z.object({
  /** Stays the same when the folder is moved or renamed. */
  id: z.string(),
  name: z.string(),
  /** Absolute path, for the person to see. */
  folder: z.string(),
  createdAt: timestampSchema,
  subjectCount: z.int(),
  runCount: z.int(),
});

export const recentProjectSchema = z.object({
  name: z.string(),
  folder: z.string(),
  openedAt: timestampSchema,
  /** False when the folder is not there now, e.g. on a drive that is not plugged in. */
  exists: z.boolean(),
});

export const appInfoSchema = z.object({
  version: z.string(),
  node: z.string(),
  platform: z.string(),
  /** Where new projects are made unless a folder is given. */
  projectsFolder: z.string(),
  project: projectSchema.nullable(),
});

const base = oc.errors(contractErrors);

export const projectsContract = {
  info: base.output(appInfoSchema),
  recent: base.output(z.array(recentProjectSchema)),
  forget: base.input(z.object({ folder: z.string() })).output(z.void()),
  /** Makes a folder of that name in `parent` (default: the projects' folder) and opens it. Errors: PROJECT_EXISTS. */
  create: base.input(z.object({ name: nameSchema, parent: z.string().optional() })).output(projectSchema),
  /** Errors: PROJECT_MISSING, PROJECT_TOO_NEW, PROJECT_IN_USE (another host has it), PROJECT_BUSY (jobs run in the present one). */
  open: base.input(z.object({ folder: z.string() })).output(projectSchema),
  /** Makes (or opens) the sample study: made-up angiograms with labels that train in a minute. Progress comes as a job event. */
  openSample: base.output(projectSchema),
  rename: base.input(z.object({ name: nameSchema })).output(projectSchema),
  /** Jobs that run are paused first. */
  close: base.output(z.void()),
  /** Folders under `folder` (default: the person's home), to choose a project where there is no native dialog. */
  browse: base.input(z.object({ folder: z.string().optional() })).output(
    z.object({
      folder: z.string(),
      parent: z.string().nullable(),
      folders: z.array(z.object({ name: z.string(), folder: z.string(), isProject: z.boolean() })),
    }),
  ),
};

export type Project = z.infer<typeof projectSchema>;
export type RecentProject = z.infer<typeof recentProjectSchema>;
export type AppInfo = z.infer<typeof appInfoSchema>;
