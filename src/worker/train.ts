/** @file Job "train". The recipe lies in the run folder already; pictures of validation are put beside it. */
import { join } from 'node:path';
import { writeFileAtomic } from '../base/node/atomic-write.ts';
import type { JobOf, JobResults } from '../contract/jobs.ts';
import { openDataset } from '../dataset/node/open-dataset.ts';
import { pictureCaseInOne } from '../export/case-pictures.ts';
import { readRecipe } from '../run/node/run-folder.ts';
import { pictureFile } from '../run/picture-file.ts';
import type { TrainingEvent, Values } from '../training/events.ts';
import { trainRun } from '../training/node/train-run.ts';
import type { ValidatedCase } from '../training/validate.ts';
import { executorFor } from './executor.ts';
import type { JobContext } from './job-context.ts';

export async function train(
  job: JobOf<'train'>,
  { signal, report }: JobContext,
): Promise<JobResults['train']> {
  return trainRun({
    runFolder: job.run,
    dataset: await openDataset(job.data),
    recipe: await readRecipe(job.run),
    executor: executorFor(job.device),
    seed: job.seed,
    resume: job.resume,
    maxSteps: job.maxSteps,
    signal,
    report: (event) => reportTraining(event, report),
    onValidated: (epoch, validated) => drawCase(join(job.run, pictureFile(epoch)), validated),
  });
}

async function drawCase(file: string, { subject, prediction }: ValidatedCase): Promise<void> {
  const { dims, channels, labels } = subject;
  const png = pictureCaseInOne({ dims, image: channels[0]!, reference: labels[0]!, prediction });
  await writeFileAtomic(file, png);
}

/** Training's own events in the vocabulary of jobs. */
function reportTraining(event: TrainingEvent, report: JobContext['report']): void {
  switch (event.type) {
    case 'loading':
      report({ type: 'progress', task: 'Reading volumes', done: event.done, total: event.total });
      break;
    case 'started': {
      const { trainingSubjects, validationSubjects } = event;
      report({
        type: 'note',
        text: `Training on ${trainingSubjects} subjects, validating on ${validationSubjects}.`,
      });
      break;
    }
    case 'step':
      report({
        type: 'progress',
        task: 'Training',
        done: event.step,
        total: event.totalSteps,
        rate: { perS: event.patchesPerS, unit: 'patches' },
      });
      report({ type: 'metrics', of: 'step', step: event.step, epoch: event.epoch, values: event.values });
      break;
    case 'validating':
      report({
        type: 'progress',
        task: `Validating after epoch ${event.epoch}`,
        done: event.done,
        total: event.total,
        isPart: true,
      });
      break;
    case 'epoch':
      report({ type: 'metrics', of: 'epoch', step: event.step, epoch: event.epoch, values: event.values });
      report({ type: 'note', text: epochLine(event) });
      break;
    case 'notice':
      report({ type: 'note', text: event.text });
      break;
    case 'checkpoint':
      break;
  }
}

function epochLine(event: Extract<TrainingEvent, { type: 'epoch' }>): string {
  return `Epoch ${event.epoch} of ${event.epochs}: ${valuesText(event.values)}${event.isBest ? ' (best so far)' : ''}`;
}

function valuesText(values: Values): string {
  const shown = Object.entries(values).map(
    ([name, value]) => `${name} ${value === null ? '–' : value.toFixed(3)}`,
  );
  return shown.join(', ');
}
