// A provider's agent and the aitbc command line as processes, for scenario tests.
import { spawn, spawnSync, execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import https from 'node:https';
import path from 'node:path';
import { binaries, waitFor } from './devnet.mjs';

export async function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

// A key and a self-signed certificate for 127.0.0.1, as files.
export function makeCertificate(folder) {
  const files = { key: path.join(folder, 'tls.key'), certificate: path.join(folder, 'tls.crt') };
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2',
    '-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', files.key, '-out', files.certificate],
  { stdio: 'ignore' });
  return files;
}

// Serves the files of a folder over HTTPS, to its owner's machine only.
export async function serveFolder(folder, files) {
  const server = https.createServer({ key: readFileSync(files.key), cert: readFileSync(files.certificate) }, (request, response) => {
    const file = path.join(folder, path.normalize(request.url));
    const content = existsSync(file) ? readFileSync(file) : null;
    response.writeHead(content ? 200 : 404).end(content);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

export async function httpsGet(url, ca) {
  return new Promise((resolve, reject) => {
    https.get(url, { ca, agent: false }, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) }));
    }).on('error', reject);
  });
}

// The command line with a wallet folder of its own.
export class Cli {
  constructor(folder, url) {
    this.folder = path.join(folder, 'cli-wallets');
    this.environment = { PATH: process.env.PATH, HOME: folder, AITBC_WALLET_DIR: this.folder, AITBC_RPC_URL: url };
  }

  run(...args) {
    return spawnSync(path.join(binaries, 'aitbc'), args, { encoding: 'utf8', env: this.environment });
  }

  // The same beside others; a command that does not end by itself is killed.
  start(args, environment = {}) {
    const child = spawn(path.join(binaries, 'aitbc'), args, { env: { ...this.environment, ...environment }, stdio: ['ignore', 'pipe', 'pipe'], timeout: 30_000 });
    const done = { out: '', err: '' };
    child.stdout.on('data', (chunk) => { done.out += chunk; });
    child.stderr.on('data', (chunk) => { done.err += chunk; });
    return new Promise((resolve) => { child.on('close', (status, signal) => resolve({ ...done, status, signal })); });
  }

  // Fails the test unless the command succeeds; gives its JSON.
  json(...args) {
    const done = this.run('--format', 'json', ...args);
    if (done.status !== 0) throw new Error(`aitbc ${args.join(' ')}: ${done.status}\n${done.stdout}${done.stderr}`);
    return JSON.parse(done.stdout);
  }

  importWallet(name, key) {
    const file = path.join(path.dirname(this.folder), `${name}.key`);
    writeFileSync(file, key, { mode: 0o600 });
    const done = spawnSync(path.join(binaries, 'aitbc'), ['import', '--name', name, '--private-key-file', file, '--light'],
      { encoding: 'utf8', env: { ...this.environment, AITBC_PASSWORD: '123' } });
    if (done.status !== 0) throw new Error(done.stderr);
  }
}

// A shell script as a job's command; it runs with its working folder as its home.
export function jobScript(folder, body) {
  const file = path.join(folder, 'job.sh');
  writeFileSync(file, `#!/bin/sh\n${body}\n`);
  chmodSync(file, 0o755);
  return file;
}

export class Agent {
  constructor(cli, folder, settings) {
    this.cli = cli;
    this.folder = folder;
    mkdirSync(folder, { recursive: true });
    this.config = path.join(folder, 'provider.toml');
    writeFileSync(this.config, settings);
    this.log = '';
  }

  start() {
    this.process = spawn(path.join(binaries, 'aitbc'), ['provider', 'run', '--config', this.config, '--log', 'json'],
      { env: this.cli.environment, stdio: ['ignore', 'ignore', 'pipe'] });
    this.exited = new Promise((resolve) => this.process.on('exit', (code, signal) => resolve({ code, signal })));
    this.process.stderr.on('data', (chunk) => { this.log += chunk; });
    return this;
  }

  async logged(text) {
    return waitFor(`"${text}" in the agent's log`, () => {
      if (this.log.includes(text)) return true;
      if (this.process.exitCode !== null) throw new Error(`the agent ended with ${this.process.exitCode}:\n${this.log}`);
      return false;
    }, 60_000).catch((error) => { throw new Error(`${error.message}\n${this.log}`); });
  }

  async kill(signal) {
    if (this.process.exitCode === null && this.process.signalCode === null) this.process.kill(signal);
    return this.exited;
  }

  status() {
    return this.cli.json('provider', 'status', '--config', this.config);
  }
}
