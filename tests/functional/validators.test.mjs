// A fifth node joins: first as a full node that serves everybody, then as a validator by votes, and leaves again by votes.
import { test, after, before } from 'node:test';
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Contract, JsonRpcProvider, Wallet, ZeroAddress, parseEther } from 'ethers';
import { Network, NetworkNode } from './lib/network.mjs';
import { Load } from './lib/load.mjs';
import { binaries, chainId, keys, marketplace } from './lib/devnet.mjs';
import { waitFor } from './lib/node_process.mjs';

const run = promisify(execFile);
const aitbc = async (node, ...args) =>
  JSON.parse((await run(path.join(binaries, 'aitbc'), ['--rpc-url', node.url, '--format', 'json', 'validator', ...args])).stdout);

let net, fifth, load, ethers;
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
after(async () => {
  ethers?.destroy();
  await net.stop();
});

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

// A market as this node's validator sees it.
async function marketOf(node) {
  const wallet = new Wallet(`0x${readFileSync(path.join(node.folder, 'validator.key'), 'utf8').trim()}`, ethers);
  const bank = new Wallet(keys[2], ethers);
  await (await bank.sendTransaction({ to: wallet.address, value: parseEther('1') })).wait();
  return new Contract(marketplace, [
    'function propose(string subject, uint256 value, address account) returns (uint64)', 'function approve(uint64 proposalId)',
    'error NotValidator(address caller)',
  ], wallet);
}
const stateOf = async (proposal) => (await net.nodes[0].rpc('market_getProposal', proposal)).state;
const approve = async (market) => (await market.approve(1)).wait();
let markets;

test('a validator proposes a change of the market, and another approves it', { timeout: 60_000 }, async () => {
  ethers = new JsonRpcProvider(net.nodes[0].url, chainId, { staticNetwork: true, pollingInterval: 50, cacheTimeout: -1 });
  markets = [];
  for (const node of net.nodes) markets.push(await marketOf(node));
  await (await markets[4].propose('takeBps', 300, ZeroAddress)).wait();
  await approve(markets[0]);
  assert.equal(await stateOf('prop_1'), 'voting', 'two of five');
  assert.deepEqual((await net.nodes[0].rpc('market_getRoles')).validators.map((each) => each.toLowerCase()),
    await net.nodes[0].rpc('qbft_getValidatorsByBlockNumber', 'latest'));
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
});

test('who validates no more has no say in the market either, nor has what it approved', { timeout: 60_000 }, async () => {
  assert.equal((await net.nodes[0].rpc('market_getRoles')).validators.length, 4);
  await assert.rejects(markets[4].propose.staticCall('takeBps', 1, ZeroAddress), (error) => error.revert?.name === 'NotValidator');
  await approve(markets[1]);
  assert.equal(await stateOf('prop_1'), 'voting', 'with the one that left it would be three of four');
  await approve(markets[2]);
  assert.equal(await stateOf('prop_1'), 'accepted');
  assert.ok(await load.finish() > 0);
  await net.assertOneChain();
});
