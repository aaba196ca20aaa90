// The devnet command with several validators: one Ctrl-C stops them all, and so does the end of the command itself.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { Wallet } from 'ethers';
import { Devnet, keys, waitFor } from './lib/devnet.mjs';
import { Sender } from './lib/load.mjs';

// The processes of a devnet's validators: their command lines name its folder.
const validatorsOf = (net) => readdirSync('/proc').filter((name) => /^\d+$/.test(name)).filter((pid) => {
  try {
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    return command.includes(path.join(net.folder, 'node', 'validator-'));
  } catch {
    return false;  // it ended just now
  }
});

test('four validators start, make blocks, stop with one SIGINT, and go on where they stopped', { timeout: 120_000 }, async () => {
  const net = await Devnet.start({ validators: 4, periodMs: 200 });
  try {
    assert.match(net.log, /^devnet ready http:\/\/127\.0\.0\.1:\d+$/m);
    assert.equal(validatorsOf(net).length, 4);
    const sender = new Sender(keys[0], Wallet.createRandom().address);
    await sender.submit(net, 0, 5);
    await waitFor('inclusion', async () => Number(await net.rpc('eth_getTransactionCount', sender.wallet.address, 'latest')) === 5);
    const height = await net.height();
    assert.equal((await net.kill('SIGINT')).code, 0);
    assert.equal(validatorsOf(net).length, 0, 'nothing is left behind');
    await net.launch();
    assert.ok((await net.height()) >= height);
    await sender.submit(net, 5, 5);
    await waitFor('inclusion', async () => Number(await net.rpc('eth_getTransactionCount', sender.wallet.address, 'latest')) === 10);

    await net.kill('SIGKILL');  // no time to tell anybody
    await waitFor('the validators to notice', async () => validatorsOf(net).length === 0);
  } finally {
    await net.stop();
  }
});

test('a folder keeps its number of validators', { timeout: 60_000 }, async () => {
  const net = await Devnet.start({ validators: 2 });
  try {
    await net.kill('SIGTERM');
    for (const validators of [1, 3]) {
      net.options.validators = validators;
      await assert.rejects(net.launch(), /another number of validators|other validators/);
    }
    net.options.validators = 2;
    await net.launch();
    assert.ok(existsSync(path.join(net.folder, 'node', 'validator-2', 'node.log')));
  } finally {
    await net.stop();
    await rm(net.folder, { recursive: true, force: true });
  }
});
