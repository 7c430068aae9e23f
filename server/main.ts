#!/usr/bin/env -S node --max-semi-space-size=8 --initial-old-space-size=128
import { Command, InvalidArgumentError, Option } from 'commander';
import { printAudit } from './commands/audit.ts';
import { check } from './commands/check.ts';
import { addKey, listKeys, revokeKey } from './commands/key.ts';
import { say } from './commands/office.ts';
import { amend, hold, kill, post, release } from './commands/post.ts';
import { inviteStaff, listStaff, recoverStaff } from './commands/staff.ts';
import { tail } from './commands/tail.ts';
import { exportItems, importFile } from './commands/transfer.ts';
import { EngineUnavailable } from './engine.ts';
import { Problem, StartError } from './errors.ts';
import { ROLES } from './roles.ts';

const program = new Command('motograph').description('A live-news ticker: post a headline, and every reader sees it.');

program
  .command('serve')
  .description('run the service')
  .action(async () => (await import('./commands/serve.ts')).serve());

const key = program.command('key').description('API keys');
key
  .command('add <name>')
  .description('make a key and print it, this once')
  .addOption(role())
  .option('--edition <id...>', 'editions the key is for', ['*'])
  .action(addKey);
key.command('list').description('print the keys, a line each, without their secrets').action(listKeys);
key.command('revoke <id>').description('end a key at once').action(revokeKey);

const staff = program.command('staff').description('who may come in to the desk');
staff.command('list').description('print who is there, a line each').action(listStaff);
staff
  .command('invite <name>')
  .description('make a one-time link for somebody and print it, this once')
  .addOption(role())
  .option('--edition <id...>', 'editions in which they have the role', ['*'])
  .action(inviteStaff);
staff.command('recover <id>').description('make a one-time link for who cannot sign in any more').action(recoverStaff);

withFields(program.command('post <edition> <headline>'))
  .description('publish a headline now')
  .option('--key <key>', 'idempotency key: the same post with the same key happens once')
  .action(post);
withFields(program.command('amend <id>'))
  .description('refile, update, clarify or correct an item')
  .requiredOption('--kind <kind>', 'refile, update, clarification or correction')
  .option('--headline <text>')
  .option('--notice <text>', 'what readers are told; required for a clarification and a correction')
  .option('--revision <number>', 'the revision you looked at (default: the present one)', whole)
  .option('--key <key>', 'idempotency key')
  .action(amend);
program
  .command('hold <id>')
  .description('take an item out of view while it is checked')
  .option('--key <key>', 'idempotency key')
  .action(hold);
program
  .command('release <id>')
  .description('bring a held item back')
  .option('--key <key>', 'idempotency key')
  .action(release);
program
  .command('kill <id>')
  .description('withdraw an item for ever')
  .requiredOption('--notice <text>', 'what readers are told')
  .option('--key <key>', 'idempotency key')
  .action(kill);

program
  .command('audit [edition]')
  .description('print who did what: in an edition, or to staff and keys')
  .action(printAudit);
program.command('tail <edition>').description('print what happens in an edition, a message a line').action(tail);
program
  .command('import <file>')
  .description('publish items of the past from JSON Lines ("-": stdin)')
  .action(importFile);
program.command('export [edition]').description('print the published items as JSON Lines').action(exportItems);
program.command('check').description('say whether the service would start here').action(check);

program.parseAsync().catch((error: unknown) => {
  const expected = error instanceof StartError || error instanceof Problem || error instanceof EngineUnavailable;
  say(expected ? error.message : `motograph failed: ${error instanceof Error ? error.stack : error}`);
  process.exit(1);
});

function role(): Option {
  return new Option('--role <role>').choices(ROLES).makeOptionMandatory();
}

function withFields(command: Command): Command {
  return command
    .option('--url <url>', 'what the row opens')
    .option('--label <code>', 'a label of newsroom.json')
    .option('--tag <name...>', 'tags by name')
    .option('--section <code>', 'a section of newsroom.json')
    .option('--summary <text>')
    .option('--byline <text>')
    .option('--dateline <text>')
    .option('--slugline <text>')
    .option('--source <name...>', 'who says so')
    .option('--urgency <number>', '1 flash, 2 bulletin, 3 urgent, 5 routine, 8 deferred', whole);
}

function whole(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It is not a whole number.');
  return Number(text);
}
