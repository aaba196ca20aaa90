// Four validators in network namespaces, two behind each of two switches, and the cable between the switches is pulled.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Network } from './lib/network.mjs';
import { Namespaces } from './lib/namespaces.mjs';
import { Load } from './lib/load.mjs';
import { keys } from './lib/devnet.mjs';
import { waitFor } from './lib/node_process.mjs';

const staticPeers = (node) => readFileSync(path.join(node.folder, 'aitbc-node.toml'), 'utf8').match(/static-peers = ['"](.*)['"]/)[1].split(',');

test('a network that falls in halves stops without a fork, and goes on when it is one again', { timeout: 240_000 }, async (t) => {
  const spaces = Namespaces.create(4);
  if (!spaces) return t.skip('this machine allows no network namespaces');
  let net;
  try {
    net = await Network.start({ validators: 4, periodMs: 200, launch: false });
    // Of each node the others know the identity; the addresses are new.
    const ids = [staticPeers(net.nodes[1])[0], ...staticPeers(net.nodes[0])].map((enode) => enode.split('@')[0]);
    const enodes = ids.map((id, i) => `${id}@${spaces.address(i)}:30303`);
    await Promise.all(net.nodes.map((node, i) => node.launch([
      '--rpc-address', '0.0.0.0', '--rpc-port', '8545', '--p2p-listen', `${spaces.address(i)}:30303`,
      '--p2p-static-peers', enodes.filter((_, other) => other !== i).join(','),
    ], { prefix: spaces.prefix(i), host: spaces.address(i) })));
    for (const node of net.nodes) await waitFor('peers', async () => Number(await node.rpc('net_peerCount')) === 3);
    const load = new Load(net, keys[0]).start();
    await net.advance(5);

    spaces.pull();
    await sleep(1500);
    const heights = await Promise.all(net.nodes.map((node) => node.height()));
    await sleep(4000);
    assert.deepEqual(await Promise.all(net.nodes.map((node) => node.height())), heights, 'two of four decide nothing');
    // Silence is noticed, though no connection was closed.
    for (const node of net.nodes) await waitFor('the loss', async () => Number(await node.rpc('net_peerCount')) === 1, 60_000);

    spaces.plug();
    await net.advance(5, 90_000);
    assert.ok(await load.finish() > 0);
    await net.assertOneChain();
    for (const node of net.nodes) assert.equal(await node.metric('aitbc_p2p_bans_total'), 0, 'nobody took the silence for malice');
  } finally {
    await net?.stop();
    spaces.destroy();
  }
});
