// Nodes that are behind catch up with real processes over real connections.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { temporaryFolder, waitFor } from './lib/devnet.mjs';
import { Node } from './lib/nodes.mjs';

const blocks = Number(process.env.AITBC_SYNC_BLOCKS ?? 2000);

async function sameChain(a, b, heights) {
  for (const height of heights) {
    const tag = `0x${height.toString(16)}`;
    const [left, right] = await Promise.all([a, b].map((node) => node.rpc('eth_getBlockByNumber', tag, true)));
    assert.deepEqual(left, right, `block ${height}`);
    assert.ok(left, `block ${height} is missing`);
  }
}

test(`an empty node fetches ${blocks} blocks, is killed on the way, and then follows`, { timeout: 540_000 }, async () => {
  const folder = await temporaryFolder();
  const source = await Node.withChain(folder, 'source', { blocks, transactions: 3 });
  const follower = await Node.make(folder, 'follower', path.join(source.dataDir, 'genesis.json'));
  try {
    await source.start();
    await follower.start([source.enode]);
    await follower.reaches(Math.floor(blocks / 4));
    await follower.kill();
    await follower.start([source.enode]);
    await follower.reaches(blocks);
    await waitFor('the end of sync', async () => (await follower.rpc('eth_syncing')) === false);
    await sameChain(source, follower, [1, 2, Math.floor(blocks / 2), blocks]);
    await waitFor('the metric', async () => (await follower.metric('aitbc_sync_active')) === 0);
    assert.equal(await follower.metric('aitbc_sync_rejected_peers_total'), 0);
    const account = (await source.rpc('eth_getBlockByNumber', '0x1', true)).transactions[0].from;
    for (const query of ['eth_getBalance', 'eth_getTransactionCount'])
      assert.equal(await follower.rpc(query, account, 'latest'), await source.rpc(query, account, 'latest'));

    // A follower of the follower has its blocks at second hand.
    const second = await Node.make(folder, 'second', path.join(source.dataDir, 'genesis.json'));
    await second.start([follower.enode]);
    await second.reaches(blocks);
    await waitFor('the metric', async () => (await follower.metric('aitbc_sync_blocks_served_total')) >= blocks);
    await second.kill('SIGTERM');
  } finally {
    await Promise.all([source.kill(), follower.kill()]);
    await rm(folder, { recursive: true, force: true });
  }
});
