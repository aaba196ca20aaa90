// The command lines: aitbc-node's own commands, and the aitbc wallet against a node.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, copyFileSync, readFileSync, readdirSync, statSync, writeFileSync, rmSync, chmodSync, openSync, readSync, writeSync, closeSync } from 'node:fs';
import path from 'node:path';
import { Wallet } from 'ethers';
import { Devnet, binaries, keys, temporaryFolder, waitFor } from './lib/devnet.mjs';
import { Sender } from './lib/load.mjs';

const node = (...args) => spawnSync(path.join(binaries, 'aitbc-node'), args, { encoding: 'utf8' });
let folder;
before(async () => { folder = await temporaryFolder(); });
after(() => rmSync(folder, { recursive: true, force: true }));

test('help, version and wrong flags', () => {
  assert.match(node('--help').stdout, /Exit status/);
  assert.equal(node('version').stdout.split('/')[0], 'aitbc-node');
  assert.equal(node('run', '--nonsense').status, 2);
  assert.equal(node().status, 2);
});

test('configuration: file, environment, flags, in rising order; unknown settings are refused', () => {
  const file = path.join(folder, 'node.toml');
  writeFileSync(file, '[rpc]\nport = 1111\nthreads = 3\nallowed-hosts = ["a", "b"]\n[log]\nlevel = "warning"\n');
  const run = spawnSync(path.join(binaries, 'aitbc-node'), ['config', 'check', '--config', file, '--rpc-threads', '7'],
    { encoding: 'utf8', env: { ...process.env, AITBC_RPC_PORT: '2222' } });
  assert.equal(run.status, 0, run.stderr);
  assert.match(run.stdout, /^port = 2222$/m);
  assert.match(run.stdout, /^threads = 7$/m);
  assert.match(run.stdout, /^level = ["']warning["']$/m);
  assert.match(run.stdout, /^allowed-hosts = ["']a,b["']$/m);
  writeFileSync(file, run.stdout);
  assert.equal(node('config', 'check', '--config', file).stdout, run.stdout, 'what it prints is a configuration file again');
  writeFileSync(file, '[rpc]\nprot = 1\n');
  const wrong = node('config', 'check', '--config', file);
  assert.equal(wrong.status, 2);
  assert.match(wrong.stderr, /rpc\.prot/);
  assert.equal(node('config', 'check', '--rpc-port', '70000').status, 2);
});

test('init refuses to overwrite, and the key is nobody else\'s to read', () => {
  const data = path.join(folder, 'init');
  const made = node('init', '--data-dir', data);
  assert.equal(made.status, 0, made.stderr);
  assert.equal(statSync(path.join(data, 'validator.key')).mode & 0o777, 0o600);
  assert.equal(node('init', '--data-dir', data).status, 4);
  chmodSync(path.join(data, 'validator.key'), 0o644);
  const open = node('run', '--data-dir', data, '--rpc-port', '0');
  assert.equal(open.status, 2);
  assert.match(open.stderr, /chmod 600/);
});

test('export, import, db check; another genesis, a database in use, a damaged one', { timeout: 120_000 }, async () => {
  const net = await Devnet.start({ periodMs: 50 });
  try {
    const sender = new Sender(keys[0], Wallet.createRandom().address);
    for (let nonce = 0; nonce < 60; nonce += 20) await sender.submit(net, nonce, 20);
    await waitFor('inclusion', async () => Number(await net.rpc('eth_getTransactionCount', sender.wallet.address, 'latest')) === 60);
    const data = path.join(net.folder, 'node');
    assert.equal(node('db', 'check', '--data-dir', data).status, 4, 'a running node keeps its database');
    await net.kill('SIGTERM');

    const file = path.join(net.folder, 'blocks');
    assert.equal(node('export', file, '--data-dir', data).status, 0);
    const copy = path.join(net.folder, 'copy');
    mkdirSync(copy);
    copyFileSync(path.join(data, 'genesis.json'), path.join(copy, 'genesis.json'));
    const imported = node('import', file, '--data-dir', copy);
    assert.equal(imported.status, 0, imported.stderr);
    assert.match(imported.stdout, /with 60 transactions/);
    assert.match(node('db', 'check', '--data-dir', copy).stdout, /^ok: .* 60 transactions/);

    const genesis = readFileSync(path.join(copy, 'genesis.json'), 'utf8');
    writeFileSync(path.join(copy, 'genesis.json'), genesis.replace('1766828620', '1766828621'));
    const other = node('run', '--data-dir', copy, '--rpc-port', '0');
    assert.equal(other.status, 4);
    assert.equal(other.stderr.match(/0x[0-9a-f]{64}/g)?.length, 2, 'both hashes are named');
    writeFileSync(path.join(copy, 'genesis.json'), genesis);

    const tables = readdirSync(path.join(copy, 'db')).filter((name) => /\.(sst|log)$/.test(name))
      .map((name) => path.join(copy, 'db', name)).sort((a, b) => statSync(b).size - statSync(a).size);
    const descriptor = openSync(tables[0], 'r+');
    const middle = Math.floor(statSync(tables[0]).size / 2);
    const bytes = Buffer.alloc(64);
    readSync(descriptor, bytes, 0, 64, middle);
    writeSync(descriptor, bytes.map((byte) => byte ^ 0x5a), 0, 64, middle);
    closeSync(descriptor);
    const damaged = node('db', 'check', '--data-dir', copy);
    assert.equal(damaged.status, 3, damaged.stderr);
    assert.match(damaged.stderr, /^error: /m);
  } finally {
    await net.stop();
  }
});

test('a full disk stops the node with a message, and the next start is consistent', { timeout: 540_000 }, async () => {
  // A limit on file sizes (in KiB) makes writes fail as a full disk does. Low, because signing what fills it takes most of the time.
  const limited = await Devnet.start({ periodMs: 50, prefix: ['bash', '-c', 'ulimit -f 600; trap "" XFSZ; exec "$@"', 'limited'] });
  try {
    const sender = new Sender(keys[0], Wallet.createRandom().address);
    let nonce = 0;
    await waitFor('the disk to be full', async () => {
      nonce += await sender.submit(limited, nonce, 500).then(() => 500, () => 0);  // refused by a full pool: once more
      return !limited.isRunning;
    }, 300_000);
    assert.equal((await limited.exited).code, 3, limited.log.slice(-2000));
    assert.match(limited.log, /error: .*File too large/);
    assert.ok(sender.acknowledged.size > 0);
    limited.options.prefix = undefined;
    await limited.launch();
    const included = async () => Number(await limited.rpc('eth_getTransactionCount', sender.wallet.address, 'latest'));
    await waitFor('what was acknowledged', async () => await included() >= sender.acknowledged.size, 120_000);
    await limited.kill('SIGTERM');
    assert.equal(node('db', 'check', '--data-dir', path.join(limited.folder, 'node')).status, 0);
  } finally {
    await limited.stop();
  }
});
