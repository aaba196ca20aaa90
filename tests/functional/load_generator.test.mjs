// aitbc-bench against a devnet: what it measures of REST and of subscribers, and when it says that something is wrong.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Wallet } from 'ethers';
import { Devnet, binaries, keys, temporaryFolder } from './lib/devnet.mjs';
import { Sender } from './lib/load.mjs';

let net, folder, log, sending;
before(async () => {
  folder = await temporaryFolder();
  log = path.join(folder, 'node.log');
  net = await Devnet.start({ prefix: ['sh', '-c', `exec "$0" "$@" 2>${log}`], flags: ['--log-format', 'json'] });
  sending = keepSending();
});
let stopped = false;
after(async () => {
  stopped = true;
  await sending;
  await net?.stop();
  await rm(folder, { recursive: true, force: true });
});

// Blocks are made when there is something for them.
async function keepSending() {
  const sender = new Sender(keys[0], Wallet.createRandom().address);
  for (let nonce = 0; !stopped; ++nonce) {
    await sender.submit(net, nonce, 1);
    await sleep(50);
  }
}

const bench = (...args) => new Promise((resolve) => {
  execFile(path.join(binaries, 'aitbc-bench'), args, (error, stdout, stderr) => resolve({ status: error?.code ?? 0, stdout, stderr }));
});

test('GETs are measured path by path; an answer that is an error is none', async () => {
  const paths = ['/v1/blocks/latest', '/v1/marketplace/gpu/list'];
  const { status, stdout } = await bench('rest', '--rpc-url', net.url, '--seconds', '1', '--json', ...paths);
  assert.equal(status, 0);
  const rates = JSON.parse(stdout);
  assert.deepEqual(rates.map((rate) => rate.name), paths);
  assert.ok(rates.every((rate) => rate.calls > 0 && rate.latency_p99_ms > 0));
  const wrong = await bench('rest', '--rpc-url', net.url, '--seconds', '1', '/v1/marketplace/gpu/gpu_1');
  assert.equal(wrong.status, 1);
  assert.match(wrong.stderr, /404: .*gpu_1/);
});

test('every subscriber hears of every head that comes once all are there; delays count from the commit', async () => {
  const { status, stdout } = await bench('subscribers', '--rpc-url', net.url, '--subscribers', '50', '--seconds', '2', '--node-log', log, '--json');
  assert.equal(status, 0, stdout);
  const report = JSON.parse(stdout);
  assert.ok(report.heads >= 2, stdout);
  assert.equal(report.notifications, 50 * report.heads);
  assert.equal(report.from_commit, true);
  assert.ok(report.delay_p50_ms > 0 && report.delay_p99_ms < 5000, stdout);
});

test('without heads, or with a log of something else, there is nothing to report', async () => {
  const other = await bench('subscribers', '--rpc-url', net.url, '--subscribers', '2', '--seconds', '1', '--node-log', '/dev/null');
  assert.equal(other.status, 1);
  assert.match(other.stderr, /does not tell of block/);
  stopped = true;
  await sending;
  await sleep(500);
  const silent = await bench('subscribers', '--rpc-url', net.url, '--subscribers', '2', '--seconds', '1');
  assert.equal(silent.status, 1);
  assert.match(silent.stderr, /no new head in 1 seconds/);
});
