// Single nodes of one network: each its own process, data directory and ports.
import { spawn, execFile } from 'node:child_process';
import { readFile, rm, unlink } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { binaries, waitFor } from './devnet.mjs';

const run = promisify(execFile);
const program = path.join(binaries, 'aitbc-node');

export class Node {
  constructor(folder, name) {
    this.dataDir = path.join(folder, name);
    this.log = '';
  }

  // A node that follows the network of `genesis`; with `validator` it keeps the key that init makes.
  static async make(folder, name, genesis, { validator = false } = {}) {
    const node = new Node(folder, name);
    await run(program, ['init', '--data-dir', node.dataDir, '--from-genesis', genesis]);
    if (!validator) await unlink(path.join(node.dataDir, 'validator.key'));
    return node;
  }

  // A validator of a chain that exists: `blocks` of `transactions` transfers each. The only one unless `validators` says
  // otherwise; then nobody has the other keys, and the chain stands still.
  static async withChain(folder, name, { blocks, transactions, validators = 1, senders = 20, recipients = 50 }) {
    const node = new Node(folder, name);
    await run(path.join(binaries, 'aitbc-bench-chain'),
      ['--data-dir', node.dataDir, '--validators', String(validators), '--blocks', String(blocks), '--transactions', String(transactions),
        '--senders', String(senders), '--recipients', String(recipients)]);
    return node;
  }

  async start(peers = [], flags = []) {
    const ready = `${this.dataDir}.ready`;
    await rm(ready, { force: true });
    this.process = spawn(program, ['run', '--data-dir', this.dataDir, '--rpc-port', String(this.port ?? 0), '--ready-file', ready,
      '--p2p-listen', `127.0.0.1:${this.p2pPort ?? 0}`, '--p2p-static-peers', peers.join(','), ...flags], { stdio: ['ignore', 'pipe', 'pipe'] });
    this.exited = new Promise((resolve) => this.process.on('exit', (code, signal) => resolve({ code, signal })));
    for (const stream of [this.process.stdout, this.process.stderr])
      stream.on('data', (chunk) => { this.log = (this.log + chunk).slice(-100_000); });
    this.url = await waitFor(`node ${this.dataDir}`, async () => {
      if (this.process.exitCode !== null) throw new Error(`the node ended with ${this.process.exitCode}:\n${this.log}`);
      return existsSync(ready) && (await readFile(ready, 'utf8')).trim();
    });
    this.port = Number(new URL(this.url).port);
    this.enode = (await this.rpc('admin_nodeInfo')).enode;
    this.p2pPort = Number(new URL(this.enode.replace('enode:', 'http:')).port);
  }

  async kill(signal = 'SIGKILL') {
    if (this.process?.exitCode === null && this.process.signalCode === null) this.process.kill(signal);
    return this.exited;
  }

  async rpc(method, ...params) {
    const response = await fetch(this.url, { method: 'POST', headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }) });
    const answer = await response.json();
    if (answer.error) throw Object.assign(new Error(answer.error.message), answer.error);
    return answer.result;
  }

  async height() { return Number(await this.rpc('eth_blockNumber')); }

  async reaches(height, timeoutMs = 120_000) {
    await waitFor(`height ${height} at ${this.dataDir}`, async () => (await this.height()) >= height, timeoutMs);
  }

  // The value of a metric without labels.
  async metric(name) {
    const text = await (await fetch(new URL('/metrics', this.url))).text();
    return Number(text.match(new RegExp(`^${name} (.+)$`, 'm'))?.[1]);
  }
}

