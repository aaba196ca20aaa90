// Kills one of four validators at random, again and again, under load; scripts/soak-network runs it.
// Usage: node soak.mjs [--minutes N] [--seed S] [--validators N] [--period-ms P]
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { parseArgs } from 'node:util';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Network } from './lib/network.mjs';
import { Load, seededRandom } from './lib/load.mjs';
import { binaries, keys } from './lib/devnet.mjs';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '5' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    validators: { type: 'string', default: '4' },
    'period-ms': { type: 'string', default: '200' },
  },
});
const random = seededRandom(Number(values.seed));
const net = await Network.start({ validators: Number(values.validators), periodMs: Number(values['period-ms']) });
console.log(`seed ${values.seed}: ${values.validators} validators in ${net.folder}, ${values.minutes} minutes`);
const loads = keys.map((key) => new Load(net, key).start());
const until = Date.now() + Number(values.minutes) * 60_000;
let kills = 0, stops = 0;
while (Date.now() < until) {
  await sleep(300 + random() * 3000);
  const node = net.nodes[Math.floor(random() * net.nodes.length)];
  const gently = random() < 0.2;
  await node.kill(gently ? 'SIGTERM' : 'SIGKILL');
  if (gently) ++stops; else ++kills;
  await net.advance(1, 60_000);  // three of four go on
  await sleep(random() * 2000);
  await node.launch();
  await net.advance(1, 60_000);
}
let acknowledged = 0;
for (const load of loads) acknowledged += await load.finish();
const head = await net.assertOneChain();

// Each acknowledged transaction is in one block, on every node's chain; transfers happened once.
const seen = new Set();
for (let height = 1; height <= head; ++height)
  for (const hash of (await net.nodes[0].rpc('eth_getBlockByNumber', '0x' + height.toString(16), false)).transactions) {
    assert.ok(!seen.has(hash), `${hash} was included twice`);
    seen.add(hash);
  }
for (const { sender } of loads)
  for (const hash of sender.acknowledged.keys()) assert.ok(seen.has(hash), `${hash} was acknowledged and is lost`);
for (const node of net.nodes) {
  await node.kill('SIGTERM');
  const check = await promisify(execFile)(path.join(binaries, 'aitbc-node'), ['db', 'check', '--data-dir', node.folder]);
  assert.match(check.stdout, /^ok: /);
}
await net.stop();
console.log(`clean: ${kills} kills, ${stops} stops, ${head} blocks, ${acknowledged} transactions acknowledged and none lost, every database sound`);
