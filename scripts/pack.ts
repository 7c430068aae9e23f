import { cpSync, existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Puts beside the compiled server what no compiler copies: the browser's files, the scripts for Redis, the default newsroom. */
const root = fileURLToPath(new URL('../', import.meta.url));
const scripts = 'server/engines/redis/';

cpSync(`${root}client/dist`, `${root}dist/client/dist`, { recursive: true });
if (existsSync(`${root}client/released`))
  cpSync(`${root}client/released`, `${root}dist/client/released`, { recursive: true });
cpSync(`${root}newsroom.json`, `${root}dist/newsroom.json`);
for (const name of readdirSync(root + scripts).filter((name) => name.endsWith('.lua')))
  cpSync(`${root}${scripts}${name}`, `${root}dist/${scripts}${name}`);
