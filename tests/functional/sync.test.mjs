// Nodes that are behind catch up with real processes over real connections.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { binaries, temporaryFolder, waitFor } from './lib/devnet.mjs';
import { Node } from './lib/nodes.mjs';

const run = promisify(execFile);
// scripts/catch-up sets it: many take minutes to make and to fetch.
const blocks = Number(process.env.AITBC_SYNC_BLOCKS ?? 2000);
const timeout = Math.max(540_000, blocks * 30);

async function freePort() {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

async function sameChain(a, b, heights) {
  for (const height of heights) {
    const tag = `0x${height.toString(16)}`;
    const [left, right] = await Promise.all([a, b].map((node) => node.rpc('eth_getBlockByNumber', tag, true)));
    assert.deepEqual(left, right, `block ${height}`);
    assert.ok(left, `block ${height} is missing`);
  }
}

test(`an empty node fetches ${blocks} blocks, is killed on the way, and a third one follows it`, { timeout }, async (t) => {
  const folder = await temporaryFolder();
  const source = await Node.withChain(folder, 'source', { blocks, transactions: 3, validators: 4 });
  const follower = await Node.make(folder, 'follower', path.join(source.dataDir, 'genesis.json'));
  try {
    await source.start();
    await follower.start([source.enode]);
    await follower.reaches(Math.floor(blocks / 4), timeout);
    await follower.kill();
    const began = Date.now();
    await follower.start([source.enode]);
    const from = await follower.height();
    await follower.reaches(blocks, timeout);
    const seconds = (Date.now() - began) / 1000;
    t.diagnostic(`${blocks - from} blocks in ${seconds.toFixed(1)} s: ${Math.round((blocks - from) / seconds)} blocks/s, of three transfers and three seals each`);
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
    await second.reaches(blocks, timeout);
    await waitFor('the metric', async () => (await follower.metric('aitbc_sync_blocks_served_total')) >= blocks);
    await second.kill('SIGTERM');
  } finally {
    await Promise.all([source.kill(), follower.kill()]);
    await rm(folder, { recursive: true, force: true });
  }
});

test('an empty node starts from a snapshot, is killed on the way, and follows', { timeout: 540_000 }, async () => {
  const folder = await temporaryFolder();
  const source = await Node.withChain(folder, 'source', { blocks: 300, transactions: 40, senders: 20, recipients: 2000 });
  const newcomer = await Node.make(folder, 'newcomer', path.join(source.dataDir, 'genesis.json'));
  try {
    await source.start();
    const snapshot = newcomer.start([source.enode], ['--sync-mode', 'snapshot']);
    snapshot.catch(() => {});  // killed before it serves
    await sleep(2300);
    await newcomer.kill();
    await newcomer.start([source.enode], ['--sync-mode', 'snapshot']);
    await newcomer.reaches(300);
    assert.match(newcomer.log, /snapshot complete|height/);
    const { transactions } = await source.rpc('eth_getBlockByNumber', '0x12c', true);
    for (const { from, to } of transactions)
      for (const account of [from, to])
        for (const query of ['eth_getBalance', 'eth_getTransactionCount'])
          assert.equal(await newcomer.rpc(query, account, 'latest'), await source.rpc(query, account, 'latest'));
    // What came before is not there, and the node says so.
    await assert.rejects(newcomer.rpc('eth_getBlockByNumber', '0x64', true), /began with block/);
    await newcomer.kill('SIGTERM');
    const { stdout } = await run(path.join(binaries, 'aitbc-node'), ['db', 'check', '--data-dir', newcomer.dataDir]);
    assert.match(stdout, /300|301|302/);
  } finally {
    await Promise.all([source.kill(), newcomer.kill()]);
    await rm(folder, { recursive: true, force: true });
  }
});

test('while a snapshot is fetched the port says so', { timeout: 120_000 }, async () => {
  const folder = await temporaryFolder();
  const source = await Node.withChain(folder, 'source', { blocks: 20, transactions: 2 });
  const newcomer = await Node.make(folder, 'newcomer', path.join(source.dataDir, 'genesis.json'));
  newcomer.port = await freePort();
  newcomer.url = `http://127.0.0.1:${newcomer.port}`;
  try {
    // Nobody has a snapshot yet.
    newcomer.start([], ['--sync-mode', 'snapshot']).catch(() => {});
    const syncing = await waitFor('an answer', () => newcomer.rpc('eth_syncing').catch((error) => { if (error.code !== undefined) throw error; }));
    assert.deepEqual({ ...syncing }, { startingBlock: '0x0', currentBlock: '0x0', highestBlock: '0x0', syncedAccountsAndSlots: '0x0', missingParts: '0x0' });
    assert.equal(Number(await newcomer.rpc('eth_chainId')), Number(await newcomer.rpc('net_version')));
    assert.match(await newcomer.rpc('web3_clientVersion'), /aitbc-node/);
    for (const method of ['eth_blockNumber', 'eth_getBalance', 'eth_sendRawTransaction', 'market_listGpus', 'nonsense'])
      await assert.rejects(newcomer.rpc(method), { code: -32000, message: /snapshot.*eth_syncing/ });
    const answers = await fetch(newcomer.url, { method: 'POST', headers: { 'content-type': 'application/json' },
      body: JSON.stringify(['eth_syncing', 'eth_gasPrice'].map((method, id) => ({ jsonrpc: '2.0', id, method, params: [] }))) });
    assert.deepEqual((await answers.json()).map((answer) => answer.error?.code), [undefined, -32000]);
    const get = (route) => fetch(new URL(route, newcomer.url));
    assert.equal((await get('/health/live')).status, 200);
    const ready = await get('/health/ready');
    assert.equal(ready.status, 503);
    assert.equal((await ready.json()).status, 'syncing');
    const gpus = await get('/v1/marketplace/gpu/list');
    assert.equal(gpus.status, 503);
    assert.match((await gpus.json()).detail, /snapshot/);
    assert.equal((await get('/metrics')).status, 200);
    const socket = new WebSocket(newcomer.url.replace('http', 'ws'));
    await once(socket, 'open');
    socket.send(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_subscribe', params: ['newHeads'] }));
    const [data] = await once(socket, 'message');
    assert.match(JSON.parse(data).error.message, /snapshot/);
    // Stops when told to, with a message, in the middle of it all.
    assert.equal((await newcomer.kill('SIGTERM')).signal, null);
    assert.match(newcomer.log, /snapshot sync was stopped/);

    // With a peer it gets there, on the same port.
    await source.start();
    await newcomer.start([source.enode], ['--sync-mode', 'snapshot']);
    await newcomer.reaches(20);
    assert.equal(await newcomer.rpc('eth_syncing'), false);
  } finally {
    await Promise.all([source.kill(), newcomer.kill()]);
    await rm(folder, { recursive: true, force: true });
  }
});
