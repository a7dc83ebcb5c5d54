/** The one error that travels inside the bridge: a code from the closed list, and nothing that could be private. */
import type { ErrorCode } from '../model.ts';

export class BridgeError extends Error {
  override name = 'BridgeError';
  readonly code: ErrorCode;

  constructor(code: ErrorCode) {
    super(code);
    this.code = code;
  }
}

/** The code of anything thrown; `internal` for what nobody foresaw. */
export function codeOf(error: unknown): ErrorCode {
  return error instanceof BridgeError ? error.code : 'internal';
}
