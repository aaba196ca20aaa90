// The multi-node document's command blocks, as they stand, against a fresh devnet of four validators.
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
  net = await Devnet.start({ periodMs: 500, validators: 4 });
  environment = {
    PATH: `${binaries}:${process.env.PATH}`, AITBC_RPC_URL: net.url,
    AITBC_WALLET_DIR: path.join(net.folder, 'wallets'), SHORT_SECONDS: shortSeconds,
  };
  // Two folders of the document are elsewhere here.
  blocks = commandBlocks(text).map((block) => ({
    ...block,
    text: block.text.replaceAll('/opt/aitbc', '$DOCUMENT_HOME').replaceAll('/var/log/aitbc', '$DOCUMENT_HOME/log'),
  }));
  setUpGpus(environment);
});
after(async () => { await net?.stop(); });

// The document takes for granted that there are GPUs to allocate.
function setUpGpus(settings) {
  const setUp = spawnSync('bash', ['-ec', `
    aitbc create --name gpu-farm --password 123 && aitbc send --from genesis-ops --to gpu-farm --amount 1000
    aitbc stake add --wallet gpu-farm --amount 100
    for i in 1 2 3 4 5 6; do
      aitbc marketplace gpu register --wallet gpu-farm --model 'RTX 4090' --memory-gb 24 --price-per-hour 1
    done`], { encoding: 'utf8', env: { ...process.env, ...settings } });
  assert.equal(setUp.status, 0, setUp.stdout + setUp.stderr);
}

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

test('with real ids in place of those that were made up, everything succeeds', { skip, timeout: 900_000 }, async () => {
  const first = (command) => `"$(${command} | head -1 | cut -d" " -f2)"`;
  const bid = (service) => first(`./aitbc-cli marketplace --action pending-bids --service-id $${service} | grep bid_id`);
  const job = (wallet) => first(`./aitbc-cli jobs list --wallet ${wallet} --newest-first`);
  const transaction = '"$(./aitbc-cli --format json transactions --name customer-1 --limit 1 | grep -o "0x[0-9a-f]\\{64\\}" | head -1)"';
  // The work that a provider's agent would do.
  const work = (id, provider) => `echo result > result.txt; for job in ${id}; do
    ./aitbc-cli jobs start $job --wallet ${provider}; ./aitbc-cli jobs complete $job --wallet ${provider} --result-file result.txt; done`;
  const funded = (wallet) => `./aitbc-cli create --name ${wallet} --password 123; ./aitbc-cli send --from genesis-ops --to ${wallet} --amount 300 --password 123`;
  const replaced = (text) => text
    .replaceAll('"bid_123"', bid('SERVICE_ID')).replaceAll('"bid_456"', bid('GPU_SERVICE_ID'))
    .replaceAll('"bid_789"', bid('DATA_SERVICE_ID')).replaceAll('"test_bid"', bid('SERVICE_ID'))
    .replaceAll('# Customer receives results', work(job('customer-1'), 'marketplace-provider'))
    .replaceAll('# Training completes and researcher gets model', work(job('researcher-1'), 'gpu-provider'))
    .replaceAll('# Results are delivered and verified', work(job('enterprise-1'), 'ai-service-provider'))
    .replaceAll('"ai_job_123"', job('customer-1')).replaceAll('"ai_job_456"', job('researcher-1'))
    .replaceAll('"ai_job_789"', job('enterprise-1')).replaceAll('"tx_123"', transaction)
    // By then the service has its customer: new bids are for one that is open.
    .replace('# Simulate high transaction volume', `SERVICE_ID=${first('./aitbc-cli marketplace --action search --query training | grep service_id')}`)
    .replace('for i in {1..100}', `for i in {1..3}; do ${funded('test-wallet-$i')}; done\nfor i in {1..3}`)
    .replace('# Test transaction processing latency', funded('test-wallet'))
;
  // On a chain of its own, since wallets and services have the same names.
  const own = await Devnet.start({ periodMs: 100 });
  try {
    const settings = { ...environment, AITBC_RPC_URL: own.url, AITBC_WALLET_DIR: path.join(own.folder, 'wallets') };
    setUpGpus(settings);
    const document = new DocumentShell(path.join(own.folder, 'document'), 'aitbc-cli', path.join(binaries, 'aitbc-cli'), settings);
    const { status, output } = await document.run(blocks.map((block) => ({ ...block, text: replaced(block.text) })));
    assert.equal(status, 0, output.slice(-3000));
    const calls = document.calls();
    const failures = calls.filter((call) => call.status !== 0);
    assert.equal(failures.length, 0, failures.map(told).join('\n---\n'));
    const last = (words) => calls.filter((call) => call.line.includes(words)).at(-1);
    assert.match(last('ai-results').out, /Digest is that of the data: yes/);
    assert.match(last('ai-results').out, /result/);
    assert.match(last('--action settle-payment').out, /Paid to the provider: 29\.25 AIT/, 'thirty less the fee');
    assert.match(last('transaction verify ').out, /Verified: yes/);
    assert.match(last('--action reconcile').out, /Everything agrees: yes/);
  } finally {
    await own.stop();
  }
});
