const SQLITE_BUSY = 5;
const SQLITE_READONLY = 8;
const SQLITE_FULL = 13;
const SQLITE_CANTOPEN = 14;

const WHAT_TO_DO: Record<number, string> = {
  [SQLITE_BUSY]: 'End the process that holds it or set DATA_DIR.',
  [SQLITE_READONLY]: 'Make it and its folder writable or set DATA_DIR.',
  [SQLITE_FULL]: 'Free some disk space or set DATA_DIR.',
  [SQLITE_CANTOPEN]: 'Make its folder writable or set DATA_DIR.',
};

/** @throws an Error whose message is one line for a person: what, where, what to do */
export function explained<T>(file: string, open: () => T): T {
  try {
    return open();
  } catch (error) {
    const { message, errcode } = error as Error & { errcode?: number };
    // The low byte is the kind of error, the rest its variant.
    const advice = errcode && (WHAT_TO_DO[errcode & 0xff] ?? 'Move it away or set DATA_DIR.');
    throw new Error(`Cannot open the database ${file}: ${message}${advice ? `. ${advice}` : ''}`, { cause: error });
  }
}
