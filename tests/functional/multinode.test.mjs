// The multi-node document's command blocks, as they stand, against a fresh devnet.
// It is read from the project's shared folder; without that the test is skipped.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { Devnet, binaries } from './lib/devnet.mjs';
import { DocumentShell, commandBlocks } from './lib/document.mjs';

const seeds = path.join(process.env.AITBC_SOURCE, '..', 'shared', 'seeds');
const name = existsSync(seeds) && readdirSync(seeds).find((file) => file.startsWith('004_'));
const skip = name ? false : `the document is not there (${seeds}/004_*)`;

// What the document made up: no record, transaction or wallet has these names.
const madeUp = /^(bid_(123|456|789)|test_bid|ai_job_\d+|tx_123|test-wallet(-\d+)?)$/;
// Tests of the document take 300 s each; AITBC_LONG_TESTS=1 lets them.
const shortSeconds = process.env.AITBC_LONG_TESTS ? '' : '3';

let net, environment, blocks, text;
before(async () => {
  if (skip) return;
  text = readFileSync(path.join(seeds, name), 'utf8');
  net = await Devnet.start({ periodMs: 100 });
  environment = {
    PATH: `${binaries}:${process.env.PATH}`, AITBC_RPC_URL: net.url,
    AITBC_WALLET_DIR: path.join(net.folder, 'wallets'), SHORT_SECONDS: shortSeconds,
  };
  // Two folders of the document are elsewhere here.
  blocks = commandBlocks(text).map((block) => ({
    ...block,
    text: block.text.replaceAll('/opt/aitbc', '$DOCUMENT_HOME').replaceAll('/var/log/aitbc', '$DOCUMENT_HOME/log'),
  }));
  // The document takes for granted that there are GPUs to allocate.
  const setUp = spawnSync('bash', ['-ec', `
    aitbc create --name gpu-farm --password 123 && aitbc send --from genesis-ops --to gpu-farm --amount 1000
    aitbc stake add --wallet gpu-farm --amount 100
    for i in 1 2 3 4 5 6; do
      aitbc marketplace gpu register --wallet gpu-farm --model 'RTX 4090' --memory-gb 24 --price-per-hour 1
    done`], { encoding: 'utf8', env: { ...process.env, ...environment } });
  assert.equal(setUp.status, 0, setUp.stdout + setUp.stderr);
});
after(async () => { await net?.stop(); });

const shell = (folder) => new DocumentShell(path.join(net.folder, folder), 'aitbc-cli', path.join(binaries, 'aitbc-cli'), environment);
const told = (call) => `block ${call.block}: aitbc-cli ${call.line}\n${call.status}: ${call.out}${call.err}`;

test('every command of the document is in one of its blocks', { skip }, () => {
  const count = (string) => string.match(/\.\/aitbc-cli/g).length;
  assert.equal(blocks.reduce((sum, block) => sum + count(block.text), 0), count(text));
});

test('the blocks run as they stand; only what the document made up is refused', { skip, timeout: 900_000 }, async () => {
  const document = shell('document');
  const { status, output } = await document.run(blocks);
  assert.equal(status, 0, output.slice(-3000));
  const calls = document.calls();
  // Loops: five allocations where one is written, a hundred bids where one is.
  assert.equal(calls.length, text.match(/\.\/aitbc-cli/g).length + 4 + 99);
  const problems = [];
  for (const call of calls) {
    const invented = call.words.find((word) => madeUp.test(word));
    // No bid was accepted, since its id was made up: there is nothing to pay.
    const unpayable = call.line.includes('--action settle-payment');
    const expected = invented || unpayable ? 1 : 0;
    if (call.status !== expected) problems.push(told(call));
    else if (expected && (call.err.trim().split('\n').length !== 1 || !/^error: /.test(call.err))) problems.push(`not one sentence: ${told(call)}`);
    else if (invented && !call.err.includes(invented)) problems.push(`does not name ${invented}: ${told(call)}`);
  }
  assert.equal(problems.length, 0, problems.join('\n---\n'));
});
