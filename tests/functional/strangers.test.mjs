// Who is no peer, or a bad one, changes nothing: the chain goes on, and the metrics say what was turned away.
import { test, after, before } from 'node:test';
import assert from 'node:assert/strict';
import net from 'node:net';
import tls from 'node:tls';
import { setTimeout as sleep } from 'node:timers/promises';
import { Network } from './lib/network.mjs';
import { Devnet, keys } from './lib/devnet.mjs';
import { Load } from './lib/load.mjs';
import { waitFor } from './lib/node_process.mjs';

let network, target, port, load;
before(async () => {
  network = await Network.start({ validators: 4, periodMs: 200 });
  [target] = network.nodes;
  port = Number(target.enode.split(':').pop());
  load = new Load(network, keys[0]).start();
});
after(async () => { await network.stop(); });

const ended = (socket) => new Promise((resolve) => { socket.on('error', () => {}); socket.on('close', resolve); });

test('bytes that are no TLS, and TLS without a certificate, are cut off', { timeout: 60_000 }, async () => {
  const before = await target.metric('aitbc_p2p_refused_total');
  const noise = net.connect(port, '127.0.0.1');
  const noiseEnds = ended(noise);
  noise.write('GET / HTTP/1.1\r\n\r\n'.repeat(50));
  const anonymous = tls.connect({ port, host: '127.0.0.1', rejectUnauthorized: false, ALPNProtocols: ['aitbc/1'], minVersion: 'TLSv1.3' });
  const anonymousEnds = ended(anonymous);
  const old = tls.connect({ port, host: '127.0.0.1', rejectUnauthorized: false, ALPNProtocols: ['aitbc/1'], maxVersion: 'TLSv1.2' });
  await Promise.all([noiseEnds, anonymousEnds, ended(old)]);
  await waitFor('the count', async () => (await target.metric('aitbc_p2p_refused_total')) >= before + 3);
  await network.advance(2);
});

test('hundreds of callers that say nothing neither stop the chain nor keep honest peers out', { timeout: 60_000 }, async () => {
  const sockets = Array.from({ length: 300 }, () => net.connect(port, '127.0.0.1'));
  const ends = sockets.map(ended);
  await network.advance(3);
  await Promise.all(ends);  // each ran out of time, or was turned away
  assert.equal(Number(await target.rpc('net_peerCount')), 3);
  assert.ok(await target.metric('aitbc_p2p_refused_total{reason="too many callers"}') > 0);
});

test('a node of another chain is refused, and both go on', { timeout: 120_000 }, async () => {
  const other = await Devnet.start({ periodMs: 200, flags: ['--p2p-static-peers', target.enode] });
  try {
    await waitFor('the refusal', () => /another genesis block/.test(other.log));
    await sleep(500);
    assert.equal(await other.rpc('net_peerCount'), '0x0');
    assert.equal(Number(await target.rpc('net_peerCount')), 3);
    await network.advance(2);
  } finally {
    await other.stop();
  }
});

test('nothing of it cost a transaction or an honest peer', { timeout: 60_000 }, async () => {
  assert.ok(await load.finish() > 0);
  await network.assertOneChain();
  for (const node of network.nodes) assert.equal(await node.metric('aitbc_p2p_bans_total'), 0);
});
