// Hostile and clumsy clients: each gets a clear error, and the node goes on serving.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { readFileSync } from 'node:fs';
import { Wallet, Transaction, encodeRlp, decodeRlp } from 'ethers';
import { Devnet, keys, chainId } from './lib/devnet.mjs';

let devnet, alice;
before(async () => {
  devnet = await Devnet.start({ periodMs: 200, flags: ['--rpc-idle-timeout', '3', '--rpc-body-timeout', '3'] });
  alice = new Wallet(keys[0]);
});
after(async () => { await devnet?.stop(); });

async function refuses(body, code, words) {
  const answer = await devnet.post(body);
  assert.equal(answer.error?.code, code, JSON.stringify(answer));
  assert.match(answer.error.message, words);
}
const call = (method, ...params) => ({ jsonrpc: '2.0', id: 1, method, params });

test('malformed requests', async () => {
  await refuses('{', -32700, /./);
  await refuses('{"jsonrpc":"2.0","id":1,"method":"eth_chainId"} x', -32700, /./);
  await refuses('[]', -32600, /./);
  await refuses('7', -32600, /./);
  await refuses({ jsonrpc: '1.0', id: 1, method: 'eth_chainId' }, -32600, /./);
  await refuses(call('eth_nope'), -32601, /the method eth_nope does not exist\/is not available/);
  await refuses(call('eth_getBalance'), -32602, /missing value for required argument 0/);
  await refuses(call('eth_getBalance', '0x12', 'latest'), -32602, /invalid argument 0/);
  await refuses(call('eth_getBalance', alice.address, 'yesterday'), -32602, /invalid argument 1/);
  await refuses(call('eth_getBalance', alice.address, '0x01'), -32602, /invalid argument 1/);
  await refuses(call('eth_chainId', 1), -32602, /too many arguments/);
  await refuses('['.repeat(100_000), -32700, /./);
});

test('a batch over the limit', async () => {
  const batch = Array.from({ length: 1001 }, (_, id) => ({ jsonrpc: '2.0', id, method: 'eth_chainId' }));
  const answer = await devnet.post(batch);
  assert.match(JSON.stringify(answer), /batch too large/);
  const fine = await devnet.post(batch.slice(1));
  assert.equal(fine.length, 1000);
});

test('a body over the limit is answered, not cut off', async () => {
  const response = await fetch(devnet.url, {
    method: 'POST', headers: { 'content-type': 'application/json' }, body: '"' + 'x'.repeat(26 << 20) + '"',
  });
  assert.equal(response.status, 413);
});

test('transactions that must not enter the pool', async () => {
  const fields = {
    type: 2, chainId, nonce: 0, to: alice.address, value: 1n, gasLimit: 21000n, maxFeePerGas: 10n ** 11n, maxPriorityFeePerGas: 10n ** 9n,
  };
  const raw = async (changes) => alice.signTransaction({ ...fields, ...changes });
  const send = async (wire, words, code = -32000) => refuses(call('eth_sendRawTransaction', wire), code, words);
  const good = await raw({});
  await send('0x', /./);
  await send('0x123', /./, -32602);
  await send('0xzz', /./, -32602);
  await send(good + '00', /rlp|transaction/);
  await send('0x02' + good.slice(6), /./);
  await send(await raw({ chainId: 1 }), /chain id/);
  await send(await raw({ gasLimit: 20999n }), /intrinsic gas too low/);
  await send(await raw({ gasLimit: 2n ** 63n }), /gas limit/);
  await send(await raw({ value: 2n ** 255n }), /insufficient funds for gas \* price \+ value/);
  await send(await raw({ maxFeePerGas: 1n, maxPriorityFeePerGas: 2n }).catch(() => raw({ maxFeePerGas: 2n ** 200n })), /insufficient funds|priority fee/);
  await send(await raw({ nonce: 100_000 }), /nonce too high/);
  await send(await raw({ to: null, data: '0x00', gasLimit: 100_000n }), /creation/);
  // The same signature with s' = n - s: valid for the curve, refused since EIP-2.
  const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
  const parsed = Transaction.from(good);
  const items = decodeRlp('0x' + good.slice(4));
  items[9] = parsed.signature.yParity === 0 ? '0x01' : '0x';
  items[11] = '0x' + (order - BigInt(parsed.signature.s)).toString(16).padStart(64, '0');
  await send('0x02' + encodeRlp(items).slice(2), /signature|sender/);
  assert.equal(await devnet.rpc('eth_sendRawTransaction', good), Transaction.from(good).hash);
  await send(good, /already known|nonce too low/);
});

test('slow, half-open and silent clients do not hold the node up', async () => {
  const port = devnet.port;
  const sockets = [];
  for (let i = 0; i < 50; ++i) {
    const socket = net.connect(port, '127.0.0.1');
    socket.on('error', () => {});
    socket.write('POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{');
    sockets.push(socket);
  }
  assert.equal(await devnet.rpc('eth_chainId'), '0x' + chainId.toString(16));
  const closed = Promise.all(sockets.map((socket) => new Promise((resolve) => socket.on('close', resolve))));
  for (const socket of sockets) socket.resume();
  await Promise.race([closed, sleep(20_000).then(() => { throw new Error('slow clients were kept'); })]);
});

test('garbage on the port', async () => {
  for (const bytes of [Buffer.from([0x16, 3, 1, 2, 0, 1]), Buffer.alloc(70_000, 0x41), Buffer.from('GET / HTTP/9.9\r\n\r\n')]) {
    await new Promise((resolve) => {
      const socket = net.connect(devnet.port, '127.0.0.1', () => { socket.write(bytes); socket.end(); });
      socket.on('error', () => {});
      socket.on('close', resolve);
      socket.resume();
    });
  }
  assert.equal(await devnet.rpc('net_version'), String(chainId));
});

test('thousands of bad requests leave the memory where it was', async () => {
  const resident = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${devnet.process.pid}/status`, 'utf8'))[1]);
  const burst = async () => {
    for (let i = 0; i < 40; ++i) {
      const batch = Array.from({ length: 100 }, (_, id) => ({ jsonrpc: '2.0', id, method: 'eth_sendRawTransaction', params: ['0x02f8' + 'ab'.repeat(400)] }));
      const answers = await devnet.post(batch);
      assert.ok(answers.every((answer) => answer.error));
    }
  };
  await burst();
  const before = resident();
  await burst();
  await burst();
  assert.ok(resident() - before < 30_000, `grew from ${before} to ${resident()} KiB`);
});
