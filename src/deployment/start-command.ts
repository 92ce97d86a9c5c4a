/** What starts an application in production, as far as its files tell. */

import { isLockedInMain, type ProjectFacts } from './project-facts.ts';

/** A program and its arguments; `shell` is a line for a shell, as a Procfile has it. */
export type StartCommand =
  | { readonly kind: 'argv'; readonly argv: readonly string[] }
  | { readonly kind: 'shell'; readonly line: string };

const APPS = ['run.py', 'main.py', 'app.py', 'server.py'];

/** Files that `startCommand` looks at. */
export const START_FILES: readonly string[] = ['Procfile', 'manage.py', ...APPS];

/** The command: a Procfile's `web`, Django's WSGI application, the project's first script, or the usual file; else Python itself. */
export function startCommand({ manifest, lock, files }: ProjectFacts): StartCommand {
  const web = /^web:\s*(.+)$/m.exec(files.get('Procfile') ?? '')?.[1]?.trim();
  if (web !== undefined) return { kind: 'shell', line: web.replace(/^(poetry|tercet) run /, '') };
  const manage = files.get('manage.py');
  if (manage !== undefined) {
    const settings = /DJANGO_SETTINGS_MODULE['"]\s*,\s*['"]([\w.]+)['"]/.exec(manage)?.[1];
    const application = settings?.replace(/\.settings(\..*)?$/, '.wsgi');
    return isLockedInMain(lock, 'gunicorn') === true && application !== undefined
      ? { kind: 'argv', argv: ['gunicorn', '--bind', '0.0.0.0:8000', application] }
      : { kind: 'argv', argv: ['python', 'manage.py', 'runserver', '0.0.0.0:8000'] };
  }
  const script = manifest.packageMode ? [...(manifest.entryPoints.get('console_scripts')?.keys() ?? [])][0] : undefined;
  if (script !== undefined) return { kind: 'argv', argv: [script] };
  const app = APPS.find((one) => files.has(one));
  return { kind: 'argv', argv: app === undefined ? ['python'] : ['python', app] };
}
