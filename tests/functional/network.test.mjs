// Four real validators: load, kills, partitions, an empty disk, restarts.
import { test, after, before } from 'node:test';
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { keys } from './lib/devnet.mjs';
import { waitFor } from './lib/node_process.mjs';
import { Network } from './lib/network.mjs';
import { Load } from './lib/load.mjs';

let net;
before(async () => { net = await Network.start({ validators: 4, periodMs: 200 }); });
after(async () => { await net.stop(); });

const loads = () => keys.slice(0, 3).map((key) => new Load(net, key).start());

test('four validators agree on every block, and know each other', { timeout: 120_000 }, async () => {
  for (const node of net.nodes)
    await waitFor('peers', async () => Number(await node.rpc('net_peerCount')) === 3);
  const load = loads();
  await net.advance(10);
  for (const one of load) assert.ok(await one.finish() > 0);
  await net.assertOneChain();
  const proposers = await net.nodes[0].rpc('qbft_getSignerMetrics', '0x1', 'latest');
  assert.equal(proposers.length, 4, 'every validator proposes');
});

test('killed one after the other under load, no acknowledged transaction is lost', { timeout: 300_000 }, async () => {
  const load = loads();
  for (const node of net.nodes) {
    await net.advance(2);
    await node.kill('SIGKILL');
    await net.advance(3);
    await node.launch();
    await net.advance(2);
  }
  for (const one of load) assert.ok(await one.finish() > 0);
  await net.assertOneChain();
});

test('with two down the chain stops, and goes on when one returns', { timeout: 180_000 }, async () => {
  await net.nodes[0].kill('SIGKILL');
  await net.nodes[1].kill('SIGKILL');
  const load = loads();
  await sleep(1000);
  const height = await net.nodes[2].height();
  await sleep(3000);
  assert.equal(await net.nodes[2].height(), height, 'two of four decide nothing');
  await net.nodes[0].launch();
  await net.advance(3);
  await net.nodes[1].launch();
  await net.advance(3);
  for (const one of load) assert.ok(await one.finish() > 0);
  await net.assertOneChain();
});

test('halves that cannot reach each other decide nothing, and go on when healed', { timeout: 180_000 }, async () => {
  const [a, b, c, d] = net.nodes;
  const across = [[a, c], [a, d], [b, c], [b, d]];
  for (const [x, y] of across) {
    await x.rpc('admin_removePeer', y.enode);
    await y.rpc('admin_removePeer', x.enode);
  }
  const load = loads();
  await sleep(1000);
  const heights = await Promise.all(net.nodes.map((node) => node.height()));
  await sleep(3000);
  assert.deepEqual(await Promise.all(net.nodes.map((node) => node.height())), heights);
  for (const [x, y] of across) {
    await x.rpc('admin_addPeer', y.enode);
    await y.rpc('admin_addPeer', x.enode);
  }
  await net.advance(3);
  for (const one of load) assert.ok(await one.finish() > 0);
  await net.assertOneChain();
});

test('a validator with an empty disk catches up and takes part again', { timeout: 180_000 }, async () => {
  const load = loads();
  const [node] = net.nodes;
  await node.kill('SIGTERM');
  await node.wipe();
  await net.advance(2);
  await node.launch();
  const back = await net.nodes[1].height();
  await net.reach(back);
  const address = await node.address();
  await waitFor('a block of its own', async () => {
    const metrics = await net.nodes[1].rpc('qbft_getSignerMetrics', '0x' + (back + 1).toString(16), 'latest').catch(() => []);
    return metrics.some((signer) => signer.address === address);
  });
  for (const one of load) assert.ok(await one.finish() > 0);
  await net.assertOneChain();
});

test('a rolling restart leaves the chain going', { timeout: 180_000 }, async () => {
  const load = loads();
  for (const node of net.nodes) {
    const { code } = await node.kill('SIGTERM');
    assert.equal(code, 0);
    // It took its leave, so nobody takes it for broken.
    for (const other of net.running) await waitFor('the farewell', () => other.log.includes('it said: stopping'));
    await node.launch();
    await net.advance(2);
  }
  for (const one of load) assert.ok(await one.finish() > 0);
  await net.assertOneChain();
});

test('validators bring their blocks about themselves and do not fetch them', { timeout: 120_000 }, async () => {
  // A second apart: everybody's last block is older than anybody is patient.
  const slow = await Network.start({ validators: 4, periodMs: 1000 });
  try {
    const load = keys.slice(0, 3).map((key) => new Load(slow, key).start());
    await slow.advance(2);
    const asked = async () => {
      const each = await Promise.all(slow.nodes.map((node) => node.metric('aitbc_p2p_sent_total{kind="get_blocks"}')));
      return each.reduce((sum, count) => sum + count, 0);
    };
    const before = await asked();
    await slow.advance(10);
    for (const one of load) assert.ok(await one.finish() > 0);
    const requests = await asked() - before;
    assert.ok(requests < 10, `${requests} requests for blocks while there were ten`);
  } finally {
    await slow.stop();
  }
});
