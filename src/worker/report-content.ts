/** @file What a report says of a run: its facts and its curves, from the run folder. */
import { isMetricName, metrics } from '../evaluation/metrics.ts';
import type { Chart, Series } from '../export/report.ts';
import type { LogEntry } from '../run/log.ts';
import type { Run } from '../run/node/run-folder.ts';

export function factsOf({ recipe, record }: Run, name: string): (readonly [string, string])[] {
  const { training, sampling } = recipe;
  return [
    ['Run', name],
    ['Plugin', `${recipe.plugin.id} ${recipe.plugin.version}`],
    [
      'Trained on',
      `${record.split.training.length} subjects; validated on ${record.split.validation.length}`,
    ],
    ['Patches', `${sampling.patchSize.join(' × ')} voxels, ${sampling.batchSize} a step`],
    ['Steps', `${training.epochs} epochs of ${training.stepsPerEpoch}`],
    ['Device', record.device.description],
    ['Seed', String(record.seed)],
    ['Begun', record.createdAt.slice(0, 16).replace('T', ' ')],
    ['Versions', `Sagitta ${record.versions.sagitta}, Node ${record.versions.node}`],
  ];
}

/** What the losses in the log are called in a chart. */
const losses: Readonly<Record<string, string>> = { trainLoss: 'training', loss: 'validation' };

/** Losses of training and validation in one chart, metrics of validation in another; x is the epoch. */
export function chartsOf(log: readonly LogEntry[]): Chart[] {
  const epochs = log.filter(({ event }) => event === 'epoch');
  const series = new Map<string, { x: number; y: number }[]>();
  for (const entry of epochs) {
    const { epoch, values } = entry as unknown as { epoch: number; values: Record<string, number | null> };
    for (const [name, value] of Object.entries(values)) {
      if (value !== null) series.set(name, [...(series.get(name) ?? []), { x: epoch, y: value }]);
    }
  }
  const labelled = (wanted: (name: string) => boolean, labelOf: (name: string) => string): Series[] =>
    [...series].filter(([name]) => wanted(name)).map(([name, points]) => ({ name: labelOf(name), points }));
  return [
    {
      title: 'Loss',
      xLabel: 'epoch',
      series: labelled(
        (name) => name in losses,
        (name) => losses[name]!,
      ),
    },
    {
      title: 'Metrics on validation volumes',
      xLabel: 'epoch',
      series: labelled(
        (name) => !(name in losses),
        (name) => (isMetricName(name) ? metrics[name].label : name),
      ),
    },
  ];
}
