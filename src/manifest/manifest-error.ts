import { type ErrorOptions, TercetError } from '../ground/error.ts';

/** A `pyproject.toml` that is TOML but no valid project; the message is in Poetry's words. Code `manifest-invalid`. */
export class ManifestError extends TercetError {
  constructor(message: string, options: ErrorOptions = {}) {
    super('manifest-invalid', message, options);
    this.name = 'ManifestError';
  }
}
