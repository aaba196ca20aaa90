// An unmodified ethers v6 against the real node.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { JsonRpcProvider, WebSocketProvider, Wallet, parseEther, toBeHex, ZeroHash } from 'ethers';
import { Devnet, keys, chainId, waitFor } from './lib/devnet.mjs';
import { blockHash, verifyAccount } from './lib/proof.mjs';

let net, provider, alice, bob;

before(async () => {
  net = await Devnet.start({ periodMs: 100 });
  provider = new JsonRpcProvider(net.url, undefined, { pollingInterval: 50, cacheTimeout: -1 });
  alice = new Wallet(keys[0], provider);
  bob = new Wallet(keys[1], provider);
});
after(async () => {
  provider?.destroy();
  const status = await net?.stop();
  assert.deepEqual(status, { code: 0, signal: null }, 'SIGTERM stops the node cleanly');
});

test('connects and names the chain', async () => {
  const network = await provider.getNetwork();
  assert.equal(network.chainId, BigInt(chainId));
  assert.match(await net.rpc('web3_clientVersion'), /^aitbc-node\//);
  assert.equal(await net.rpc('net_version'), String(chainId));
});

for (const [name, fields] of [
  ['a legacy transaction', { type: 0 }],
  ['an EIP-2930 transaction', { type: 1, accessList: [{ address: '0x' + '11'.repeat(20), storageKeys: [ZeroHash] }] }],
  ['an EIP-1559 transaction', { type: 2 }],
]) {
  test(`sends ${name} and reads it back`, async () => {
    const before = await provider.getBalance(bob.address);
    const sent = await alice.sendTransaction({ to: bob.address, value: parseEther('1.5'), ...fields });
    const receipt = await sent.wait(1, 20_000);
    assert.equal(receipt.status, 1);
    assert.equal(receipt.type, fields.type);
    assert.equal(await provider.getBalance(bob.address) - before, parseEther('1.5'));
    const read = await provider.getTransaction(sent.hash);
    assert.equal(read.hash, sent.hash);
    assert.equal(read.from, alice.address);
    assert.equal(read.value, parseEther('1.5'));
    assert.equal(read.blockNumber, receipt.blockNumber);
    assert.equal(read.gasPrice, receipt.gasPrice, 'a mined transaction shows what it paid');
    const block = await provider.getBlock(receipt.blockNumber, true);
    assert.ok(block.prefetchedTransactions.some((each) => each.hash === sent.hash));
  });
}

test('every block has the hash that its header hashes to, and its parent', async () => {
  await (await alice.sendTransaction({ to: bob.address, value: 1n })).wait();
  const head = await provider.getBlockNumber();
  let parent = null;
  for (let height = 0; height <= head; ++height) {
    const block = await net.rpc('eth_getBlockByNumber', toBeHex(height).replace(/^0x0+(?=.)/, '0x'), false);
    assert.equal(blockHash(block), block.hash, `block ${height}`);
    if (parent) assert.equal(block.parentHash, parent);
    parent = block.hash;
  }
});

test('proves accounts, present and absent, against the state root', async () => {
  const block = await net.rpc('eth_getBlockByNumber', 'latest', false);
  const proof = await net.rpc('eth_getProof', alice.address, [], 'latest');
  const account = verifyAccount(block.stateRoot, proof);
  assert.equal(account.balance, BigInt(proof.balance));
  assert.equal(account.nonce, BigInt(proof.nonce));
  assert.equal(account.nonce, BigInt(await provider.getTransactionCount(alice.address)));
  const absent = await net.rpc('eth_getProof', '0x' + 'ab'.repeat(20), [], 'latest');
  assert.equal(verifyAccount(block.stateRoot, absent), null);
  assert.equal(absent.balance, '0x0');
  const forged = { ...proof, accountProof: proof.accountProof.slice(1) };
  assert.throws(() => verifyAccount(block.stateRoot, forged));
});

test('old balances stay readable', async () => {
  const carol = Wallet.createRandom().address;
  const heights = [];
  for (let i = 1; i <= 3; ++i)
    heights.push((await (await alice.sendTransaction({ to: carol, value: 10n })).wait()).blockNumber);
  for (let i = 0; i < 3; ++i) assert.equal(await provider.getBalance(carol, heights[i]), BigInt(10 * (i + 1)));
  assert.equal(await provider.getBalance(carol, heights[0] - 1), 0n);
});

test('refuses in words that ethers knows', async () => {
  const poor = new Wallet('0x' + '77'.repeat(32), provider);
  await assert.rejects(poor.sendTransaction({ to: bob.address, value: 1n, gasLimit: 21000n }), { code: 'INSUFFICIENT_FUNDS' });
  await assert.rejects(alice.sendTransaction({ to: bob.address, value: 1n, nonce: 0 }), { code: 'NONCE_EXPIRED' });
  const nonce = await provider.getTransactionCount(bob.address, 'pending');
  const far = { to: alice.address, nonce: nonce + 5, gasLimit: 21000n, maxFeePerGas: 10n ** 11n, maxPriorityFeePerGas: 10n ** 9n };
  await bob.sendTransaction(far);
  await assert.rejects(bob.sendTransaction({ ...far, value: 1n }), { code: 'REPLACEMENT_UNDERPRICED' });
});

test('subscribes to heads and pending transactions over WebSocket', async () => {
  const socket = new WebSocketProvider(net.wsUrl);
  try {
    const heads = [];
    const pending = [];
    await socket.on('block', (height) => heads.push(height));
    await socket.on('pending', (hash) => pending.push(hash));
    await socket.getBlockNumber();
    const sent = await alice.sendTransaction({ to: bob.address, value: 1n });
    const receipt = await sent.wait();
    await waitFor('the new head', () => heads.includes(receipt.blockNumber));
    await waitFor('the pending transaction', () => pending.includes(sent.hash));
  } finally {
    await socket.destroy();
  }
});

test('estimates, fees and counts are what a wallet needs', async () => {
  assert.equal(await provider.estimateGas({ from: alice.address, to: bob.address, value: 1n }), 21000n);
  const fees = await provider.getFeeData();
  assert.ok(fees.maxFeePerGas > 0n && fees.maxPriorityFeePerGas > 0n && fees.gasPrice > 0n);
  const history = await net.rpc('eth_feeHistory', '0x4', 'latest', [10, 50, 90]);
  assert.equal(history.baseFeePerGas.length, history.gasUsedRatio.length + 1);
  assert.ok(history.baseFeePerGas.every((fee) => BigInt(fee) > 0n));
  const count = await provider.getTransactionCount(alice.address);
  await alice.sendTransaction({ to: bob.address, value: 1n });
  assert.equal(await provider.getTransactionCount(alice.address, 'pending'), count + 1);
});
