import * as z from 'zod';
import { StartError } from './errors.ts';

const whole = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, `is not a whole number from ${min} to ${max}`)
    .transform(Number)
    .refine((value) => value >= min && value <= max, `is not a whole number from ${min} to ${max}`);

const LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'silent'] as const;

const SSO = ['OIDC_ISSUER', 'OIDC_CLIENT_ID', 'OIDC_CLIENT_SECRET'] as const;
const SECRET = ['REDIS_URL', 'OIDC_CLIENT_SECRET'];

/** The environment's words, with their defaults. The README's table says the same; a test compares them. */
export const Settings = z.object({
  PORT: whole(0, 65535).default(8080),
  HOST: z.string().min(1).default('127.0.0.1'),
  REDIS_URL: z
    .string()
    .regex(/^rediss?:\/\/.+/, 'is not an address like redis://localhost:6379')
    .optional(),
  REDIS_PREFIX: z
    .string()
    .regex(/^[a-z0-9:_-]{1,40}$/, 'is not a word of a-z, 0-9, ":", "_" and "-"')
    .default('motograph'),
  REDIS_REPLICAS: whole(0, 9).default(0),
  DATA_DIR: z.string().min(1).default('./data'),
  NEWSROOM_FILE: z.string().min(1).optional(),
  PUBLIC_URL: z
    .url({ protocol: /^https?$/, error: 'is not an http or https address' })
    .transform((url) => url.replace(/\/+$/, ''))
    .optional(),
  TRUST_PROXY: whole(0, 9).default(0),
  OIDC_ISSUER: z
    .url({ protocol: /^https?$/, error: 'is not an http or https address', abort: true })
    .refine(
      (url) => url.startsWith('https:') || ['localhost', '127.0.0.1', '[::1]'].includes(URL.parse(url)?.hostname ?? ''),
      'is not https, so anybody on the way could say who somebody is',
    )
    .optional(),
  OIDC_CLIENT_ID: z.string().optional(),
  OIDC_CLIENT_SECRET: z.string().optional(),
  LOG_LEVEL: z.enum(LEVELS, { error: `is not one of ${LEVELS.join(', ')}` }).default('info'),
  LOG_LENGTH: whole(10, 100_000).default(5_000),
  MAX_READERS: whole(1, 1_000_000).default(20_000),
  ACCEPTS_PER_SECOND: whole(1, 100_000).default(1_000),
  DRAIN_MS: whole(0, 600_000).default(20_000),
  LIFETIME_MS: whole(10_000, 86_400_000).default(3_600_000),
  HEARTBEAT_MS: whole(1_000, 60_000).default(15_000),
});
export type Settings = z.infer<typeof Settings>;

/** Reads the settings once, from `env`. An empty word counts as unset. @throws StartError naming each wrong one */
export function readSettings(env: Record<string, string | undefined>): Settings {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const result = Settings.safeParse(given);
  if (result.success) return together(result.data);
  const wrong = result.error.issues.map(({ path, message }) => {
    const name = String(path[0]);
    const value = SECRET.includes(name) ? 'the value' : `"${given[name]}"`;
    return `${name}: ${value} ${message}`;
  });
  throw new StartError(`Wrong setting. ${wrong.join('; ')}.`);
}

function together(settings: Settings): Settings {
  const lacking = SSO.filter((name) => settings[name] === undefined);
  if (lacking.length === 0 || lacking.length === SSO.length) return settings;
  throw new StartError(`Wrong setting. Single sign-on needs ${lacking.join(' and ')} as well.`);
}
