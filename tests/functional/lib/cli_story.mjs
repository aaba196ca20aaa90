// A walk through the market in which every command of the command line succeeds once, on a devnet of its own.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { Wallet } from 'ethers';
import { Devnet, keys } from './devnet.mjs';
import { Cli } from './provider.mjs';
import { wallets, providers, gpus, bookings, offers, services, jobs } from './cli_steps_rent.mjs';
import { auctions, disputes, governance, signedOrders, reports, loads, programs } from './cli_steps_more.mjs';

const address = (index) => new Wallet(keys[index]).address;

// Commands run in order; each one's words are kept as an example of how it is used.
export class Story {
  examples = new Map();  // command -> words, as they succeeded
  plain = new Set();     // commands whose answer with --format json is no JSON

  static async begin() {
    const story = new Story();
    // The first account holds every role; it and the fourth validate, so that a proposal needs both.
    story.net = await Devnet.start({
      periodMs: 100,
      validatorKeys: [keys[0], keys[3]],
      marketplace: {
        arbitrators: [address(0)], moderators: [address(0)], coordinators: [address(3)],
        minDisputeBond: '1000000000000000', governanceDelay: 1, unbondingTime: 1,
      },
    });
    story.cli = new Cli(story.net.folder, story.net.url);
    story.cli.environment.AITBC_PASSWORD = 'not the development one';
    story.commands = story.cli.json('man').filter((each) => each.command !== '');
    return story;
  }

  end() { return this.net.stop(); }

  file(name, content) {
    const file = path.join(this.net.folder, name);
    if (content !== undefined) writeFileSync(file, content, { mode: 0o600 });
    return file;
  }

  // The command that the words name: `marketplace --action NAME` is `marketplace action NAME`.
  commandOf(words) {
    const plain = words.join(' ').replace(/^marketplace --action /, 'marketplace action ');
    return this.commands.map((each) => each.command).filter((each) => `${plain} `.startsWith(`${each} `))
      .sort((a, b) => b.length - a.length)[0];
  }

  // Runs `words` (split at spaces) and more words as they are; gives what it printed as JSON.
  does(words, ...more) {
    const all = [...words.split(' '), ...more];
    const done = this.cli.run('--format', 'json', ...all);
    assert.equal(done.status, 0, `aitbc ${all.join(' ')}\n${done.stdout}${done.stderr}`);
    const command = this.commandOf(all);
    if (!this.examples.has(command)) this.examples.set(command, all);
    try {
      return JSON.parse(done.stdout);
    } catch {
      this.plain.add(command);
      return done.stdout;
    }
  }

  // The example of a command with one value in place of its own.
  exampleWith(command, option, value) {
    const words = [...this.examples.get(command)];
    if (option.positional) {
      words[command.split(' ').length] = value;
      return words;
    }
    const at = words.indexOf(option.name);
    if (at >= 0) words.splice(at, 2);
    return [...words, `${option.name}=${value}`];
  }

  address(wallet) { return this.cli.json('balance', '--name', wallet).address; }

  // An id of that kind in a command's answer.
  made(kind, words, ...more) {
    const answer = JSON.stringify(this.does(words, ...more));
    const found = new RegExp(`"(${kind}_\\d+)"`).exec(answer);
    assert.ok(found, `no ${kind}_ in ${answer}`);
    return found[1];
  }

  async tell() {
    const steps = [wallets, providers, gpus, bookings, offers, services, jobs, auctions, disputes, governance, signedOrders, reports,
      loads, programs];
    for (const step of steps) await step(this);
  }
}
