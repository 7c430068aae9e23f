const KB = 1024;

/** The scripts that other sites load, and the most that each may be as it is sent. */
export const BUDGET = { 'ticker.js': 10.8 * KB, 'ticker-list.js': 9.9 * KB, 'module.js': 10.9 * KB };
