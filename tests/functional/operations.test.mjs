// What operators rely on: health, metrics, audit lines, API keys, backup and restore of a running node, TLS.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile, writeFile, stat } from 'node:fs/promises';
import https from 'node:https';
import path from 'node:path';
import { promisify } from 'node:util';
import { Devnet, binaries, waitFor } from './lib/devnet.mjs';

const run = promisify(execFile);
const node = (...args) => run(path.join(binaries, 'aitbc-node'), args);
const refused = async (status, pattern, ...args) => {
  await assert.rejects(node(...args), (error) => error.code === status && pattern.test(error.stderr));
};

let net, data;
before(async () => {
  net = await Devnet.start({ periodMs: 100, flags: ['--log-format', 'json'] });
  data = path.join(net.folder, 'node');
});
after(async () => net?.stop());

const post = async (target, key, body) => {
  const response = await fetch(net.url + target, {
    method: 'POST', headers: { 'content-type': 'application/json', 'x-api-key': key }, body: JSON.stringify(body),
  });
  return { status: response.status, body: await response.json() };
};

test('health: alive, ready with the head', async () => {
  assert.deepEqual(await (await fetch(`${net.url}/health/live`)).json(), { status: 'ok' });
  const ready = await (await fetch(`${net.url}/health/ready`)).json();
  assert.equal(ready.status, 'ready');
  assert.equal(typeof ready.head, 'number');
  assert.ok(ready.highest >= ready.head, JSON.stringify(ready));
});

test('an API key is made for a wallet, used, listed, revoked; what it did is in the audit log', async () => {
  const wallets = path.join(net.folder, 'wallets');
  const { stdout } = await node('api-key', 'create', 'shop', '--wallet', 'genesis-ops', '--wallet-dir', wallets, '--data-dir', data);
  const key = stdout.trim();
  assert.match(key, /^aitbc_[0-9a-f]{64}$/);
  assert.equal((await stat(path.join(data, 'api-keys.json'))).mode & 0o777, 0o600);
  assert.ok(!(await readFile(path.join(data, 'api-keys.json'), 'utf8')).includes(key));
  await node('api-key', 'create', 'short', '--wallet', 'genesis-ops', '--wallet-dir', wallets, '--data-dir', data, '--days', '30');
  await refused(2, /--days/, 'api-key', 'create', 'x', '--wallet', 'genesis-ops', '--days', '-1', '--data-dir', data);
  const listed = (await node('api-key', 'list', '--data-dir', data)).stdout;
  assert.match(listed, /^shop\s+0x.*does not expire$/m);
  assert.match(listed, /^short\s+0x.*expires \d{4}-\d\d-\d\dT/m);
  const made = await waitFor('the new key to be taken', async () => {
    const answer = await post('/v1/providers', key, { name: 'Shop' });
    return answer.status === 401 ? undefined : answer;
  });
  assert.equal(made.status, 201);
  assert.equal((await post('/v1/providers', key, { name: 'Shop' })).status, 409);
  await refused(4, /already/, 'api-key', 'create', 'shop', '--wallet', 'genesis-ops', '--wallet-dir', wallets, '--data-dir', data);
  await node('api-key', 'revoke', 'shop', '--data-dir', data);
  await refused(1, /no API key named shop/, 'api-key', 'revoke', 'shop', '--data-dir', data);
  await waitFor('the key to be refused', async () => (await post('/v1/providers', key, { name: 'Shop' })).status === 401);

  const lines = net.log.split('\n').filter((line) => line.startsWith('{')).map((line) => JSON.parse(line));
  for (const line of lines)
    for (const field of ['timestamp', 'service', 'level', 'logger', 'module', 'function', 'line', 'message'])
      assert.ok(field in line, `${field} in ${JSON.stringify(line)}`);
  const audits = lines.filter((line) => line.message === 'audit_event' && line.audit.user_id === 'shop');
  assert.deepEqual(Object.keys(audits[0].audit).sort(), ['action', 'details', 'resource_id', 'success', 'user_id']);
  // Until the node has seen the revocation, the key is still answered.
  assert.deepEqual(audits.slice(0, 2).map((line) => [line.audit.action, line.audit.success]), [['register_provider', true], ['register_provider', false]]);
  assert.equal(audits[0].audit.details.transaction, made.body.tx_hash);
  assert.ok(audits[0].timestamp.endsWith('Z'));
  assert.ok(!net.log.includes(key), 'keys never reach the log');
});

test('metrics of requests, blocks and the market', async () => {
  const text = await (await fetch(`${net.url}/metrics`)).text();
  for (const name of ['aitbc_chain_head_height', 'aitbc_block_interval_seconds_bucket', 'aitbc_mempool_size', 'aitbc_mempool_evictions_total',
    'aitbc_rpc_duration_seconds_bucket', 'aitbc_consensus_round', 'aitbc_p2p_peers', 'aitbc_rest_duration_seconds_bucket',
    'aitbc_market_gpus{status="available"}', 'aitbc_market_bookings_total', 'aitbc_market_escrow_locked', 'aitbc_market_expiry_backlog'])
    assert.ok(text.includes(`\n${name}`), name);
  for (const [, name, type] of text.matchAll(/^# TYPE (\S+) (\S+)$/gm))
    assert.equal(type === 'counter', name.endsWith('_total'), `${name} is a ${type}`);
  assert.match(text, /aitbc_rest_requests_total\{code="201",route="register_provider"\} 1/);
});

test('a running node is backed up; the copy is a chain that a node goes on with', async () => {
  const backup = path.join(net.folder, 'backup');
  const { stdout } = await node('backup', 'create', backup, '--data-dir', data);
  const [, height, hash] = /backed up to .*: block (\d+) (0x[0-9a-f]{64})/.exec(stdout);
  assert.equal((await net.rpc('eth_getBlockByNumber', `0x${Number(height).toString(16)}`, false)).hash, hash);
  await refused(4, /exists already/, 'backup', 'create', backup, '--data-dir', data);
  await refused(4, /has a database/, 'backup', 'restore', backup, '--data-dir', data);
  await refused(2, /not a backup/, 'backup', 'restore', net.folder, '--data-dir', path.join(net.folder, 'other'));

  const restored = path.join(net.folder, 'restored');
  assert.match((await node('backup', 'restore', backup, '--data-dir', restored)).stdout, new RegExp(`block ${height} ${hash}`));
  assert.match((await node('db', 'check', '--data-dir', restored)).stdout, new RegExp(`^ok: .*head ${height}$`, 'm'));
  // A copy that is damaged is not taken for a good one.
  await writeFile(path.join(backup, 'db', 'CURRENT'), 'nonsense');
  await assert.rejects(node('backup', 'restore', backup, '--data-dir', path.join(net.folder, 'third')), (error) => error.code === 3 || error.code === 4);
  await assert.rejects(stat(path.join(net.folder, 'third', 'db')));
});

test('config check tells what is wrong', async () => {
  assert.match((await node('config', 'check', '--data-dir', data)).stdout, /hosted-wallets = false/);
  await refused(2, /rpc.port takes a whole number/, 'config', 'check', '--rpc-port', '70000');
});

test('the port speaks HTTPS when it is given a certificate', async () => {
  const key = path.join(net.folder, 'tls.key');
  const certificate = path.join(net.folder, 'tls.crt');
  await run('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '1', '-subj', '/CN=localhost',
    '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', certificate]);
  const secure = await Devnet.start({ flags: ['--rpc-tls-certificate', certificate, '--rpc-tls-key', key] });
  try {
    assert.match(secure.url, /^https:/);
    const ca = await readFile(certificate);
    const body = await new Promise((resolve, reject) => {
      https.get(`${secure.url}/v1/blocks/latest`, { ca }, (response) => {
        let text = '';
        response.on('data', (part) => { text += part; });
        response.on('end', () => resolve(JSON.parse(text)));
      }).on('error', reject);
    });
    assert.equal(typeof body.number, 'number');
  } finally {
    await secure.stop();
  }
});
