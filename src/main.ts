/**
 * The entry of the program: it answers `--version` with a handful of small files, and begins a command that searches in a process made
 * for that. All else goes through `cli/dispatch.ts`, and every command is loaded by itself.
 */

import { versionLine } from './cli/program.ts';
import { tuneForSolving } from './cli/solving.ts';

const argv = process.argv.slice(2);

if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V')) {
  console.log(versionLine(process.argv0));
} else {
  await tuneForSolving(argv, process.argv0);
  const { dispatch } = await import('./cli/dispatch.ts');
  process.exitCode = await dispatch({ argv, argv0: process.argv0, env: process.env });
}
process.exit();
