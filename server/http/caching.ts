/** How long caches may keep what shows items: a killed text is gone from them within 2 seconds. */
export const FRESH = 'max-age=0, s-maxage=1, stale-while-revalidate=1';
