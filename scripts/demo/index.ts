/**
 * The small index that the demo falls back on: stand-ins for Django and its debug toolbar in the shape of their real wheels,
 * with the same requirements between them, able to start a project, check it and answer a request.
 */

import { startIndex } from '../../tests/support/index-server.ts';
import { buildWheel } from '../../tests/support/wheel-builder.ts';

export interface DemoIndex {
  /** The simple API's root. */
  readonly url: string;
  stop(): void;
}

/** Builds the wheels and serves them on loopback. */
export function startDemoIndex(): DemoIndex {
  const server = startIndex([
    buildWheel({
      name: 'Django',
      version: '5.2',
      summary: 'A stand-in for Django, for demonstration',
      requires: ['asgiref>=3.8.1', 'sqlparse>=0.3.1', 'tzdata; sys_platform == "win32"'],
      files: { 'django/__init__.py': "__version__ = '5.2'\n", 'django/core.py': CORE },
      entryPoints: '[console_scripts]\ndjango-admin = django.core:main\n',
    }),
    buildWheel({
      name: 'django-debug-toolbar',
      version: '5.0',
      summary: 'A stand-in for the debug toolbar, for demonstration',
      requires: ['django>=4.2.9', 'sqlparse>=0.2'],
      files: { 'debug_toolbar/__init__.py': '' },
    }),
    buildWheel({ name: 'asgiref', version: '3.8.1', requires: ['typing-extensions>=4; python_version < "3.11"'] }),
    buildWheel({ name: 'sqlparse', version: '0.5.3', summary: 'A stand-in for sqlparse, for demonstration' }),
    buildWheel({ name: 'typing-extensions', version: '4.12.2' }),
    buildWheel({ name: 'tzdata', version: '2025.1' }),
  ]);
  return { url: server.url, stop: () => void server.stop() };
}

const CORE = `
import http.server
import os
import sys

MANAGE = """#!/usr/bin/env python
import sys
from django.core import main
if __name__ == "__main__":
    sys.exit(main())
"""


class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = b"<h1>The install worked successfully! Congratulations!</h1>"
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def main():
    command, arguments = sys.argv[1], [word for word in sys.argv[2:] if not word.startswith("--")]
    if command == "startproject":
        os.makedirs(arguments[0])
        for path, text in {"manage.py": MANAGE, arguments[0] + "/settings.py": "DEBUG = True\\n"}.items():
            with open(path, "w") as out:
                out.write(text)
    elif command == "check":
        print("System check identified no issues (0 silenced).")
    elif command == "runserver":
        host, port = arguments[0].split(":")
        http.server.HTTPServer((host, int(port)), Page).serve_forever()
    else:
        sys.exit("Unknown command: %r" % command)
`;
