// The aitbc command line against a devnet: the README's first booking, as written there, and what goes wrong.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Devnet, binaries } from './lib/devnet.mjs';

let net, environment;
before(async () => {
  net = await Devnet.start({ periodMs: 100 });
  environment = {
    ...process.env, PATH: `${binaries}:${process.env.PATH}`,
    AITBC_RPC_URL: net.url, AITBC_WALLET_DIR: path.join(net.folder, 'wallets'),
  };
});
after(async () => { await net?.stop(); });

const shell = (line) => spawnSync('bash', ['-c', line], { encoding: 'utf8', env: environment, input: '' });

test('the first booking of the README', () => {
  const readme = readFileSync(path.join(process.env.AITBC_SOURCE, 'README.md'), 'utf8');
  const section = readme.slice(readme.indexOf('## A first booking'), readme.indexOf('## The programs'));
  const lines = /```\n([\s\S]*?)```/.exec(section)[1].trim().split('\n');
  assert.equal(lines.length, 5, 'five lines');
  for (const line of lines) {
    const run = shell(line);
    assert.equal(run.status, 0, `${line}\n${run.stdout}${run.stderr}`);
  }
  const orders = JSON.parse(shell('aitbc --format json marketplace orders list').stdout);
  assert.match(JSON.stringify(orders), /"released"/);
  assert.match(shell('aitbc marketplace gpu details gpu_1').stdout, /5/);
});

test('lists wallets as the scripts expect, sends, and shows what was sent', () => {
  assert.match(shell('aitbc-cli create --name bob --password 123 --light').stdout, /^Wallet created: bob\nAddress: 0x[0-9a-fA-F]{40}$/m);
  const address = shell('aitbc-cli list | grep "bob:" | cut -d" " -f2').stdout.trim();
  assert.match(address, /^0x[0-9a-fA-F]{40}$/);
  const sent = shell(`aitbc-cli send --from genesis-ops --to ${address} --amount 1.25 --password 123`);
  const hash = /^Transaction hash: (0x[0-9a-f]{64})$/m.exec(sent.stdout)?.[1];
  assert.ok(hash, sent.stdout + sent.stderr);
  assert.match(shell('aitbc balance --name bob').stdout, /1\.25 AIT/);
  assert.equal(shell(`aitbc tx ${hash}`).status, 0);
  assert.equal(shell('aitbc block latest').status, 0);
});

test('mistakes have one sentence and their own exit status', () => {
  for (const [line, status] of [
    ['aitbc nonsense', 2],
    ['aitbc marketplace gpu details gpu_999', 1],
    ['aitbc send --from nobody --to 0x70997970C51812dc3A010C7d01b50e0d17dc79C8 --amount 1', 1],
    ['aitbc send --from bob --to 0x70997970C51812dc3A010C7d01b50e0d17dc79C8 --amount 1000 --password 123', 1],
    ['aitbc send --from bob --to 0x70997970C51812dc3A010C7d01b50e0d17dc79C8 --amount 0.1 --password wrong', 4],
    ['aitbc --rpc-url http://127.0.0.1:9 block latest', 3],
  ]) {
    const run = shell(line);
    assert.equal(run.status, status, `${line}\n${run.stdout}${run.stderr}`);
    assert.ok(run.stderr.trim().length > 0);
  }
});
