// An unmodified viem against the real node.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import WebSocket from 'ws';
import {
  createPublicClient, createWalletClient, defineChain, http, webSocket, parseEther, keccak256, InsufficientFundsError,
} from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { Devnet, keys, chainId, waitFor } from './lib/devnet.mjs';

globalThis.WebSocket ??= WebSocket;  // Node.js before 22 has none of its own

let net, chain, client, alice, bob;

before(async () => {
  net = await Devnet.start({ periodMs: 100 });
  chain = defineChain({
    id: chainId, name: 'aitbc devnet', nativeCurrency: { name: 'AIT', symbol: 'AIT', decimals: 18 },
    rpcUrls: { default: { http: [net.url] } },
  });
  client = createPublicClient({ chain, transport: http(), pollingInterval: 50, cacheTime: 0 });
  alice = createWalletClient({ chain, account: privateKeyToAccount(keys[0]), transport: http() });
  bob = privateKeyToAccount(keys[1]);
});
after(async () => { await net?.stop(); });

for (const [type, extra] of [
  ['legacy', {}], ['eip2930', { accessList: [{ address: '0x' + '11'.repeat(20), storageKeys: ['0x' + '00'.repeat(32)] }] }], ['eip1559', {}],
]) {
  test(`sends a transaction of type ${type}`, async () => {
    const before = await client.getBalance({ address: bob.address });
    const hash = await alice.sendTransaction({ to: bob.address, value: parseEther('2'), type, ...extra });
    const receipt = await client.waitForTransactionReceipt({ hash });
    assert.equal(receipt.status, 'success');
    assert.equal(receipt.type, type);
    assert.equal(await client.getBalance({ address: bob.address }) - before, parseEther('2'));
    const transaction = await client.getTransaction({ hash });
    assert.equal(transaction.type, type);
    assert.equal(transaction.from.toLowerCase(), alice.account.address.toLowerCase());
    const block = await client.getBlock({ blockHash: receipt.blockHash, includeTransactions: true });
    assert.ok(block.transactions.some((each) => each.hash === hash));
  });
}

test('reads proofs, fees and code', async () => {
  const proof = await client.getProof({ address: alice.account.address, storageKeys: [] });
  assert.equal(proof.balance, await client.getBalance({ address: alice.account.address }));
  assert.equal(keccak256(proof.accountProof[0]), (await client.getBlock()).stateRoot);
  const fees = await client.estimateFeesPerGas();
  assert.ok(fees.maxFeePerGas > 0n);
  assert.equal(await client.getCode({ address: bob.address }), undefined);
  assert.equal(await client.getCode({ address: '0x00000000000000000000000000000000000a17bc' }), '0xfe');
});

test('an overdraft is refused in words that viem knows', async () => {
  const poor = createWalletClient({ chain, account: privateKeyToAccount('0x' + '77'.repeat(32)), transport: http() });
  await assert.rejects(poor.sendTransaction({ to: bob.address, value: 1n, gas: 21000n }),
    (error) => error.walk((each) => each instanceof InsufficientFundsError) !== null);
});

test('watches blocks over WebSocket', async () => {
  const live = createPublicClient({ chain, transport: webSocket(net.wsUrl) });
  const heights = [];
  const stop = live.watchBlockNumber({ onBlockNumber: (height) => heights.push(height) });
  try {
    await live.getBlockNumber({ cacheTime: 0 });
    const hash = await alice.sendTransaction({ to: bob.address, value: 1n });
    const receipt = await client.waitForTransactionReceipt({ hash });
    await waitFor('the block over WebSocket', () => heights.includes(receipt.blockNumber));
  } finally {
    stop();
    (await live.transport.getRpcClient()).close();
  }
});
