const KB = 1024;

/** The scripts that other sites load, and the most that each may be as it is sent. */
export const BUDGET = { 'ticker.js': 11 * KB, 'ticker-list.js': 10 * KB, 'module.js': 11 * KB };
