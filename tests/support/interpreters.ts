/** The Pythons that tests run with. */

import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

/** The interpreter behind `python`: no shim stands before it. */
export const PYTHON = Bun.spawnSync(['python', '-c', 'import sys; print(sys.executable)']).stdout.toString().trim();

/** That one first, and no pip in environments: for tests that are about something else. */
export const FAST = { PATH: `${dirname(PYTHON)}:${process.env.PATH}`, POETRY_VIRTUALENVS_OPTIONS_NO_PIP: 'true' };

/** Where pyenv keeps its versions and shims. */
export const PYENV = process.env.PYENV_ROOT ?? join(homedir(), '.pyenv');
