/** @file All commands, in the order in which the help lists them. */
import type { Command } from './command.ts';
import { bench } from './commands/bench.ts';
import { convert } from './commands/convert.ts';
import { demo } from './commands/demo.ts';
import { devices } from './commands/devices.ts';
import { evaluate } from './commands/evaluate.ts';
import { info } from './commands/info.ts';
import { phantom } from './commands/phantom.ts';
import { plugin } from './commands/plugin.ts';
import { predict } from './commands/predict.ts';
import { serve } from './commands/serve.ts';
import { train } from './commands/train.ts';

export const commands: readonly Command[] = [
  demo,
  info,
  convert,
  phantom,
  train,
  predict,
  evaluate,
  serve,
  plugin,
  devices,
  bench,
];
