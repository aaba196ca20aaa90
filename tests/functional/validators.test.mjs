// A fifth node joins: first as a full node that serves everybody, then as a validator by votes, and leaves again by votes.
import { test, after, before } from 'node:test';
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import path from 'node:path';
import { Network, NetworkNode } from './lib/network.mjs';
import { Load } from './lib/load.mjs';
import { binaries, keys } from './lib/devnet.mjs';
import { waitFor } from './lib/node_process.mjs';

const run = promisify(execFile);
const aitbc = async (node, ...args) =>
  JSON.parse((await run(path.join(binaries, 'aitbc'), ['--rpc-url', node.url, '--format', 'json', 'validator', ...args])).stdout);

let net, fifth, load;
before(async () => {
  net = await Network.start({ validators: 4, periodMs: 200 });
  fifth = new NetworkNode(path.join(net.folder, 'fifth'));
  const genesis = path.join(net.nodes[0].folder, 'genesis.json');
  await run(path.join(binaries, 'aitbc-node'), ['init', '--data-dir', fifth.folder, '--from-genesis', genesis, '--rpc-port', '0',
    '--p2p-listen', '127.0.0.1:0', '--p2p-static-peers', net.nodes[0].enode]);
  load = new Load(net, keys[0]).start();
  await net.advance(3);
  await fifth.launch();
  net.nodes.push(fifth);
});
after(async () => { await net.stop(); });

test('a node that is no validator follows, finds the others by itself, and passes transactions on', { timeout: 120_000 }, async () => {
  await net.advance(3);
  await waitFor('peers of peers', async () => Number(await fifth.rpc('net_peerCount')) === 4);
  const onlyFifth = { running: [fifth] };
  const own = new Load(onlyFifth, keys[1]).start();
  await net.advance(3);
  assert.ok(await own.finish() > 0);
  assert.equal((await aitbc(fifth, 'list')).length, 4);
  assert.deepEqual(await fifth.rpc('eth_syncing'), false);
  await net.assertOneChain();
});

async function voted(address, add) {
  for (const node of net.nodes.slice(0, 3)) {
    await aitbc(node, 'propose', address, add ? '--add' : '--remove');
    const votes = await aitbc(node, 'votes');
    assert.deepEqual(votes.map(({ address: who, vote }) => [who.toLowerCase(), vote]), [[address, add ? 'add' : 'remove']]);
  }
  await waitFor('the vote', async () => {
    const list = await aitbc(net.nodes[3], 'list');
    return list.some((validator) => validator.address.toLowerCase() === address) === add;
  }, 60_000);
}

test('three of four vote it in, and it proposes blocks', { timeout: 120_000 }, async () => {
  const address = await fifth.address();
  await voted(address, true);
  const since = await fifth.height();
  await waitFor('a block of its own', async () => {
    const signers = await fifth.rpc('qbft_getSignerMetrics', '0x' + since.toString(16), 'latest');
    return signers.some((signer) => signer.address === address);
  }, 60_000);
  const validators = await fifth.rpc('qbft_getValidatorsByBlockNumber', 'latest');
  assert.equal(validators.length, 5);
  const { seals } = await fifth.rpc('qbft_getCommitSeals', 'latest');
  assert.ok(seals.length >= 4, 'a quorum of five is four');
});

test('votes take it out again, and can be taken back', { timeout: 120_000 }, async () => {
  const address = await fifth.address();
  await voted(address, false);
  await net.advance(3);
  const stranger = '0x' + '77'.repeat(20);
  await aitbc(net.nodes[0], 'propose', stranger);
  await aitbc(net.nodes[0], 'discard', stranger);
  assert.ok(!(await net.nodes[0].rpc('qbft_getPendingVotes'))[stranger]);
  await assert.rejects(aitbc(net.nodes[0], 'discard', stranger), /no vote/);
  assert.equal((await fifth.rpc('qbft_getValidatorsByBlockNumber', 'pending')).length, 4);
  assert.ok(await load.finish() > 0);
  await net.assertOneChain();
});
