/** @file `sagitta plugin`: what methods are installed, and their settings. */
import { findPlugin, listPlugins } from '../../host/plugins/plugins.ts';
import type { Command } from '../command.ts';
import { usageError } from '../errors.ts';
import { table } from '../table.ts';

export const plugin: Command = {
  name: 'plugin',
  summary: 'List the installed plugins, or the presets and settings of one.',
  usage: 'list [PLUGIN]',
  positionals: { min: 1, max: 2 },
  options: {},
  examples: ['sagitta plugin list', 'sagitta plugin list vessel-mip'],
  async run(args, { output }) {
    const [action, id] = args.positionals;
    if (action !== 'list')
      throw usageError({ what: `There is no "plugin ${action}".`, next: 'Known: list.' });
    if (id === undefined) {
      const plugins = await listPlugins();
      if (!output.json) {
        output.line(
          table(
            plugins.map((entry) =>
              'manifest' in entry
                ? [entry.manifest.id, entry.version, entry.manifest.summary]
                : [entry.folder, '', entry.error.message],
            ),
          ),
        );
      }
      return plugins;
    }
    const found = await findPlugin(id);
    const { manifest } = found;
    if (!output.json) {
      output.line(
        `${manifest.name} ${found.version} (${found.license})\n${manifest.summary}\nNeeds: ${manifest.needs}\n\nPresets:`,
      );
      output.line(
        table(Object.entries(manifest.presets).map(([name, preset]) => [`  ${name}`, preset.help])),
      );
      output.line('\nSettings (--set name=value):');
      output.line(
        table(
          Object.entries(manifest.settings).map(([name, field]) => [
            `  ${name}`,
            `${field.default}`,
            rangeText(field),
            field.help,
          ]),
        ),
      );
    }
    return found;
  },
};

function rangeText(field: {
  kind: string;
  min?: number;
  max?: number;
  options?: readonly { value: string }[];
}): string {
  if (field.options !== undefined) return field.options.map(({ value }) => value).join('|');
  return field.kind === 'boolean' ? 'true|false' : `${field.min} to ${field.max}`;
}
